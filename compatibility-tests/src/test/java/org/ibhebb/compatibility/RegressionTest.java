package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.compatibility.Networks.accuracy;
import static org.ibhebb.compatibility.Networks.builder;
import static org.ibhebb.compatibility.Networks.dense;
import static org.ibhebb.compatibility.Networks.frozen;
import static org.ibhebb.compatibility.Networks.network;
import static org.ibhebb.compatibility.Networks.train;
import static org.ibhebb.compatibility.Networks.values;

import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What labels can be: real values, one or several independent labels, probabilities, class numbers. */
class RegressionTest {

    private static final int DIMENSIONS = 20;
    private static final int SAMPLES = 256;
    private static final int EPOCHS = 20;

    private static MultiLayerConfiguration conf(LossFunction loss, Activation activation, int outputs) {
        return builder().list()
                .layer(dense(12))
                .layer(dense(8))
                .layer(new OutputLayer.Builder(loss).activation(activation).nOut(outputs).build())
                .setInputType(InputType.feedForward(DIMENSIONS))
                .build();
    }

    private static INDArray features(long seed) {
        return Samples.xor(seed, SAMPLES, DIMENSIONS).getFeatures();
    }

    /** The product of the factors plus half the first: four values, of which none is a linear function of the input. */
    private static INDArray levels(long seed) {
        INDArray factors = Samples.factors(seed, SAMPLES);
        INDArray first = factors.getColumn(0, true);
        return first.mul(factors.getColumn(1, true)).muli(20).addi(first.mul(10)).addi(100);
    }

    /** Whether the factors agree, and whether each is positive: three independent labels. */
    private static INDArray threeLabels(long seed) {
        INDArray factors = Samples.factors(seed, SAMPLES);
        INDArray first = factors.getColumn(0, true);
        INDArray second = factors.getColumn(1, true);
        return Nd4j.hstack(first.mul(second), first, second).addi(1).divi(2);
    }

    private static double squaredError(MultiLayerNetwork network, INDArray features, INDArray labels) {
        return Transforms.pow(network.output(features).sub(labels), 2).meanNumber().doubleValue();
    }

    private static double agreement(INDArray probabilities, INDArray labels) {
        return probabilities.gt(0.5).eq(labels.gt(0.5)).castTo(DataType.FLOAT).meanNumber().doubleValue();
    }

    private static MultiLayerNetwork trained(MultiLayerNetwork network, INDArray features, INDArray labels) {
        train(network, new DataSet(features, labels), EPOCHS);
        return network;
    }

    @Test
    void realValues() {
        MultiLayerConfiguration conf = conf(LossFunction.MSE, Activation.IDENTITY, 1);
        INDArray labels = levels(1).sub(100).divi(20);
        MultiLayerNetwork local = trained(network(IbHebb.convert(conf)), features(1), labels);
        MultiLayerNetwork frozen = trained(frozen(conf), features(1), labels);
        INDArray test = levels(2).sub(100).divi(20);
        assertThat(squaredError(local, features(2), test)).isLessThan(0.5 * squaredError(frozen, features(2), test));
    }

    /** The automatic label kernel follows the labels' scale, so hidden layers learn the same whatever their unit is. */
    @Test
    void theUnitOfRealValuesDoesNotMatterToHiddenLayers() {
        MultiLayerConfiguration conf = conf(LossFunction.MSE, Activation.IDENTITY, 1);
        MultiLayerNetwork one = network(IbHebb.convert(conf));
        MultiLayerNetwork other = network(IbHebb.convert(conf));
        one.fit(features(1), levels(1));
        other.fit(features(1), levels(1).mul(1024));
        assertThat(values(other.getParam("0_W"))).isEqualTo(values(one.getParam("0_W")));
        assertThat(values(other.getParam("2_W"))).isNotEqualTo(values(one.getParam("2_W")));
    }

    @Test
    void oneSigmoid() {
        MultiLayerConfiguration conf = conf(LossFunction.XENT, Activation.SIGMOID, 1);
        INDArray labels = threeLabels(1).getColumn(0, true).dup();
        MultiLayerNetwork local = trained(network(IbHebb.convert(conf)), features(1), labels);
        MultiLayerNetwork frozen = trained(frozen(conf), features(1), labels);
        INDArray test = threeLabels(2).getColumn(0, true);
        assertThat(agreement(local.output(features(2)), test))
                .isGreaterThan(agreement(frozen.output(features(2)), test) + 0.05);
    }

