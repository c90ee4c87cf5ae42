package org.ibhebb.internal.ledger;

import java.util.ArrayList;
import java.util.List;
import org.ibhebb.internal.ledger.Stage.Type;
import org.ibhebb.ledger.Ledger.Access;
import org.ibhebb.ledger.Ledger.Kind;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingDenseLayer.Learning;
import org.ibhebb.spiking.SpikingLayer;

/** Layers of spiking neurons, and those that make rates of spike trains, as {@code SpikingNeurons} does it. */
final class Firing {

    private final Sheet sheet;
    private final Arrays arrays;
    private final Products products;
    private final long samples;
    private final boolean lean;

    Firing(Sheet sheet, Arrays arrays, Products products, long samples, boolean lean) {
        this.sheet = sheet;
        this.arrays = arrays;
        this.products = products;
        this.samples = samples;
        this.lean = lean;
    }

    static Learning learning(Stage stage) {
        return ((SpikingLayer) stage.layer()).getSettings().getLearning();
    }

    /** Whether it is a layer whose signal sees, and is, one for each time step. */
    static boolean learnsAtEveryStep(Stage stage) {
        return stage.type() == Type.SPIKING && learning(stage) == Learning.PER_STEP;
    }

    private static int synapses(Stage stage) {
        return ((SpikingLayer) stage.layer()).getSettings().getSynapticDecay() > 0 ? 1 : 0;
    }

    /** Of each time step, or their mean. */
    private Array slopes(Stage stage, boolean mean) {
        return arrays.of(stage.name() + " slopes", Kind.ACTIVATION, samples * (mean ? stage.neurons() : stage.out()));
    }

    /** What a reset leaves of errors; null where they do not go through it. */
    private Array carried(Stage stage) {
        return learning(stage) == Learning.EXACT
                ? arrays.of(stage.name() + " carried", Kind.ACTIVATION, samples * stage.out())
                : null;
    }

    /**
     * Currents, and what neurons make of them.
     *
     * @param weights what is read of parameters
     * @param mean whether slopes are kept as their mean over time
     */
    void forward(Stage stage, Access[] weights, boolean mean) {
        Array spikes = arrays.output(stage);
        boolean constant = !stage.readsSequence() && stage.steps() > 1;
        Array currents = constant
                ? arrays.of(stage.name() + " currents", Kind.ACTIVATION, samples * stage.neurons())
                : spikes;
        products.forward(stage, true, weights, currents);
        List<Access> all = new ArrayList<>();
        if (constant) {
            all.add(currents.read());
            all.add(spikes.write());
        } else {
            all.add(spikes.update());
        }
        all.add(slopes(stage, mean).write());
        if (!mean && carried(stage) != null) {
            all.add(carried(stage).write());
        }
        // A leak is a multiplication for each neuron and time step, and so is a synapse's decay.
        sheet.seam("fire", (1 + synapses(stage)) * samples * stage.out(), 1, all.toArray(Access[]::new));
    }

    /** Whether neurons fire at all; where a signal sees their rates, those say so. */
    void countSpikes(Stage stage) {
        if (!lean) {
            sheet.seam("meanSquare", arrays.output(stage).read());
        }
    }

    /** How often each neuron fires: what a signal sees. */
    Array rates(Stage stage) {
        Array rates = arrays.of(stage.name() + " rates", Kind.ACTIVATION, samples * stage.neurons());
        sheet.seam("overTime", samples * stage.out(), arrays.activityOfOutput(stage), arrays.output(stage).read(),
                rates.write());
        return rates;
    }

    /** How often each neuron has fired lately, at each time step. */
    Array runningRates(Stage stage) {
        Array spikes = arrays.output(stage);
        Array rates = arrays.of(stage.name() + " running rates", Kind.ACTIVATION, samples * stage.out());
        long later = rates.bytes() / stage.steps() * (stage.steps() - 1);
        Array kept = arrays.of(stage.name() + " rates kept", Kind.SCRATCH, samples * stage.neurons());
        sheet.other("running rates", spikes.read(), rates.write(), lean ? null : rates.update(), rates.read(later),
                lean ? null : kept.write(later), lean ? null : kept.read(later), lean ? null : rates.update(later));
        return rates;
    }

