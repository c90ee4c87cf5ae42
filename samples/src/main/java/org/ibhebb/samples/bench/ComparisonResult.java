package org.ibhebb.samples.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a comparison of two sides brought.
 *
 * @param of what was compared
 * @param times of both sides
 * @param machine on which the floor is worked out
 */
record ComparisonResult(ComparisonCase of, Comparison times, Machine machine) implements BenchResult {

    /** Seconds below which our side can't get. */
    private double floor() {
        return machine.floor(of.work());
    }

    /** The rate at which our side gets through its matrix products, as a share of the machine's best. */
    private double sgemmShare() {
        return of.work().flops() / times.ours() / machine.sgemm();
    }

    @Override
    public String line() {
        return String.format(Locale.ROOT, "%s %10s %12s %7.2f %16s %10s %4.0f %%",
                of.title(), micros(times.ours()), micros(times.other()), times.ratio(),
                String.format(Locale.ROOT, "%.2f..%.2f", times.low(), times.high()), micros(floor()),
                100 * sgemmShare());
    }

    @Override
    public Map<String, Double> figures() {
        String key = of.part() + "." + of.key();
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(key + ".ratio", times.ratio());
        figures.put(key + ".low", times.low());
        figures.put(key + ".high", times.high());
        figures.put(key + "." + of.part().ours() + "-us", times.ours() * 1e6);
        figures.put(key + "." + of.part().other() + "-us", times.other() * 1e6);
        figures.put(key + ".floor-us", floor() * 1e6);
        figures.put(key + ".sgemm-share", sgemmShare());
        return figures;
    }

    private static String micros(double seconds) {
        double micros = seconds * 1e6;
        return String.format(Locale.ROOT, micros < 10 ? "%.2f" : micros < 100 ? "%.1f" : "%.0f", micros);
    }
}