    @Test
    void severalIndependentLabels() {
        MultiLayerConfiguration conf = conf(LossFunction.XENT, Activation.SIGMOID, 3);
        MultiLayerNetwork local = trained(network(IbHebb.convert(conf)), features(1), threeLabels(1));
        MultiLayerNetwork frozen = trained(frozen(conf), features(1), threeLabels(1));
        INDArray test = threeLabels(2);
        assertThat(agreement(local.output(features(2)), test))
                .isGreaterThan(agreement(frozen.output(features(2)), test) + 0.05);
    }

    @Test
    void softLabels() {
        MultiLayerConfiguration conf = conf(LossFunction.MCXENT, Activation.SOFTMAX, 2);
        INDArray hard = Samples.xor(1, SAMPLES, DIMENSIONS).getLabels();
        INDArray soft = hard.mul(0.8).addi(0.1);
        MultiLayerNetwork local = trained(network(IbHebb.convert(conf)), features(1), soft);
        MultiLayerNetwork frozen = trained(frozen(conf), features(1), soft);
        INDArray test = Samples.xor(2, SAMPLES, DIMENSIONS).getLabels();
        assertThat(accuracy(local.output(features(2)), test))
                .isGreaterThan(accuracy(frozen.output(features(2)), test) + 0.05);
    }

    @Test
    void classNumbersTrainAsOneHotLabelsDo() {
        INDArray oneHot = Samples.xor(1, SAMPLES, DIMENSIONS).getLabels();
        INDArray numbers = oneHot.getColumn(1, true).dup();
        MultiLayerNetwork dense = network(IbHebb.convert(conf(LossFunction.MCXENT, Activation.SOFTMAX, 2)));
        MultiLayerNetwork sparse = network(IbHebb.convert(conf(LossFunction.SPARSE_MCXENT, Activation.SOFTMAX, 2)));
        train(dense, new DataSet(features(1), oneHot), 1);
        train(sparse, new DataSet(features(1), numbers), 1);
        assertThat(values(sparse.getParam("0_W"))).isEqualTo(values(dense.getParam("0_W")));
        assertThat(values(sparse.getParam("1_W"))).isEqualTo(values(dense.getParam("1_W")));
        assertThat(sparse.params().equalsWithEps(dense.params(), 1e-5)).isTrue();
    }

    @Test
    void dataMayBeOfAnotherTypeThanTheNetwork() {
        for (Objective objective : List.of(Objective.neighbourhood(), Objective.hsic())) {
            LearningRule rule = LearningRule.builder().objective(objective).memory(8).build();
            MultiLayerNetwork same = network(
                    IbHebb.convert(conf(LossFunction.MSE, Activation.IDENTITY, DIMENSIONS), rule));
            MultiLayerNetwork other = network(
                    IbHebb.convert(conf(LossFunction.MSE, Activation.IDENTITY, DIMENSIONS), rule));
            DataType another = same.params().dataType() == DataType.FLOAT ? DataType.DOUBLE : DataType.FLOAT;
            INDArray x = features(1).castTo(DataType.FLOAT);
            same.fit(x.castTo(same.params().dataType()), x.castTo(same.params().dataType()));
            other.fit(x.castTo(another), x.castTo(another));
            assertThat(values(other.params())).isEqualTo(values(same.params()));
        }
    }

    @Test
    void classNumbersMayBeIntegers() {
        MultiLayerNetwork sparse = network(IbHebb.convert(conf(LossFunction.SPARSE_MCXENT, Activation.SOFTMAX, 2)));
        MultiLayerNetwork integer = network(IbHebb.convert(conf(LossFunction.SPARSE_MCXENT, Activation.SOFTMAX, 2)));
        INDArray numbers = Samples.xor(1, SAMPLES, DIMENSIONS).getLabels().getColumn(1, true).dup();
        sparse.fit(features(1), numbers);
        integer.fit(features(1), numbers.castTo(DataType.INT32));
        assertThat(values(integer.params())).isEqualTo(values(sparse.params()));
    }
}
