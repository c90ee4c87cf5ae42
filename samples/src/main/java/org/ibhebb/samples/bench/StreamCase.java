package org.ibhebb.samples.bench;

import java.util.List;
import java.util.stream.Collectors;
import org.ibhebb.samples.report.Progress;

/**
 * A network that learns and predicts one sample at a time.
 *
 * @param sizes of the input, the hidden layers and the output
 * @param raw whether inputs are those of raw images, in which most are 0; or standardised ones, in which none is
 */
record StreamCase(List<Integer> sizes, boolean raw) implements BenchCase {

    String network() {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining("-"));
    }

    String input() {
        return raw ? "raw" : "standardised";
    }

    @Override
    public int rounds() {
        return StreamRates.ROUNDS;
    }

    @Override
    public BenchResult measure(double seconds, Machine machine, Progress progress) {
        StreamRates rates = new StreamRates(this);
        return new StreamResult(this, rates.measure(seconds, progress), machine.floor(rates.work()));
    }
}
