package org.ibhebb.internal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ibhebb.Fixtures.values;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.memory.MemoryType;
import org.deeplearning4j.nn.conf.memory.MemoryUseMode;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.conf.layers.IbHebbSpikingDenseLayer;
import org.ibhebb.internal.arithmetic.Neuron;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.ibhebb.spiking.SpikingDenseLayer.Learning;
import org.ibhebb.spiking.SpikingDenseLayer.Reset;
import org.ibhebb.spiking.SpikingSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** Spiking layers against plain loops, finite differences and the dense rule. */
class SpikingDenseTest {

    private static final int IN = 5;
    private static final int SAMPLES = 7;

    @TempDir
    Path folder;

    private static SpikingSettings settings(int steps, Learning learning, Reset reset) {
        return SpikingSettings.defaults().withTimeSteps(steps).withLearning(learning).withReset(reset)
                .withLeak(0.8).withThreshold(0.7).withSteepness(3);
    }

    private static MultiLayerConfiguration configuration(
            int steps, Learning learning, Reset reset, SpikeRateLayer rates) {
        return configuration(settings(steps, learning, reset), rates);
    }

    private static MultiLayerConfiguration configuration(SpikingSettings settings, SpikeRateLayer rates) {
        return Fixtures.builder(new Sgd(0.1)).list()
                .layer(new SpikingDenseLayer.Builder().nIn(IN).nOut(8).settings(settings).build())
                .layer(new SpikingDenseLayer.Builder().nIn(8).nOut(6).settings(settings).build())
                .layer(rates)
                .layer(Fixtures.readout(6, 3))
                .build();
    }

    private static MultiLayerConfiguration configuration(int steps, Learning learning, Reset reset) {
        return configuration(steps, learning, reset, new SpikeRateLayer.Builder().build());
    }

    private static INDArray labels() {
        return Fixtures.oneHot(2, SAMPLES, 3);
    }

    /** Spikes, and each neuron's slopes: by sample, time step and neuron. */
    private static double[][][][] plain(double[][][] input, INDArray weights, INDArray bias, Neuron neuron) {
        int steps = input[0].length;
        int width = (int) weights.size(1);
        double[][][] spikes = new double[input.length][steps][width];
        double[][][] slopes = new double[input.length][steps][width];
        for (int sample = 0; sample < input.length; sample++) {
            for (int j = 0; j < width; j++) {
                double v = 0;
                double current = 0;
                int awakeFrom = 0;
                for (int step = 0; step < steps; step++) {
                    current = neuron.synapticDecay() * current + bias.getDouble(j);
                    for (int i = 0; i < weights.size(0); i++) {
                        current += weights.getDouble(i, j) * input[sample][step][i];
                    }
                    if (step < awakeFrom) {
                        continue;
                    }
                    double u = neuron.leak() * v + current;
                    double x = u - neuron.threshold();
                    double root = 1 / (1 + neuron.steepness() * Math.abs(x));
                    double spike = neuron.smooth() ? 0.5 + x * root : x > 0 ? 1 : 0;
                    v = neuron.toZero() ? u * (1 - spike) : u - neuron.threshold() * spike;
                    awakeFrom = x > 0 ? step + 1 + neuron.refractorySteps() : awakeFrom;
                    spikes[sample][step][j] = spike;
                    slopes[sample][step][j] = root * root;
                }
            }
        }
        return new double[][][][] {spikes, slopes};
    }

    /** A vector at each of so many time steps; or a sequence, by sample, time step and value. */
    private static double[][][] course(INDArray input, int steps) {
        int length = input.rank() == 3 ? (int) input.size(2) : steps;
        double[][][] course = new double[(int) input.size(0)][length][(int) input.size(1)];
        for (int sample = 0; sample < course.length; sample++) {
            for (int step = 0; step < length; step++) {
                for (int i = 0; i < course[sample][step].length; i++) {
                    course[sample][step][i] =
                            input.rank() == 3 ? input.getDouble(sample, i, step) : input.getDouble(sample, i);
                }
            }
        }
        return course;
    }

    private static INDArray rates(double[][][] spikes) {
        INDArray rates = Nd4j.zeros(DataType.DOUBLE, spikes.length, spikes[0][0].length);
        for (int sample = 0; sample < spikes.length; sample++) {
            for (double[] step : spikes[sample]) {
                for (int j = 0; j < step.length; j++) {
                    rates.putScalar(sample, j, rates.getDouble(sample, j) + step[j] / spikes[sample].length);
                }
            }
        }
        return rates;
    }

