package org.ibhebb.spiking;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Spiking networks as graphs of the Neuromorphic Intermediate Representation (Pedersen et al. 2024, Nature
 * Communications 15:8122), which neuromorphic machines and other simulators read and write: HDF5 files, for which
 * {@code io.jhdf:jhdf} has to be on the class path.
 *
 * <p>NIR's neurons live in continuous time, {@code tau dv/dt = -v + r i}, and their readers take steps of dt seconds.
 * What is written is one chain. A {@link SpikingDenseLayer} of leak &lt; 1 becomes {@code Affine} and {@code LIF} with
 * {@code tau = dt / (1 - leak)} and r = 1, weights and biases divided by {@code 1 - leak}; of leak 1, {@code Affine}
 * and {@code IF} with r = 1. With a synaptic current it becomes {@code Affine} and {@code CubaLIF}, whose leak is below
 * 1: {@code tau_syn = dt / (1 - decay)}, {@code w_in = 1}, weights and biases divided by {@code 1 - decay}, too. NIR
 * has no refractory time. dt is 1e-4, as the metadata say: a reader that takes another one must be told. A {@link
 * SpikingConvolutionLayer} becomes {@code Conv2d} and such neurons in the shape of its feature maps, a {@link
 * SpikePoolingLayer} {@code AvgPool2d} or {@code SumPool2d}, and where a dense layer reads feature maps there is a
 * {@code Flatten} of all dimensions, of which none is that of the batch. A {@link SpikeRateLayer} that scales and an
 * output layer become the last {@code Affine}, whose mean over time is what goes into the output layer's activation
 * function. One with a leak becomes an {@code LI} before that, r = 1, and where the last time step is read the last
 * {@code Affine}'s value at that one goes there; the {@code LI}'s metadata say which ({@code read}: mean or last).
 *
 * <p>What is read may be anyone's: one chain of {@code Affine}, {@code Linear} or {@code Conv2d} nodes, each with
 * {@code LIF}, {@code CubaLIF} or {@code IF} neurons behind it, {@code AvgPool2d}, {@code SumPool2d} and {@code
 * Flatten} between them, and perhaps one more {@code Affine} or {@code Linear} as a readout. {@code Conv2d} has no
 * groups. A {@code Flatten} that starts with dimension 1, as some write who count the batch, is taken for one of all.
 * Leaky neurons take steps of the file's own dt if its metadata have one, and else of 1e-4 seconds: {@code leak = 1 -
 * dt / tau}, and currents {@code r (1 - leak) (W p + b)}; those of {@code IF} neurons are {@code r (W p + b)}. Of
 * {@code CubaLIF} neurons, {@code tau_mem} is tau, and {@code w_in (1 - decay)} multiplies currents that decay by
 * {@code decay = 1 - dt / tau_syn} and reach the membrane in the same time step. All neurons of a layer have one leak,
 * one decay and one threshold; they rest at 0, and a spike sets them to 0. A readout becomes a {@link SpikeRateLayer}
 * and a softmax output layer. It may have an {@code LI} before or behind it, of which the last time step is read unless
 * its metadata say mean; biases that an {@code LI} integrates are read as they are after the file's number of time
 * steps (8 where it has none), with a warning.
 *
 * <p>NIR knows the reset to zero alone: a network that is meant for export is trained with that one. What resets by
 * subtraction is written with a warning, and comes back so by {@link #read}.
 *
 * @since 0.1
 */
public final class Nir {

    private Nir() {}

    /**
     * Writes a network of vectors; or one of images whose size its first pre-processor says, as it does where the input
     * type was {@code convolutionalFlat}.
     *
     * @param network spiking layers, with or without a {@link SpikeRateLayer} that scales and an output layer behind;
     *     converted or not
     * @param file is replaced as a whole, or not at all
     * @throws IllegalArgumentException naming the layer and the reason, if one can't be said in NIR
     * @throws IllegalStateException if the network has not been initialised
     * @throws IOException if the file can't be written
     */
    public static void write(MultiLayerNetwork network, Path file) throws IOException {
        NirExport.write(network, null, file);
    }

    /**
     * Writes a network, of images too: NIR says how large these are, and Deeplearning4j's networks do not.
     *
     * @param network as {@link #write(MultiLayerNetwork, Path)}
     * @param input what a sample is, such as {@code InputType.convolutional(28, 28, 1)}; of no matter where the first
     *     layer is dense
     * @param file is replaced as a whole, or not at all
     * @throws IllegalArgumentException naming the layer and the reason, if one can't be said in NIR, or the input type
     *     is not that of the network
     * @throws IllegalStateException if the network has not been initialised
     * @throws IOException if the file can't be written
     */
    public static void write(MultiLayerNetwork network, InputType input, Path file) throws IOException {
        NirExport.write(network, input, file);
    }

    /**
     * Reads a network.
     *
     * @param file an HDF5 file with a NIR graph
     * @return a network of Deeplearning4j's with its weights, whose updater is Adam: {@code IbHebb.convert} makes it
     *     local
     * @throws IllegalArgumentException naming the file, the node and the reason, if it holds no such network
     * @throws IOException if the file can't be read
     */
    public static MultiLayerNetwork read(Path file) throws IOException {
        return NirImport.read(file);
    }
}
