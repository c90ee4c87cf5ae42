package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.ibhebb.compatibility.Networks.builder;
import static org.ibhebb.compatibility.Networks.dense;
import static org.ibhebb.compatibility.Networks.network;
import static org.ibhebb.compatibility.Networks.outputs;
import static org.ibhebb.compatibility.Networks.readout;
import static org.ibhebb.compatibility.Networks.values;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.ConversionReport;
import org.ibhebb.IbHebb;
import org.ibhebb.ConversionReport.Learning;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.weightinit.impl.XavierInitScheme;

/**
 * DL4J's other layers with weights, through the wrapper: the very parameters that back-propagation would train are
 * trained, and nothing else changes.
 */
class OtherLayersTest {

    private static final int SAMPLES = 12;
    private static final PrintStream OUT = System.out;

    private record Case(String name, Layer layer, boolean pooled, InputType type, INDArray features) {

        /** The layer, pooled where it has a time or space, and a readout. */
        MultiLayerConfiguration conf() {
            NeuralNetConfiguration.ListBuilder list = builder().list().layer(layer.clone());
            if (pooled) {
                list.layer(new GlobalPoolingLayer());
            }
            return list.layer(readout(2)).setInputType(type).build();
        }

        DataSet data() {
            return new DataSet(features, Samples.oneHot(Samples.noise(5, SAMPLES)));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The smallest SameDiff layer: what a user writes who needs a layer that DL4J has not. */
    @SuppressWarnings("serial")
    public static class Scale extends SameDiffLayer {

        /** Used by JSON. */
        public Scale() {}

        @Override
        public SDVariable defineLayer(
                SameDiff sameDiff, SDVariable input, Map<String, SDVariable> parameters, SDVariable mask) {
            return sameDiff.nn.tanh(input.mul(parameters.get("scale")));
        }

        @Override
        public void defineParameters(SDLayerParams parameters) {
            parameters.addWeightParam("scale", 1, 6);
        }

        @Override
        public void initializeParameters(Map<String, INDArray> parameters) {
            parameters.get("scale").assign(new XavierInitScheme('c', 6, 6).create(
                    parameters.get("scale").dataType(), 1, 6));
        }

        @Override
        public InputType getOutputType(int index, InputType input) {
            return input;
        }
    }

    private static Case vectors(String name, Layer layer) {
        return new Case(name, layer, false, InputType.feedForward(6), Samples.noise(1, SAMPLES, 6));
    }

    private static Case sequences(String name, Layer layer) {
        return new Case(name, layer, !(layer instanceof LastTimeStep), InputType.recurrent(3, 5), Samples.noise(1, SAMPLES, 3, 5));
    }

    private static Case images(String name, Layer layer) {
        return new Case(name, layer, true, InputType.convolutional(6, 6, 2), Samples.noise(1, SAMPLES, 2, 6, 6));
    }

    private static INDArray numbers(int limit, long... shape) {
        INDArray numbers = Nd4j.create(shape);
        for (long i = 0; i < numbers.length(); i++) {
            numbers.putScalar(i, i % limit);
        }
        return numbers;
    }

    static Stream<Case> layers() {
        return Stream.of(
                sequences("Convolution1D", new Convolution1DLayer.Builder(2).nOut(4).build()),
                new Case("Convolution3D", new Convolution3D.Builder(2, 2, 2).nOut(3).build(), true,
                        InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 4, 4, 4, 1),
                        Samples.noise(1, SAMPLES, 1, 4, 4, 4)),
                images("Deconvolution2D", new Deconvolution2D.Builder(2, 2).nOut(3).build()),
                images("SeparableConvolution2D", new SeparableConvolution2D.Builder(2, 2).nOut(3).build()),
                images("DepthwiseConvolution2D", new DepthwiseConvolution2D.Builder(2, 2).depthMultiplier(2).build()),
                new Case("ConvolutionLayer, channels last",
                        new ConvolutionLayer.Builder(2, 2).nOut(3).dataFormat(CNN2DFormat.NHWC).build(), true,
                        InputType.convolutional(6, 6, 2, CNN2DFormat.NHWC), Samples.noise(1, SAMPLES, 6, 6, 2)),
                images("LocallyConnected2D", new LocallyConnected2D.Builder().kernelSize(2, 2).nIn(2).nOut(3).setInputSize(6, 6)
                        .activation(Activation.TANH).build()),
                sequences("LocallyConnected1D", new LocallyConnected1D.Builder().kernelSize(2).nIn(3).nOut(4).setInputSize(5)
                        .activation(Activation.TANH).build()),
                new Case("EmbeddingLayer", new EmbeddingLayer.Builder().nIn(6).nOut(4).build(), false,
                        InputType.feedForward(6), numbers(6, SAMPLES, 1)),
                new Case("EmbeddingSequenceLayer",
                        new EmbeddingSequenceLayer.Builder().nIn(6).nOut(4).inputLength(5).build(), true,
                        InputType.feedForward(6), numbers(6, SAMPLES, 5)),
                sequences("LSTM", new LSTM.Builder().nOut(4).activation(Activation.TANH).build()),
                sequences("SimpleRnn", new SimpleRnn.Builder().nOut(4).activation(Activation.TANH).build()),
                sequences("GravesLSTM", gravesLstm()),
                sequences("Bidirectional LSTM",
                        new Bidirectional(new LSTM.Builder().nOut(4).activation(Activation.TANH).build())),
                sequences("LastTimeStep of LSTM",
                        new LastTimeStep(new LSTM.Builder().nOut(4).activation(Activation.TANH).build())),
                sequences("SelfAttentionLayer", new SelfAttentionLayer.Builder().nHeads(2).headSize(3).nOut(4)
                        .projectInput(true).build()),
                sequences("RecurrentAttentionLayer", new RecurrentAttentionLayer.Builder().nHeads(2).headSize(3)
                        .nIn(3).nOut(4).projectInput(true).activation(Activation.TANH).build()),
                vectors("PReLULayer", new PReLULayer.Builder().inputShape(6).build()),
                images("PReLULayer of images", new PReLULayer.Builder().inputShape(2, 6, 6).build()),
                vectors("BatchNormalization", new BatchNormalization()),
                images("BatchNormalization of images", new BatchNormalization()),
                vectors("ElementWiseMultiplicationLayer",
                        new ElementWiseMultiplicationLayer.Builder().nIn(6).nOut(6).activation(Activation.TANH).build()),
                vectors("a user's SameDiffLayer", new Scale()));
    }