    @ParameterizedTest
    @CsvSource({"1, SUBTRACTION, 0, 0", "7, SUBTRACTION, 0, 0", "7, TO_ZERO, 0, 0", "13, TO_ZERO, 0, 0",
        "7, SUBTRACTION, 0.6, 0", "7, TO_ZERO, 0, 2", "9, SUBTRACTION, 0.4, 1", "1, TO_ZERO, 0.5, 3"})
    void spikesAreThoseOfThePlainLoop(int steps, Reset reset, double synapticDecay, int refractorySteps) {
        MultiLayerNetwork stock = Fixtures.network(configuration(
                settings(steps, Learning.EXACT, reset).withSynapticDecay(synapticDecay)
                        .withRefractorySteps(refractorySteps), new SpikeRateLayer()));
        MultiLayerNetwork local = IbHebb.convert(stock);
        Neuron neuron = new Neuron(0.8, 0.7, reset == Reset.TO_ZERO, 3, synapticDecay, refractorySteps, false);
        for (INDArray x : new INDArray[] {Fixtures.noise(1, SAMPLES, IN), Fixtures.noise(2, SAMPLES, IN, 11),
            Fixtures.noise(3, SAMPLES, IN, 11).dup('f'), Fixtures.noise(4, 1, IN, 1)}) {
            double[][][] input = course(x, steps);
            for (MultiLayerNetwork net : List.of(stock, local)) {
                for (boolean training : new boolean[] {false, true}) {
                    List<INDArray> found = net.feedForward(x, training);
                    double[][][] below = input;
                    for (int layer = 0; layer < 2; layer++) {
                        double[][][] expected = plain(below, net.getLayer(layer).getParam("W"),
                                net.getLayer(layer).getParam("b"), neuron)[0];
                        assertThat(found.get(layer + 1).shape())
                                .containsExactly(x.size(0), layer == 0 ? 8 : 6, input[0].length);
                        assertThat(course(found.get(layer + 1), 0)).isDeepEqualTo(expected);
                        below = expected;
                    }
                    if (x.size(0) > 1) {
                        assertThat(rates(below).sumNumber().doubleValue()).isPositive();
                    }
                    double[][] rate = rates(below).toDoubleMatrix();
                    for (int sample = 0; sample < rate.length; sample++) {
                        double mean = 0;
                        double square = 0;
                        for (double r : rate[sample]) {
                            mean += r / 6;
                            square += r * r / 6;
                        }
                        for (int j = 0; j < 6; j++) {
                            assertThat(found.get(3).getDouble(sample, j)).isCloseTo(
                                    (rate[sample][j] - mean) / Math.sqrt(square - mean * mean + 1e-5), within(1e-10));
                        }
                    }
                }
            }
        }
    }

    /** Neurons that are smooth have gradients: DL4J's own backward pass through the layers is exact then. */
    @ParameterizedTest
    @CsvSource({"SUBTRACTION, true, 0, 0", "SUBTRACTION, false, 0, 0", "TO_ZERO, true, 0, 0", "TO_ZERO, false, 0, 0",
        "SUBTRACTION, true, 0.6, 0", "TO_ZERO, true, 0, 1", "SUBTRACTION, false, 0, 2", "TO_ZERO, false, 0.5, 1"})
    void backPropagationThroughTimeIsExact(
            Reset reset, boolean normalized, double synapticDecay, int refractorySteps) {
        SpikeRateLayer rates = normalized
                ? new SpikeRateLayer.Builder().build()
                : new SpikeRateLayer.Builder().scale(3).build();
        MultiLayerNetwork net = Fixtures.network(configuration(settings(6, Learning.EXACT, reset)
                .withSynapticDecay(synapticDecay).withRefractorySteps(refractorySteps), rates));
        ((SpikingDense) net.getLayer(0)).smooth();
        ((SpikingDense) net.getLayer(1)).smooth();
        for (INDArray x : new INDArray[] {Fixtures.noise(1, SAMPLES, IN), Fixtures.noise(2, SAMPLES, IN, 5)}) {
            DataSet data = new DataSet(x, labels());
            gradients(net, data);
            double[] found = values(net.gradient().gradient());
            for (int i = 0; i < found.length; i++) {
                double before = net.params().getDouble(i);
                double step = 1e-6;
                net.params().putScalar(i, before + step);
                double above = net.score(data, true);
                net.params().putScalar(i, before - step);
                double below = net.score(data, true);
                net.params().putScalar(i, before);
                assertThat(found[i] / SAMPLES).as("parameter " + i).isCloseTo((above - below) / (2 * step),
                        within(1e-7));
            }
        }
    }

    /** An output without spikes: membranes that leak, of which the mean or the last value is read. */
    @ParameterizedTest
    @CsvSource({"0, true, 7", "0.8, true, 7", "0.8, false, 7", "0.8, true, 1", "0.5, false, 1"})
    void outputLayersReadLeakyIntegrators(double leak, boolean last, int steps) {
        SpikeRateLayer.Builder builder = new SpikeRateLayer.Builder().scale(3).leak(leak);
        SpikeRateLayer rates = last ? builder.last().build() : builder.build();
        MultiLayerConfiguration conf = configuration(settings(5, Learning.EXACT, Reset.TO_ZERO), rates);
        assertThat(MultiLayerConfiguration.fromJson(conf.toJson())).isEqualTo(conf);
        assertThat(conf).isNotEqualTo(configuration(5, Learning.EXACT, Reset.TO_ZERO,
                new SpikeRateLayer.Builder().scale(3).build()));
        MultiLayerNetwork net = Fixtures.network(conf);
        ((SpikingDense) net.getLayer(0)).smooth();
        ((SpikingDense) net.getLayer(1)).smooth();
        INDArray x = Fixtures.noise(2, SAMPLES, IN, steps);
        List<INDArray> found = net.feedForward(x);
        for (int sample = 0; sample < SAMPLES; sample++) {
            for (int j = 0; j < 6; j++) {
                double membrane = 0;
                double mean = 0;
                for (int step = 0; step < steps; step++) {
                    membrane = leak * membrane + (1 - leak) * found.get(2).getDouble(sample, j, step);
                    mean += membrane / steps;
                }
                assertThat(found.get(3).getDouble(sample, j)).isCloseTo(3 * (last ? membrane : mean), within(1e-12));
            }
        }
        DataSet data = new DataSet(x, labels());
        gradients(net, data);
        double[] gradient = values(net.gradient().gradient());
        for (int i = 0; i < gradient.length; i++) {
            double before = net.params().getDouble(i);
            net.params().putScalar(i, before + 1e-6);
            double above = net.score(data, true);
            net.params().putScalar(i, before - 1e-6);
            double below = net.score(data, true);
            net.params().putScalar(i, before);
            assertThat(gradient[i] / SAMPLES).isCloseTo((above - below) / 2e-6, within(1e-7));
        }
        IbHebb.convert(net).fit(data);
    }

