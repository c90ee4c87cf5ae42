package org.ibhebb.internal.arithmetic;

import static org.ibhebb.internal.arithmetic.Arguments.stride;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** In C++, which goes through each neuron's time steps while its membrane is at hand. */
abstract class NativeSpiking extends NativePlasticity implements Spiking {

    @Override
    public void fire(INDArray currents, int steps, Neuron neuron, INDArray spikes, INDArray slopes, INDArray carried,
            INDArray meanSlope) {
        Arguments.fire(currents, steps, spikes, slopes, carried, meanSlope);
        boolean byRows = Arguments.isByRows(spikes);
        long n = spikes.size(0) / steps;
        NativeLibrary.fire(type(spikes), byRows, steps, n, spikes.size(1), address(currents), currents.size(0) == n,
                neuron.leak(), neuron.threshold(), neuron.toZero(), neuron.steepness(), neuron.synapticDecay(),
                neuron.refractorySteps(), neuron.smooth(), address(spikes), address(slopes), address(carried),
                address(meanSlope));
        Reference.reachabilityFence(currents);
        Reference.reachabilityFence(spikes);
        Reference.reachabilityFence(slopes);
        Reference.reachabilityFence(carried);
        Reference.reachabilityFence(meanSlope);
    }

    @Override
    public void backInTime(INDArray errors, int steps, double factor, Neuron neuron, INDArray slopes, INDArray carried,
            INDArray deltas) {
        Arguments.backInTime(errors, steps, slopes, carried, deltas);
        boolean byRows = Arguments.isByRows(deltas);
        long n = deltas.size(0) / steps;
        NativeLibrary.backInTime(type(deltas), byRows, steps, n, deltas.size(1), address(errors), errors.size(0) == n,
                factor, neuron.leak(), neuron.synapticDecay(), neuron.refractorySteps() > 0, address(slopes),
                address(carried), address(deltas));
        Reference.reachabilityFence(errors);
        Reference.reachabilityFence(slopes);
        Reference.reachabilityFence(carried);
        Reference.reachabilityFence(deltas);
    }

    @Override
    public void overTime(INDArray series, double[] weights, INDArray sum) {
        Arguments.overTime(series, weights, sum);
        if (sum.isEmpty()) {
            return;
        }
        INDArray each = Nd4j.createFromArray(weights);
        NativeLibrary.overTime(type(series), weights.length, sum.size(0), sum.size(1), address(series),
                stride(series, 0), stride(series, 1), address(each), address(sum), stride(sum, 0), stride(sum, 1));
        Reference.reachabilityFence(each);
        Reference.reachabilityFence(series);
        Reference.reachabilityFence(sum);
    }

    private static long address(INDArray array) {
        if (array == null) {
            return 0;
        }
        DataBuffer buffer = array.data();
        return buffer.address() + array.offset() * buffer.getElementSize();
    }

    private static int type(INDArray array) {
        return array.dataType() == DataType.DOUBLE ? NativeLibrary.DOUBLE : NativeLibrary.FLOAT;
    }
}
