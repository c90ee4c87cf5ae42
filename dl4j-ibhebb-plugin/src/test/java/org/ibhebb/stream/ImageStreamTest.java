package org.ibhebb.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks that read images, one at a time. */
class ImageStreamTest {

    private static final int SIDE = 9;
    private static final int IN = SIDE * SIDE;
    private static final int CLASSES = 3;

    @TempDir
    Path folder;

    private static MultiLayerNetwork network(Layer... layers) {
        NeuralNetConfiguration.ListBuilder list =
                new NeuralNetConfiguration.Builder().seed(5).activation(Activation.RELU).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        list.layer(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(CLASSES).build());
        list.setInputType(InputType.convolutionalFlat(SIDE, SIDE, 1));
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    private static ConvolutionLayer.Builder maps(int count) {
        return new ConvolutionLayer.Builder(3, 3).nOut(count).name("maps");
    }

    private static SubsamplingLayer.Builder pool(PoolingType type) {
        return new SubsamplingLayer.Builder(type).kernelSize(2, 2).stride(2, 2).name("pool");
    }

    private static MultiLayerNetwork network() {
        return network(maps(8).build(), pool(PoolingType.MAX).build(), new DenseLayer.Builder().nOut(20).build());
    }

    /** A short bar somewhere: upright, flat or slanted. */
    private static float[] images(long seed, int[] labels) {
        Random random = new Random(seed);
        float[] rows = new float[labels.length * IN];
        for (int i = 0; i < labels.length; i++) {
            int row = random.nextInt(SIDE - 3);
            int column = random.nextInt(SIDE - 3);
            for (int k = 0; k < 4; k++) {
                int y = row + (labels[i] == 1 ? 0 : k);
                int x = column + (labels[i] == 0 ? 0 : k);
                rows[i * IN + y * SIDE + x] = 1;
            }
        }
        return rows;
    }

    private static int[] labels(long seed, int n) {
        return new Random(seed).ints(n, 0, CLASSES).toArray();
    }

    @Test
    void learnsWhatStandsAnywhereInAnImage() {
        MultiLayerNetwork network = network();
        int[] labels = labels(1, 4_000);
        IbHebb.stream(network).learn(images(2, labels), labels, null);
        int[] others = labels(3, 500);
        INDArray best = network.output(Nd4j.create(images(4, others), new long[] {500, IN}, 'c')).argMax(1);
        int right = 0;
        for (int i = 0; i < others.length; i++) {
            right += best.getInt(i) == others[i] ? 1 : 0;
        }
        assertThat(right).isGreaterThan(450);
    }

    @Test
    void sparseSamplesAndBlocksTeachTheSame() {
        int[] labels = labels(1, 60);
        float[] rows = images(2, labels);
        StreamingNetwork dense = IbHebb.stream(network());
        StreamingNetwork sparse = IbHebb.stream(network());
        float[] predictions = new float[labels.length * CLASSES];
        IbHebb.stream(network()).learn(rows, labels, predictions);
        for (int i = 0; i < labels.length; i++) {
            float[] x = Arrays.copyOfRange(rows, i * IN, (i + 1) * IN);
            int[] indices = IntStream.range(0, IN).filter(k -> x[k] != 0).toArray();
            float[] values = new float[indices.length];
            Arrays.fill(values, 1);
            float[] expected = dense.learn(x, labels[i]);
            assertThat(sparse.learn(indices, values, labels[i])).containsExactly(expected);
            assertThat(Arrays.copyOfRange(predictions, i * CLASSES, (i + 1) * CLASSES)).containsExactly(expected);
        }
    }

    @Test
    void aConvertedNetworkLearnsByTheRuleOfEachUnit() {
        LearningRule rule = LearningRule.builder().objective(Objective.hsic()).memory(9).build();
        int[] labels = labels(1, 60);
        float[] rows = images(2, labels);
        MultiLayerNetwork stock = network();
        MultiLayerNetwork converted = IbHebb.convert(network(), rule);
        StreamingNetwork.builder(stock).rule(rule).build().learn(rows, labels, null);
        IbHebb.stream(converted).learn(rows, labels, null);
        assertThat(converted.params()).isEqualTo(stock.params());
    }

    @Test
    void aResumedStreamEndsWithTheSameBits() throws IOException {
        int[] labels = labels(1, 200);
        float[] rows = images(2, labels);
        MultiLayerNetwork through = network();
        IbHebb.stream(through).learn(rows, labels, null);
        StreamingNetwork begun = IbHebb.stream(network());
        int middle = 47;
        begun.learn(Arrays.copyOf(rows, middle * IN), Arrays.copyOf(labels, middle), null);
        Path file = folder.resolve("learner.ibstream");
        begun.save(file);
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)).contains("\"version\":3");
        MultiLayerNetwork second = network();
        StreamingNetwork.builder(second).resume(file).learn(Arrays.copyOfRange(rows, middle * IN, rows.length),
                Arrays.copyOfRange(labels, middle, labels.length), null);
        assertThat(second.params().toDoubleVector()).containsExactly(through.params().toDoubleVector());
        assertThatThrownBy(() -> StreamingNetwork.builder(network(maps(8).build(), pool(PoolingType.AVG).build(),
                new DenseLayer.Builder().nOut(20).build())).resume(file)).hasMessageContaining("another network");
    }

    @Test
    void frozenMapsStayAsTheyAre() {
        MultiLayerNetwork network = network(new FrozenLayer(maps(8).build()), pool(PoolingType.MAX).build(),
                new DenseLayer.Builder().nOut(20).build());
        INDArray before = network.getLayer(0).params().dup();
        int[] labels = labels(1, 60);
        float[] rows = images(2, labels);
        StreamingNetwork stream = IbHebb.stream(network);
        INDArray first = Nd4j.create(Arrays.copyOf(rows, IN), new long[] {1, IN}, 'c');
        assertThat(stream.predict(Arrays.copyOf(rows, IN)))
                .containsExactly(network.output(first).toFloatVector(), within(1e-5f));
        stream.learn(rows, labels, null);
        assertThat(network.getLayer(0).params()).isEqualTo(before);
    }

    @Test
    void whatIsNotKnownIsRefusedByName() {
        DenseLayer dense = new DenseLayer.Builder().nOut(20).build();
        assertThatThrownBy(() -> IbHebb.stream(network(maps(2).dilation(2, 2).build(), dense)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("'maps'", "dilation of 2 x 2");
        assertThatThrownBy(() -> IbHebb.stream(network(maps(2).build(),
                new BatchNormalization.Builder().name("norm").build(), dense)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'norm'", "BatchNormalization", "ConvolutionLayer");
        assertThatThrownBy(() -> IbHebb.stream(network(maps(2).build(),
                new SubsamplingLayer.Builder(PoolingType.PNORM).pnorm(2).kernelSize(2, 2).name("norms").build(),
                dense))).hasMessageContainingAll("'norms'", "PNORM", "MAX and AVG");
        assertThatThrownBy(() -> IbHebb.stream(network(maps(2).build(), pool(PoolingType.MAX).name("first").build(),
                pool(PoolingType.MAX).build(), dense))).hasMessageContainingAll("'pool'", "behind other pooling");
        // By hand, for setInputType would set the format.
        MultiLayerNetwork last = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().list()
                .layer(maps(2).nIn(1).dataFormat(CNN2DFormat.NHWC).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(98).nOut(2)
                        .build())
                .inputPreProcessor(0, new FeedForwardToCnnPreProcessor(SIDE, SIDE, 1)).build());
        last.init();
        assertThatThrownBy(() -> IbHebb.stream(last)).hasMessageContainingAll("'maps'", "NHWC");
        // Nothing says how high and wide images are.
        MultiLayerNetwork unsized = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().list()
                .layer(maps(2).build()).layer(dense.clone())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(2).build())
                .setInputType(InputType.convolutional(SIDE, SIDE, 1)).build());
        unsized.init();
        assertThatThrownBy(() -> IbHebb.stream(unsized))
                .hasMessageContainingAll("'maps'", "convolutionalFlat(height, width, channels)");
        // Mini-batches take converted layers.
        assertThatThrownBy(() -> IbHebb.stream(network()).fit(Nd4j.zeros(2, IN),
                Nd4j.zeros(2, CLASSES))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'maps'");
    }
}