    @SuppressWarnings("deprecation") // old models have it
    private static Layer gravesLstm() {
        return new GravesLSTM.Builder().nOut(4).activation(Activation.TANH).build();
    }

    /** SameDiff writes a line an operation to the standard output. */
    @BeforeAll
    static void silence() {
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    }

    @AfterAll
    static void speak() {
        System.setOut(OUT);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void theParametersThatBackPropagationTrainsAreTrained(Case layer) {
        MultiLayerConfiguration conf = layer.conf();
        MultiLayerConfiguration converted = IbHebb.convert(conf);
        ConversionReport report = IbHebb.report(converted);
        assertThat(report.layers().get(0).learning()).isEqualTo(Learning.LOCAL);

        MultiLayerNetwork stock = network(conf.clone());
        MultiLayerNetwork local = network(converted);
        local.setParams(stock.params().dup());
        INDArray features = layer.features;
        assertThat(values(local.output(features))).isEqualTo(values(stock.output(features)));

        // What predicts labels has none to learn from at first.
        assertThat(changedByTwoSteps(local, layer.data())).isEqualTo(changedByTwoSteps(stock, layer.data()));
        assertThat(Arrays.stream(values(local.params())).allMatch(Double::isFinite)).isTrue();
        for (int step = 0; step < 3; step++) {
            local.fit(layer.data());
        }
        assertThat(Arrays.stream(values(local.params())).allMatch(Double::isFinite)).isTrue();
        // Batch normalisation is DL4J's up to rounding.
        assertThat(values(outputs(IbHebb.revert(local), features)[0])).usingComparatorWithPrecision(1e-5)
                .containsExactly(values(local.output(features)));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void convertedConfigurationsSurviveJson(Case layer) {
        MultiLayerConfiguration converted = IbHebb.convert(layer.conf());
        MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(converted.toJson());
        assertThat(read.toJson()).isEqualTo(converted.toJson());
        network(read).fit(layer.data());
    }

    private static Set<String> changedByTwoSteps(MultiLayerNetwork network, DataSet data) {
        Map<String, double[]> before = new TreeMap<>();
        network.paramTable().forEach((name, array) -> before.put(name, values(array)));
        network.fit(data);
        network.fit(data);
        return before.keySet().stream()
                .filter(name -> !Arrays.equals(values(network.getParam(name)), before.get(name)))
                .collect(Collectors.toSet());
    }

    /** DL4J's wrappers miscount its parameters. */
    @Test
    void anAutoEncoderIsRefusedByName() {
        MultiLayerConfiguration conf = vectors("AutoEncoder", new AutoEncoder.Builder().nOut(4).build()).conf();
        assertThat(catchThrowable(() -> network(IbHebb.convert(conf)))).isNotNull()
                .hasMessageContainingAll("layer0", "AutoEncoder");
    }

    /** Samples times time steps are more rows than there are labels. */
    @Test
    void aDenseLayerOnTimeStepsIsRefused() {
        MultiLayerConfiguration conf = builder().list()
                .layer(new LSTM.Builder().nOut(4).build())
                .layer(dense(5))
                .layer(new LSTM.Builder().nOut(4).build())
                .layer(new GlobalPoolingLayer())
                .layer(readout(2))
                .setInputType(InputType.recurrent(3, 5))
                .build();
        DataSet data = new DataSet(Samples.noise(1, SAMPLES, 3, 5), Samples.oneHot(Samples.noise(5, SAMPLES)));
        MultiLayerNetwork local = network(IbHebb.convert(conf));
        double[] before = values(local.params());
        Throwable refused = catchThrowable(() -> local.fit(data));
        assertThat(refused).isNotNull().hasMessageContainingAll("index 1", "60", "12");
        assertThat(values(local.params())).isEqualTo(before);
    }
}
