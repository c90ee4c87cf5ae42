package org.ibhebb.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Mini-batches learnt without Deeplearning4j's layers give what the network's own fit gives. */
class MiniBatchesTest {

    private record Case(String name, LearningRule rule, Activation activation, LossFunction loss, int batch,
            int... widths) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        LearningRule usual = LearningRule.defaults();
        Objective neighbourhood = Objective.neighbourhood().withSigma(0.35).withWeight(0.3);
        int[] widths = {19, 33, 17, 3};
        return Stream.of(
                new Case("the usual rule", usual, Activation.RELU, LossFunction.MCXENT, 8, widths),
                new Case("single samples", usual, Activation.RELU, LossFunction.MCXENT, 1, widths),
                new Case("more samples than are remembered", usual.toBuilder().memory(5).build(), Activation.TANH,
                        LossFunction.MCXENT, 13, widths),
                new Case("narrow layers", usual, Activation.LEAKYRELU, LossFunction.MCXENT, 7, 2, 1, 15, 1, 2),
                new Case("independent labels", usual, Activation.SIGMOID, LossFunction.XENT, 8, widths),
                new Case("values", usual, Activation.TANH, LossFunction.MSE, 8, widths),
                new Case("L2", usual, Activation.IDENTITY, LossFunction.L2, 3,
                        widths),
                new Case("hsic", Chains.rule(13, Objective.hsic()), Activation.TANH, LossFunction.MCXENT, 4, widths),
                new Case("hsic-zz and normalised hsic by groups", Chains.rule(7, Objective.hsicZZ(),
                        Objective.normalizedHsic().withGroups(4), neighbourhood), Activation.RELU, LossFunction.MCXENT,
                        4, 19, 24, 12, 3),
                new Case("median bandwidth", Chains.rule(11, neighbourhood.withKernel(Kernel.medianGaussian(0.5))),
                        Activation.RELU, LossFunction.MCXENT, 4, widths),
                new Case("readouts of whole mini-batches, no gains", Chains.rule(11,
                        Objective.prediction().withRate(0.5).withBlock(0)).toBuilder().gain(false)
                        .normalization(LearningRule.Normalization.NONE).build(), Activation.TANH, LossFunction.MCXENT,
                        6, widths));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inDouble(Case each) {
        compare(each, DataType.DOUBLE, 100, 1e-10);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inFloat(Case each) {
        compare(each, DataType.FLOAT, 30, 1e-4);
    }

    /**
     * Some objectives amplify rounding from step to step: the same fit from parameters that differ in their last bit
     * says by how much.
     */
    private static void compare(Case each, DataType type, int steps, double tolerance) {
        MultiLayerNetwork byFit = IbHebb.convert(
                Chains.network(type, each.activation, each.loss, each.widths), each.rule);
        MultiLayerNetwork together = byFit.clone();
        MultiLayerNetwork disturbed = byFit.clone();
        disturbed.params().muli(1 + (type == DataType.DOUBLE ? 0x1p-52 : 0x1p-23));
        MiniBatches miniBatches = new MiniBatches(LayerChain.of(together));
        miniBatches.begin();
        for (int step = 0; step < steps; step++) {
            DataSet data = data(each, type, step);
            byFit.fit(data);
            disturbed.fit(data);
            miniBatches.learn(data.getFeatures(), data.getLabels());
        }
        assertThat(difference(together.params(), byFit.params()))
                .isLessThan(Math.max(tolerance, 10 * difference(disturbed.params(), byFit.params())));
        INDArray state = byFit.getUpdater().getStateViewArray();
        assertThat(difference(together.getUpdater().getStateViewArray(), state)).isLessThan(
                Math.max(tolerance, 10 * difference(disturbed.getUpdater().getStateViewArray(), state)));
        assertThat(together.getIterationCount()).isEqualTo(byFit.getIterationCount()).isEqualTo(steps);
    }

    private static DataSet data(Case each, DataType type, int step) {
        int[] classes = Chains.classes(step, each.batch, each.widths[each.widths.length - 1]);
        INDArray x = Nd4j.createFromArray(Chains.inputs(step, classes, each.widths[0]))
                .reshape(each.batch, each.widths[0]).castTo(type);
        INDArray y = Nd4j.createFromArray(Chains.oneHot(classes, each.widths[each.widths.length - 1]))
                .reshape(each.batch, each.widths[each.widths.length - 1]).castTo(type);
        return new DataSet(x, y);
    }

    private static double difference(INDArray a, INDArray b) {
        double size = Math.max(1, b.amaxNumber().doubleValue());
        return a.sub(b).amaxNumber().doubleValue() / size;
    }
}