    private static void gradients(MultiLayerNetwork net, DataSet data) {
        net.setInput(data.getFeatures());
        net.setLabels(data.getLabels());
        net.computeGradientAndScore();
    }

    /** The exact form descends the layer's own objective of its rates. */
    @ParameterizedTest
    @CsvSource({"SUBTRACTION, 0, 0", "TO_ZERO, 0, 0", "SUBTRACTION, 0.6, 1", "TO_ZERO, 0.3, 2"})
    void theExactSignalDescendsTheObjectiveOfTheRates(Reset reset, double synapticDecay, int refractorySteps) {
        LearningRule rule = Fixtures.plain().objective(Objective.neighbourhood().withSigma(0.6))
                .plus(Objective.normalizedHsic().withWeight(0.5)).build();
        for (INDArray x : new INDArray[] {Fixtures.noise(1, SAMPLES, IN), Fixtures.noise(2, SAMPLES, IN, 5)}) {
            MultiLayerNetwork net = Fixtures.network(IbHebb.convert(configuration(
                    settings(6, Learning.EXACT, reset).withSynapticDecay(synapticDecay)
                            .withRefractorySteps(refractorySteps), new SpikeRateLayer()), rule));
            SpikingDense layer = local(net);
            layer.smooth();
            Neuron neuron = layer.neuron();
            gradients(net, new DataSet(x, labels()));
            for (String parameter : List.of("W", "b")) {
                INDArray found = net.gradient().getGradientFor("0_" + parameter);
                found = found.reshape(found.length() / 8, 8);
                INDArray values = layer.getParam(parameter);
                values = values.reshape(values.length() / 8, 8);
                for (int i = 0; i < values.size(0); i++) {
                    for (int j = 0; j < values.size(1); j++) {
                        double before = values.getDouble(i, j);
                        double step = 1e-6;
                        values.putScalar(i, j, before + step);
                        double above = objective(rule, x, layer, neuron);
                        values.putScalar(i, j, before - step);
                        double below = objective(rule, x, layer, neuron);
                        values.putScalar(i, j, before);
                        assertThat(found.getDouble(i, j) / SAMPLES).as(parameter + "[" + i + "," + j + "]")
                                .isCloseTo((above - below) / (2 * step), within(1e-6));
                    }
                }
            }
        }
    }

    private static double objective(LearningRule rule, INDArray x, SpikingDense layer, Neuron neuron) {
        INDArray rates = rates(plain(course(x, 6), layer.getParam("W"), layer.getParam("b"), neuron)[0]);
        return Fixtures.objective(rule, rates, false, x, labels());
    }

    /**
     * dW = sum over samples of the signal times what each synapse has kept: E = (1/T) sum over t of g(t) P(t)'. While a
     * neuron is refractory its synapses keep what they have, as its membrane does.
     */
    @ParameterizedTest
    @CsvSource({"0, 0", "0.6, 0", "0, 2", "0.4, 1"})
    void tracesAreTheEligibilityThatGoesForward(double synapticDecay, int refractorySteps) {
        INDArray x = Fixtures.noise(2, SAMPLES, IN, 9);
        SpikingSettings settings = settings(9, Learning.TRACE, Reset.SUBTRACTION).withSynapticDecay(synapticDecay)
                .withRefractorySteps(refractorySteps);
        MultiLayerNetwork traces = unnormalized(settings);
        MultiLayerNetwork factorised = unnormalized(settings.withLearning(Learning.FACTORISED));
        double[][] xi = signal(traces, x);
        double[][][] input = course(x, 0);
        double[][][] slopes = plain(input, traces.getLayer(0).getParam("W"), traces.getLayer(0).getParam("b"),
                new Neuron(0.8, 0.7, false, 3, synapticDecay, refractorySteps, false))[1];
        INDArray ofTraces = Nd4j.zeros(DataType.DOUBLE, IN, 8);
        INDArray ofMeans = Nd4j.zeros(DataType.DOUBLE, IN, 8);
        for (int sample = 0; sample < SAMPLES; sample++) {
            for (int i = 0; i < IN; i++) {
                for (int j = 0; j < 8; j++) {
                    double current = 0;
                    double trace = 0;
                    double ofNeuron = 0;
                    double eligibility = 0;
                    double meanTrace = 0;
                    double meanSlope = 0;
                    for (int step = 0; step < 9; step++) {
                        current = synapticDecay * current + input[sample][step][i];
                        trace = 0.8 * trace + current;
                        ofNeuron = slopes[sample][step][j] == 0 ? ofNeuron : 0.8 * ofNeuron + current;
                        eligibility += slopes[sample][step][j] * ofNeuron / 9;
                        meanTrace += trace / 9;
                        meanSlope += slopes[sample][step][j] / 9;
                    }
                    ofTraces.putScalar(i, j, ofTraces.getDouble(i, j) + xi[sample][j] * eligibility);
                    ofMeans.putScalar(i, j, ofMeans.getDouble(i, j) + xi[sample][j] * meanSlope * meanTrace);
                }
            }
        }
        gradients(traces, new DataSet(x, labels()));
        gradients(factorised, new DataSet(x, labels()));
        assertThat(traces.gradient().getGradientFor("0_W").distance2(ofTraces))
                .isLessThan(1e-7 * ofTraces.norm2Number().doubleValue());
        assertThat(factorised.gradient().getGradientFor("0_W").distance2(ofMeans))
                .isLessThan(1e-7 * ofMeans.norm2Number().doubleValue());
    }

