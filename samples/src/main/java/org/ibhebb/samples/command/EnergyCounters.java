package org.ibhebb.samples.command;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A machine's own counters of energy (RAPL), as Linux shows them. */
final class EnergyCounters {

    /** Where Linux shows them. */
    static final Path FOLDER = Path.of("/sys/class/powercap");

    private EnergyCounters() {}

    /**
     * Which there are.
     *
     * @param folder of all counters; need not exist
     * @return what each one measures, its file, and whether that can be read; in order
     */
    static List<String> of(Path folder) {
        List<String> all = new ArrayList<>();
        try (DirectoryStream<Path> zones = Files.newDirectoryStream(folder, "*rapl:*")) {
            for (Path zone : zones) {
                Path counter = zone.resolve("energy_uj");
                if (Files.exists(counter)) {
                    all.add(Files.readString(zone.resolve("name")).strip() + " (" + counter + ", "
                            + (Files.isReadable(counter) ? "readable" : "for the administrator alone") + ")");
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        Collections.sort(all);
        return all;
    }

    /** In a sentence. */
    static String describe(Path folder) {
        List<String> all = of(folder);
        return all.isEmpty()
                ? "This machine shows no energy counters (RAPL, " + folder + "), so that nothing here can be measured"
                : "This machine has energy counters, in microjoules, to be read before a run and after it: "
                        + String.join(", ", all);
    }
}
