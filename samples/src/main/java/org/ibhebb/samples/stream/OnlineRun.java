package org.ibhebb.samples.stream;

import java.util.Locale;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.folder.Kept;
import org.nd4j.shade.jackson.annotation.JsonInclude;

/**
 * A network that learns one pass of a data set, one sample at a time, in one way with one seed.
 *
 * @param objective of hidden layers; null for a control
 * @param memory samples that working memory holds; 0 for a control
 * @param network the checksum of the memory network that recalls them; null where they are remembered exactly
 * @param rate of back-propagation, at first; 0 for the other ways
 * @param samples how many there are
 * @param accuracy per cent of test images; null before
 * @param samplesPerSecond null before
 */
record OnlineRun(String data, String model, Objective.Kind objective, int memory,
        @JsonInclude(JsonInclude.Include.NON_NULL) String network, double rate, int samples, long seed,
        Double accuracy, Double samplesPerSecond) implements Kept<OnlineRun> {

    static OnlineRun local(String data, String model, Objective.Kind objective, int memory, int samples, long seed) {
        return new OnlineRun(data, model, objective, memory, null, 0, samples, seed, null, null);
    }

    /** The same by a memory network. */
    OnlineRun by(String network) {
        return new OnlineRun(data, model, objective, memory, network, rate, samples, seed, null, null);
    }

    static OnlineRun backprop(String data, String model, double rate, int samples, long seed) {
        return new OnlineRun(data, model, null, 0, null, rate, samples, seed, null, null);
    }

    static OnlineRun frozen(String data, String model, int samples, long seed) {
        return new OnlineRun(data, model, null, 0, null, 0, samples, seed, null, null);
    }

    OnlineRun reached(double accuracy, double samplesPerSecond) {
        return new OnlineRun(data, model, objective, memory, network, rate, samples, seed, accuracy, samplesPerSecond);
    }

    boolean isBackprop() {
        return rate > 0;
    }

    /** As tables have it. */
    String way() {
        if (objective != null) {
            return objective + (network == null ? "" : " by a memory network") + (memory == 0 ? "" : ", N = " + memory);
        }
        return isBackprop() ? String.format(Locale.ROOT, "back-propagation, Sgd(%s), falling", rate)
                : "frozen hidden layers";
    }

    @Override
    public String prefix() {
        String way = isBackprop() ? "backprop" : objective == null ? "frozen" : objective.toString();
        return String.join("-", data, model, network == null ? way : way + "-recalled",
                String.valueOf(isBackprop() ? rate : memory), "seed", String.valueOf(seed)).replaceAll("[:,]", "-");
    }

    @Override
    public OnlineRun settings() {
        return new OnlineRun(data, model, objective, memory, network, rate, samples, seed, null, null);
    }

    @Override
    public boolean coversAll() {
        return accuracy != null;
    }
}
