package org.ibhebb.samples.suite;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Stock networks by a short text, as a user of Deeplearning4j builds them: {@code dense:64,32} (dense layers),
 * {@code conv:20,50} (convolutions, each followed by a pooling that halves the image), {@code conv-bn:24,48} (the same
 * with batch normalisation), {@code lstm:16} (an answer every step) and {@code lstm-last:16} (one at the end;
 * {@code rnn-last:16} likewise, of simple recurrent neurons).
 */
final class Networks {

    private Networks() {}

    /**
     * A configuration in which nothing knows of a learning rule.
     *
     * @param hidden updater of all layers but the last
     * @param output updater of the last
     */
    static MultiLayerConfiguration configure(Task task, TaskData data, IUpdater hidden, IUpdater output, long seed) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .activation(task.activation())
                .weightInit(initialisation(task.activation()))
                .updater(hidden)
                .list();
        String[] parts = task.network().split(":");
        List<Integer> sizes = Arrays.stream(parts[1].split(",")).map(Integer::valueOf).toList();
        for (int size : sizes) {
            switch (parts[0]) {
                case "dense" -> layers.layer(new DenseLayer.Builder().nOut(size).build());
                case "conv" -> layers.layer(convolution(size).build()).layer(pool());
                case "conv-bn" -> layers
                        .layer(convolution(size).activation(Activation.IDENTITY).hasBias(false).build())
                        .layer(new BatchNormalization())
                        .layer(new ActivationLayer(task.activation()))
                        .layer(pool());
                case "lstm" -> layers.layer(new LSTM.Builder().nOut(size).build());
                case "lstm-last" -> layers.layer(new LastTimeStep(new LSTM.Builder().nOut(size).build()));
                case "rnn-last" -> layers.layer(new LastTimeStep(new SimpleRnn.Builder().nOut(size).build()));
                default -> throw new IllegalArgumentException("there is no network '" + task.network() + "'");
            }
        }
        int outputs = (int) data.labelShape()[0];
        Measure measure = data.measure();
        if (data.labelShape().length == 2) {
            layers.layer(new RnnOutputLayer.Builder(measure.loss).activation(measure.activation).nOut(outputs)
                    .weightInit(WeightInit.XAVIER).updater(output).build());
        } else {
            layers.layer(new OutputLayer.Builder(measure.loss).activation(measure.activation).nOut(outputs)
                    .weightInit(WeightInit.XAVIER).updater(output).build());
        }
        return layers.setInputType(input(task, data)).build();
    }

    /** Whether a sample is one long row to the network. */
    static boolean takesRows(Task task) {
        return task.network().startsWith("dense");
    }

    private static InputType input(Task task, TaskData data) {
        long[] shape = data.shape();
        if (takesRows(task)) {
            return InputType.feedForward(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
        }
        return shape.length == 3
                ? InputType.convolutional(shape[1], shape[2], shape[0])
                : InputType.recurrent(shape[0], shape[1]);
    }

    private static WeightInit initialisation(Activation activation) {
        return activation == Activation.RELU || activation == Activation.LEAKYRELU
                ? WeightInit.RELU
                : WeightInit.XAVIER;
    }

    private static ConvolutionLayer.Builder convolution(int maps) {
        return new ConvolutionLayer.Builder(3, 3).nOut(maps).convolutionMode(ConvolutionMode.Same);
    }

    private static SubsamplingLayer pool() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX).kernelSize(2, 2).stride(2, 2).build();
    }
}
