package org.ibhebb.samples.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ibhebb.samples.folder.Provenance;

/** Results of the bench, as text for people and as numbers by name. */
public final class BenchReport {

    private static final MathContext DIGITS = new MathContext(4);

    private BenchReport() {}

    /** The circumstances, in a line. */
    public static String of(Provenance run) {
        return String.format(Locale.ROOT, "Networks use the %s kernel. %d BLAS thread%s, %d processors with a load of"
                + " %.1f, %s, Java %s, Deeplearning4j %s",
                run.kernel(), run.blasThreads(), run.blasThreads() == 1 ? "" : "s", run.processors(), run.load(),
                run.platform(), run.java(), run.deeplearning4j());
    }

    /** The machine's rates, in lines. */
    public static String of(Machine machine) {
        StringBuilder copies = new StringBuilder();
        machine.copy().forEach((kibibytes, rate) -> copies.append(copies.length() == 0 ? "" : ", ")
                .append(String.format(Locale.ROOT, "%s %.1f GB/s", size(kibibytes), rate / 1e9)));
        return String.format(Locale.ROOT, "Matrix product of order 512: float %.1f GFLOP/s, double %.1f GFLOP/s%n"
                + "Array copy, read and written: %s", machine.sgemm() / 1e9, machine.dgemm() / 1e9, copies);
    }

    /** The line above those of a part. */
    public static String header(BenchPart part) {
        if (part == BenchPart.STREAM) {
            return String.format("%-26s  %-12s %10s %10s %10s %7s %10s %7s",
                    "network", "input", "learn/s", "predict/s", part.other() + "/s", "ratio", "floor/s", "of it");
        }
        String title = part == BenchPart.KERNEL
                ? String.format("%-5s  %-15s  %4s  %4s", "now", "objective", "N", "d")
                : String.format("%-26s  %5s", "network", part == BenchPart.SPIKING ? "T" : "batch");
        return String.format("%s %10s %12s %7s %16s %10s %6s",
                title, part.ours() + " us", part.other() + " us", "ratio", "10th..90th", "floor us", "sgemm");
    }

    /** The content of {@code --json}, by name. */
    public static Map<String, Object> json(Provenance run, Machine machine, List<BenchResult> results) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("run.kernel", run.kernel());
        json.put("run.blas-threads", run.blasThreads());
        json.put("run.processors", run.processors());
        json.put("run.load", digits(run.load()));
        json.put("run.platform", run.platform());
        json.put("run.java", run.java());
        json.put("run.deeplearning4j", run.deeplearning4j());
        json.put("run.plugin", run.plugin());
        json.put("run.date", run.date());
        json.put("machine.sgemm.gflops", digits(machine.sgemm() / 1e9));
        json.put("machine.dgemm.gflops", digits(machine.dgemm() / 1e9));
        json.put("machine.copy.gb-per-s", digits(machine.memoryCopy() / 1e9));
        machine.copy().forEach((kibibytes, rate) ->
                json.put("machine.copy." + size(kibibytes).replace(" ", "") + ".gb-per-s", digits(rate / 1e9)));
        for (BenchResult result : results) {
            result.figures().forEach((name, value) -> json.put(name, digits(value)));
        }
        return json;
    }

    private static String size(int kibibytes) {
        return kibibytes < 1 << 10 ? kibibytes + " KiB" : (kibibytes >> 10) + " MiB";
    }

    /** Noise has no more digits than these. */
    private static double digits(double value) {
        return new BigDecimal(value).round(DIGITS).doubleValue();
    }
}
