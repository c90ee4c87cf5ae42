package org.ibhebb.internal.arithmetic;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Composed of ND4J's operations. */
abstract class ReferenceSpiking extends ReferencePlasticity implements Spiking {

    @Override
    public void fire(INDArray currents, int steps, Neuron neuron, INDArray spikes, INDArray slopes, INDArray carried,
            INDArray meanSlope) {
        Arguments.fire(currents, steps, spikes, slopes, carried, meanSlope);
        int n = (int) spikes.size(0) / steps;
        INDArray membrane = Nd4j.zeros(spikes.dataType(), n, spikes.size(1));
        if (meanSlope != null) {
            meanSlope.assign(0);
        }
        for (int step = 0; step < steps; step++) {
            INDArray u = membrane.muli(neuron.leak()).addi(at(currents, step, n));
            INDArray beyond = u.sub(neuron.threshold());
            INDArray root = Transforms.abs(beyond).muli(neuron.steepness()).addi(1).rdivi(1);
            INDArray slope = root.mul(root);
            INDArray fired = neuron.smooth()
                    ? root.muli(beyond).addi(0.5)
                    : beyond.gt(0).castTo(spikes.dataType());
            if (slopes != null) {
                at(slopes, step, n).assign(slope);
            }
            if (carried != null) {
                at(carried, step, n).assign(neuron.toZero()
                        ? fired.rsub(1).subi(u.mul(slope))
                        : slope.mul(neuron.threshold()).rsubi(1));
            }
            if (meanSlope != null) {
                meanSlope.addi(slope.muli(1.0 / steps));
            }
            membrane = neuron.toZero() ? u.muli(fired.rsub(1)) : u.subi(fired.mul(neuron.threshold()));
            at(spikes, step, n).assign(fired);
        }
    }

    @Override
    public void backInTime(INDArray errors, int steps, double factor, double leak, INDArray slopes, INDArray carried,
            INDArray deltas) {
        Arguments.backInTime(errors, steps, slopes, carried, deltas);
        int n = (int) deltas.size(0) / steps;
        INDArray delta = Nd4j.zeros(deltas.dataType(), n, deltas.size(1));
        for (int step = steps - 1; step >= 0; step--) {
            delta.muli(leak);
            if (carried != null) {
                delta.muli(at(carried, step, n));
            }
            delta.addi(at(errors, step, n).mul(at(slopes, step, n)).muli(factor));
            at(deltas, step, n).assign(delta);
        }
    }

    @Override
    public void overTime(INDArray series, double[] weights, INDArray sum) {
        Arguments.overTime(series, weights, sum);
        int n = (int) sum.size(0);
        sum.assign(0);
        for (int step = 0; step < weights.length; step++) {
            sum.addi(at(series, step, n).mul(weights[step]));
        }
    }

    /** What is the same at every time step has no others. */
    private static INDArray at(INDArray series, int step, int n) {
        return series.size(0) == n ? series : Rows.between(series, step * n, (step + 1) * n);
    }
}
