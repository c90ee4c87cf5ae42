package org.ibhebb.stream;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One sample that is learnt or predicted on the fly, by one call; the working memory is full. Single calls are timed, of
 * whose percentiles the middle ones are the same on a machine that does something else in between.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = "-Dibhebb.kernel=native")
public class StreamBenchmark {

    private static final int INPUTS = 784;
    private static final int CLASSES = 10;
    private static final int SAMPLES = 256;

    /** Sizes of the hidden layers. */
    @Param({"128-64", "512-512"})
    public String hidden;

    /** Samples that working memory holds; 0 for prediction alone. */
    @Param({"0", "64"})
    public int memory;

    /** Whether four fifths of the inputs are 0, in runs of 28, as an image's pixels are; otherwise none is. */
    @Param({"false", "true"})
    public boolean silent;

    private StreamingNetwork stream;
    private final float[][] rows = new float[SAMPLES][INPUTS];
    private final int[] labels = new int[SAMPLES];
    private int next;

    /** Makes a network and samples, and fills its memory. */
    @Setup
    public void prepare() {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().seed(1)
                .activation(Activation.RELU).weightInit(WeightInit.RELU).list();
        int below = INPUTS;
        for (String size : hidden.split("-")) {
            layers.layer(new DenseLayer.Builder().nIn(below).nOut(Integer.parseInt(size)).build());
            below = Integer.parseInt(size);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(layers.layer(new OutputLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX).nIn(below).nOut(CLASSES).build()).build());
        network.init();
        LearningRule.Builder rule = LearningRule.builder().objective(Objective.prediction().withRate(1));
        if (memory > 0) {
            rule.plus(Objective.neighbourhood().withSigma(0.35).withWeight(0.3)).memory(memory);
        }
        stream = StreamingNetwork.builder(network).rule(rule.build()).build();
        Random random = new Random(1);
        for (int i = 0; i < SAMPLES; i++) {
            labels[i] = random.nextInt(CLASSES);
            for (int k = 0; k < INPUTS; k++) {
                rows[i][k] = silent && (k / 28 + i) % 5 > 0 ? 0 : (float) random.nextGaussian();
            }
        }
        for (int i = 0; i < SAMPLES; i++) {
            learn();
        }
    }

    /** Predicts a sample, then learns it. */
    @Benchmark
    public float[] learn() {
        int i = next++ % SAMPLES;
        return stream.learn(rows[i], labels[i]);
    }

    /** Predicts a sample. */
    @Benchmark
    public float[] predict() {
        return stream.predict(rows[next++ % SAMPLES]);
    }
}
