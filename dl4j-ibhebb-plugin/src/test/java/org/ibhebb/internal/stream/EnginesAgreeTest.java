package org.ibhebb.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.NativeRun;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.LabelKernel;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The native engine learns what the Java engine learns: to 1e-5 in float and 1e-12 in double, over 1,000 samples. */
class EnginesAgreeTest {

    private static final int SAMPLES = 1_000;
    /** As many inputs, and a few of them not silent, are taken one by one. */
    private static final int WIDE = 90;
    private static final int ONE_IN = 17;

    /** One way to learn. */
    private record Case(String name, LearningRule rule, Activation activation, LossFunction loss, Schedule schedule,
            boolean standardizes, boolean sparse, int... widths) {

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeEach
    void nativeEngineIsThere() {
        NativeRun.assume();
    }

    static Stream<Case> cases() {
        Objective prediction = Objective.prediction().withRate(1);
        Objective neighbourhood = Objective.neighbourhood().withSigma(0.35).withWeight(0.3);
        LearningRule both = Chains.rule(13, prediction, neighbourhood);
        int[] widths = {19, 33, 17, 3};
        return Stream.of(
                new Case("prediction", Chains.PREDICTION, Activation.RELU, LossFunction.MCXENT, Schedule.CONSTANT,
                        false, false, widths),
                new Case("prediction and neighbourhood", both, Activation.RELU, LossFunction.MCXENT, Schedule.FALLING,
                        false, false, widths),
                new Case("standardised", both, Activation.LEAKYRELU, LossFunction.MCXENT, Schedule.FALLING, true, false,
                        widths),
                new Case("sparse", both, Activation.RELU, LossFunction.MCXENT, Schedule.LINEAR, false, true, widths),
                new Case("very sparse", both, Activation.RELU, LossFunction.MCXENT, Schedule.LINEAR, false, true,
                        WIDE, 33, 17, 3),
                new Case("sparse, standardised", both, Activation.RELU, LossFunction.MCXENT, Schedule.LINEAR, true,
                        true, widths),
                new Case("hsic", Chains.rule(13, Objective.hsic()), Activation.TANH, LossFunction.MCXENT,
                        Schedule.CONSTANT, false, false, widths),
                new Case("hsic, sparse", Chains.rule(13, Objective.hsic()), Activation.TANH, LossFunction.MCXENT,
                        Schedule.CONSTANT, false, true, widths),
                new Case("hsic-zz and normalised hsic", Chains.rule(7, Objective.hsicZZ(),
                        Objective.normalizedHsic(), Objective.normalizedHsic().withSigma(0.5)), Activation.SIGMOID,
                        LossFunction.MCXENT, Schedule.CONSTANT, false, false, widths),
                new Case("normalised hsic, a longer memory",
                        Chains.rule(70, Objective.normalizedHsic().withSigma(0.5)), Activation.TANH,
                        LossFunction.MCXENT, Schedule.CONSTANT, false, false, widths),
                new Case("independent labels", both, Activation.TANH, LossFunction.XENT, Schedule.FALLING, false, false,
                        widths),
                new Case("values", both, Activation.TANH, LossFunction.MSE, Schedule.FALLING, false, false, widths),
                new Case("values by a Gaussian kernel", Chains.rule(5, Objective.neighbourhood()
                        .withLabels(LabelKernel.gaussian(0.5)), Objective.hsic().withKernel(Kernel.cosine())),
                        Activation.TANH, LossFunction.MSE, Schedule.CONSTANT, false, false, widths),
                new Case("narrow layers", both, Activation.TANH, LossFunction.MCXENT, Schedule.FALLING, true, false, 2,
                        1, 15, 1, 2),
                new Case("as it is", both.toBuilder().normalization(LearningRule.Normalization.NONE).build(),
                        Activation.TANH, LossFunction.MCXENT, Schedule.CONSTANT, false, false, widths));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inDouble(Case each) {
        agree(each, DataType.DOUBLE, 1e-12);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inFloat(Case each) {
        agree(each, DataType.FLOAT, 1e-5);
    }

    private static void agree(Case each, DataType type, double tolerance) {
        List<double[]> results = new ArrayList<>();
        for (Engine engine : List.of(Engines.java(), new NativeEngine())) {
            results.add(learn(each, type, engine));
        }
        double[] java = results.get(0);
        double[] compiled = results.get(1);
        double largest = 1;
        double difference = 0;
        for (int i = 0; i < java.length; i++) {
            assertThat(java[i]).isFinite();
            largest = Math.max(largest, Math.abs(java[i]));
            difference = Math.max(difference, Math.abs(java[i] - compiled[i]));
        }
        assertThat(difference / largest).as("difference of parameters and predictions").isLessThan(tolerance);
    }

    /** The last predictions, and all parameters; what a test of nothing learnt would let pass is refused. */
    private static double[] learn(Case each, DataType type, Engine engine) {
        int[] widths = each.widths();
        int in = widths[0];
        int out = widths[widths.length - 1];
        MultiLayerNetwork network = Chains.network(type, each.activation(), each.loss(), widths);
        Settings settings = new Settings(each.rule(), each.schedule(), 2_000, 1e-3, 5e-3,
                each.schedule() == Schedule.FALLING, each.standardizes(), each.standardizes());
        Contents contents = new Contents(Drawing.of(LayerChain.of(network), settings), network.params());
        double[] before = network.params().toDoubleVector();
        int[] classes = Chains.classes(5, SAMPLES, out);
        double[] rows = Chains.inputs(7, classes, in);
        for (int i = 0; in == WIDE && i < rows.length; i++) {
            rows[i] = i % ONE_IN == 0 ? rows[i] : 0;
        }
        if (each.standardizes() && !each.sparse()) {
            rows[3 * in] = Double.NaN;
        }
        double[] labels = Chains.oneHot(classes, out);
        if (each.loss() == LossFunction.MSE) {
            for (int i = 0; i < labels.length; i++) {
                labels[i] = Math.sin(3 * i) + 2 * labels[i];
            }
        }
        Batch batch = new Batch(type, in, out);
        double[] predictions = new double[SAMPLES * out];
        for (int i = 0; i < SAMPLES; i++) {
            if (each.sparse()) {
                sparse(batch, rows, i, in);
            } else {
                batch.inputs(rows, i, 1);
            }
            if (each.loss() == LossFunction.MCXENT && i % 2 == 0) {
                batch.oneClass(classes[i]);
            } else {
                batch.labels(labels, i);
            }
            assertThat(engine.firstBad(contents, batch)).isEqualTo(Engine.ALL_FINE);
            engine.learn(contents, batch, true);
            batch.predictions(predictions, i);
        }
        double[] learnt = new double[(int) contents.learning().length()];
        contents.learning().get(0, learnt, 0, learnt.length);
        assertThat(learnt).isNotEqualTo(before);
        double[] predicting = network.params().toDoubleVector();
        double[] all = new double[predictions.length + learnt.length + predicting.length];
        System.arraycopy(predictions, 0, all, 0, predictions.length);
        System.arraycopy(learnt, 0, all, predictions.length, learnt.length);
        System.arraycopy(predicting, 0, all, predictions.length + learnt.length, predicting.length);
        return all;
    }

    private static void sparse(Batch batch, double[] rows, int sample, int in) {
        int[] indices = new int[in];
        float[] values = new float[in];
        int count = 0;
        // From the last on: their order does not matter.
        for (int i = in - 1; i >= 0; i--) {
            if (rows[sample * in + i] != 0) {
                indices[count] = i;
                values[count++] = (float) rows[sample * in + i];
            }
        }
        batch.inputs(Arrays.copyOf(indices, count), Arrays.copyOf(values, count));
    }
}
