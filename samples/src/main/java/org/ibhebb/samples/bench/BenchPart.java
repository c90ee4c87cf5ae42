package org.ibhebb.samples.bench;

import java.util.ArrayList;
import java.util.List;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.option.ByName;

/** The parts of the bench, by the names of the command line. */
public enum BenchPart {
    /** One layer's signal, by both kernels. */
    KERNEL("kernel", "native", "nd4j",
            "One layer's signal: the native kernel against the one composed of ND4J's operations.") {
        @Override
        public List<BenchCase> cases(boolean quick) {
            List<BenchCase> cases = new ArrayList<>();
            for (int[] size : quick ? QUICK_ONE : ONE) {
                for (Objective.Kind kind : OBJECTIVES) {
                    cases.add(new SignalCase(kind, size[0], size[1], 1));
                }
            }
            for (int[] size : quick ? QUICK_BATCH : BATCH) {
                for (Objective.Kind kind : OBJECTIVES) {
                    cases.add(new SignalCase(kind, size[0], size[1], size[0]));
                }
            }
            return cases;
        }
    },

    /** A whole training step, by both ways to train. */
    STEP("step", "ibhebb", "backprop",
            "A whole training step: the rule with its defaults against back-propagation, on the same network.") {
        @Override
        public List<BenchCase> cases(boolean quick) {
            List<BenchCase> cases = new ArrayList<>();
            for (List<Integer> sizes : quick ? NETWORKS.subList(1, 2) : NETWORKS) {
                for (int batch : quick ? QUICK_BATCHES : BATCHES) {
                    cases.add(new StepCase(this, sizes, batch));
                }
            }
            return cases;
        }
    },

    /** A whole training step of the rule, by both ways to have one. */
    FIT("fit", "stream", "dl4j",
            "A whole training step of the rule, by processor time: a streaming network's fit against the same network's"
                    + " own.") {
        @Override
        public List<BenchCase> cases(boolean quick) {
            List<BenchCase> cases = new ArrayList<>();
            for (List<Integer> sizes : quick ? NETWORKS.subList(1, 2) : NETWORKS) {
                for (int batch : quick ? QUICK_BATCHES : FIT_BATCHES) {
                    cases.add(new StepCase(this, sizes, batch));
                }
            }
            return cases;
        }
    },

    /** A whole training step of spiking neurons, by both ways to train. */
    SPIKING("spiking", "ibhebb", "bptt",
            "A whole training step of a spiking network with a constant current, by processor time: the rule with its"
                    + " defaults against back-propagation through time, on the same layers.") {
        @Override
        public List<BenchCase> cases(boolean quick) {
            List<BenchCase> cases = new ArrayList<>();
            for (List<Integer> sizes : quick ? NETWORKS.subList(1, 2) : NETWORKS) {
                for (int steps : quick ? QUICK_TIME_STEPS : TIME_STEPS) {
                    cases.add(new SpikingCase(sizes, steps, SPIKING_BATCH));
                }
            }
            return cases;
        }
    },

    /** One sample at a time. */
    STREAM("stream", "ibhebb", "backprop",
            "One sample at a time: samples a second of processor time that a streaming network with its defaults learns"
                    + " and predicts, against back-propagation at batch 1; .t8 is a spiking network that sees each"
                    + " sample as a current of 8 time steps, against back-propagation through time.") {
        @Override
        public List<BenchCase> cases(boolean quick) {
            List<BenchCase> cases = new ArrayList<>();
            for (List<Integer> sizes : quick ? NETWORKS.subList(1, 2) : NETWORKS) {
                for (StreamCase.Input input : StreamCase.Input.values()) {
                    cases.add(new StreamCase(sizes, input));
                }
                cases.add(new StreamCase(sizes, StreamCase.Input.RAW, TIME_STEPS[0]));
            }
            // Convolutions, too, are not quick: without native code thousands of samples take minutes.
            if (!quick) {
                cases.addAll(StreamCase.ofAllSizes());
            }
            return cases;
        }
    };

    /** Those of a window, the default first. */
    static final List<Objective.Kind> OBJECTIVES = List.of(
            Objective.Kind.NEIGHBOURHOOD, Objective.Kind.HSIC, Objective.Kind.NORMALIZED_HSIC, Objective.Kind.HSIC_ZZ,
            Objective.Kind.REFERENCE);
    /** Samples and units. */
    private static final int[][] ONE = {{8, 64}, {32, 64}, {64, 512}, {256, 1024}};
    private static final int[][] BATCH = {
        {6, 64}, {32, 64}, {32, 512}, {128, 128}, {128, 512}, {512, 512}, {512, 2048}
    };
    private static final int[][] QUICK_ONE = {{64, 512}};
    private static final int[][] QUICK_BATCH = {{6, 64}, {128, 512}};
    private static final List<List<Integer>> NETWORKS = List.of(List.of(784, 512, 512, 10), List.of(784, 128, 64, 10));
    private static final int[] BATCHES = {1, 6, 32, 128, 512};
    private static final int[] FIT_BATCHES = {1, 8, 32, 128, 512};
    private static final int[] QUICK_BATCHES = {1, 32};
    private static final int[] TIME_STEPS = {8, 16};
    private static final int[] QUICK_TIME_STEPS = {8};
    private static final int SPIKING_BATCH = 128;

    private final String label;
    private final String ours;
    private final String other;
    private final String description;

    BenchPart(String label, String ours, String other, String description) {
        this.label = label;
        this.ours = ours;
        this.other = other;
        this.description = description;
    }

    /** What is measured, in the order of the table. */
    public abstract List<BenchCase> cases(boolean quick);

    /** The side that the plugin brings. */
    String ours() {
        return ours;
    }

    /** The side that it is measured against. */
    String other() {
        return other;
    }

    /** A sentence. */
    public String description() {
        return description;
    }

    @Override
    public String toString() {
        return label;
    }

    /** Reads one by its name. */
    public static final class Converter extends ByName<BenchPart> {
        public Converter() {
            super(BenchPart.class);
        }
    }
}
