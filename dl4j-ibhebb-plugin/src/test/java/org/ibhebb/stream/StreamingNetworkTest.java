package org.ibhebb.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.NativeRun;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class StreamingNetworkTest {

    private static final int IN = 11;
    private static final int CLASSES = 4;

    @TempDir
    Path folder;

    private static MultiLayerNetwork network(DataType type) {
        return network(type, new DenseLayer.Builder().nIn(IN).nOut(24).activation(Activation.RELU).build(),
                new DenseLayer.Builder().nIn(24).nOut(18).activation(Activation.TANH).build(),
                new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(18).nOut(CLASSES)
                        .build());
    }

    private static MultiLayerNetwork network(DataType type, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder().seed(5).dataType(type).updater(new Adam(1e-3)).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    private static int[] labels(long seed, int n) {
        return new Random(seed).ints(n, 0, CLASSES).toArray();
    }

    /** Classes that no linear readout tells apart: opposite ends of a line. */
    private static float[] rows(long seed, int[] labels) {
        Random random = new Random(seed);
        float[] rows = new float[labels.length * IN];
        for (int i = 0; i < labels.length; i++) {
            double side = random.nextBoolean() ? 1 : -1;
            for (int k = 0; k < IN; k++) {
                rows[i * IN + k] =
                        (float) (side * 1.5 * Math.cos(1.1 * k * (labels[i] + 1)) + 0.5 * random.nextGaussian());
            }
        }
        return rows;
    }

    private static float[] row(float[] rows, int i) {
        return Arrays.copyOfRange(rows, i * IN, (i + 1) * IN);
    }

    private static double[] doubles(float[] x) {
        double[] values = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            values[i] = x[i];
        }
        return values;
    }

    private static float[] floats(double[] x) {
        float[] values = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            values[i] = (float) x[i];
        }
        return values;
    }

    private static int[] indices(float[] x) {
        return IntStream.range(0, x.length).filter(i -> x[i] != 0).toArray();
    }

    private static float[] values(float[] x) {
        int[] indices = indices(x);
        float[] values = new float[indices.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = x[indices[i]];
        }
        return values;
    }

    private static int best(float[] prediction) {
        int best = 0;
        for (int k = 1; k < prediction.length; k++) {
            best = prediction[k] > prediction[best] ? k : best;
        }
        return best;
    }

    private static double accuracy(float[] predictions, int[] labels, int from) {
        int right = 0;
        for (int i = from; i < labels.length; i++) {
            right += best(Arrays.copyOfRange(predictions, i * CLASSES, (i + 1) * CLASSES)) == labels[i] ? 1 : 0;
        }
        return (double) right / (labels.length - from);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Learning
    // ----------------------------------------------------------------------------------------------------------------

    @Test
    void learnsWhatNoLinearReadoutTells() {
        MultiLayerNetwork network = network(DataType.FLOAT);
        StreamingNetwork stream = IbHebb.stream(network);
        int[] labels = labels(1, 6_000);
        float[] rows = rows(2, labels);
        float[] predictions = new float[labels.length * CLASSES];
        stream.learn(rows, labels, predictions);
        assertThat(accuracy(predictions, labels, 5_000)).isGreaterThan(0.85);
        assertThat(stream.learnt()).isEqualTo(6_000);
        // In place: the network itself knows it.
        int[] others = labels(3, 1_000);
        float[] unseen = rows(4, others);
        float[] output = network.output(Nd4j.create(unseen, new long[] {1_000, IN}, 'c')).dup('c').data().asFloat();
        assertThat(accuracy(output, others, 0)).isGreaterThan(0.85);
    }

    @Test
    void predictsBeforeItLearns() {
        for (Rates rates : List.of(Rates.adaptive(), Rates.constant(1e-3, 1e-2), Rates.linear(1e-3, 1e-2, 300))) {
            for (boolean standardizes : new boolean[] {false, true}) {
                MultiLayerNetwork network = network(DataType.FLOAT);
                StreamingNetwork stream = StreamingNetwork.builder(network).rates(rates)
                        .standardizeInputs(standardizes).build();
                int[] labels = labels(1, 200);
                float[] rows = rows(2, labels);
                for (int i = 0; i < labels.length; i++) {
                    float[] before = stream.predict(row(rows, i));
                    if (!standardizes && i % 50 == 0) {
                        INDArray output = network.output(Nd4j.create(new float[][] {row(rows, i)}));
                        assertThat(output.toFloatVector()).containsExactly(before, within(1e-5F));
                    }
                    assertThat(stream.learn(row(rows, i), labels[i])).as("%s, sample %d", rates, i)
                            .containsExactly(before);
                }
                assertThat(stream.predict(row(rows, 0))).isNotEqualTo(stream.predict(row(rows, 1)));
            }
        }
    }

    @Test
    void allFormsOfASampleTeachTheSame() {
        int[] labels = labels(1, 150);
        float[] rows = rows(2, labels);
        for (int i = 0; i < rows.length; i += 2) {
            rows[i] = 0;
        }
        float[] dense = new float[labels.length * CLASSES];
        for (int i = 0; i < labels.length; i++) {
            dense[i * CLASSES + labels[i]] = 1;
        }
        MultiLayerNetwork single = network(DataType.FLOAT);
        StreamingNetwork one = IbHebb.stream(single);
        MultiLayerNetwork mixed = network(DataType.FLOAT);
        StreamingNetwork any = IbHebb.stream(mixed);
        for (int i = 0; i < labels.length; i++) {
            float[] x = row(rows, i);
            float[] y = Arrays.copyOfRange(dense, i * CLASSES, (i + 1) * CLASSES);
            float[] expected = one.learn(x, labels[i]);
            float[] found = switch (i % 6) {
                case 0 -> any.learn(x, y);
                case 1 -> floats(any.learn(doubles(x), labels[i]));
                case 2 -> floats(any.learn(doubles(x), doubles(y)));
                case 3 -> any.learn(indices(x), values(x), labels[i]);
                case 4 -> any.learn(indices(x), values(x), y);
                default -> any.learn(Nd4j.create(new float[][] {x}), Nd4j.create(new float[][] {{labels[i]}}))
                        .toFloatVector();
            };
            // Sums of the same numbers in another order.
            assertThat(found).as("sample %d", i).containsExactly(expected, within(2e-5F));
            assertThat(any.predict(indices(x), values(x))).containsExactly(any.predict(x), within(2e-6F));
        }
        assertThat(mixed.params().toFloatVector()).containsExactly(single.params().toFloatVector(), within(2e-5F));
    }

    @Test
    void blocksTeachWhatSingleSamplesTeach() {
        int[] labels = labels(1, 200);
        float[] rows = rows(2, labels);
        MultiLayerNetwork single = network(DataType.FLOAT);
        StreamingNetwork one = IbHebb.stream(single);
        float[] expected = new float[labels.length * CLASSES];
        for (int i = 0; i < labels.length; i++) {
            System.arraycopy(one.learn(row(rows, i), labels[i]), 0, expected, i * CLASSES, CLASSES);
        }
        MultiLayerNetwork whole = network(DataType.FLOAT);
        float[] predictions = new float[labels.length * CLASSES];
        IbHebb.stream(whole).learn(rows, labels, predictions);
        assertThat(predictions).containsExactly(expected);
        assertThat(whole.params()).isEqualTo(single.params());
        MultiLayerNetwork array = network(DataType.FLOAT);
        INDArray y = Nd4j.zeros(DataType.FLOAT, labels.length, CLASSES);
        for (int i = 0; i < labels.length; i++) {
            y.putScalar(i, labels[i], 1);
        }
        // By columns, as a view may come.
        INDArray x = Nd4j.create(rows, new long[] {labels.length, IN}, 'c').dup('f');
        INDArray found = IbHebb.stream(array).learn(x, y);
        assertThat(found.dup('c').data().asFloat()).containsExactly(expected);
        MultiLayerNetwork silent = network(DataType.FLOAT);
        IbHebb.stream(silent).learn(rows, labels, null);
        assertThat(silent.params()).isEqualTo(single.params());
    }

    @Test
    void aConvertedNetworkLearnsByItsOwnRule() {
        LearningRule rule = LearningRule.builder().objective(Objective.hsic()).memory(9).build();
        MultiLayerNetwork stock = network(DataType.DOUBLE);
        MultiLayerNetwork converted = IbHebb.convert(stock, rule);
        int[] labels = labels(1, 60);
        float[] rows = rows(2, labels);
        StreamingNetwork.builder(stock).rule(rule).build().learn(rows, labels, null);
        IbHebb.stream(converted).learn(rows, labels, null);
        assertThat(converted.params()).isEqualTo(stock.params());
        MultiLayerNetwork byDefault = network(DataType.DOUBLE);
        IbHebb.stream(byDefault).learn(rows, labels, null);
        assertThat(byDefault.params()).isNotEqualTo(stock.params());
        assertThat(IbHebb.revert(converted).params()).isEqualTo(converted.params());
    }

    @Test
    void aGraphThatIsAChainLearnsAsTheNetwork() {
        ComputationGraphConfiguration conf = new NeuralNetConfiguration.Builder().seed(5).graphBuilder().addInputs("in")
                .addLayer("a", new DenseLayer.Builder().nIn(IN).nOut(24).activation(Activation.RELU).build(), "in")
                .addLayer("b", new DenseLayer.Builder().nIn(24).nOut(18).activation(Activation.TANH).build(), "a")
                .addLayer("out", new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(18)
                        .nOut(CLASSES).build(), "b")
                .setOutputs("out").build();
        ComputationGraph graph = new ComputationGraph(conf);
        graph.init();
        MultiLayerNetwork network = network(DataType.FLOAT);
        graph.setParams(network.params());
        int[] labels = labels(1, 70);
        float[] rows = rows(2, labels);
        IbHebb.stream(graph).learn(rows, labels, null);
        IbHebb.stream(network).learn(rows, labels, null);
        assertThat(graph.params()).isEqualTo(network.params());
    }

    @Test
    void frozenLayersStayAsTheyAre() {
        MultiLayerNetwork network = network(DataType.FLOAT,
                new FrozenLayer(new DenseLayer.Builder().nIn(IN).nOut(24).activation(Activation.RELU).build()),
                new DropoutLayer.Builder(0.5).build(),
                new DenseLayer.Builder().nIn(24).nOut(18).activation(Activation.IDENTITY).build(),
                new ActivationLayer.Builder().activation(Activation.RELU).build(),
                new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(18).nOut(CLASSES)
                        .build());
        INDArray before = network.params().dup();
        int[] labels = labels(1, 70);
        StreamingNetwork stream = IbHebb.stream(network);
        float[] rows = rows(2, labels);
        assertThat(network.output(Nd4j.create(new float[][] {row(rows, 0)})).toFloatVector())
                .containsExactly(stream.predict(row(rows, 0)), within(1e-6F));
        stream.learn(rows, labels, null);
        int frozen = IN * 24 + 24;
        float[] learnt = network.params().toFloatVector();
        assertThat(Arrays.copyOf(learnt, frozen)).containsExactly(Arrays.copyOf(before.toFloatVector(), frozen));
        assertThat(learnt).isNotEqualTo(before.toFloatVector());
        assertThat(stream.toString()).contains("takes no part: dropout");
    }

    @Test
    void aChangeOfTheWorldIsFollowed() {
        int[] labels = labels(1, 12_000);
        float[] rows = rows(2, labels);
        for (int i = 6_000; i < labels.length; i++) {
            labels[i] = (labels[i] + 1) % CLASSES;
        }
        float[] predictions = new float[labels.length * CLASSES];
        IbHebb.stream(network(DataType.FLOAT)).learn(rows, labels, predictions);
        assertThat(accuracy(predictions, Arrays.copyOf(labels, 6_000), 5_000)).isGreaterThan(0.85);
        assertThat(accuracy(predictions, labels, 9_000)).isGreaterThan(0.85);
    }

    @Test
    void regressionFollowsValues() {
        MultiLayerNetwork network = network(DataType.DOUBLE,
                new DenseLayer.Builder().nIn(2).nOut(30).activation(Activation.TANH).build(),
                new OutputLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).nIn(30).nOut(1).build());
        StreamingNetwork stream = IbHebb.stream(network);
        Random random = new Random(4);
        double error = 0;
        double variance = 0;
        for (int i = 0; i < 20_000; i++) {
            double[] x = {random.nextDouble() * 2 - 1, random.nextDouble() * 2 - 1};
            double y = x[0] * x[0] - x[1];
            double predicted = stream.learn(x, new double[] {y})[0];
            if (i >= 15_000) {
                error += Math.pow(predicted - y, 2);
                variance += Math.pow(y - 1.0 / 3, 2);
            }
        }
        assertThat(error / variance).isLessThan(0.1);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // What is refused
    // ----------------------------------------------------------------------------------------------------------------

    @Test
    void aBadSampleChangesNothing() {
        MultiLayerNetwork network = network(DataType.FLOAT);
        StreamingNetwork stream = IbHebb.stream(network);
        int[] labels = labels(1, 100);
        float[] rows = rows(2, labels);
        stream.learn(rows, labels, null);
        INDArray before = network.params().dup();
        float[] bad = rows.clone();
        bad[70 * IN + 3] = Float.NaN;
        assertThatThrownBy(() -> stream.learn(bad, labels, null)).isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("sample 70");
        bad[70 * IN + 3] = Float.POSITIVE_INFINITY;
        assertThatThrownBy(() -> stream.learn(bad, labels, null)).hasMessageContaining("sample 70");
        assertThatThrownBy(() -> stream.predict(row(bad, 70))).isInstanceOf(ArithmeticException.class);
        int[] wrong = labels.clone();
        wrong[80] = CLASSES;
        assertThatThrownBy(() -> stream.learn(rows, wrong, null)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("class 4 of sample 80").hasMessageContaining("0 to 3");
        assertThatThrownBy(() -> stream.learn(row(rows, 0), new float[] {0, 1.5F, 0, 0}))
                .hasMessageContaining("1.5").hasMessageContaining("from 0 to 1");
        assertThatThrownBy(() -> stream.learn(new float[3], 0)).hasMessageContaining("3").hasMessageContaining("11");
        assertThatThrownBy(() -> stream.learn(new int[] {11}, new float[] {1}, 0)).hasMessageContaining("0 to 10");
        assertThat(network.params()).isEqualTo(before);
        assertThat(stream.learnt()).isEqualTo(100);
    }

    @Test
    void missingValuesCountAsTheMeanWhereAsked() {
        MultiLayerNetwork network = network(DataType.FLOAT);
        assertThatThrownBy(() -> StreamingNetwork.builder(network).missingValues(true).build())
                .hasMessageContaining("standardizeInputs");
        StreamingNetwork stream =
                StreamingNetwork.builder(network).standardizeInputs(true).missingValues(true).build();
        int[] labels = labels(1, 100);
        float[] rows = rows(2, labels);
        for (int i = 0; i < rows.length; i += 7) {
            rows[i] = Float.NaN;
        }
        stream.learn(rows, labels, null);
        assertThat(stream.predict(row(rows, 0))).doesNotContain(Float.NaN);
        float[] infinite = row(rows, 1);
        infinite[2] = Float.NEGATIVE_INFINITY;
        assertThatThrownBy(() -> stream.learn(infinite, 0)).isInstanceOf(ArithmeticException.class);
    }

    /** Said with its size, before anything is written where there is nothing. */
    @Test
    void aWorkingMemoryThatIsLargerThanThereIsMemoryForIsRefused() {
        for (Objective objective : List.of(Objective.neighbourhood(), Objective.hsic(), Objective.normalizedHsic())) {
            LearningRule rule = LearningRule.builder().objective(Objective.prediction()).plus(objective)
                    .normalization(LearningRule.Normalization.LAYER_NORM).memory(Integer.MAX_VALUE).build();
            MultiLayerNetwork net = Fixtures.network(Fixtures.mlp(Activation.RELU, new Sgd(0.1), 5, 40, 40, 3));
            assertThatThrownBy(() -> StreamingNetwork.builder(net).rule(rule).build()).as("%s", objective)
                    .isInstanceOfAny(IllegalStateException.class, IllegalArgumentException.class)
                    .hasMessageContainingAll("memory of 2147483647 samples", "smaller memory");
        }
    }

    /** Not what it could hold, which is 440 MB. */
    @Test
    void aLongWorkingMemoryTakesWhatItsSamplesNeed() {
        LearningRule rule = LearningRule.builder().objective(Objective.prediction()).plus(Objective.neighbourhood())
                .memory(5_000_000).build();
        for (boolean inJava : new boolean[] {false, true}) {
            MultiLayerNetwork net = network(DataType.DOUBLE,
                    new DenseLayer.Builder().nIn(IN).nOut(7).activation(Activation.TANH).build(),
                    new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(7).nOut(CLASSES)
                            .build());
            // What the first one of all takes for good.
            IbHebb.stream(net).learn(new float[IN], 0);
            long before = Pointer.physicalBytes();
            StreamingNetwork stream =
                    StreamingNetwork.builder(net).rule(rule).standardizeInputs(true).inJava(inJava).build();
            int[] labels = labels(1, 20);
            float[] rows = rows(1, labels);
            for (int i = 0; i < labels.length; i++) {
                stream.learn(row(rows, i), labels[i]);
            }
            Predictor snapshot = stream.snapshot();
            assertThat(snapshot.predict(row(rows, 3))).containsExactly(stream.predict(row(rows, 3)));
            assertThat(Pointer.physicalBytes() - before).as(stream.toString()).isLessThan(200_000_000);
        }
    }

    @Test
    void whatCannotLearnOnTheFlyIsRefusedByName() {
        assertThatThrownBy(() -> IbHebb.stream(network(DataType.FLOAT,
                new ConvolutionLayer.Builder(3, 3).nIn(1).nOut(2).name("maps").build(),
                new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(8).nOut(2).build())))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'maps'");
        assertThatThrownBy(() -> IbHebb.stream(network(DataType.FLOAT,
                new DenseLayer.Builder().nIn(3).nOut(2).name("odd").activation(Activation.CUBE).build(),
                new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(2).nOut(2).build())))
                .hasMessageContaining("'odd'").hasMessageContaining("relu");
        assertThatThrownBy(() -> IbHebb.stream(network(DataType.FLOAT,
                new DenseLayer.Builder().nIn(3).nOut(2).name("inside").hasLayerNorm(true).build(),
                new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(2).nOut(2).build())))
                .hasMessageContaining("'inside'").hasMessageContaining("hasLayerNorm");
        assertThatThrownBy(() -> IbHebb.stream(network(DataType.FLOAT,
                new DenseLayer.Builder().nIn(3).nOut(2).activation(Activation.RELU).build(),
                new OutputLayer.Builder(LossFunction.MSE).name("last").activation(Activation.TANH).nIn(2).nOut(2)
                        .build())))
                .hasMessageContaining("'last'").hasMessageContaining("MCXENT");
        assertThatThrownBy(() -> StreamingNetwork.builder(network(DataType.FLOAT))
                .rule(LearningRule.builder().objective(Objective.reference()).build()).build())
                .hasMessageContaining("'layer0'").hasMessageContaining("reference");
        assertThatThrownBy(() -> Rates.constant(0, 1)).hasMessageContaining("above 0");
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Keeping what was learnt
    // ----------------------------------------------------------------------------------------------------------------

    @Test
    void aResumedStreamEndsWithTheSameBits() throws IOException {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            for (Rates rates : List.of(Rates.adaptive(), Rates.linear(1e-3, 1e-2, 400))) {
                int[] labels = labels(1, 300);
                float[] rows = rows(2, labels);
                MultiLayerNetwork through = network(type);
                StreamingNetwork.builder(through).rates(rates).standardizeInputs(true).build()
                        .learn(rows, labels, null);
                MultiLayerNetwork first = network(type);
                StreamingNetwork begun =
                        StreamingNetwork.builder(first).rates(rates).standardizeInputs(true).build();
                int middle = 133;
                begun.learn(Arrays.copyOf(rows, middle * IN), Arrays.copyOf(labels, middle), null);
                Path file = folder.resolve("learner.ibstream");
                begun.save(file);
                MultiLayerNetwork second = network(type);
                second.params().assign(7);
                StreamingNetwork resumed = StreamingNetwork.builder(second).resume(file);
                assertThat(resumed.learnt()).isEqualTo(middle);
                assertThat(second.params()).isEqualTo(first.params());
                resumed.learn(Arrays.copyOfRange(rows, middle * IN, rows.length),
                        Arrays.copyOfRange(labels, middle, labels.length), null);
                assertThat(second.params().toDoubleVector()).as("%s, %s", type, rates)
                        .containsExactly(through.params().toDoubleVector());
            }
        }
    }

    /** All that keeps something of each sample: rows, inputs and matrices, before they are full and after. */
    @Test
    void aMemoryThatIsNotFullGoesOnWithTheSameBits() throws IOException {
        LearningRule rule = LearningRule.builder().objective(Objective.neighbourhood())
                .plus(Objective.hsic().withWeight(0.1)).plus(Objective.hsicZZ().withWeight(0.1)).memory(40).build();
        int[] labels = labels(1, 90);
        float[] rows = rows(2, labels);
        MultiLayerNetwork through = network(DataType.DOUBLE);
        StreamingNetwork.builder(through).rule(rule).build().learn(rows, labels, null);
        for (int middle : new int[] {0, 1, 17, 39, 40, 41}) {
            StreamingNetwork begun = StreamingNetwork.builder(network(DataType.DOUBLE)).rule(rule).build();
            begun.learn(Arrays.copyOf(rows, middle * IN), Arrays.copyOf(labels, middle), null);
            Path file = folder.resolve("learner.ibstream");
            begun.save(file);
            MultiLayerNetwork second = network(DataType.DOUBLE);
            StreamingNetwork.builder(second).resume(file).learn(Arrays.copyOfRange(rows, middle * IN, rows.length),
                    Arrays.copyOfRange(labels, middle, labels.length), null);
            assertThat(second.params().toDoubleVector()).as("after %d", middle)
                    .containsExactly(through.params().toDoubleVector());
        }
    }

    @Test
    void aFileHoldsWhatIsRememberedAndNotWhatThereIsRoomFor() throws IOException {
        // Hundreds of megabytes, of which nothing is touched before it is used.
        LearningRule rule = LearningRule.builder().objective(Objective.neighbourhood()).memory(2_000_000).build();
        StreamingNetwork stream = StreamingNetwork.builder(network(DataType.FLOAT)).rule(rule).build();
        int[] labels = labels(1, 50);
        float[] rows = rows(2, labels);
        stream.learn(rows, labels, null);
        Path file = folder.resolve("learner.ibstream");
        stream.save(file);
        assertThat(Files.size(file)).isLessThan(60_000);
        MultiLayerNetwork second = network(DataType.FLOAT);
        StreamingNetwork resumed = StreamingNetwork.builder(second).resume(file);
        assertThat(resumed.learn(row(rows, 3), labels[3])).containsExactly(stream.learn(row(rows, 3), labels[3]));
        assertThat(resumed.predict(row(rows, 4))).containsExactly(stream.predict(row(rows, 4)));
    }

    /** What a snapshot of version 0.1 wrote; the first of both files while its memory of 8 samples was not full. */
    @Test
    void filesOfVersion1GoOnOpening() throws Exception {
        float[][] then = {{0.56477624f, 0.36941662f, 0.06580714f}, {0.5860318f, 0.37624732f, 0.037720893f}};
        int[] samples = {5, 21};
        for (int i = 0; i < samples.length; i++) {
            String name = "learner-v1-" + samples[i] + ".ibstream";
            Path file = Path.of(StreamingNetworkTest.class.getResource(name).toURI());
            StreamingNetwork stream = StreamingNetwork.builder(ofVersion1()).resume(file);
            assertThat(stream.learnt()).isEqualTo(samples[i]);
            assertThat(stream.predict(sample(100))).containsExactly(then[i], within(1e-5f));
            Path again = folder.resolve("again.ibstream");
            stream.save(again);
            StreamingNetwork resumed = StreamingNetwork.builder(ofVersion1()).resume(again);
            StreamingNetwork inJava = StreamingNetwork.builder(ofVersion1()).inJava(true).resume(file);
            for (StreamingNetwork each : List.of(stream, resumed, inJava)) {
                for (int k = samples[i]; k < samples[i] + 20; k++) {
                    each.learn(sample(k), k % 3);
                }
            }
            assertThat(resumed.predict(sample(100))).containsExactly(stream.predict(sample(100)))
                    .containsExactly(inJava.predict(sample(100)), within(1e-5f));
        }
    }

    private static MultiLayerNetwork ofVersion1() {
        return network(DataType.FLOAT, new DenseLayer.Builder().nIn(5).nOut(17).activation(Activation.RELU).build(),
                new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(17).nOut(3).build());
    }

    private static float[] sample(int i) {
        float[] x = new float[5];
        for (int k = 0; k < x.length; k++) {
            x[k] = (float) Math.sin(1.3 * i + k * (i % 3 + 1));
        }
        return x;
    }

    @Test
    void damagedFilesAndThoseOfOthersAreRefused() throws IOException {
        MultiLayerNetwork network = network(DataType.FLOAT);
        StreamingNetwork stream = IbHebb.stream(network);
        Path file = folder.resolve("learner.ibstream");
        stream.save(file);
        byte[] bytes = Files.readAllBytes(file);
        Path damaged = folder.resolve("damaged.ibstream");
        for (int at : new int[] {2, 9, 40, bytes.length / 2, bytes.length - 1}) {
            byte[] changed = bytes.clone();
            changed[at] ^= 4;
            Files.write(damaged, changed);
            assertThatThrownBy(() -> StreamingNetwork.builder(network).resume(damaged)).as("byte %d", at)
                    .isInstanceOf(IOException.class).hasMessageContaining("damaged.ibstream");
        }
        for (int length : new int[] {0, 5, 60, bytes.length - 1}) {
            Files.write(damaged, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> StreamingNetwork.builder(network).resume(damaged)).isInstanceOf(IOException.class);
        }
        MultiLayerNetwork other = network(DataType.DOUBLE);
        INDArray before = other.params().dup();
        assertThatThrownBy(() -> StreamingNetwork.builder(other).resume(file)).isInstanceOf(IOException.class)
                .hasMessageContaining("another network");
        assertThat(other.params()).isEqualTo(before);
        assertThatThrownBy(() -> StreamingNetwork.builder(network).resume(folder.resolve("none")))
                .hasMessageContaining("no such file");
        try (var files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("learner.ibstream", "damaged.ibstream");
        }
    }

    @Test
    void theNetworkAloneIsSavedByDeeplearning4j() throws IOException {
        MultiLayerNetwork network = network(DataType.FLOAT);
        StreamingNetwork stream = IbHebb.stream(network);
        int[] labels = labels(1, 100);
        float[] rows = rows(2, labels);
        stream.learn(rows, labels, null);
        Path file = folder.resolve("network.zip");
        ModelSerializer.writeModel(network, file.toFile(), false);
        MultiLayerNetwork read = MultiLayerNetwork.load(file.toFile(), false);
        assertThat(IbHebb.stream(read).predict(row(rows, 5))).containsExactly(stream.predict(row(rows, 5)));
    }

    @Test
    void aSnapshotStaysAsItIs() {
        StreamingNetwork stream =
                StreamingNetwork.builder(network(DataType.FLOAT)).standardizeInputs(true).build();
        int[] labels = labels(1, 400);
        float[] rows = rows(2, labels);
        stream.learn(rows, labels, null);
        float[] then = stream.predict(row(rows, 3));
        Predictor snapshot = stream.snapshot();
        stream.learn(rows, labels, null);
        assertThat(snapshot.predict(row(rows, 3))).containsExactly(then);
        assertThat(stream.predict(row(rows, 3))).isNotEqualTo(then);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Threads and memory
    // ----------------------------------------------------------------------------------------------------------------

    @Test
    void predictionsWhileAnotherThreadLearnsAreOfOneState() throws Exception {
        MultiLayerNetwork network = network(DataType.FLOAT);
        StreamingNetwork stream = StreamingNetwork.builder(network).rates(Rates.constant(1e-3, 1e-2)).build();
        int[] labels = labels(1, 64);
        float[] rows = rows(2, labels);
        float[] probe = row(rows, 0);
        // What a prediction can be: that of the state after each block.
        float[][] states = new float[201][];
        StreamingNetwork rehearsal =
                StreamingNetwork.builder(network(DataType.FLOAT)).rates(Rates.constant(1e-3, 1e-2)).build();
        states[0] = rehearsal.predict(probe);
        for (int k = 1; k < states.length; k++) {
            rehearsal.learn(rows, labels, null);
            states[k] = rehearsal.predict(probe);
        }
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(2);
        Runnable reading = () -> {
            while (!done.get()) {
                float[] found = stream.predict(probe);
                assertThat(Arrays.stream(states).anyMatch(state -> Arrays.equals(state, found))).isTrue();
            }
        };
        List<Future<?>> reads = List.of(readers.submit(reading), readers.submit(reading));
        for (int k = 1; k < states.length; k++) {
            stream.learn(rows, labels, null);
        }
        done.set(true);
        readers.shutdown();
        assertThat(readers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        for (Future<?> read : reads) {
            read.get();
        }
        assertThat(stream.predict(probe)).containsExactly(states[200]);
    }

    @Test
    void theSteadyStateAllocatesNothing() {
        if (!NativeRun.isOn()) {
            return;
        }
        StreamingNetwork stream = IbHebb.stream(network(DataType.FLOAT));
        int[] labels = labels(1, 100);
        float[] rows = rows(2, labels);
        float[] predictions = new float[labels.length * CLASSES];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int k = 0; k < 50; k++) {
            long before = threads.getThreadAllocatedBytes(thread);
            stream.learn(rows, labels, predictions);
            stream.predict(rows, predictions);
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }
        // 200 samples; what is left is the measurement's own.
        assertThat(least).isLessThan(200);
    }
}