    /** A signal's errors meet each neuron's slope, or its mean over time. */
    void timesSlope(Stage stage, Array signal, boolean mean) {
        sheet.other(mean ? "times mean slope" : "times slope", slopes(stage, mean).read(), signal.update(),
                mean || lean ? null : signal.update());
    }

    /** The mean over time of each input's trace. */
    Array trace(Stage stage) {
        Array trace = arrays.of(stage.name() + " trace", Kind.ACTIVATION,
                samples * stage.in() / Math.max(1, stage.inputSteps()));
        if (stage.readsSequence()) {
            sheet.seam("overTime", samples * stage.in(), arrays.activity(stage), arrays.input(stage).read(),
                    trace.write());
        } else {
            sheet.other("trace", arrays.input(stage).read(), trace.write());
        }
        return trace;
    }

    /**
     * Errors of currents from those of spikes.
     *
     * @param errors of each time step, or one for all of them
     * @return summed over time where what came in is the same all the time
     */
    Array backInTime(Stage stage, Array errors) {
        Array deltas = arrays.of(stage.name() + " deltas", Kind.SIGNAL, samples * stage.out());
        Array carried = carried(stage);
        sheet.seam("backInTime", macsBackInTime(stage), 1, errors.read(), slopes(stage, false).read(),
                carried == null ? null : carried.read(), deltas.write());
        return summed(stage, deltas);
    }

    /** What meets an input at each time step, of errors that meet its trace; summed as above. */
    Array meetingInputs(Stage stage, Array errors) {
        Array deltas = arrays.of(stage.name() + " deltas", Kind.SIGNAL, samples * stage.out());
        sheet.seam("backInTime", macsBackInTime(stage), 1, errors.read(), deltas.write());
        return summed(stage, deltas);
    }

    private long macsBackInTime(Stage stage) {
        return (2 + synapses(stage)) * samples * stage.out();
    }

    private Array summed(Stage stage, Array deltas) {
        if (stage.readsSequence() || stage.steps() == 1) {
            return deltas;
        }
        Array summed = arrays.of(stage.name() + " delta", Kind.SIGNAL, samples * stage.neurons());
        sheet.seam("overTime", samples * stage.out(), 1, deltas.read(), summed.write());
        return summed;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Rates
    // ----------------------------------------------------------------------------------------------------------------

    private static boolean normalizes(Stage stage) {
        return ((SpikeRateLayer) stage.layer()).isNormalized();
    }

    private Array inverseDeviation(Stage stage) {
        return arrays.of(stage.name() + " inverse deviation", Kind.ACTIVATION, samples);
    }

    private Array rows(Stage stage) {
        return lean ? arrays.output(stage)
                : arrays.of(stage.name() + " rows", Kind.ACTIVATION, samples * stage.out());
    }

    void rate(Stage stage) {
        Array output = arrays.output(stage);
        sheet.seam("overTime", samples * stage.in(), arrays.activity(stage), arrays.input(stage).read(),
                output.write());
        if (normalizes(stage)) {
            Array raw = lean ? output : arrays.of(stage.name() + " raw", Kind.ACTIVATION, samples * stage.out());
            if (!lean) {
                sheet.other("copy rates", output.read(), raw.write());
            }
            sheet.seam("normalize", raw.read(), output.write(), inverseDeviation(stage).write(),
                    lean ? null : output.update());
            if (!lean) {
                sheet.other("keep rates", output.read(), rows(stage).write());
            }
        }
    }

    /** From errors of rates to those of spikes. */
    void rateBackwards(Stage stage, Array below) {
        Array errors = arrays.error(stage);
        if (normalizes(stage)) {
            sheet.seam("denormalize", errors.read(), rows(stage).read(), inverseDeviation(stage).read(),
                    arrays.of(stage.name() + " derivative", Kind.SIGNAL, samples * stage.out()).write());
        } else {
            sheet.other("scale", errors.update());
        }
        sheet.other("to all time steps", errors.read(), below.write());
    }
}