    /** Under a rule that neither normalises nor has a gain, and the neurons of the test above. */
    private static MultiLayerNetwork unnormalized(int steps, Learning learning) {
        return unnormalized(settings(steps, learning, Reset.SUBTRACTION));
    }

    private static MultiLayerNetwork unnormalized(SpikingSettings settings) {
        LearningRule rule = Fixtures.plain().objective(Objective.neighbourhood().withSigma(0.6))
                .normalization(LearningRule.Normalization.NONE).build();
        return Fixtures.network(IbHebb.convert(configuration(settings, new SpikeRateLayer()), rule));
    }

    /** dL/d(rates), summed over the mini-batch: by finite differences. */
    private static double[][] signal(MultiLayerNetwork net, INDArray x) {
        LearningRule rule = ((IbHebbSpikingDenseLayer) net.getLayer(0).conf().getLayer()).getRule();
        return signal(rule, net.feedForward(x).get(1).mean(2), x).toDoubleMatrix();
    }

    private static INDArray signal(LearningRule rule, INDArray rates, INDArray x) {
        double[][] xi = new double[SAMPLES][8];
        for (int sample = 0; sample < SAMPLES; sample++) {
            for (int j = 0; j < 8; j++) {
                double before = rates.getDouble(sample, j);
                rates.putScalar(sample, j, before + 1e-5);
                double above = Fixtures.objective(rule, rates, false, x, labels());
                rates.putScalar(sample, j, before - 1e-5);
                double below = Fixtures.objective(rule, rates, false, x, labels());
                rates.putScalar(sample, j, before);
                xi[sample][j] = SAMPLES * (above - below) / 2e-5;
            }
        }
        return Nd4j.create(xi);
    }

    /**
     * At each time step: running rates, what the layer's readout makes of them block by block, slopes and traces; and
     * how the samples compare at the last one.
     */
    @ParameterizedTest
    @CsvSource({"9, 0, 0", "9, 0.5, 1", "1, 0, 0", "4, 0, 2"})
    void everyTimeStepIsLearntFrom(int steps, double synapticDecay, int refractorySteps) {
        Objective compared = Objective.neighbourhood().withSigma(0.6);
        LearningRule rule = Fixtures.plain().objective(Objective.prediction()).plus(compared.withWeight(0.3))
                .normalization(LearningRule.Normalization.NONE).build();
        Neuron neuron = new Neuron(0.8, 0.7, false, 3, synapticDecay, refractorySteps, false);
        for (INDArray x : new INDArray[] {Fixtures.noise(1, SAMPLES, IN), Fixtures.noise(2, SAMPLES, IN, steps)}) {
            MultiLayerNetwork net = Fixtures.network(IbHebb.convert(configuration(
                    settings(steps, Learning.PER_STEP, Reset.SUBTRACTION).withSynapticDecay(synapticDecay)
                            .withRefractorySteps(refractorySteps), new SpikeRateLayer()), rule));
            double[][][] input = course(x, steps);
            double[][][][] fired =
                    plain(input, net.getLayer(0).getParam("W"), net.getLayer(0).getParam("b"), neuron);
            INDArray[] rates = runningRates(fired[0]);
            INDArray[] xi = predictions(rates, labels());
            INDArray last = rates[steps - 1];
            LearningRule comparing = Fixtures.plain().objective(compared)
                    .normalization(LearningRule.Normalization.NONE).build();
            xi[steps - 1].addi(signal(comparing, last, x).muli(0.3 * steps));
            INDArray expected = Nd4j.zeros(DataType.DOUBLE, IN + 1, 8);
            for (int sample = 0; sample < SAMPLES; sample++) {
                // The last one is the bias's, whose input is always 1.
                for (int i = 0; i <= IN; i++) {
                    double current = 0;
                    double trace = 0;
                    for (int step = 0; step < steps; step++) {
                        current = synapticDecay * current + (i == IN ? 1 : input[sample][step][i]);
                        trace = 0.8 * trace + current;
                        for (int j = 0; j < 8; j++) {
                            expected.putScalar(i, j, expected.getDouble(i, j)
                                    + xi[step].getDouble(sample, j) / 2 * fired[1][sample][step][j] * trace / steps);
                        }
                    }
                }
            }
            gradients(net, new DataSet(x, labels()));
            INDArray found = Nd4j.vstack(net.gradient().getGradientFor("0_W"),
                    net.gradient().getGradientFor("0_b").reshape(1, 8));
            assertThat(found.distance2(expected)).isLessThan(1e-7 * expected.norm2Number().doubleValue());
        }
    }

