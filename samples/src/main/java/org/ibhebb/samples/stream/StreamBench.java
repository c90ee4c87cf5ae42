package org.ibhebb.samples.stream;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.stream.Rates;
import org.ibhebb.stream.StreamingNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * How fast streaming networks learn and predict, beside Deeplearning4j's back-propagation of one sample at a time in
 * the same run. By this thread's processor time, so that what else runs on the machine counts as little as it can; both
 * are single-threaded here if OMP_NUM_THREADS is 1. Inputs are those of images: raw ones are 0 in four of five places,
 * in runs, as strokes are; standardised ones nowhere.
 */
public final class StreamBench {

    private static final int CLASSES = 10;
    private static final int SAMPLES = 512;
    private static final int ROUNDS = 5;
    private static final double SECONDS = 0.3;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private StreamBench() {}

    /**
     * Prints a line for each figure.
     *
     * @param arguments networks, such as 784-128-64-10; all of them if there are none
     */
    public static void main(String[] arguments) {
        String[] networks = arguments.length > 0 ? arguments
                : new String[] {"784-128-64-10", "784-512-512-10"};
        measure(networks).forEach((key, value) -> System.out.printf(Locale.ROOT, "%s %.1f%n", key, value));
    }

    /**
     * Measures.
     *
     * @param networks their widths, joined by hyphens
     * @return the figures by their keys, such as {@code stream.784-128-64-10.raw.learnPerSecond}
     */
    public static Map<String, Double> measure(String... networks) {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (String name : networks) {
            int[] widths = Arrays.stream(name.split("-")).mapToInt(Integer::parseInt).toArray();
            for (boolean raw : new boolean[] {true, false}) {
                measure(figures, "stream." + name + (raw ? ".raw" : ".standardised"), widths, raw);
            }
        }
        return figures;
    }

    private static void measure(Map<String, Double> figures, String key, int[] widths, boolean raw) {
        float[] rows = rows(widths[0], raw);
        int[] labels = new Random(3).ints(SAMPLES, 0, CLASSES).toArray();
        float[] predictions = new float[SAMPLES * CLASSES];
        StreamingNetwork adaptive = StreamingNetwork.builder(network(widths)).build();
        StreamingNetwork prediction = StreamingNetwork.builder(network(widths)).rule(PREDICTION)
                .rates(Rates.constant(1e-4, 1e-3)).build();
        MultiLayerNetwork rival = network(widths);
        INDArray[] x = IntStream.range(0, SAMPLES).mapToObj(i ->
                Nd4j.create(new float[][] {Arrays.copyOfRange(rows, i * widths[0], (i + 1) * widths[0])}))
                .toArray(INDArray[]::new);
        INDArray[] y = IntStream.range(0, SAMPLES).mapToObj(i -> {
            INDArray label = Nd4j.zeros(1, CLASSES);
            label.putScalar(0, labels[i], 1);
            return label;
        }).toArray(INDArray[]::new);
        Map<String, Runnable> ways = new LinkedHashMap<>();
        ways.put("learn", () -> adaptive.learn(rows, labels, predictions));
        ways.put("learnSilently", () -> adaptive.learn(rows, labels, null));
        ways.put("learnByPrediction", () -> prediction.learn(rows, labels, predictions));
        ways.put("predict", () -> adaptive.predict(rows, predictions));
        ways.put("dl4j", () -> {
            for (int i = 0; i < SAMPLES / 8; i++) {
                rival.fit(x[i], y[i]);
            }
        });
        Map<String, Double> best = ways.keySet().stream()
                .collect(Collectors.toMap(way -> way, way -> 0.0, (a, b) -> a, LinkedHashMap::new));
        // In turn, so that what the machine does meanwhile meets all of them.
        for (int round = 0; round <= ROUNDS; round++) {
            boolean counts = round > 0;
            ways.forEach((way, run) -> {
                double rate = perSecond(run, way.equals("dl4j") ? SAMPLES / 8 : SAMPLES);
                best.compute(way, (same, before) -> counts ? Math.max(before, rate) : before);
            });
        }
        best.forEach((way, rate) -> figures.put(key + "." + way + "PerSecond", rate));
        figures.put(key + ".overDl4j", best.get("learn") / best.get("dl4j"));
    }

    private static final LearningRule PREDICTION =
            LearningRule.builder().objective(Objective.prediction().withRate(1)).build();

    private static double perSecond(Runnable run, int samples) {
        long start = THREADS.getCurrentThreadCpuTime();
        long count = 0;
        long nanos;
        do {
            run.run();
            count += samples;
            nanos = THREADS.getCurrentThreadCpuTime() - start;
        } while (nanos < SECONDS * 1e9);
        return count * 1e9 / nanos;
    }

    private static float[] rows(int width, boolean raw) {
        Random random = new Random(5);
        float[] rows = new float[SAMPLES * width];
        for (int i = 0; i < rows.length; i++) {
            // Strokes of 7 pixels, with 28 blank ones behind each.
            rows[i] = raw ? (i + i / 28 * 3) % 35 < 7 ? random.nextFloat() : 0 : (float) random.nextGaussian();
        }
        return rows;
    }

    private static MultiLayerNetwork network(int[] widths) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().seed(1)
                .activation(Activation.RELU).weightInit(WeightInit.RELU).updater(new Sgd(1e-3)).list();
        for (int i = 1; i < widths.length - 1; i++) {
            layers.layer(new DenseLayer.Builder().nIn(widths[i - 1]).nOut(widths[i]).build());
        }
        layers.layer(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX)
                .nIn(widths[widths.length - 2]).nOut(widths[widths.length - 1]).build());
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }
}
