package org.ibhebb.samples.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.report.Progress;
import org.ibhebb.stream.Rates;
import org.ibhebb.stream.StreamingNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How fast a streaming network learns and predicts, beside Deeplearning4j's back-propagation of one sample at a time.
 * By this thread's processor time, so that what else runs on the machine counts as little as it can: all of it, where
 * there is one BLAS thread. The best of several rounds, in each of which every way has its turn.
 */
final class StreamRates {

    static final int ROUNDS = 5;
    private static final int SAMPLES = 512;
    private static final int BLOCK = 8;
    private static final double TAPS = 9;
    /** So few that a call takes about as long as our side's. */
    private static final int RIVAL_SAMPLES = 8;
    private static final LearningRule PREDICTION =
            LearningRule.builder().objective(Objective.prediction().withRate(1)).build();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final StreamCase of;
    private final int width;
    private final int classes;
    private final float[] rows;
    /** The same, sample by sample. */
    private final float[][] single = new float[SAMPLES][];
    /** The same, in small blocks. */
    private final float[][] blocks = new float[SAMPLES / BLOCK][];
    private final int[][] blockLabels = new int[SAMPLES / BLOCK][];
    private final float[] blockPredictions;
    /** Of each sample, where it is not 0, and what it is there; null where all inputs are given. */
    private int[][] elements;
    private float[][] values;
    private final int[] labels;
    private final float[] predictions;
    private final MultiLayerNetwork learnt;
    private final StreamingNetwork adaptive;
    private final StreamingNetwork prediction;
    private final MultiLayerNetwork rival;
    private final INDArray[] rivalRows = new INDArray[SAMPLES];
    private final INDArray[] rivalLabels = new INDArray[SAMPLES];
    private int rivalNext;

    StreamRates(StreamCase of) {
        this.of = of;
        width = of.sizes().get(0);
        classes = of.sizes().get(of.sizes().size() - 1);
        rows = rows(width, of.input() != StreamCase.Input.STANDARDISED);
        for (int i = 0; i < SAMPLES; i++) {
            single[i] = Arrays.copyOfRange(rows, i * width, (i + 1) * width);
        }
        if (of.input() == StreamCase.Input.SPARSE) {
            findElements();
        }
        labels = new Random(3).ints(SAMPLES, 0, classes).toArray();
        predictions = new float[SAMPLES * classes];
        blockPredictions = new float[BLOCK * classes];
        for (int i = 0; i < SAMPLES / BLOCK; i++) {
            blocks[i] = Arrays.copyOfRange(rows, i * BLOCK * width, (i + 1) * BLOCK * width);
            blockLabels[i] = Arrays.copyOfRange(labels, i * BLOCK, (i + 1) * BLOCK);
        }
        learnt = network();
        adaptive = StreamingNetwork.builder(learnt).build();
        prediction = StreamingNetwork.builder(network()).rule(PREDICTION).rates(Rates.constant(1e-4, 1e-3)).build();
        rival = network();
        for (int i = 0; i < SAMPLES; i++) {
            rivalRows[i] = Nd4j.create(new float[][] {single[i]});
            rivalLabels[i] = Nd4j.zeros(1, classes).putScalar(0, labels[i], 1);
        }
    }

    private void findElements() {
        elements = new int[SAMPLES][];
        values = new float[SAMPLES][];
        for (int i = 0; i < SAMPLES; i++) {
            float[] row = single[i];
            elements[i] = IntStream.range(0, width).filter(k -> row[k] != 0).toArray();
            values[i] = new float[elements[i].length];
            for (int k = 0; k < values[i].length; k++) {
                values[i][k] = row[elements[i][k]];
            }
        }
    }

    /** What is done with samples; its name is that of the JSON file. */
    enum Way {
        LEARN("learn") {
            @Override
            int run(StreamRates on) {
                if (on.elements == null) {
                    on.adaptive.learn(on.rows, on.labels, on.predictions);
                } else {
                    for (int i = 0; i < SAMPLES; i++) {
                        on.adaptive.learn(on.elements[i], on.values[i], on.labels[i]);
                    }
                }
                return SAMPLES;
            }
        },
        LEARN_BY_SINGLE_CALLS("learnBySingleCalls") {
            @Override
            int run(StreamRates on) {
                for (int i = 0; i < SAMPLES; i++) {
                    on.adaptive.learn(on.single[i], on.labels[i]);
                }
                return SAMPLES;
            }
        },
        LEARN_BY_BLOCKS("learnByBlocksOf8") {
            @Override
            int run(StreamRates on) {
                for (int i = 0; i < SAMPLES / BLOCK; i++) {
                    on.adaptive.learn(on.blocks[i], on.blockLabels[i], on.blockPredictions);
                }
                return SAMPLES;
            }
        },
        LEARN_SILENTLY("learnSilently") {
            @Override
            int run(StreamRates on) {
                on.adaptive.learn(on.rows, on.labels, null);
                return SAMPLES;
            }
        },
        LEARN_BY_PREDICTION("learnByPrediction") {
            @Override
            int run(StreamRates on) {
                on.prediction.learn(on.rows, on.labels, on.predictions);
                return SAMPLES;
            }
        },
        PREDICT("predict") {
            @Override
            int run(StreamRates on) {
                if (on.elements == null) {
                    on.adaptive.predict(on.rows, on.predictions);
                } else {
                    for (int i = 0; i < SAMPLES; i++) {
                        on.adaptive.predict(on.elements[i], on.values[i]);
                    }
                }
                return SAMPLES;
            }
        },
        DL4J("dl4j") {
            @Override
            int run(StreamRates on) {
                for (int i = 0; i < RIVAL_SAMPLES; i++) {
                    on.rival.fit(on.rivalRows[on.rivalNext], on.rivalLabels[on.rivalNext]);
                    on.rivalNext = (on.rivalNext + 1) % SAMPLES;
                }
                return RIVAL_SAMPLES;
            }
        };

