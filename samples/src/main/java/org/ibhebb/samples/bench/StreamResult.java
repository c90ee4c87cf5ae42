package org.ibhebb.samples.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How fast a network learns and predicts one sample at a time.
 *
 * @param of which network, on which input
 * @param rates samples a second, by what is done with them
 * @param floor seconds below which a sample can't be predicted and learnt
 */
record StreamResult(StreamCase of, Map<StreamRates.Way, Double> rates, double floor) implements BenchResult {

    private double learn() {
        return rates.get(StreamRates.Way.LEARN);
    }

    private double overDl4j() {
        return learn() / rates.get(StreamRates.Way.DL4J);
    }

    private double ofFloor() {
        return learn() * floor;
    }

    @Override
    public String line() {
        return String.format(Locale.ROOT, "%-26s  %-12s %10.0f %10.0f %10.0f %7.1f %10.0f %5.0f %%",
                of.network(), of.input(), learn(), rates.get(StreamRates.Way.PREDICT),
                rates.get(StreamRates.Way.DL4J), overDl4j(), 1 / floor, 100 * ofFloor());
    }

    @Override
    public Map<String, Double> figures() {
        String key = BenchPart.STREAM + "." + of.network() + "." + of.input();
        Map<String, Double> figures = new LinkedHashMap<>();
        rates.forEach((way, rate) -> figures.put(key + "." + way + "PerSecond", rate));
        figures.put(key + ".overDl4j", overDl4j());
        figures.put(key + ".ofFloor", ofFloor());
        return figures;
    }
}
