package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.internal.view.TimeSteps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** {@link IbHebb#readoutFromAllLayers}: what the output layer reads, and that nothing else changes. */
class ReadoutFromAllLayersTest {

    private static ComputationGraph graph(ComputationGraphConfiguration conf) {
        ComputationGraph graph = new ComputationGraph(conf);
        graph.init();
        return graph;
    }

    /** Two units of convolution, batch normalisation and activation, the first one pooled, on images of 10 x 7. */
    private static MultiLayerConfiguration convolutional(CNN2DFormat format) {
        return Fixtures.builder(new Sgd(0.1)).convolutionMode(ConvolutionMode.Same).list()
                .layer(convolution(3, format))
                .layer(new BatchNormalization.Builder().dataFormat(format).build())
                .layer(new ActivationLayer(Activation.TANH))
                .layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(2, 2).stride(2, 2).dataFormat(format).build())
                .layer(convolution(5, format))
                .layer(new BatchNormalization.Builder().dataFormat(format).build())
                .layer(new ActivationLayer(Activation.TANH))
                .layer(Fixtures.readout(0, 4))
                .setInputType(images(format))
                .build();
    }

    private static ConvolutionLayer convolution(int maps, CNN2DFormat format) {
        return new ConvolutionLayer.Builder(3, 3).nOut(maps).activation(Activation.IDENTITY).dataFormat(format).build();
    }

    private static InputType images(CNN2DFormat format) {
        return InputType.convolutional(10, 7, 2, format);
    }

    private static INDArray imageBatch(CNN2DFormat format) {
        return format == CNN2DFormat.NCHW ? Fixtures.noise(1, 6, 2, 10, 7) : Fixtures.noise(1, 6, 10, 7, 2);
    }

    @Test
    void everyDenseLayerIsRead() {
        MultiLayerConfiguration stock = Fixtures.mlp(Activation.TANH, new Sgd(0.1), 6, 5, 4, 3, 2);
        ComputationGraph graph = graph(IbHebb.readoutFromAllLayers(stock, InputType.feedForward(6)));
        INDArray x = Fixtures.noise(1, 7, 6);
        var activations = graph.feedForward(x, false);
        INDArray read = Nd4j.hstack(activations.get("layer0"), activations.get("layer1"), activations.get("layer2"));
        assertReads(graph, "layer3", read, graph.outputSingle(x));
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void featureMapsAreReadAveragedToFewCells(CNN2DFormat format) {
        ComputationGraph graph = graph(IbHebb.readoutFromAllLayers(convolutional(format), images(format)));
        INDArray x = imageBatch(format);
        var activations = graph.feedForward(x, false);
        // The first unit ends with its pooling, at 5 x 4: in cells of 2 x 1, and the last row fills none. The layer
        // right below the readout is read whole, as before.
        INDArray lower = cells(activations.get("layer3"), format, 2, 1);
        assertThat(lower.columns()).isEqualTo(3 * 2 * 4);
        INDArray upper = cells(activations.get("layer6"), format, 1, 1);
        assertThat(upper.columns()).isEqualTo(5 * 5 * 4);
        assertReads(graph, "layer7", Nd4j.hstack(lower, upper), graph.outputSingle(x));
    }

    /** Those of 3 x 9 and of 9 x 3 in cells of three pixels, and those of 4 x 4 as they are. */
    @Test
    void mapsAreAveragedAlongTheSideThatIsLong() {
        for (int[] size : new int[][] {{3, 9}, {9, 3}, {4, 4}}) {
            InputType input = InputType.convolutional(size[0], size[1], 2);
            ComputationGraphConfiguration conf = IbHebb.readoutFromAllLayers(Fixtures.builder(new Sgd(0.1))
                    .convolutionMode(ConvolutionMode.Same).activation(Activation.TANH).list()
                    .layer(convolution(3, CNN2DFormat.NCHW))
                    .layer(new DenseLayer.Builder().nOut(5).build())
                    .layer(Fixtures.readout(0, 4)).setInputType(input).build(), input);
            int height = size[0] == 9 ? 3 : 1;
            int width = size[1] == 9 ? 3 : 1;
            assertThat(conf.getVertices().containsKey("layer2-reads-layer0-pooled")).isEqualTo(height * width > 1);
            ComputationGraph graph = graph(conf);
            INDArray x = Fixtures.noise(1, 6, 2, size[0], size[1]);
            var activations = graph.feedForward(x, false);
            assertReads(graph, "layer2", Nd4j.hstack(
                    cells(activations.get("layer0"), CNN2DFormat.NCHW, height, width), activations.get("layer1")),
                    graph.outputSingle(x));
        }
    }

    /** Averages over cells, written out; in the order of the maps' own dimensions, as DL4J flattens them. */
    private static INDArray cells(INDArray maps, CNN2DFormat format, int height, int width) {
        INDArray images = format == CNN2DFormat.NCHW ? maps : maps.permute(0, 3, 1, 2);
        long rows = images.size(2) / height;
        long columns = images.size(3) / width;
        INDArray cells = Nd4j.create(images.dataType(), images.size(0), images.size(1), rows, columns);
        for (long sample = 0; sample < images.size(0); sample++) {
            for (long channel = 0; channel < images.size(1); channel++) {
                for (long row = 0; row < rows * height; row++) {
                    for (long column = 0; column < columns * width; column++) {
                        long[] cell = {sample, channel, row / height, column / width};
                        double share = images.getDouble(sample, channel, row, column) / (height * width);
                        cells.putScalar(cell, cells.getDouble(cell) + share);
                    }
                }
            }
        }
        INDArray ordered = format == CNN2DFormat.NCHW ? cells : cells.permute(0, 2, 3, 1);
        return ordered.dup('c').reshape('c', images.size(0), images.size(1) * rows * columns);
    }

    @Test
    void sequencesAreReadAveragedOverTime() {
        MultiLayerConfiguration stock = Fixtures.builder(new Sgd(0.1)).list()
                .layer(new LSTM.Builder().nIn(2).nOut(3).activation(Activation.TANH).build())
                .layer(new LastTimeStep(new LSTM.Builder().nIn(3).nOut(4).activation(Activation.TANH).build()))
                .layer(Fixtures.readout(4, 2))
                .build();
        ComputationGraph graph = graph(IbHebb.readoutFromAllLayers(stock, InputType.recurrent(2)));
        INDArray x = Fixtures.noise(1, 5, 2, 8);
        var activations = graph.feedForward(x, false);
        assertReads(graph, "layer2", Nd4j.hstack(activations.get("layer0").mean(2), activations.get("layer1")),
                graph.outputSingle(x));
    }

    /** Where time steps have labels, each is read by itself; a dense layer's rows become sequences again. */
    @Test
    void timeStepsAreReadOneByOne() {
        MultiLayerConfiguration stock = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).list()
                .layer(new LSTM.Builder().nOut(3).build())
                .layer(new DenseLayer.Builder().nOut(5).build())
                .layer(new LSTM.Builder().nOut(4).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(2).build())
                .setInputType(InputType.recurrent(2, 8))
                .build();
        ComputationGraph graph = graph(IbHebb.readoutFromAllLayers(stock, InputType.recurrent(2, 8)));
        INDArray x = Fixtures.noise(1, 6, 2, 8);
        var activations = graph.feedForward(x, false);
        INDArray read = Nd4j.hstack(TimeSteps.rows(activations.get("layer0"), false), activations.get("layer1"),
                TimeSteps.rows(activations.get("layer2"), false));
        assertReads(graph, "layer3", read, TimeSteps.rows(graph.outputSingle(x), false));
        assertThat(IbHebb.convert(graph.getConfiguration()).toJson()).contains("IbHebbRnnOutputLayer");
    }

    /** The outputs are the softmax of the output layer's own weights and these rows. */
    private static void assertReads(ComputationGraph graph, String output, INDArray read, INDArray outputs) {
        INDArray weights = graph.getLayer(output).getParam("W");
        assertThat(weights.rows()).isEqualTo(read.columns());
        INDArray logits = read.mmul(weights).addiRowVector(graph.getLayer(output).getParam("b"));
        for (int sample = 0; sample < logits.rows(); sample++) {
            double[] row = logits.getRow(sample).toDoubleVector();
            double sum = Arrays.stream(row).map(Math::exp).sum();
            for (int i = 0; i < row.length; i++) {
                assertThat(outputs.getDouble(sample, i)).isCloseTo(Math.exp(row[i]) / sum, within(1e-9));
            }
        }
    }

    @Test
    void hiddenLayersLearnAsBefore() {
        MultiLayerConfiguration stock = convolutional(CNN2DFormat.NCHW);
        ComputationGraph graph = graph(IbHebb.convert(
                IbHebb.readoutFromAllLayers(stock, images(CNN2DFormat.NCHW))));
        MultiLayerNetwork plain = Fixtures.network(IbHebb.convert(stock));
        for (int layer = 0; layer < 7; layer++) {
            if (plain.getLayer(layer).numParams() > 0) {
                graph.getLayer("layer" + layer).setParams(plain.getLayer(layer).params().dup());
            }
        }
        double[] readout = Fixtures.values(graph.getLayer("layer7").params());
        for (int step = 0; step < 3; step++) {
            DataSet batch = new DataSet(Fixtures.noise(step, 6, 2, 10, 7), Fixtures.oneHot(step, 6, 4));
            plain.fit(batch);
            graph.fit(batch);
        }
        for (int layer : List.of(0, 1, 4, 5)) {
            assertThat(Fixtures.values(graph.getLayer("layer" + layer).params())).as("layer %d", layer)
                    .isEqualTo(Fixtures.values(plain.getLayer(layer).params()));
        }
        assertThat(Fixtures.values(graph.getLayer("layer7").params())).isNotEqualTo(readout);
    }

    @Test
    void outputsReadWhatIsBelowThem() {
        ComputationGraphConfiguration stock = Fixtures.builder(new Sgd(0.1)).graphBuilder()
                .addInputs("x")
                .addLayer("shared", new DenseLayer.Builder().nIn(6).nOut(5).build(), "x")
                .addLayer("left", new DenseLayer.Builder().nIn(5).nOut(4).build(), "shared")
                .addLayer("right", new DenseLayer.Builder().nIn(5).nOut(3).build(), "shared")
                .addLayer("colour", Fixtures.readout(4, 2), "left")
                .addLayer("shape", Fixtures.readout(3, 2), "right")
                .setOutputs("colour", "shape")
                .build();
        String before = stock.toJson();
        ComputationGraph graph = graph(IbHebb.readoutFromAllLayers(stock, InputType.feedForward(6)));
        INDArray x = Fixtures.noise(1, 7, 6);
        var activations = graph.feedForward(x, false);
        INDArray[] outputs = graph.output(x);
        assertReads(graph, "colour", Nd4j.hstack(activations.get("shared"), activations.get("left")), outputs[0]);
        assertReads(graph, "shape", Nd4j.hstack(activations.get("shared"), activations.get("right")), outputs[1]);
        assertThat(stock.toJson()).isEqualTo(before);
    }

    @Test
    void whatTheReadoutReadsAlreadyStaysAsItIs() {
        ComputationGraphConfiguration graph = IbHebb.readoutFromAllLayers(
                Fixtures.mlp(Activation.TANH, new Sgd(0.1), 6, 5, 2), InputType.feedForward(6));
        assertThat(graph.getVertexInputs().get("layer1")).containsExactly("layer0");
        assertThat(graph.getVertices().values()).noneMatch(MergeVertex.class::isInstance);
    }

    @Test
    void aLayerMayBeCalledLikeTheInput() {
        MultiLayerConfiguration stock = Fixtures.mlp(Activation.TANH, new Sgd(0.1), 6, 5, 4, 2);
        stock.getConf(0).getLayer().setLayerName("input");
        ComputationGraph graph = graph(IbHebb.readoutFromAllLayers(stock, InputType.feedForward(6)));
        INDArray x = Fixtures.noise(1, 7, 6);
        var activations = graph.feedForward(x, false);
        assertReads(graph, "layer2", Nd4j.hstack(activations.get("input"), activations.get("layer1")),
                graph.outputSingle(x));
    }

    @Test
    void refusesWhatItCannotConnect() {
        MultiLayerConfiguration stock = Fixtures.mlp(Activation.TANH, new Sgd(0.1), 6, 5, 4, 2);
        ComputationGraphConfiguration once = IbHebb.readoutFromAllLayers(stock, InputType.feedForward(6));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IbHebb.readoutFromAllLayers(once, InputType.feedForward(6)))
                .withMessageContaining("'layer2-reads'").withMessageContaining("reads all layers");
        assertThatIllegalArgumentException().isThrownBy(() -> IbHebb.readoutFromAllLayers(once))
                .withMessageContaining("1 inputs").withMessageContaining("of 0");

        stock.getConf(0).getLayer().setLayerName("same");
        stock.getConf(1).getLayer().setLayerName("same");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IbHebb.readoutFromAllLayers(stock, InputType.feedForward(6)))
                .withMessageContaining("'same'");

        InputType volume = InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 4, 4, 4, 1);
        MultiLayerConfiguration volumes = Fixtures.builder(new Sgd(0.1)).list()
                .layer(new Convolution3D.Builder(2, 2, 2).nOut(3).build())
                .layer(new DenseLayer.Builder().nOut(3).build())
                .layer(new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build())
                .setInputType(volume)
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IbHebb.readoutFromAllLayers(volumes, volume))
                .withMessageContaining("'layer0'").withMessageContaining("CNN3D");
    }
}