    /** At each time step half of what there was, and half of the spikes. */
    private static INDArray[] runningRates(double[][][] spikes) {
        INDArray[] rates = new INDArray[spikes[0].length];
        for (int step = 0; step < rates.length; step++) {
            rates[step] = Nd4j.zeros(DataType.DOUBLE, spikes.length, spikes[0][0].length);
            for (int sample = 0; sample < spikes.length; sample++) {
                for (int j = 0; j < spikes[0][0].length; j++) {
                    double before = step == 0 ? 0 : rates[step - 1].getDouble(sample, j);
                    rates[step].putScalar(sample, j, before / 2 + spikes[sample][step][j] / 2);
                }
            }
        }
        return rates;
    }

    /** What a readout that knew nothing sends back, learning from four rows a time step; the first time steps first. */
    private static INDArray[] predictions(INDArray[] rates, INDArray labels) {
        INDArray rows = Nd4j.vstack(rates);
        double[][] weights = new double[3][8];
        double[] bias = new double[3];
        INDArray signal = Nd4j.zeros(DataType.DOUBLE, rows.shape());
        int block = 4 * rates.length;
        for (int from = 0; from < rows.size(0); from += block) {
            int to = (int) Math.min(rows.size(0), from + block);
            double[][] error = new double[to - from][3];
            double squares = 0;
            for (int row = from; row < to; row++) {
                double[] odds = new double[3];
                double sum = 0;
                for (int c = 0; c < 3; c++) {
                    double value = bias[c];
                    for (int j = 0; j < 8; j++) {
                        value += weights[c][j] * rows.getDouble(row, j);
                    }
                    odds[c] = Math.exp(value);
                    sum += odds[c];
                }
                for (int c = 0; c < 3; c++) {
                    error[row - from][c] = odds[c] / sum - labels.getDouble(row % SAMPLES, c);
                }
                for (int j = 0; j < 8; j++) {
                    double back = 0;
                    for (int c = 0; c < 3; c++) {
                        back += error[row - from][c] * weights[c][j];
                    }
                    signal.putScalar(row, j, back);
                    squares += rows.getDouble(row, j) * rows.getDouble(row, j);
                }
            }
            int count = to - from;
            for (int row = from; row < to; row++) {
                for (int c = 0; c < 3; c++) {
                    for (int j = 0; j < 8; j++) {
                        weights[c][j] -= error[row - from][c] * rows.getDouble(row, j)
                                / Math.max(squares / count, 8) / count;
                    }
                    bias[c] -= 0.1 * error[row - from][c] / count;
                }
            }
        }
        INDArray[] each = new INDArray[rates.length];
        for (int step = 0; step < each.length; step++) {
            each[step] = signal.get(NDArrayIndex.interval(step * SAMPLES, (step + 1) * SAMPLES)).dup();
        }
        return each;
    }

    /** One time step without a past: the dense rule with that slope, presynaptic activity times signal times slope. */
    @ParameterizedTest
    @EnumSource(value = Learning.class, names = "PER_STEP", mode = EnumSource.Mode.EXCLUDE)
    void oneTimeStepIsTheDenseRule(Learning learning) {
        INDArray x = Fixtures.noise(1, SAMPLES, IN);
        MultiLayerNetwork net = unnormalized(1, learning);
        double[][] xi = signal(net, x);
        double[][][] slopes = plain(course(x, 1), net.getLayer(0).getParam("W"), net.getLayer(0).getParam("b"),
                new Neuron(0, 0.7, false, 3, false))[1];
        INDArray delta = Nd4j.create(xi);
        for (int sample = 0; sample < SAMPLES; sample++) {
            for (int j = 0; j < 8; j++) {
                delta.putScalar(sample, j, xi[sample][j] * slopes[sample][0][j]);
            }
        }
        gradients(net, new DataSet(x, labels()));
        INDArray expected = x.transpose().mmul(delta);
        assertThat(net.gradient().getGradientFor("0_W").distance2(expected))
                .isLessThan(1e-7 * expected.norm2Number().doubleValue());
        assertThat(net.gradient().getGradientFor("0_b").distance2(delta.sum(true, 0)))
                .isLessThan(1e-7 * delta.sum(true, 0).norm2Number().doubleValue());
    }

    /** What meets as means over time points where the exact gradient does. */
    @ParameterizedTest
    @ValueSource(ints = {4, 16, 64})
    void theFactorisedFormPointsWhereTheTracesDo(int steps) {
        INDArray x = Fixtures.noise(1, SAMPLES, IN);
        INDArray[] gradients = new INDArray[2];
        for (Learning learning : List.of(Learning.TRACE, Learning.FACTORISED)) {
            MultiLayerNetwork net = unnormalized(steps, learning);
            gradients(net, new DataSet(x, labels()));
            gradients[learning.ordinal() == 0 ? 0 : 1] = net.gradient().getGradientFor("0_W").dup();
        }
        double cosine = gradients[0].mul(gradients[1]).sumNumber().doubleValue()
                / gradients[0].norm2Number().doubleValue() / gradients[1].norm2Number().doubleValue();
        assertThat(cosine).isGreaterThan(0.93);
    }

