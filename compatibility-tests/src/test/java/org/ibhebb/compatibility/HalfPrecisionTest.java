package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ibhebb.compatibility.Networks.builder;
import static org.ibhebb.compatibility.Networks.dense;
import static org.ibhebb.compatibility.Networks.network;
import static org.ibhebb.compatibility.Networks.readout;
import static org.ibhebb.compatibility.Networks.train;
import static org.ibhebb.compatibility.Networks.values;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.listeners.InformationPlane;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** Networks in 16 bits: in HALF they learn as in FLOAT, up to rounding; BFLOAT16 is refused, as Deeplearning4j does. */
@DisabledIfSystemProperty(named = "ibhebb.kernel", matches = "native", disabledReason = "it takes FLOAT and DOUBLE")
class HalfPrecisionTest {

    private static final DataSet VECTORS = Samples.xor(1, 128, 20);
    /** With Adam's own epsilon, which is 0 in HALF, DL4J's networks become NaN. */
    private static final IUpdater ADAM = Adam.builder().learningRate(1e-2).epsilon(1e-3).build();

    private static NeuralNetConfiguration.Builder half() {
        return builder().dataType(DataType.FLOAT16).updater(ADAM);
    }

    private static MultiLayerConfiguration perceptron(NeuralNetConfiguration.Builder builder) {
        return builder.list().layer(dense(12)).layer(dense(8)).layer(readout(2))
                .setInputType(InputType.feedForward(20)).build();
    }

    static Stream<Specimen> networks() {
        return Stream.of(
                specimen("dense", perceptron(half()), VECTORS, 40),
                specimen("dense, Sgd", perceptron(half().updater(new Sgd(0.5))), VECTORS, 40),
                specimen("convolution, batch normalisation", half().list()
                        .layer(new ConvolutionLayer.Builder(3, 3).nOut(6).activation(Activation.IDENTITY).build())
                        .layer(new BatchNormalization()).layer(new ActivationLayer(Activation.RELU))
                        .layer(new GlobalPoolingLayer()).layer(readout(2))
                        .setInputType(InputType.convolutional(8, 8, 1)).build(), Samples.textures(1, 128, 8), 15),
                specimen("LSTM", half().list()
                        .layer(new LSTM.Builder().nOut(3).activation(Activation.TANH).build())
                        .layer(new GlobalPoolingLayer()).layer(readout(2))
                        .setInputType(InputType.recurrent(24, 4)).build(), Samples.needleSequences(1, 192, 24, 4), 15));
    }

    private static Specimen specimen(String name, MultiLayerConfiguration conf, DataSet data, int epochs) {
        return Specimen.of("half precision", name, conf, Specimen.single(data), epochs);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void theyLearn(Specimen model) {
        assertThat(((MultiLayerNetwork) model.local().get()).params().dataType()).isEqualTo(DataType.FLOAT16);
        assertThat(Trial.of(model).result()).isEqualTo("learns");
    }

    /** In a window of 300 the gradients of HSIC would be 0 in half precision. (Prediction knows nothing at first.) */
    @ParameterizedTest
    @MethodSource("kindsOfWindows")
    void aStepIsThatOfSinglePrecision(Objective.Kind kind) {
        LearningRule rule = LearningRule.builder().objective(Objective.of(kind)).memory(300).build();
        DataSet data = Samples.xor(1, 300, 20);
        MultiLayerNetwork half = network(IbHebb.convert(perceptron(builder().dataType(DataType.FLOAT16)), rule));
        MultiLayerNetwork single = network(IbHebb.convert(perceptron(builder()), rule));
        single.setParams(half.params().castTo(DataType.FLOAT));
        INDArray inHalf = gradient(half, data);
        INDArray inSingle = gradient(single, data);
        double size = inSingle.norm2Number().doubleValue();
        assertThat(size).isPositive();
        assertThat(inHalf.distance2(inSingle) / size).isLessThan(0.02);
    }

    private static Stream<Objective.Kind> kindsOfWindows() {
        return Arrays.stream(Objective.Kind.values()).filter(Objective.Kind::readsWindow);
    }

    /** Of the first layer's weights. */
    private static INDArray gradient(MultiLayerNetwork network, DataSet data) {
        network.setInput(data.getFeatures());
        network.setLabels(data.getLabels());
        network.computeGradientAndScore();
        return network.gradient().getGradientFor("0_W").castTo(DataType.DOUBLE).ravel();
    }

    /** The sum of these images is beyond what HALF holds, and none of their values is. */
    @Test
    void largeInputsAreNoInfiniteOnes() {
        MultiLayerNetwork network = network(IbHebb.convert(perceptron(half())));
        DataSet large = new DataSet(VECTORS.getFeatures().add(40).castTo(DataType.FLOAT16), VECTORS.getLabels());
        assertThat(large.getFeatures().castTo(DataType.FLOAT).sumNumber().doubleValue()).isGreaterThan(65504);
        double[] before = values(network.getParam("0_W"));
        network.fit(large);
        assertThat(values(network.getParam("0_W"))).isNotEqualTo(before);
        assertThat(DoubleStream.of(values(network.params())).allMatch(Double::isFinite)).isTrue();
    }

    @Test
    void anEpsilonThatIsNoneInHalfIsNamed() {
        LearningRule rule = LearningRule.builder().updaters(LearningRule.Updaters.CONFIGURED).build();
        MultiLayerNetwork network = network(IbHebb.convert(perceptron(half().updater(new Adam(1e-2))), rule));
        assertThatThrownBy(() -> train(network, VECTORS, 5)).isInstanceOf(ArithmeticException.class)
                .hasMessageContainingAll("layer 'layer", "not finite", "HALF", "epsilon", "1e-3");
    }

    @Test
    void theInformationPlaneIsRecorded() {
        MultiLayerNetwork network = network(IbHebb.convert(perceptron(half())));
        InformationPlane plane = new InformationPlane(Samples.xor(2, 64, 20), 1);
        network.addListeners(plane);
        train(network, VECTORS, 1);
        assertThat(plane.records()).hasSize(4 * 3).allSatisfy(at -> {
            assertThat(at.labelDependence()).isBetween(0.0, 1.0);
            assertThat(at.alignment()).isBetween(-1.0, 1.0);
            assertThat(at.updateRatio()).isPositive();
        });
    }

    /** Deeplearning4j's builder does not take them; a network that is converted to them finds no backward pass. */
    @Test
    void brainFloatsAreRefusedByDeeplearning4jAndHere() {
        assertThatThrownBy(() -> builder().dataType(DataType.BFLOAT16)).hasMessageContaining("BFLOAT16");
        MultiLayerNetwork local = network(IbHebb.convert(perceptron(builder()))).convertDataType(DataType.BFLOAT16);
        assertThatThrownBy(() -> local.fit(VECTORS)).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContainingAll("'layer0'", "BFLOAT16", "FLOAT");
        MultiLayerNetwork back = local.convertDataType(DataType.FLOAT);
        double[] before = values(back.params());
        back.fit(VECTORS);
        assertThat(values(back.params())).isNotEqualTo(before);
    }
}
