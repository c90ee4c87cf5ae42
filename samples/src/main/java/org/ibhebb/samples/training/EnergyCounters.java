package org.ibhebb.samples.training;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A machine's own counters of energy (RAPL), as Linux shows them: those of processors and, where they have one, of
 * memory. Whatever else runs on the machine counts as well.
 */
public final class EnergyCounters {

    /** Where Linux shows them. */
    private static final Path FOLDER = Path.of("/sys/class/powercap");
    /** What a processor is called; its cores are part of it. */
    private static final String PROCESSOR = "package";
    private static final String MEMORY = "dram";
    private static final double JOULES = 1e-6;

    /** In the order of their files. */
    private final List<Counter> counters;
    private final Path folder;

    /**
     * One of them.
     *
     * @param name of what it measures
     * @param file in which microjoules since some time stand
     * @param most after so many microjoules it begins at 0 again
     */
    private record Counter(String name, Path file, long most) {

        boolean isReadable() {
            return Files.isReadable(file);
        }

        long read() throws IOException {
            return Long.parseLong(Files.readString(file).strip());
        }

        @Override
        public String toString() {
            return name + " (" + file + ", " + (isReadable() ? "readable" : "for the administrator alone") + ")";
        }
    }

    /** What all counters said at one time. */
    public static final class Reading {

        private final List<Long> microjoules;

        private Reading(List<Long> microjoules) {
            this.microjoules = microjoules;
        }
    }

    private EnergyCounters(Path folder, List<Counter> counters) {
        this.folder = folder;
        this.counters = counters;
    }

    /** Those of this machine, of which there may be none. */
    public static EnergyCounters ofMachine() {
        return in(FOLDER);
    }

    /** Those in a folder, which need not exist. */
    static EnergyCounters in(Path folder) {
        List<Counter> found = new ArrayList<>();
        try (DirectoryStream<Path> zones = Files.newDirectoryStream(folder, "*rapl:*")) {
            for (Path zone : zones) {
                Path counter = zone.resolve("energy_uj");
                if (Files.exists(counter)) {
                    String name = Files.readString(zone.resolve("name")).strip();
                    if (name.startsWith(PROCESSOR) || name.equals(MEMORY)) {
                        Path most = zone.resolve("max_energy_range_uj");
                        found.add(new Counter(name, counter, Files.exists(most)
                                ? Long.parseLong(Files.readString(most).strip()) : Long.MAX_VALUE));
                    }
                }
            }
        } catch (IOException | NumberFormatException e) {
            found.clear();
        }
        found.sort(Comparator.comparing(counter -> counter.file().toString()));
        return new EnergyCounters(folder, List.copyOf(found));
    }

    /**
     * What they say now.
     *
     * @return null where there are none, or where only the administrator may read them
     */
    public Reading read() {
        if (counters.isEmpty() || !counters.stream().allMatch(Counter::isReadable)) {
            return null;
        }
        try {
            List<Long> values = new ArrayList<>();
            for (Counter counter : counters) {
                values.add(counter.read());
            }
            return new Reading(values);
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }

    /**
     * Energy that was used since then, by the whole machine.
     *
     * @param before null for a reading that could not be had
     * @return joules; null where there is no reading
     */
    public Double joulesSince(Reading before) {
        Reading now = before == null ? null : read();
        if (now == null) {
            return null;
        }
        double sum = 0;
        for (int i = 0; i < counters.size(); i++) {
            long used = now.microjoules.get(i) - before.microjoules.get(i);
            sum += used < 0 ? used + (double) counters.get(i).most() : used;
        }
        return sum * JOULES;
    }

    /** What there is, in a sentence. */
    @Override
    public String toString() {
        return counters.isEmpty()
                ? "This machine shows no energy counters (RAPL, " + folder + "), so that nothing can be measured"
                : "This machine has energy counters, by which `train` and `compare` measure what training takes: "
                        + counters.stream().map(Counter::toString).collect(Collectors.joining(", "));
    }
}
