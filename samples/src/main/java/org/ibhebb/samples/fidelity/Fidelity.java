package org.ibhebb.samples.fidelity;

import java.util.List;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.samples.folder.Kept;

/**
 * How well a small window shows where a large one points.
 *
 * @param trainSamples on so many the network was trained before
 * @param probes samples over which, and over the hidden layers, cosines are averaged
 * @param largeWindow samples in the window that stands for all that could be seen
 * @param capacities of the small windows
 * @param cosines one a capacity, between the two signals; a signal of zeros counts as 0
 */
public record Fidelity(String data, String model, LearningRule learningRule, long seed, int trainSamples, int probes,
        int largeWindow, List<Integer> capacities, List<Double> cosines) implements Kept<Fidelity> {

    public Fidelity {
        capacities = List.copyOf(capacities);
        cosines = List.copyOf(cosines);
    }

    @Override
    public String prefix() {
        return String.join("-", "fidelity", data, model, learningRule.objectives().get(0).kind().toString(), "seed",
                String.valueOf(seed));
    }

    @Override
    public Fidelity settings() {
        return with(List.of());
    }

    Fidelity with(List<Double> cosines) {
        return new Fidelity(
                data, model, learningRule, seed, trainSamples, probes, largeWindow, capacities, cosines);
    }

    @Override
    public boolean coversAll() {
        return cosines.size() == capacities.size();
    }
}
