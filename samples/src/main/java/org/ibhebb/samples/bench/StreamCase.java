package org.ibhebb.samples.bench;

import java.util.List;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.ibhebb.samples.report.Progress;

/**
 * A network that learns and predicts one sample at a time.
 *
 * @param sizes of the input, the hidden layers and the output
 * @param raw whether inputs are those of raw images, in which most are 0; or standardised ones, in which none is
 * @param steps for how many time steps neurons see a sample that spike, as a constant current; 0 for others
 */
record StreamCase(List<Integer> sizes, boolean raw, int steps) implements BenchCase {

    StreamCase(List<Integer> sizes, boolean raw) {
        this(sizes, raw, 0);
    }

    String network() {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining("-")) + (steps > 0 ? ".t" + steps : "");
    }

    MultiLayerConfiguration configure() {
        return steps > 0 ? SpikingCase.configure(sizes, steps) : StepRivals.configure(sizes);
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
