package org.ibhebb.samples.suite;

import org.ibhebb.samples.training.LinearDecay;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;

/** Deeplearning4j's updaters by a short text: {@code sgd:0.1}, {@code nesterovs:0.01}, {@code adam:0.001}. */
final class Updaters {

    private static final double MOMENTUM = 0.9;

    private Updaters() {}

    /** As users write them, with a constant rate. */
    static IUpdater constant(String text) {
        double rate = rate(text);
        return switch (name(text)) {
            case "sgd" -> new Sgd(rate);
            case "nesterovs" -> new Nesterovs(rate, MOMENTUM);
            case "adam" -> new Adam(rate);
            default -> throw unknown(text);
        };
    }

    /** The same with a rate that falls linearly to 0. */
    static IUpdater falling(String text, int steps) {
        ISchedule schedule = LinearDecay.from(rate(text), steps);
        return switch (name(text)) {
            case "sgd" -> new Sgd(schedule);
            case "nesterovs" -> Nesterovs.builder().learningRateSchedule(schedule).momentum(MOMENTUM).build();
            case "adam" -> Adam.builder().learningRateSchedule(schedule).build();
            default -> throw unknown(text);
        };
    }

    private static String name(String text) {
        return text.substring(0, Math.max(0, text.indexOf(':')));
    }

    private static double rate(String text) {
        return Double.parseDouble(text.substring(text.indexOf(':') + 1));
    }

    private static IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException("there is no updater '" + text + "': use sgd, nesterovs or adam, a colon"
                + " and a rate");
    }
}
