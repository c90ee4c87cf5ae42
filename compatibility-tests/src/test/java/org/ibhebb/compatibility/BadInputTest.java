package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.ibhebb.compatibility.Networks.builder;
import static org.ibhebb.compatibility.Networks.dense;
import static org.ibhebb.compatibility.Networks.network;
import static org.ibhebb.compatibility.Networks.values;

import java.util.stream.DoubleStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LabelKernel;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Data that can't be learnt from: it is refused in words that help, and leaves the network as it was. */
class BadInputTest {

    private static final int DIMENSIONS = 6;
    private static final int SAMPLES = 16;
    private static final LearningRule CLASSES = LearningRule.builder()
            .objective(Objective.neighbourhood().withLabels(LabelKernel.sameLabel()))
            .build();

    private static MultiLayerNetwork images() {
        return network(IbHebb.convert(builder().list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(3).name("pixels").build())
                .layer(new BatchNormalization())
                .layer(dense(5))
                .layer(Networks.readout(2))
                .setInputType(InputType.convolutional(8, 8, 1))
                .build()));
    }

    private static MultiLayerNetwork vectors(LossFunction loss, Activation activation, int outputs, LearningRule rule) {
        MultiLayerConfiguration conf = builder().list()
                .layer(dense(5))
                .layer(new OutputLayer.Builder(loss).activation(activation).nOut(outputs).name("readout").build())
                .setInputType(InputType.feedForward(DIMENSIONS))
                .build();
        return network(IbHebb.convert(conf, rule));
    }

    private static MultiLayerNetwork classifier() {
        return vectors(LossFunction.MCXENT, Activation.SOFTMAX, 2, LearningRule.defaults());
    }

    /** Refuses the bad batch with these words and not one bit of the parameters changed; learns from the good one. */
    private static void check(MultiLayerNetwork network, DataSet good, DataSet bad, String... words) {
        network.fit(good);
        double[] before = values(network.params());
        double[] updater = state(network);
        assertThat(catchThrowable(() -> network.fit(bad))).isNotNull().hasMessageContainingAll(words);
        assertThat(values(network.params())).isEqualTo(before);
        assertThat(state(network)).isEqualTo(updater);
        network.fit(good);
        assertThat(values(network.params())).isNotEqualTo(before);
        assertThat(DoubleStream.of(values(network.params())).allMatch(Double::isFinite)).isTrue();
    }

    private static double[] state(MultiLayerNetwork network) {
        return values(network.getUpdater().getStateViewArray());
    }

    private static DataSet vectors() {
        return Samples.xor(1, SAMPLES, DIMENSIONS);
    }

    private static DataSet withLabels(INDArray labels) {
        return new DataSet(vectors().getFeatures(), labels);
    }

    private static INDArray with(INDArray array, double value, long... at) {
        return array.dup().putScalar(at, value);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void pixelsThatAreNoNumbers(double value) {
        DataSet good = Samples.xorImages(1, SAMPLES, 8);
        DataSet bad = new DataSet(with(good.getFeatures(), value, 3, 0, 1, 2), good.getLabels());
        check(images(), good, bad, "layer 'pixels'", "index 0", "input of sample 3", "not finite", "" + value);
    }

    @Test
    void infinitePixelsOfOppositeSigns() {
        DataSet good = Samples.xorImages(1, SAMPLES, 8);
        INDArray pixels = with(good.getFeatures(), Double.POSITIVE_INFINITY, 3, 0, 1, 2);
        DataSet bad = new DataSet(with(pixels, Double.NEGATIVE_INFINITY, 4, 0, 1, 2), good.getLabels());
        check(images(), good, bad, "layer 'pixels'", "input of sample 3", "not finite");
    }

    @Test
    void labelsOfTheWrongWidth() {
        INDArray wide = Nd4j.zeros(SAMPLES, 3);
        wide.getColumn(0).assign(1);
        check(classifier(), vectors(), withLabels(wide), "layer 'readout'", "3", "takes 2");
    }

    @Test
    void labelsForTooFewSamples() {
        INDArray few = vectors().getLabels().get(NDArrayIndex.interval(0, SAMPLES - 1), NDArrayIndex.all()).dup();
        check(classifier(), vectors(), withLabels(few), "" + SAMPLES, "" + (SAMPLES - 1));
    }

    @Test
    void featuresOfTheWrongWidth() {
        check(classifier(), vectors(), Samples.xor(1, SAMPLES, DIMENSIONS + 1), "" + DIMENSIONS, "" + (DIMENSIONS + 1));
    }

    @Test
    void labelsThatAreNoNumbers() {
        DataSet bad = withLabels(with(vectors().getLabels(), Double.NaN, 5, 1));
        check(classifier(), vectors(), bad, "layer 'readout'", "labels of sample 5", "not finite", "NaN");
    }

    @Test
    void realValuesWithAnObjectiveForClasses() {
        MultiLayerNetwork network = vectors(LossFunction.MSE, Activation.IDENTITY, 1, CLASSES);
        DataSet good = withLabels(Nd4j.ones(SAMPLES, 1).putScalar(0, 0, 0));
        check(network, good, withLabels(Nd4j.linspace(-4, 11, SAMPLES).reshape(SAMPLES, 1)),
                "output layer", "'readout'", "[0, 1]", "-4.0", "11.0");
    }

    @Test
    void classLabelsThatAreNoProbabilities() {
        check(classifier(), vectors(), withLabels(with(vectors().getLabels(), 2, 1, 0)),
                "output layer", "'readout'", "[0, 1]", "2.0");
    }

    @Test
    void aClassNumberThatIsNoClass() {
        for (int number : new int[] {2, -1}) {
            MultiLayerNetwork network =
                    vectors(LossFunction.SPARSE_MCXENT, Activation.SOFTMAX, 2, LearningRule.defaults());
            INDArray classes = vectors().getLabels().getColumn(1, true).dup();
            check(network, withLabels(classes), withLabels(with(classes, number, 4, 0)),
                    "layer 'readout'", "label " + number, "sample 4", "from 0 to 1");
        }
    }

    @Test
    void aFractionIsNoClassNumber() {
        MultiLayerNetwork network = vectors(LossFunction.SPARSE_MCXENT, Activation.SOFTMAX, 2, LearningRule.defaults());
        INDArray classes = vectors().getLabels().getColumn(1, true).dup();
        check(network, withLabels(classes), withLabels(with(classes, 0.5, 4, 0)), "layer 'readout'", "0.5", "sample 4");
    }

    @Test
    void masks() {
        MultiLayerNetwork network = classifier();
        DataSet masked = vectors();
        masked.setLabelsMaskArray(Nd4j.ones(SAMPLES, 2).putScalar(2, 0, 0));
        check(network, vectors(), masked, "layer 'readout'", "mask", "not supported");
    }

    @Test
    void aGraphIsAsSafe() {
        ComputationGraph network = network(IbHebb.convert(builder().graphBuilder()
                .addInputs("in")
                .addLayer("hidden", dense(5), "in")
                .addLayer("out", Networks.readout(2), "hidden")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(DIMENSIONS))
                .build()));
        network.fit(vectors());
        double[] before = values(network.params());
        DataSet bad = new DataSet(with(vectors().getFeatures(), Double.NaN, 3, 2), vectors().getLabels());
        assertThat(catchThrowable(() -> network.fit(bad))).hasMessageContainingAll("layer 'hidden'", "sample 3", "NaN");
        assertThat(values(network.params())).isEqualTo(before);
        network.fit(vectors());
        assertThat(values(network.params())).isNotEqualTo(before);
    }
}