        private final String label;

        Way(String label) {
            this.label = label;
        }

        /** Handles some samples, one after the other; returns how many. */
        abstract int run(StreamRates on);

        @Override
        public String toString() {
            return label;
        }
    }

    /**
     * Measures.
     *
     * @param seconds for each way
     * @return samples a second
     */
    Map<Way, Double> measure(double seconds, Progress progress) {
        INDArray start = learnt.params().dup();
        INDArray rivalStart = rival.params().dup();
        Map<Way, Double> best = new EnumMap<>(Way.class);
        for (Way way : Way.values()) {
            perSecond(way, seconds / ROUNDS);
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (Way way : Way.values()) {
                best.merge(way, perSecond(way, seconds / ROUNDS), Math::max);
            }
            progress.step(1);
        }
        check("the streaming network", learnt, start);
        check("back-propagation", rival, rivalStart);
        return best;
    }

    private double perSecond(Way way, double seconds) {
        long start = THREADS.getCurrentThreadCpuTime();
        long count = 0;
        long nanos;
        do {
            count += way.run(this);
            nanos = THREADS.getCurrentThreadCpuTime() - start;
        } while (nanos < seconds * 1e9 || nanos == 0);
        return count * 1e9 / nanos;
    }

    private void check(String name, MultiLayerNetwork network, INDArray start) {
        double moved = network.params().sub(start).norm2Number().doubleValue();
        if (!(moved > 0 && moved < Double.POSITIVE_INFINITY)) {
            throw new IllegalStateException("on " + of.network() + ", " + of.input() + " " + name
                    + " moved the parameters by " + moved + ". Times of a network that does not learn mean nothing");
        }
    }

    /** The least that a sample needs of the network as it is now: units that are silent need nothing. */
    Work work() {
        List<INDArray> activations = learnt.feedForward(Nd4j.create(rows, new long[] {SAMPLES, width}), false);
        Work work = new Work(0, 0);
        if (!of.maps().isEmpty()) {
            return ofImages(activations);
        }
        int last = of.sizes().size() - 1;
        for (int layer = 1; layer <= last; layer++) {
            work = work.plus(Work.streamed(active(activations.get(layer - 1)), of.sizes().get(layer),
                    layer == last ? classes : active(activations.get(layer))));
        }
        return work;
    }

    /** Each feature map reads what is not silent, and those that are not silent themselves move. */
    private Work ofImages(List<INDArray> activations) {
        Work work = new Work(0, 0);
        for (int layer = 0; layer < learnt.getnLayers(); layer++) {
            INDArray below = activations.get(layer);
            INDArray above = activations.get(layer + 1);
            if (learnt.getLayer(layer).conf().getLayer() instanceof ConvolutionLayer convolution) {
                double read = convolution.getNIn() * TAPS * active(below) * SAMPLES / below.length();
                work = work.plus(Work.convolved(read, above.size(2) * above.size(3), convolution.getNOut(),
                        active(above), active(below)));
            } else if (layer == learnt.getnLayers() - 1) {
                work = work.plus(Work.streamed(active(below), classes, classes));
            }
        }
        return work;
    }

    /** How many units are not 0, at any time step, in the mean over samples. */
    private static double active(INDArray activations) {
        INDArray most = activations.rank() == 3 ? activations.max(2) : activations;
        return most.neq(0).castTo(activations.dataType()).sumNumber().doubleValue() / activations.size(0);
    }

    private static float[] rows(int width, boolean raw) {
        Random random = new Random(5);
        float[] rows = new float[SAMPLES * width];
        for (int i = 0; i < rows.length; i++) {
            // Strokes of 7 pixels, with 28 blank ones behind each, on average.
            rows[i] = raw ? (i + i / 28 * 3) % 35 < 7 ? random.nextFloat() : 0 : (float) random.nextGaussian();
        }
        return rows;
    }

    private MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(of.configure());
        network.init();
        return network;
    }
}
