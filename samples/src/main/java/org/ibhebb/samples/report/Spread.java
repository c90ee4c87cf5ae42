package org.ibhebb.samples.report;

import java.util.List;
import java.util.Locale;

/**
 * What the same measurement gave with several seeds.
 *
 * @param mean over the seeds
 * @param deviation the sample standard deviation; null for a single seed, which has none
 * @param count of seeds
 */
public record Spread(double mean, Double deviation, int count) {

    /**
     * The spread of some values.
     *
     * @param values at least one
     * @return their mean and standard deviation
     */
    public static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a spread needs at least one value");
        }
        double mean = values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
        if (values.size() == 1) {
            return new Spread(mean, null, 1);
        }
        double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
        return new Spread(mean, Math.sqrt(squares / (values.size() - 1)), values.size());
    }

    /**
     * As it stands in tables.
     *
     * @return the mean, with the deviation where there is one
     */
    @Override
    public String toString() {
        return deviation == null
                ? String.format(Locale.ROOT, "%.2f", mean)
                : String.format(Locale.ROOT, "%.2f ± %.2f", mean, deviation);
    }
}
