package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.Fixtures.values;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.spiking.SpikePoolingLayer;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingConvolutionLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What used to be said to learn locally, and had no signal: layers of one unit, windows of one class, labels that never
 * repeat; and tasks on which local learning was no better than frozen hidden layers. All by the default rule.
 */
@ForAnyKernel
class EveryLayerLearnsTest {

    private static final int SAMPLES = 8;

    // ---- layers of one unit

    static Stream<Arguments> ofOneUnit() {
        Layer one = new DenseLayer.Builder().nOut(1).activation(Activation.TANH).build();
        Layer linear = new DenseLayer.Builder().nOut(1).activation(Activation.IDENTITY).build();
        return Stream.of(
                Arguments.of("dense", InputType.feedForward(3), new Layer[] {one}),
                Arguments.of("code of an autoencoder", InputType.feedForward(3), new Layer[] {
                    new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build(), one,
                    new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build()}),
                Arguments.of("batch normalisation behind", InputType.feedForward(3),
                        new Layer[] {linear, new BatchNormalization()}),
                Arguments.of("PReLU behind", InputType.feedForward(3), new Layer[] {linear,
                    new PReLULayer.Builder().inputShape(1).build()}),
                Arguments.of("LSTM", InputType.recurrent(3, 4),
                        new Layer[] {new LSTM.Builder().nOut(1).build(), new GlobalPoolingLayer()}),
                Arguments.of("feature map of 1 x 1", InputType.convolutional(3, 3, 2), new Layer[] {
                    new ConvolutionLayer.Builder(3, 3).nOut(1).activation(Activation.TANH).build()}),
                Arguments.of("embedding", null, new Layer[] {new EmbeddingLayer.Builder().nIn(5).nOut(1).build(),
                    new DenseLayer.Builder().nOut(4).nIn(1).activation(Activation.TANH).build()}),
                Arguments.of("spiking", InputType.feedForward(3), new Layer[] {
                    new SpikingDenseLayer.Builder().nOut(1).timeSteps(6).build(), new SpikeRateLayer()}),
                Arguments.of("spiking feature map", InputType.convolutional(4, 4, 2), new Layer[] {
                    new SpikingConvolutionLayer.Builder(3, 3).nOut(1).timeSteps(6).build(), new SpikePoolingLayer(),
                    new SpikeRateLayer()}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ofOneUnit")
    void layersOfOneUnitMove(String name, InputType input, Layer[] hidden) {
        var list = Fixtures.builder(new Adam(1e-2)).list();
        for (Layer layer : hidden) {
            list.layer(layer.clone());
        }
        list.layer(Fixtures.readout(input == null ? 4 : 0, 3));
        if (input != null) {
            list.setInputType(input);
        }
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(list.build()));
        INDArray[] before = new INDArray[hidden.length];
        for (int layer = 0; layer < hidden.length; layer++) {
            INDArray own = net.getLayer(layer).params();
            before[layer] = own == null || own.isEmpty() ? null : own.dup();
        }
        for (int step = 0; step < 8; step++) {
            net.fit(new DataSet(inputs(input, step, SAMPLES), Fixtures.oneHot(step, SAMPLES, 3)));
        }
        for (int layer = 0; layer < hidden.length; layer++) {
            if (before[layer] != null) {
                assertThat(values(net.getLayer(layer).params())).as("layer %d", layer)
                        .isNotEqualTo(values(before[layer]));
            }
        }
    }

    private static INDArray inputs(InputType type, long seed, int samples) {
        if (type == null) {
            INDArray words = Nd4j.create(DataType.DOUBLE, samples, 1);
            for (int sample = 0; sample < samples; sample++) {
                words.putScalar(sample, 0, (seed + sample) % 5);
            }
            return words;
        }
        long[] shape = type.getShape(true);
        shape[0] = samples;
        return Fixtures.noise(seed, shape);
    }

    // ---- tasks, each beside the same network with its hidden layers frozen

    /** What a measure says after training. */
    private static double left(boolean frozen, MultiLayerConfiguration stock, List<DataSet> batches, int epochs,
            ToDoubleFunction<MultiLayerNetwork> measure) {
        MultiLayerNetwork plain = Fixtures.network(stock.clone());
        MultiLayerConfiguration conf;
        if (frozen) {
            conf = stock.clone();
            for (int layer = 0; layer + 1 < conf.getConfs().size(); layer++) {
                conf.getConf(layer).setLayer(new FrozenLayer(conf.getConf(layer).getLayer()));
            }
        } else {
            conf = IbHebb.convert(stock, LearningRule.builder().memory(32).build());
        }
        MultiLayerNetwork net = Fixtures.network(conf);
        net.setParams(plain.params());
        for (int epoch = 0; epoch < epochs; epoch++) {
            batches.forEach(net::fit);
        }
        return measure.applyAsDouble(net);
    }

    private static MultiLayerConfiguration mlp(OutputLayer readout, Activation activation, int... widths) {
        var list = Fixtures.builder(new Adam(1e-2)).activation(activation).list();
        for (int i = 1; i < widths.length; i++) {
            list.layer(new DenseLayer.Builder().nIn(widths[i - 1]).nOut(widths[i]).build());
        }
        return list.layer(readout).build();
    }

    private static double wrong(MultiLayerNetwork net, DataSet data) {
        return 1 - net.output(data.getFeatures()).argMax(1).eq(data.getLabels().argMax(1)).castTo(DataType.DOUBLE)
                .meanNumber().doubleValue();
    }

    /** Two classes, by whether two of six values have one sign. */
    private static DataSet quadrants(long seed, int samples) {
        INDArray x = Fixtures.noise(seed, samples, 6);
        INDArray y = Nd4j.zeros(DataType.DOUBLE, samples, 2);
        for (int sample = 0; sample < samples; sample++) {
            y.putScalar(sample, x.getDouble(sample, 0) * x.getDouble(sample, 1) > 0 ? 1 : 0, 1);
        }
        return new DataSet(x, y);
    }

    @Test
    void miniBatchesOfOneClassTeach() {
        DataSet data = quadrants(1, 400);
        List<DataSet> byClass = new ArrayList<>();
        for (int label = 0; label < 2; label++) {
            List<DataSet> own = new ArrayList<>();
            for (DataSet each : data.asList()) {
                if (each.getLabels().getDouble(0, label) == 1) {
                    own.add(each);
                }
            }
            byClass.add(DataSet.merge(own));
        }
        DataSet test = quadrants(2, 400);
        MultiLayerConfiguration stock = mlp(Fixtures.readout(16, 2), Activation.RELU, 6, 16);
        double local = left(false, stock, byClass, 100, net -> wrong(net, test));
        double frozen = left(true, stock, byClass, 100, net -> wrong(net, test));
        assertThat(local).isLessThan(0.8 * frozen);
    }

    /** Each sample's label is its own: the neighbourhood finds no partner in any window. */
    @Test
    void labelsThatNeverRepeatTeach() {
        INDArray x = Fixtures.noise(1, 40, 6);
        List<DataSet> batches = new DataSet(x, Nd4j.eye(40).castTo(DataType.DOUBLE)).batchBy(10);
        MultiLayerConfiguration stock = mlp(Fixtures.readout(6, 40), Activation.TANH, 6, 6);
        DataSet all = DataSet.merge(batches);
        double local = left(false, stock, batches, 30, net -> net.score(all));
        double frozen = left(true, stock, batches, 30, net -> net.score(all));
        assertThat(local).isLessThan(0.9 * frozen);
    }

    /** One of twenty samples is of the rare class; by how many of those are missed. */
    @Test
    void aRareClassIsFound() {
        Random random = new Random(3);
        DataSet[] parts = new DataSet[2];
        for (int part = 0; part < 2; part++) {
            INDArray x = Fixtures.noise(5 + part, 1000, 6);
            INDArray y = Nd4j.zeros(DataType.DOUBLE, 1000, 2);
            for (int sample = 0; sample < 1000; sample++) {
                boolean rare = random.nextInt(20) == 0;
                if (rare) {
                    // A ring around the rest.
                    INDArray row = x.getRow(sample);
                    row.muli(4 / row.norm2Number().doubleValue());
                } else {
                    x.getRow(sample).muli(0.6);
                }
                y.putScalar(sample, rare ? 1 : 0, 1);
            }
            parts[part] = new DataSet(x, y);
        }
        ToDoubleFunction<MultiLayerNetwork> missed = net -> {
            INDArray rare = parts[1].getLabels().getColumn(1);
            INDArray found = net.output(parts[1].getFeatures()).argMax(1).castTo(DataType.DOUBLE).mul(rare);
            return 1 - found.sumNumber().doubleValue() / rare.sumNumber().doubleValue();
        };
        MultiLayerConfiguration stock = mlp(Fixtures.readout(16, 2), Activation.RELU, 6, 16);
        List<DataSet> batches = parts[0].batchBy(8);
        double local = left(false, stock, batches, 5, missed);
        double frozen = left(true, stock, batches, 5, missed);
        assertThat(local).isLessThan(0.8 * frozen);
    }

    @Test
    void tagsAreLearnt() {
        INDArray x = Fixtures.noise(1, 400, 10);
        INDArray h = Transforms.tanh(x.mmul(Fixtures.noise(2, 10, 20)), false);
        INDArray y = h.mmul(Fixtures.noise(3, 20, 12)).gt(3).castTo(DataType.DOUBLE);
        DataSet data = new DataSet(x, y);
        OutputLayer readout = new OutputLayer.Builder(LossFunction.XENT).activation(Activation.SIGMOID).nIn(24).nOut(12)
                .build();
        MultiLayerConfiguration stock = mlp(readout, Activation.RELU, 10, 24);
        double local = left(false, stock, data.batchBy(16), 20, net -> net.score(data));
        double frozen = left(true, stock, data.batchBy(16), 20, net -> net.score(data));
        assertThat(local).isLessThan(0.8 * frozen);
    }

    @Test
    void aSmallRegressionIsLearnt() {
        INDArray x = Fixtures.noise(1, 300, 6);
        INDArray y = Nd4j.create(DataType.DOUBLE, 300, 1);
        for (int i = 0; i < 300; i++) {
            y.putScalar(i, 0, Math.sin(x.getDouble(i, 0) * 2) + x.getDouble(i, 1) * x.getDouble(i, 2));
        }
        OutputLayer readout = new OutputLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).nIn(16).nOut(1)
                .build();
        MultiLayerConfiguration stock = mlp(readout, Activation.RELU, 6, 32, 16);
        DataSet data = new DataSet(x, y);
        double local = left(false, stock, data.batchBy(16), 60, net -> net.score(data));
        double frozen = left(true, stock, data.batchBy(16), 60, net -> net.score(data));
        assertThat(local).isLessThan(0.8 * frozen);
    }

    @Test
    void anAutoencoderIsLearnt() {
        INDArray x = Fixtures.noise(1, 200, 2).mmul(Fixtures.noise(2, 2, 8)).muli(0.5);
        OutputLayer readout = new OutputLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).nIn(6).nOut(8)
                .build();
        MultiLayerConfiguration stock = mlp(readout, Activation.TANH, 8, 6, 2, 6);
        DataSet data = new DataSet(x, x);
        double local = left(false, stock, data.batchBy(16), 60, net -> net.score(data));
        double frozen = left(true, stock, data.batchBy(16), 60, net -> net.score(data));
        assertThat(local).isLessThan(0.8 * frozen);
    }
}