    @ParameterizedTest
    @EnumSource(Learning.class)
    void layersAboveDoNotChangeTheUpdatesBelow(Learning learning) {
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(configuration(5, learning, Reset.SUBTRACTION)));
        MultiLayerNetwork perturbed = net.clone();
        perturbed.getLayer(1).params().muli(-1.7).addi(0.3);
        perturbed.getLayer(3).params().muli(2).addi(-0.1);
        INDArray before = net.getLayer(0).params().dup();
        for (DataSet batch : Fixtures.clusters(3, 20, IN, 3).batchBy(6)) {
            net.fit(batch);
            perturbed.fit(batch);
        }
        assertThat(values(perturbed.getLayer(0).params())).isEqualTo(values(net.getLayer(0).params()));
        assertThat(values(net.getLayer(0).params())).isNotEqualTo(values(before));
    }

    @ParameterizedTest
    @EnumSource(Learning.class)
    void anInputThatIsSilentIsNotLearntFrom(Learning learning) {
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(configuration(5, learning, Reset.SUBTRACTION)));
        INDArray weights = net.getLayer(0).getParam("W").dup();
        INDArray x = Fixtures.noise(1, SAMPLES, IN);
        x.putColumn(2, Nd4j.zeros(DataType.DOUBLE, SAMPLES));
        net.fit(x, labels());
        net.fit(x, labels());
        INDArray after = net.getLayer(0).getParam("W");
        assertThat(values(after.getRow(2))).isEqualTo(values(weights.getRow(2)));
        assertThat(values(after.getRow(1))).isNotEqualTo(values(weights.getRow(1)));

        net.fit(Nd4j.zeros(DataType.DOUBLE, SAMPLES, IN), labels());
        assertThat(values(net.params())).doesNotContain(Double.NaN);
    }

    /** What a mask of the labels leaves out is as if it were not there. */
    @ParameterizedTest
    @EnumSource(Learning.class)
    void samplesWithoutALabelAreNotLearntFrom(Learning learning) {
        LearningRule rule = Fixtures.plain().objective(Objective.prediction())
                .plus(Objective.neighbourhood().withWeight(0.3)).build();
        INDArray x = Fixtures.noise(2, SAMPLES, IN, 5);
        MultiLayerNetwork masked = Fixtures.network(
                IbHebb.convert(configuration(5, learning, Reset.SUBTRACTION), rule));
        INDArray mask = Nd4j.ones(DataType.DOUBLE, SAMPLES, 1);
        mask.putScalar(1, 0, 0);
        mask.putScalar(5, 0, 0);
        masked.setLayerMaskArrays(null, mask);
        gradients(masked, new DataSet(x, labels()));
        MultiLayerNetwork without = Fixtures.network(
                IbHebb.convert(configuration(5, learning, Reset.SUBTRACTION), rule));
        int[] rest = {0, 2, 3, 4, 6};
        INDArray[] ofRest = new INDArray[rest.length];
        for (int i = 0; i < rest.length; i++) {
            ofRest[i] = x.get(NDArrayIndex.interval(rest[i], rest[i] + 1));
        }
        gradients(without, new DataSet(Nd4j.concat(0, ofRest), labels().getRows(rest)));
        for (String parameter : List.of("0_W", "0_b", "1_W")) {
            INDArray expected = without.gradient().getGradientFor(parameter).mul((double) SAMPLES / rest.length);
            assertThat(expected.norm2Number().doubleValue()).isPositive();
            assertThat(masked.gradient().getGradientFor(parameter).distance2(expected))
                    .isLessThan(1e-9 * expected.norm2Number().doubleValue());
        }
    }

    /** By back-propagation, which compares no samples; how a local layer's signal is formed is no spiking matter. */
    @ParameterizedTest
    @EnumSource(Learning.class)
    void aMiniBatchIsTheSumOfItsSamples(Learning learning) {
        INDArray x = Fixtures.noise(2, SAMPLES, IN, 5);
        MultiLayerNetwork net = Fixtures.network(configuration(5, learning, Reset.TO_ZERO));
        gradients(net, new DataSet(x, labels()));
        INDArray together = net.gradient().gradient().dup();
        INDArray sum = Nd4j.zeros(DataType.DOUBLE, together.shape());
        for (int sample = 0; sample < SAMPLES; sample++) {
            gradients(net, new DataSet(
                    x.get(NDArrayIndex.interval(sample, sample + 1)), labels().getRow(sample, true)));
            sum.addi(net.gradient().gradient());
        }
        assertThat(sum.distance2(together)).isLessThan(1e-10);
    }

    /** What working memory holds takes the place of the mini-batch. */
    @Test
    void learnsOneSampleAtATime() {
        LearningRule rule = Fixtures.plain().memory(16).build();
        MultiLayerNetwork net = Fixtures.network(
                IbHebb.convert(configuration(5, Learning.FACTORISED, Reset.SUBTRACTION), rule));
        INDArray before = net.getLayer(1).params().dup();
        for (DataSet one : Fixtures.clusters(3, 12, IN, 3).batchBy(1)) {
            net.fit(one);
        }
        assertThat(values(net.params())).doesNotContain(Double.NaN);
        assertThat(values(net.getLayer(1).params())).isNotEqualTo(values(before));
    }

    /** The layer at work inside the local one at the bottom. */
    private static SpikingDense local(MultiLayerNetwork net) {
        return (SpikingDense) ((BaseWrapperLayer) net.getLayer(0)).getUnderlying();
    }

    /** Beside the spikes that Deeplearning4j hands from layer to layer, nothing that learning keeps grows with T. */
    @Test
    void whatLearningKeepsDoesNotGrowWithTime() {
        long[] lengths = new long[2];
        for (int i = 0; i < 2; i++) {
            int steps = i == 0 ? 10 : 1000;
            MultiLayerNetwork net = Fixtures.network(
                    IbHebb.convert(configuration(steps, Learning.FACTORISED, Reset.SUBTRACTION)));
            net.setInput(Fixtures.noise(1, SAMPLES, IN));
            net.feedForward(true, false);
            lengths[i] = local(net).takeSlopes().length();
            assertThat(net.getLayerWiseConfigurations().getConf(0).getLayer()
                    .getMemoryReport(InputType.feedForward(IN))
                    .getMemoryBytes(MemoryType.WORKING_MEMORY_VARIABLE, SAMPLES, MemoryUseMode.TRAINING,
                            CacheMode.NONE, DataType.DOUBLE))
                    .isEqualTo((IN + 2L * 8) * SAMPLES * 8);
        }
        assertThat(lengths).containsExactly(SAMPLES * 8, SAMPLES * 8);
    }

    @Test
    void configurationsAndModelsSurviveBeingWritten() throws Exception {
        MultiLayerConfiguration stock = configuration(
                settings(5, Learning.TRACE, Reset.TO_ZERO).withSynapticDecay(0.3).withRefractorySteps(2),
                new SpikeRateLayer.Builder().scale(7).build());
        MultiLayerConfiguration local = IbHebb.convert(stock);
        for (MultiLayerConfiguration conf : List.of(stock, local)) {
            assertThat(MultiLayerConfiguration.fromJson(conf.toJson())).isEqualTo(conf);
            assertThat(MultiLayerConfiguration.fromYaml(conf.toYaml())).isEqualTo(conf);
            assertThat(conf.clone()).isEqualTo(conf);
        }
        assertThat(IbHebb.revert(local)).isEqualTo(stock);
        assertThat(local).isNotEqualTo(stock);
        assertThat(IbHebb.isConverted(local)).isTrue();
        assertThat(IbHebb.report(local).toString()).contains("SpikingDenseLayer").doesNotContain("wrapped");

        MultiLayerNetwork net = Fixtures.network(local);
        DataSet data = Fixtures.clusters(3, 20, IN, 3);
        net.fit(data);
        File file = folder.resolve("spiking.zip").toFile();
        net.save(file);
        MultiLayerNetwork read = MultiLayerNetwork.load(file, true);
        assertThat(values(read.output(data.getFeatures()))).isEqualTo(values(net.output(data.getFeatures())));
        assertThat(values(IbHebb.revert(net).output(data.getFeatures())))
                .isEqualTo(values(net.output(data.getFeatures())));
        assertThat(values(net.clone().output(data.getFeatures()))).isEqualTo(values(net.output(data.getFeatures())));
        read.fit(data);
    }

    /** As models were written before neurons had more than a membrane, and output layers read more than rates. */
    @Test
    void settingsThatModelsDoNotHaveMeanWhatThereWas() {
        MultiLayerConfiguration conf = configuration(5, Learning.TRACE, Reset.TO_ZERO);
        for (MultiLayerConfiguration each : List.of(conf, IbHebb.convert(conf))) {
            String json = each.toJson().replaceAll(
                    ",\\s*\"(synapticDecay|refractorySteps|last)\" : [0-9.a-z]+|,\\s*\"leak\" : 0[.]0", "");
            assertThat(json).doesNotContain("synapticDecay", "refractorySteps", "last\"", "\"leak\" : 0.0");
            assertThat(MultiLayerConfiguration.fromJson(json)).isEqualTo(each);
        }
    }

    @Test
    void shapesAreInferred() {
        for (InputType type : List.of(InputType.feedForward(IN), InputType.recurrent(IN, 5),
                InputType.convolutional(1, IN, 1))) {
            MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).list()
                    .layer(new SpikingDenseLayer.Builder().nOut(4).timeSteps(5).build())
                    .layer(new SpikingDenseLayer.Builder().nOut(3).build())
                    .layer(new SpikeRateLayer())
                    .layer(Fixtures.readout(0, 3))
                    .setInputType(type)
                    .build();
            assertThat(Fixtures.network(conf).numParams()).isEqualTo((IN + 1) * 4 + 5 * 3 + 4 * 3);
            assertThat(conf.getMemoryReport(type).toString()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Learning.class)
    void learnsToTellClustersApart(Learning learning) {
        for (boolean local : new boolean[] {true, false}) {
            NeuralNetConfiguration.ListBuilder list = Fixtures.builder(new Adam(1e-2)).list()
                    .layer(new SpikingDenseLayer.Builder().nIn(IN).nOut(24).learning(learning).build())
                    .layer(new SpikingDenseLayer.Builder().nIn(24).nOut(16).learning(learning).build())
                    .layer(new SpikeRateLayer())
                    .layer(Fixtures.readout(16, 3));
            MultiLayerNetwork net = Fixtures.network(local ? IbHebb.convert(list.build()) : list.build());
            DataSet data = Fixtures.clusters(3, 60, IN, 3);
            for (int epoch = 0; epoch < 15; epoch++) {
                for (DataSet batch : data.batchBy(20)) {
                    net.fit(batch);
                }
            }
            Evaluation evaluation = new Evaluation(3);
            evaluation.eval(data.getLabels(), net.output(data.getFeatures()));
            assertThat(evaluation.accuracy()).as(learning + (local ? " local" : " back-propagated"))
                    .isGreaterThan(0.9);
        }
    }

    @Test
    void whatDoesNotFitIsRefusedByName() {
        assertThatThrownBy(() -> new SpikingDenseLayer.Builder().leak(1.5).build())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("leak (1.5) must be in [0, 1]");
        assertThatThrownBy(() -> new SpikingDenseLayer.Builder().timeSteps(0).build())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("timeSteps (0)");
        assertThatThrownBy(() -> new SpikeRateLayer.Builder().leak(1))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("leak (1.0) must be in [0, 1)");
        assertThatThrownBy(() -> new SpikeRateLayer.Builder().scale(-1))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("scale (-1.0)");
        MultiLayerNetwork net = Fixtures.network(configuration(5, Learning.FACTORISED, Reset.SUBTRACTION));
        assertThatThrownBy(() -> net.output(Fixtures.noise(1, 3, IN + 1)))
                .hasMessageContaining("(index 0)").hasMessageContaining("[3, 6]");
        assertThatThrownBy(() -> net.output(Fixtures.noise(1, 3, IN, 4), false, Nd4j.ones(3, 4), null))
                .hasMessageContaining("mask");
        assertThatThrownBy(() -> IbHebb.convert(Fixtures.builder(new Sgd(0.1)).list()
                .layer(new SpikingDenseLayer.Builder().nIn(IN).nOut(4).build())
                .layer(new RnnOutputLayer.Builder().nIn(4).nOut(3).build()).build()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("SpikeRateLayer");
        assertThatThrownBy(() -> Fixtures.builder(new Sgd(0.1)).list()
                .layer(new DenseLayer.Builder().nIn(IN).nOut(4).build())
                .layer(new SpikeRateLayer()).layer(Fixtures.readout(4, 3)).build())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("spike trains");
    }

    /** Models' JSON may have settings that no builder lets through. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "timeSteps | 5 | 0 | timeSteps (0) must be at least 1", "timeSteps | 5 | -3 | timeSteps (-3)",
        "leak | 0.75 | 1.5 | leak (1.5) must be in", "threshold | 1.0 | 0.0 | threshold (0.0) must be above 0",
        "steepness | 5.0 | -1.0 | steepness (-1.0)",
        "synapticDecay | 0.0 | 1.0 | synapticDecay (1.0) must be in [0, 1)",
        "refractorySteps | 0 | -2 | refractorySteps (-2) must be at least 0",
        "scale | 10.0 | 0.0 | scale (0.0) must be above 0"})
    void badSettingsOfModelsAreRefusedByName(String setting, String good, String bad, String sentence) {
        for (boolean local : new boolean[] {true, false}) {
            MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).list()
                    .layer(new SpikingDenseLayer.Builder().nIn(IN).nOut(4).timeSteps(5).leak(0.75).build())
                    .layer(new SpikeRateLayer.Builder().scale(10).build()).layer(Fixtures.readout(4, 3)).build();
            String json = (local ? IbHebb.convert(conf) : conf).toJson();
            String damaged = json.replace("\"" + setting + "\" : " + good, "\"" + setting + "\" : " + bad);
            assertThat(damaged).isNotEqualTo(json);
            MultiLayerNetwork net = new MultiLayerNetwork(MultiLayerConfiguration.fromJson(damaged));
            assertThatThrownBy(net::init).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("layer 'layer", "(index ", sentence.trim());
        }
    }

    /** Said by name, and before a workspace is asked: the next network still trains. */
    @Test
    void moreTimeStepsThanThereIsMemoryForAreRefusedByName() {
        // That there is no memory takes a second or two to find out.
        for (Learning learning : List.of(Learning.FACTORISED, Learning.EXACT)) {
            MultiLayerNetwork net =
                    Fixtures.network(configuration(Integer.MAX_VALUE, learning, Reset.SUBTRACTION));
            DataSet batch = new DataSet(Fixtures.noise(1, 3000, IN), Fixtures.oneHot(1, 3000, 3));
            for (int trial = 0; trial < 2; trial++) {
                assertThatThrownBy(() -> net.fit(batch)).isInstanceOf(IllegalStateException.class)
                        .hasMessageContainingAll("(index 0)", "no memory", "3000 samples", "2147483647 time steps",
                                "GB", "smaller mini-batches");
            }
            assertThatThrownBy(() -> net.output(batch.getFeatures())).hasMessageContaining("no memory");
            Fixtures.network(configuration(4, learning, Reset.SUBTRACTION))
                    .fit(new DataSet(Fixtures.noise(1, 3, IN), Fixtures.oneHot(1, 3, 3)));
        }
    }
}
