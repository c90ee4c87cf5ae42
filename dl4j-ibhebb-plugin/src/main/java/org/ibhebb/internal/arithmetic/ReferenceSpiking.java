package org.ibhebb.internal.arithmetic;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Composed of ND4J's operations. */
abstract class ReferenceSpiking extends ReferencePlasticity implements Spiking {

    /** A slope of 0 says that the neuron is refractory; those of all others are as large in single precision. */
    private static final double SMALLEST = Float.MIN_NORMAL;

    @Override
    public void fire(INDArray currents, int steps, Neuron neuron, INDArray spikes, INDArray slopes, INDArray carried,
            INDArray meanSlope) {
        Arguments.fire(currents, steps, spikes, slopes, carried, meanSlope);
        int n = (int) spikes.size(0) / steps;
        INDArray membrane = Nd4j.zeros(spikes.dataType(), n, spikes.size(1));
        Synapses synapses = new Synapses(neuron, membrane);
        Rest rest = new Rest(neuron, membrane);
        if (meanSlope != null) {
            meanSlope.assign(0);
        }
        for (int step = 0; step < steps; step++) {
            INDArray before = neuron.refractorySteps() > 0 ? membrane.dup() : null;
            INDArray u = membrane.muli(neuron.leak()).addi(synapses.current(at(currents, step, n)));
            INDArray beyond = u.sub(neuron.threshold());
            INDArray root = Transforms.abs(beyond).muli(neuron.steepness()).addi(1).rdivi(1);
            INDArray slope = root.mul(root);
            INDArray fired = neuron.smooth()
                    ? root.muli(beyond).addi(0.5)
                    : beyond.gt(0).castTo(spikes.dataType());
            if (carried != null) {
                at(carried, step, n).assign(neuron.toZero()
                        ? fired.rsub(1).subi(u.mul(slope))
                        : slope.mul(neuron.threshold()).rsubi(1));
            }
            membrane = neuron.toZero() ? u.muli(fired.rsub(1)) : u.subi(fired.mul(neuron.threshold()));
            if (before != null) {
                INDArray awake = rest.awake(beyond);
                fired.muli(awake);
                Transforms.max(slope, SMALLEST, false).muli(awake);
                if (carried != null) {
                    at(carried, step, n).subi(1).muli(awake).addi(1);
                }
                membrane.subi(before).muli(awake).addi(before);
            }
            if (slopes != null) {
                at(slopes, step, n).assign(slope);
            }
            if (meanSlope != null) {
                meanSlope.addi(slope.muli(1.0 / steps));
            }
            at(spikes, step, n).assign(fired);
        }
    }

    @Override
    public void backInTime(INDArray errors, int steps, double factor, Neuron neuron, INDArray slopes, INDArray carried,
            INDArray deltas) {
        Arguments.backInTime(errors, steps, slopes, carried, deltas);
        int n = (int) deltas.size(0) / steps;
        // Of the membrane after a time step.
        INDArray later = Nd4j.zeros(deltas.dataType(), n, deltas.size(1));
        Synapses synapses = new Synapses(neuron, later);
        for (int step = steps - 1; step >= 0; step--) {
            INDArray delta = carried == null ? later.dup() : later.mul(at(carried, step, n));
            INDArray own = at(errors, step, n).mul(factor);
            delta.addi(slopes == null ? own : own.muli(at(slopes, step, n)));
            if (slopes != null && neuron.refractorySteps() > 0) {
                INDArray awake = at(slopes, step, n).neq(0).castTo(deltas.dataType());
                delta.muli(awake);
                later.muli(awake.rsub(1)).addi(delta.mul(neuron.leak()));
            } else {
                later = delta.mul(neuron.leak());
            }
            at(deltas, step, n).assign(synapses.current(delta));
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

    /** What synapses keep of what goes through them, from one time step to the next. */
    private static final class Synapses {

        private final double kept;
        private final INDArray current;

        Synapses(Neuron neuron, INDArray like) {
            kept = neuron.synapticDecay();
            current = kept > 0 ? Nd4j.zeros(like.dataType(), like.shape()) : null;
        }

        /** With what comes at the next time step; the array itself where nothing is kept. */
        INDArray current(INDArray coming) {
            return current == null ? coming : current.muli(kept).addi(coming);
        }
    }

    /** For how many more time steps neurons are refractory. */
    private static final class Rest {

        private final int steps;
        private final INDArray left;

        Rest(Neuron neuron, INDArray like) {
            steps = neuron.refractorySteps();
            left = steps > 0 ? Nd4j.zeros(DataType.DOUBLE, like.shape()) : null;
        }

        /** 1 where a neuron is awake at this time step, and 0 elsewhere; those of them that fire now are not next. */
        INDArray awake(INDArray beyond) {
            INDArray awake = left.lte(0).castTo(DataType.DOUBLE);
            INDArray begins = beyond.gt(0).castTo(DataType.DOUBLE).muli(awake).muli(steps);
            Transforms.max(left.subi(1), 0, false).addi(begins);
            return awake.castTo(beyond.dataType());
        }
    }

    /** What is the same at every time step has no others. */
    private static INDArray at(INDArray series, int step, int n) {
        return series.size(0) == n ? series : Rows.between(series, step * n, (step + 1) * n);
    }
}
