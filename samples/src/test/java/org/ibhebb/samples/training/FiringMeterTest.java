package org.ibhebb.samples.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.spiking.SpikePoolingLayer;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingConvolutionLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Spikes and synaptic operations, against plain loops. */
class FiringMeterTest {

    private static final double LEAK = 0.9;
    private static final int CLASSES = 2;
    private static final double EXACT = 1e-9;

    private final Random random = new Random(5);

    private static OutputLayer output(int in) {
        OutputLayer.Builder output = new OutputLayer.Builder(LossFunction.MCXENT).nOut(CLASSES);
        if (in > 0) {
            output.nIn(in);
        }
        return output.build();
    }

    private MultiLayerNetwork dense(int[] sizes, int steps) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().list();
        for (int i = 1; i < sizes.length; i++) {
            layers.layer(new SpikingDenseLayer.Builder().nIn(sizes[i - 1]).nOut(sizes[i]).timeSteps(steps).build());
        }
        return ready(layers.layer(new SpikeRateLayer.Builder().scale(10).build())
                .layer(output(sizes[sizes.length - 1])));
    }

    /** Weights large enough for spikes, a third of them 0; biases that must not count. */
    private MultiLayerNetwork ready(NeuralNetConfiguration.ListBuilder layers) {
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        for (int i = 0; i < network.numParams(); i++) {
            network.params().putScalar(i, random.nextInt(3) == 0 ? 0 : random.nextGaussian());
        }
        return network;
    }

    private INDArray given(boolean spikes, long... shape) {
        INDArray given = Nd4j.zeros(DataType.FLOAT, shape);
        for (int i = 0; i < given.length(); i++) {
            given.putScalar(i, random.nextInt(2) == 0 ? 0 : spikes ? 1 : random.nextDouble());
        }
        return given;
    }

    /** Sample, time step, neuron. */
    private static double[][][] sequence(INDArray inputs, int steps) {
        double[][][] values = new double[(int) inputs.size(0)][steps][(int) inputs.size(1)];
        for (int n = 0; n < values.length; n++) {
            for (int t = 0; t < steps; t++) {
                for (int i = 0; i < values[n][t].length; i++) {
                    values[n][t][i] = inputs.rank() == 2 ? inputs.getDouble(n, i) : inputs.getDouble(n, i, t);
                }
            }
        }
        return values;
    }

    private static double[][][] fired(double[][][] inputs, INDArray weights, INDArray bias) {
        double[][][] spikes = new double[inputs.length][inputs[0].length][(int) weights.size(1)];
        for (int n = 0; n < inputs.length; n++) {
            for (int j = 0; j < weights.size(1); j++) {
                double membrane = 0;
                for (int t = 0; t < inputs[n].length; t++) {
                    membrane = LEAK * membrane + bias.getDouble(j);
                    for (int i = 0; i < weights.size(0); i++) {
                        membrane += inputs[n][t][i] * weights.getDouble(i, j);
                    }
                    spikes[n][t][j] = membrane > 1 ? 1 : 0;
                    membrane -= spikes[n][t][j];
                }
            }
        }
        return spikes;
    }

    private static double effective(double[][][] inputs, INDArray weights) {
        double operations = 0;
        for (double[][] sample : inputs) {
            for (double[] step : sample) {
                for (int i = 0; i < step.length; i++) {
                    for (int j = 0; j < weights.size(1); j++) {
                        operations += step[i] != 0 && weights.getDouble(i, j) != 0 ? 1 : 0;
                    }
                }
            }
        }
        return operations;
    }

    /** More samples than go through at a time; one sample and one time step too. */
    @ParameterizedTest
    @CsvSource({"false, 130, 6", "true, 130, 6", "false, 1, 1", "true, 1, 3"})
    void denseLayersAreCountedAsAPlainLoopDoes(boolean spikes, int samples, int steps) {
        int[] sizes = {5, 7, 4};
        MultiLayerNetwork network = dense(sizes, steps);
        INDArray inputs = spikes ? given(true, samples, 5, steps) : given(false, samples, 5);

        Firing firing = FiringMeter.of(network, inputs);

        List<double[][][]> activity = new ArrayList<>();
        activity.add(sequence(inputs, steps));
        double acs = 0;
        double all = 0;
        for (int layer = 0; layer < 2; layer++) {
            INDArray weights = network.getLayer(layer).getParam("W");
            double[][][] made = fired(activity.get(layer), weights, network.getLayer(layer).getParam("b"));
            activity.add(made);
            check(firing.layers().get(layer), made);
            all += total(made);
            if (layer > 0 || spikes) {
                acs += effective(activity.get(layer), weights);
            }
        }
        // What is the same at each time step is multiplied once.
        double macs = spikes ? 0 : effective(sequence(inputs, 1), network.getLayer(0).getParam("W"));
        double[][][] rates = new double[samples][1][4];
        for (int n = 0; n < samples; n++) {
            for (double[] step : activity.get(2)[n]) {
                for (int j = 0; j < 4; j++) {
                    rates[n][0][j] += step[j];
                }
            }
        }
        macs += effective(rates, network.getLayer(3).getParam("W"));
        int first = spikes ? steps : 1;
        assertThat(firing.samples()).isEqualTo(samples);
        assertThat(firing.synapticOperations().effectiveAcs()).isEqualTo(acs / samples, within(EXACT));
        assertThat(firing.synapticOperations().effectiveMacs()).isEqualTo(macs / samples, within(EXACT));
        assertThat(firing.synapticOperations().dense())
                .isEqualTo(first * 5 * 7 + steps * 7 * 4 + 4 * CLASSES, within(EXACT));
        assertThat(firing.activationSparsity()).isEqualTo(1 - all / (samples * steps * 11), within(EXACT));
        assertThat(firing.footprintBytes()).isEqualTo(4 * (5 * 7 + 7 + 7 * 4 + 4 + 4 * 2 + 2 + 11));
        int zeros = 0;
        for (int layer : new int[] {0, 1, 3}) {
            INDArray weights = network.getLayer(layer).getParam("W");
            for (int i = 0; i < weights.length(); i++) {
                zeros += weights.getDouble(i) == 0 ? 1 : 0;
            }
        }
        assertThat(firing.connectionSparsity()).isEqualTo(zeros / (5.0 * 7 + 7 * 4 + 4 * 2), within(EXACT));
    }

    private static double total(double[][][] made) {
        double sum = 0;
        for (double[][] sample : made) {
            for (double[] step : sample) {
                for (double spike : step) {
                    sum += spike;
                }
            }
        }
        return sum;
    }

    private static void check(Firing.OfLayer layer, double[][][] made) {
        int neurons = made[0][0].length;
        double times = (double) made.length * made[0].length;
        double silent = 0;
        double saturated = 0;
        Integer[] histogram = new Integer[20];
        Arrays.fill(histogram, 0);
        for (int j = 0; j < neurons; j++) {
            double count = 0;
            for (double[][] sample : made) {
                for (double[] step : sample) {
                    count += step[j];
                }
            }
            silent += count == 0 ? 1 : 0;
            saturated += count / times > 0.9 ? 1 : 0;
            histogram[count == times ? 19 : (int) (count / times * 20)]++;
        }
        assertThat(layer.neurons()).isEqualTo(neurons);
        assertThat(layer.timeSteps()).isEqualTo(made[0].length);
        assertThat(layer.rate()).isEqualTo(total(made) / (times * neurons), within(EXACT));
        assertThat(layer.silent()).isEqualTo(silent / neurons, within(1e-6));
        assertThat(layer.saturated()).isEqualTo(saturated / neurons, within(1e-6));
        assertThat(layer.histogram()).containsExactly(histogram);
    }

    @ParameterizedTest
    @CsvSource({"Same, 1, 0, 1", "Same, 2, 0, 1", "Truncate, 1, 1, 1", "Truncate, 2, 1, 1", "Truncate, 1, 0, 2"})
    void convolutionsAreCountedAsAPlainLoopDoes(ConvolutionMode mode, int stride, int padding, int dilation) {
        int samples = 3;
        int steps = 4;
        MultiLayerNetwork network = ready(new NeuralNetConfiguration.Builder().list()
                .layer(new SpikingConvolutionLayer.Builder(3, 2).nOut(3).timeSteps(steps).convolutionMode(mode)
                        .stride(stride, stride).padding(padding, padding).dilation(dilation, dilation).build())
                .layer(new SpikingConvolutionLayer.Builder(2, 2).nOut(2).build())
                .layer(new SpikeRateLayer.Builder().scale(10).build())
                .layer(output(0))
                .setInputType(InputType.convolutional3D(
                        Convolution3D.DataFormat.NCDHW, steps, 7, 6, 2)));
        INDArray inputs = given(true, samples, 2, steps, 7, 6);
        List<INDArray> activations = network.feedForward(inputs, false);

        Firing firing = FiringMeter.of(network, inputs);

        int top = padding;
        int left = padding;
        if (mode == ConvolutionMode.Same) {
            // What TensorFlow's documentation says of SAME: the smaller half comes first.
            top = Math.max(0, ((7 + stride - 1) / stride - 1) * stride + 3 - 7) / 2;
            left = Math.max(0, ((6 + stride - 1) / stride - 1) * stride + 2 - 6) / 2;
        }
        double[] first = convolved(inputs, activations.get(1), network.getLayer(0).getParam("W"), stride, top, left,
                dilation);
        double[] second = convolved(activations.get(1), activations.get(2), network.getLayer(1).getParam("W"), 1, 0, 0,
                1);
        double[] last = read(activations.get(3), network.getLayer(3).getParam("W"));
        assertThat(firing.synapticOperations().effectiveAcs())
                .isEqualTo((first[1] + second[1]) / samples, within(EXACT));
        assertThat(firing.synapticOperations().effectiveMacs()).isEqualTo(last[1] / samples, within(EXACT));
        assertThat(firing.synapticOperations().dense())
                .isEqualTo((first[0] + second[0] + last[0]) / samples, within(EXACT));
        assertThat(firing.layers()).extracting(Firing.OfLayer::neurons).containsExactly(
                activations.get(1).length() / samples / steps, activations.get(2).length() / samples / steps);
        assertThat(firing.layers().get(1).rate())
                .isEqualTo(activations.get(2).meanNumber().doubleValue(), within(1e-6));
    }

    /** All operations, and those of what is not 0: output by output. */
    private static double[] convolved(
            INDArray in, INDArray out, INDArray weights, int stride, int top, int left, int dilation) {
        double[] operations = new double[2];
        for (int n = 0; n < in.size(0); n++) {
            for (int t = 0; t < in.size(2); t++) {
                for (int map = 0; map < out.size(1); map++) {
                    for (int y = 0; y < out.size(3); y++) {
                        for (int x = 0; x < out.size(4); x++) {
                            for (int c = 0; c < in.size(1); c++) {
                                for (int ky = 0; ky < weights.size(2); ky++) {
                                    for (int kx = 0; kx < weights.size(3); kx++) {
                                        int row = y * stride - top + ky * dilation;
                                        int column = x * stride - left + kx * dilation;
                                        if (row < 0 || row >= in.size(3) || column < 0 || column >= in.size(4)) {
                                            continue;
                                        }
                                        operations[0]++;
                                        boolean works = in.getDouble(n, c, t, row, column) != 0
                                                && weights.getDouble(map, c, ky, kx) != 0;
                                        operations[1] += works ? 1 : 0;
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return operations;
    }

    private static double[] read(INDArray rates, INDArray weights) {
        INDArray rows = rates.reshape('c', rates.size(0), weights.size(0));
        double[][][] inputs = new double[(int) rows.size(0)][1][];
        for (int n = 0; n < inputs.length; n++) {
            inputs[n][0] = rows.getRow(n).dup().toDoubleVector();
        }
        return new double[] {rows.size(0) * weights.length(), effective(inputs, weights)};
    }

    /** Averages of spikes are no spikes. */
    @Test
    void behindAPoolingAreMultiplications() {
        MultiLayerNetwork network = ready(new NeuralNetConfiguration.Builder().list()
                .layer(new SpikingConvolutionLayer.Builder(1, 1).nOut(1).timeSteps(3).build())
                .layer(new SpikePoolingLayer())
                .layer(new SpikingDenseLayer.Builder().nOut(3).build())
                .layer(new SpikeRateLayer.Builder().scale(10).build())
                .layer(output(0))
                .setInputType(InputType.convolutional(4, 4, 1)));
        network.getLayer(0).getParam("W").assign(4);
        network.getLayer(0).getParam("b").assign(0);
        INDArray image = Nd4j.zeros(DataType.FLOAT, 1, 1, 4, 4);
        image.putScalar(0, 0.5);
        Firing firing = FiringMeter.of(network, image);
        // One of four pixels makes an average of a quarter, at three time steps, for each of three neurons but zeros.
        INDArray weights = network.getLayer(2).getParam("W").getRow(0);
        int quarters = 3 * weights.neq(0).castTo(DataType.FLOAT).sumNumber().intValue();
        double readout = read(network.feedForward(image, false).get(4), network.getLayer(4).getParam("W"))[1];
        assertThat(firing.layers().get(0).rate()).isEqualTo(1.0 / 16, within(EXACT));
        assertThat(firing.synapticOperations().effectiveAcs()).isZero();
        assertThat(firing.synapticOperations().effectiveMacs()).isEqualTo(1 + quarters + readout, within(EXACT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dense", "convolution"})
    void trainsAreTheLayersSpikes(String kind) {
        boolean convolution = kind.equals("convolution");
        MultiLayerNetwork network = convolution
                ? ready(new NeuralNetConfiguration.Builder().list()
                        .layer(new SpikingConvolutionLayer.Builder(2, 2).nOut(3).timeSteps(5).build())
                        .layer(new SpikeRateLayer.Builder().scale(10).build())
                        .layer(output(0))
                        .setInputType(InputType.convolutional(4, 3, 2)))
                : dense(new int[] {6, 5, 4}, 5);
        INDArray inputs = convolution ? given(false, 3, 2, 4, 3) : given(false, 3, 6);
        INDArray labels = Nd4j.create(new float[][] {{1, 0}, {0, 1}, {0, 1}});
        List<INDArray> activations = network.feedForward(inputs, false);

        List<SpikeTrains> trains = SpikeTrains.of(network, new DataSet(inputs, labels));

        assertThat(trains).extracting(SpikeTrains::label).containsExactly(0, 1, 1);
        for (int n = 0; n < 3; n++) {
            assertThat(trains.get(n).layers()).hasSize(convolution ? 1 : 2);
            for (int layer = 0; layer < trains.get(n).layers().size(); layer++) {
                List<boolean[]> neurons = trains.get(n).layers().get(layer).neurons();
                INDArray spikes = activations.get(layer + 1);
                assertThat(neurons).hasSize((int) (spikes.length() / 3 / 5));
                for (int neuron = 0; neuron < neurons.size(); neuron++) {
                    for (int t = 0; t < 5; t++) {
                        double spike = convolution
                                ? spikes.getDouble(n, neuron / 6, t, neuron / 2 % 3, neuron % 2)
                                : spikes.getDouble(n, neuron, t);
                        assertThat(neurons.get(neuron)[t]).isEqualTo(spike != 0);
                    }
                }
            }
        }
    }
}
