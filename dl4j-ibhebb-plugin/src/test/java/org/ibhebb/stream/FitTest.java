package org.ibhebb.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Mini-batches that a streaming network learns together: the network's own fit, without Deeplearning4j's layers. */
class FitTest {

    private static final int IN = 7;
    private static final int CLASSES = 3;

    @TempDir
    Path folder;

    private static NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder().seed(5).dataType(DataType.DOUBLE).updater(new Sgd(0.1));
    }

    private static MultiLayerNetwork network(NeuralNetConfiguration.Builder settings) {
        MultiLayerNetwork network = new MultiLayerNetwork(settings.list()
                .layer(new DenseLayer.Builder().nIn(IN).nOut(20).activation(Activation.RELU).build())
                .layer(new DenseLayer.Builder().nIn(20).nOut(17).activation(Activation.TANH).build())
                .layer(output(17))
                .build());
        network.init();
        return network;
    }

    private static OutputLayer output(int in) {
        return new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(in).nOut(CLASSES)
                .build();
    }

    /** Of several sizes. */
    private static List<DataSet> data(int seed) {
        Random random = new Random(seed);
        List<DataSet> all = new ArrayList<>();
        for (int n : new int[] {8, 5, 1, 11}) {
            INDArray x = Nd4j.create(DataType.DOUBLE, n, IN);
            INDArray y = Nd4j.create(DataType.DOUBLE, n, CLASSES);
            for (int i = 0; i < n; i++) {
                int label = random.nextInt(CLASSES);
                y.putScalar(i, label, 1);
                for (int k = 0; k < IN; k++) {
                    x.putScalar(i, k, Math.cos(k * (label + 1)) + 0.4 * random.nextGaussian());
                }
            }
            all.add(new DataSet(x, y));
        }
        return all;
    }

    private static DataSetIterator iterator(int seed) {
        return new ListDataSetIterator<>(DataSet.merge(data(seed)).asList(), 6);
    }

    private static double difference(INDArray a, INDArray b) {
        return a.sub(b).amaxNumber().doubleValue();
    }

    private static void assertSame(MultiLayerNetwork actual, MultiLayerNetwork expected) {
        assertThat(difference(actual.params(), expected.params())).isLessThan(1e-10);
        INDArray state = expected.getUpdater().getStateViewArray();
        if (state == null) {
            assertThat(actual.getUpdater().getStateViewArray()).isNull();
        } else {
            assertThat(difference(actual.getUpdater().getStateViewArray(), state)).isLessThan(1e-10);
        }
        assertThat(actual.getIterationCount()).isEqualTo(expected.getIterationCount());
        assertThat(actual.getEpochCount()).isEqualTo(expected.getEpochCount());
    }

    /** Parameters, updater, memory, readouts, gains and counts are one network's. */
    @Test
    void theNetworksOwnFitGoesOnFromHereAndBack() throws Exception {
        MultiLayerNetwork byFit = IbHebb.convert(network(settings()));
        MultiLayerNetwork network = byFit.clone();
        StreamingNetwork stream = IbHebb.stream(network);
        byFit.fit(iterator(1), 2);
        stream.fit(iterator(1), 2);
        assertSame(network, byFit);
        byFit.fit(iterator(2), 1);
        network.fit(iterator(2), 1);
        assertSame(network, byFit);
        byFit.fit(iterator(3), 1);
        stream.fit(iterator(3), 1);
        assertSame(network, byFit);

        // What the network remembers is saved with it.
        Path file = folder.resolve("network.zip");
        IbHebb.save(network, file);
        MultiLayerNetwork restored = IbHebb.restoreMultiLayerNetwork(file);
        restored.fit(iterator(4), 1);
        byFit.fit(iterator(4), 1);
        assertSame(restored, byFit);
    }

    @Test
    void schedulesCountStepsAndEpochs() {
        for (ScheduleType type : ScheduleType.values()) {
            MultiLayerNetwork byFit = IbHebb.convert(
                    network(settings().updater(new Sgd(new ExponentialSchedule(type, 0.1, 0.9)))));
            MultiLayerNetwork network = byFit.clone();
            byFit.fit(iterator(1), 3);
            IbHebb.stream(network).fit(iterator(1), 3);
            assertSame(network, byFit);
        }
    }

    @Test
    void otherUpdatersMoveTheParametersAsTheyDoInFit() {
        for (NeuralNetConfiguration.Builder settings : List.of(
                settings().updater(new IbHebb(new Adam(1e-3), LearningRule.defaults())),
                settings().updater(new IbHebb(new Sgd(1e-2), LearningRule.defaults())).biasUpdater(new Sgd(0.3)),
                settings().miniBatch(false))) {
            MultiLayerNetwork byFit = IbHebb.convert(network(settings));
            MultiLayerNetwork network = byFit.clone();
            byFit.fit(iterator(1), 2);
            IbHebb.stream(network).fit(iterator(1), 2);
            assertSame(network, byFit);
        }
    }

    @Test
    void layersThatAreFrozenBelowStayAsTheyAre() {
        MultiLayerNetwork whole = IbHebb.convert(network(settings()));
        MultiLayerNetwork byFit = new MultiLayerNetwork(frozenBelow(whole));
        byFit.init(whole.params().dup(), false);
        MultiLayerNetwork network = byFit.clone();
        INDArray frozen = byFit.getLayer(0).params().dup();
        byFit.fit(iterator(1), 2);
        IbHebb.stream(network).fit(iterator(1), 2);
        assertSame(network, byFit);
        assertThat(difference(network.getLayer(0).params(), frozen)).isZero();
    }

    private static MultiLayerConfiguration frozenBelow(MultiLayerNetwork network) {
        MultiLayerConfiguration conf = network.getLayerWiseConfigurations().clone();
        conf.getConf(0).setLayer(new FrozenLayer(conf.getConf(0).getLayer()));
        return conf;
    }

    @Test
    void aGraphThatIsAChainLearnsAsItsOwnFit() {
        ComputationGraphConfiguration conf = settings().graphBuilder().addInputs("in")
                .addLayer("a", new DenseLayer.Builder().nIn(IN).nOut(20).activation(Activation.RELU).build(), "in")
                .addLayer("b", output(20), "a")
                .setOutputs("b").build();
        ComputationGraph byFit = new ComputationGraph(IbHebb.convert(conf));
        byFit.init();
        ComputationGraph network = byFit.clone();
        byFit.fit(iterator(1), 2);
        IbHebb.stream(network).fit(iterator(1), 2);
        assertThat(difference(network.params(), byFit.params())).isLessThan(1e-10);
        assertThat(network.getConfiguration().getIterationCount())
                .isEqualTo(byFit.getConfiguration().getIterationCount());
        assertThat(network.getConfiguration().getEpochCount()).isEqualTo(byFit.getConfiguration().getEpochCount());
    }

    @Test
    void oneBlockIsOneUpdate() {
        MultiLayerNetwork byFit = IbHebb.convert(network(settings()));
        MultiLayerNetwork network = byFit.clone();
        StreamingNetwork stream = IbHebb.stream(network);
        for (DataSet each : data(1)) {
            byFit.fit(each);
            stream.fit(each.getFeatures(), each.getLabels());
        }
        assertSame(network, byFit);
        assertThat(stream.learnt()).isZero();
    }

    @Test
    void aMiniBatchThatIsRefusedChangesNothing() {
        MultiLayerNetwork byFit = IbHebb.convert(network(settings()));
        MultiLayerNetwork network = byFit.clone();
        StreamingNetwork stream = IbHebb.stream(network);
        DataSet good = data(1).get(0);
        DataSet next = data(2).get(0);
        stream.fit(good.getFeatures(), good.getLabels());
        INDArray x = next.getFeatures();
        INDArray y = next.getLabels();
        assertThatThrownBy(() -> stream.fit(x.dup().putScalar(3, 2, Double.NaN), y))
                .isInstanceOf(ArithmeticException.class).hasMessageContaining("input of sample 3");
        assertThatThrownBy(() -> stream.fit(x, y.dup().putScalar(2, 1, Double.POSITIVE_INFINITY)))
                .isInstanceOf(ArithmeticException.class).hasMessageContaining("labels of sample 2");
        assertThatIllegalArgumentException().isThrownBy(() -> stream.fit(x, y.mul(3)))
                .withMessageContaining("labels lie in [0, 1]");
        assertThatIllegalArgumentException().isThrownBy(() -> stream.fit(x, Nd4j.ones(DataType.DOUBLE, 8, 2)))
                .withMessageContaining("[8, 2]");
        assertThatIllegalArgumentException().isThrownBy(() -> stream.fit(x, Nd4j.ones(DataType.DOUBLE, 3, CLASSES)))
                .withMessageContaining("8 samples");
        assertThatIllegalArgumentException().isThrownBy(() -> stream.fit(Nd4j.ones(DataType.DOUBLE, 2, 6), y))
                .withMessageContaining("7 columns");
        DataSet masked = new DataSet(x, y, null, Nd4j.ones(DataType.DOUBLE, 8, 1));
        assertThatIllegalArgumentException().isThrownBy(() ->
                stream.fit(new ListDataSetIterator<>(List.of(masked), 8), 1)).withMessageContaining("mask");
        stream.fit(x, y);
        byFit.fit(good);
        byFit.fit(next);
        assertSame(network, byFit);
    }

    @Test
    void singleSamplesGoOnFromWhatMiniBatchesLeft() throws Exception {
        MultiLayerNetwork network = IbHebb.convert(network(settings()));
        StreamingNetwork stream = IbHebb.stream(network);
        float[] x = new float[IN];
        x[2] = 1;
        stream.learn(x, 1);
        stream.fit(iterator(1), 3);
        INDArray left = network.params().dup();
        float[] predicted = stream.predict(x);
        float[] output = network.output(Nd4j.create(new float[][] {x}).castTo(DataType.DOUBLE)).toFloatVector();
        assertThat(predicted).containsExactly(output, within(1e-6f));
        Path file = folder.resolve("stream");
        stream.save(file);
        for (int i = 0; i < 40; i++) {
            x[i % IN] = 1 - x[i % IN];
            stream.learn(x, i % CLASSES);
        }
        assertThat(difference(network.params(), left)).isBetween(1e-9, 0.3);

        // What was saved goes on from there too.
        INDArray after = network.params().dup();
        StreamingNetwork resumed = StreamingNetwork.builder(network).resume(file);
        assertThat(difference(network.params(), left)).isZero();
        Arrays.fill(x, 0);
        x[2] = 1;
        for (int i = 0; i < 40; i++) {
            x[i % IN] = 1 - x[i % IN];
            resumed.learn(x, i % CLASSES);
        }
        assertThat(difference(network.params(), after)).isZero();
    }

    @Test
    void whatFitWouldLearnOtherwiseIsRefusedByName() {
        refused(settings(), "is no layer of a converted network", false, none -> { });
        refused(settings(), "dropout", true, layer -> layer.setIDropout(new Dropout(0.5)));
        refused(settings().weightNoise(new DropConnect(0.5)), "weight noise", true, none -> { });
        refused(settings().constrainWeights(new MaxNormConstraint(1, 1)), "constraints", true, none -> { });
        refused(settings().l2(1e-3), "regularisation", true, none -> { });
        refused(settings().gradientNormalization(GradientNormalization.RenormalizeL2PerLayer), "gradient normalisation",
                true, none -> { });
        MultiLayerNetwork unit = new MultiLayerNetwork(IbHebb.convert(settings().list()
                .layer(new DenseLayer.Builder().nIn(IN).nOut(20).activation(Activation.IDENTITY).build())
                .layer(new ActivationLayer(Activation.RELU)).layer(output(20)).build()));
        unit.init();
        assertThatIllegalArgumentException().isThrownBy(() -> IbHebb.stream(unit).fit(iterator(1), 1))
                .withMessageContaining("layer0").withMessageContaining("its own fit");
        MultiLayerNetwork converted = IbHebb.convert(network(settings()));
        assertThatIllegalArgumentException().isThrownBy(() -> StreamingNetwork.builder(converted)
                .standardizeInputs(true).build().fit(iterator(1), 1)).withMessageContaining("standardise the data");
        assertThatIllegalArgumentException().isThrownBy(() -> IbHebb.stream(converted).fit(iterator(1), 0))
                .withMessageContaining("epochs (0)");
    }

    private static void refused(NeuralNetConfiguration.Builder settings, String why, boolean convert,
            Consumer<Layer> change) {
        MultiLayerNetwork network = network(settings);
        MultiLayerNetwork given = convert ? IbHebb.convert(network) : network;
        change.accept(given.getLayerWiseConfigurations().getConf(0).getLayer());
        INDArray before = given.params().dup();
        assertThatIllegalArgumentException().isThrownBy(() -> IbHebb.stream(given).fit(iterator(1), 1))
                .withMessageContaining("layer0").withMessageContaining(why);
        assertThat(difference(given.params(), before)).isZero();
    }

    @Test
    void everyObjectiveComesAlong() {
        LearningRule rule = LearningRule.builder().objective(Objective.prediction().withBlock(0))
                .plus(Objective.hsicZZ().withWeight(0.1)).memory(16).build();
        MultiLayerNetwork byFit = IbHebb.convert(network(settings()), rule);
        MultiLayerNetwork network = byFit.clone();
        byFit.fit(iterator(1), 3);
        IbHebb.stream(network).fit(iterator(1), 3);
        assertSame(network, byFit);
    }
}
