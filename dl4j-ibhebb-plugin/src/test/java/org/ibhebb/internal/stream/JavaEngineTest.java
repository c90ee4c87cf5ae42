package org.ibhebb.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.ForAnyKernel;
import org.ibhebb.internal.stream.Plan.Common;
import org.ibhebb.internal.stream.Plan.Layer;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * What a layer learns from one sample, against the objective's own definition: the change of its weights must be the
 * numerical derivative of the objective with respect to them, where only the newest sample's activations follow the
 * weights. Gains are switched off by a floor so high that it is the same for all neurons.
 */
@ForAnyKernel
class JavaEngineTest {

    private static final int IN = 7;
    private static final int OUT = 17;
    private static final int CLASSES = 3;
    private static final int MEMORY = 11;

    static Stream<Objective> objectives() {
        return Stream.of(
                Objective.neighbourhood().withSigma(0.6),
                Objective.hsic(),
                Objective.hsicZZ(),
                Objective.hsicZZ().withKernel(Kernel.cosine()).withGamma(0.7),
                Objective.normalizedHsic(),
                Objective.normalizedHsic().withSigma(0.8),
                Objective.prediction().withRate(0.4));
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void weightsDescendTheObjective(Objective objective) {
        // Less than the memory holds, as many, and more, so that the oldest are forgotten.
        for (int samples : new int[] {2, 3, MEMORY, MEMORY + 5}) {
            for (Activation activation : List.of(Activation.TANH, Activation.LEAKYRELU)) {
                descends(objective, samples, activation);
            }
        }
    }

    private static void descends(Objective objective, int samples, Activation activation) {
        MultiLayerNetwork network =
                Chains.network(DataType.DOUBLE, activation, LossFunction.MCXENT, IN, OUT, CLASSES);
        network.params().muli(0.7);
        LearningRule rule = Chains.rule(MEMORY, objective);
        Settings settings = Chains.settings(rule, Schedule.CONSTANT, 1, 1);
        LayerChain chain = LayerChain.of(network);
        int[] classes = new int[samples];
        for (int i = 0; i < samples; i++) {
            classes[i] = i * i % CLASSES;
        }
        double[] rows = Chains.inputs(3, classes, IN);
        // The hidden layer does not change until the last sample.
        Contents still = new Contents(with(Drawing.of(chain, settings), 0), network.params());
        Contents moving = new Contents(with(Drawing.of(chain, settings), 1), network.params());
        learn(still, rows, classes, 0, samples - 1);
        moving.state().copy(still.state());
        moving.clock().copy(still.clock());
        moving.sums().copy(still.sums());
        INDArray before = network.params().dup();
        double[] readout = readout(still);
        learn(moving, rows, classes, samples - 1, samples);
        Layer layer = moving.plan().hidden().get(0);
        double[] change = new double[IN * OUT + OUT];
        double[] numerical = new double[change.length];
        for (int k = 0; k < change.length; k++) {
            long at = k < IN * OUT ? layer.weights() + k : layer.bias() + k - IN * OUT;
            change[k] = network.params().getDouble(at) - before.getDouble(at);
            numerical[k] = -(value(objective, activation, before, layer, at, 1e-5, rows, classes, readout)
                    - value(objective, activation, before, layer, at, -1e-5, rows, classes, readout)) / 2e-5;
        }
        // Bias and weights differ in their scale: presynaptic activity is divided by its root mean square.
        double square = moving.clock().get(layer.clock() + Plan.PRESYNAPTIC);
        for (int k = 0; k < IN * OUT; k++) {
            change[k] *= Math.sqrt(square);
        }
        if (samples == 2 && objective.kind() == Objective.Kind.NEIGHBOURHOOD) {
            // The other sample is of another class.
            assertThat(norm(change)).isZero();
            return;
        }
        if (samples == 2 && objective.kind() == Objective.Kind.NORMALIZED_HSIC) {
            // Two samples are as aligned as can be, whatever they are.
            return;
        }
        assertThat(norm(numerical)).as("%s, %d samples", objective, samples).isGreaterThan(1e-7);
        assertThat(dot(change, numerical) / norm(change) / norm(numerical))
                .as("%s, %d samples, %s", objective, samples, activation)
                .isGreaterThan(1 - 1e-6);
    }

    /** The plan with another rate of hidden layers, no gains, and no running variance in the normalisation. */
    private static Plan with(Plan plan, double rate) {
        Common c = plan.settings();
        Common plain = new Common(c.memory(), c.encoding(), false, false, c.schedule(), c.scheduleLength(), 0, 8, 0, 0,
                1, 1, c.gainDecay(), 1e9, c.horizon(), 0, c.fadeFloor(), c.outputCap());
        return new Plan(plan.hidden().stream().map(l -> new Layer(l.in(), l.out(), l.weights(), l.bias(),
                l.activation(), l.slope(), true, rate * 1e9, l.view(), l.prediction(), l.readoutRate(), l.readout(),
                l.gain(), l.centre(), l.memory(), l.clock(), l.firstTerm(), l.terms(), l.geometry(),
                l.timing())).toList(),
                plan.output(), plan.tasks(), plan.terms(), plain, plan.places(), plan.recall());
    }

    private static void learn(Contents contents, double[] rows, int[] classes, int from, int to) {
        Batch batch = new Batch(contents.type(), IN, CLASSES);
        batch.inputs(rows, from, to - from);
        batch.classes(classes, from);
        Engines.java().learn(contents, batch, false);
    }

    private static double[] readout(Contents contents) {
        Layer layer = contents.plan().hidden().get(0);
        double[] readout = new double[CLASSES * OUT + CLASSES];
        if (layer.prediction() > 0) {
            contents.state().get(layer.readout(), readout, 0, readout.length);
        }
        return readout;
    }

    /** The objective of the last samples, where the newest one's activations are by changed weights. */
    private static double value(Objective objective, Activation activation, INDArray parameters, Layer layer, long at,
            double by, double[] rows, int[] classes, double[] readout) {
        int n = Math.min(MEMORY, classes.length);
        int first = classes.length - n;
        double[][] u = new double[n][];
        double[][] x = new double[n][IN];
        for (int q = 0; q < n; q++) {
            System.arraycopy(rows, (first + q) * IN, x[q], 0, IN);
            u[q] = activations(activation, parameters, layer, q == n - 1 ? at : -1, by, x[q]);
        }
        boolean[][] same = new boolean[n][n];
        for (int p = 0; p < n; p++) {
            for (int q = 0; q < n; q++) {
                same[p][q] = classes[first + p] == classes[first + q];
            }
        }
        return switch (objective.kind()) {
            case NEIGHBOURHOOD -> neighbourhood(kernel(u, objective.kernel()), same);
            case HSIC -> (trace(kernel(x, Kernel.gaussian(objective.sigmaX())), kernel(u, objective.kernel()))
                    - objective.gamma() * trace(number(same), kernel(u, objective.kernel()))) / (n - 1) / (n - 1);
            case HSIC_ZZ -> (trace(kernel(u, objective.kernel()), kernel(u, objective.kernel()))
                    - objective.gamma() * trace(number(same), kernel(u, objective.kernel()))) / (n - 1) / (n - 1);
            case NORMALIZED_HSIC -> -trace(number(same), kernel(u, objective.kernel()))
                    / Math.sqrt(trace(number(same), number(same)))
                    / Math.sqrt(trace(kernel(u, objective.kernel()), kernel(u, objective.kernel())));
            case PREDICTION -> crossEntropy(u[n - 1], classes[classes.length - 1], readout);
            default -> throw new IllegalArgumentException();
        };
    }

    private static double[] activations(
            Activation activation, INDArray parameters, Layer layer, long at, double by, double[] x) {
        double[] z = new double[OUT];
        for (int j = 0; j < OUT; j++) {
            double a = parameters.getDouble(layer.bias() + j) + (at == layer.bias() + j ? by : 0);
            for (int i = 0; i < IN; i++) {
                long w = layer.weights() + j * IN + i;
                a += x[i] * (parameters.getDouble(w) + (at == w ? by : 0));
            }
            z[j] = activation == Activation.TANH ? Math.tanh(a) : a > 0 ? a : 0.01 * a;
        }
        double mean = 0;
        double variance = 0;
        for (double value : z) {
            mean += value / OUT;
        }
        for (double value : z) {
            variance += (value - mean) * (value - mean) / OUT;
        }
        for (int j = 0; j < OUT; j++) {
            z[j] = (z[j] - mean) / Math.sqrt(variance);
        }
        return z;
    }

    private static double[][] kernel(double[][] rows, Kernel kernel) {
        int n = rows.length;
        double[][] k = new double[n][n];
        for (int p = 0; p < n; p++) {
            for (int q = 0; q < n; q++) {
                double distance = 0;
                for (int j = 0; j < rows[p].length; j++) {
                    distance += Math.pow(rows[p][j] - rows[q][j], 2);
                }
                k[p][q] = kernel.type() == Kernel.Type.COSINE
                        ? dot(rows[p], rows[q]) / norm(rows[p]) / norm(rows[q])
                        : Math.exp(-distance / (2 * kernel.sigma() * kernel.sigma() * rows[p].length));
            }
        }
        return k;
    }

    private static double[][] number(boolean[][] same) {
        double[][] k = new double[same.length][same.length];
        for (int p = 0; p < k.length; p++) {
            for (int q = 0; q < k.length; q++) {
                k[p][q] = same[p][q] ? 1 : 0;
            }
        }
        return k;
    }

    /** tr(A H B H). */
    private static double trace(double[][] a, double[][] b) {
        INDArray h = Nd4j.eye(a.length).castTo(DataType.DOUBLE).subi(1.0 / a.length);
        INDArray product = Nd4j.create(a).mmul(h).mmul(Nd4j.create(b)).mmul(h);
        double trace = 0;
        for (int i = 0; i < a.length; i++) {
            trace += product.getDouble(i, i);
        }
        return trace;
    }

    /** Of the newest sample alone. */
    private static double neighbourhood(double[][] k, boolean[][] same) {
        int newest = k.length - 1;
        double all = 0;
        double alike = 0;
        for (int q = 0; q < newest; q++) {
            all += k[newest][q];
            alike += same[newest][q] ? k[newest][q] : 0;
        }
        return alike > 0 ? Math.log(all) - Math.log(alike) : 0;
    }

    private static double crossEntropy(double[] u, int label, double[] readout) {
        double sum = 0;
        double own = 0;
        for (int k = 0; k < CLASSES; k++) {
            double a = readout[CLASSES * OUT + k];
            for (int j = 0; j < OUT; j++) {
                a += readout[k * OUT + j] * u[j];
            }
            sum += Math.exp(a);
            own = k == label ? a : own;
        }
        return Math.log(sum) - own;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }

    @Test
    void predictionsAreThoseOfTheNetwork() {
        for (LossFunction loss : List.of(LossFunction.MCXENT, LossFunction.XENT, LossFunction.MSE)) {
            for (Activation activation : List.of(Activation.RELU, Activation.LEAKYRELU, Activation.TANH,
                    Activation.SIGMOID, Activation.IDENTITY)) {
                MultiLayerNetwork network = Chains.network(DataType.DOUBLE, activation, loss, 5, 13, 3, 2);
                LayerChain chain = LayerChain.of(network);
                Contents contents = new Contents(
                        Drawing.of(chain, Chains.settings(Chains.PREDICTION, Schedule.CONSTANT, 1e-3, 1e-3)),
                        network.params());
                double[] rows = new Random(5).doubles(4 * 5, -2, 2).toArray();
                Batch batch = new Batch(DataType.DOUBLE, 5, 2);
                batch.inputs(rows, 0, 4);
                Engines.java().predict(contents, contents.predicting(), batch);
                double[] predictions = new double[8];
                batch.predictions(predictions, 0);
                double[] expected = network.output(Nd4j.create(rows, new long[] {4, 5}, DataType.DOUBLE))
                        .dup('c').data().asDouble();
                assertThat(predictions).as("%s, %s", loss, activation)
                        .containsExactly(expected, within(1e-12));
            }
        }
    }
}
