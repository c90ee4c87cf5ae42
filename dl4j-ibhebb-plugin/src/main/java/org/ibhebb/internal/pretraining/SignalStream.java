package org.ibhebb.internal.pretraining;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Buffers;
import org.ibhebb.internal.arithmetic.Rows;
import org.ibhebb.internal.memory.Placement;
import org.ibhebb.internal.memory.Slots;
import org.ibhebb.internal.memory.WorkingMemory;
import org.ibhebb.internal.term.prediction.LabelPredictor;
import org.ibhebb.internal.term.window.Window;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The modulatory signal of one layer over a stream of samples: window and working memory without a network. Two of
 * them, one by a rule with a memory network and one by the same rule with an exact memory, show what recall makes of
 * the signal.
 *
 * <pre>{@code
 * SignalStream exact = new SignalStream(LearningRule.builder().memory(8).build());
 * INDArray xi = exact.next(representation, null, List.of(new Labels("classes", oneHot, Labels.Encoding.CLASSES)));
 * }</pre>
 */
public final class SignalStream {

    private final LearningRule rule;
    private final Slots slots;
    private final WorkingMemory activations;
    private final WorkingMemory inputMemory;
    /** Null where the rule has no prediction. */
    private final LabelPredictor predictor;
    private final Map<String, WorkingMemory> labelMemories = new LinkedHashMap<>();

    /**
     * A stream that begins.
     *
     * @param rule the objectives, and the working memory: exact, or recalled; representations are given, so that
     *     normalisation and pooling are not applied here
     * @throws IllegalStateException if the rule's memory network can't be had, saying why
     */
    public SignalStream(LearningRule rule) {
        this.rule = rule;
        slots = new Slots(rule.memory());
        activations = WorkingMemory.ofActivations(rule);
        inputMemory = WorkingMemory.ofInputs(rule);
        predictor = rule.prediction().map(LabelPredictor::new).orElse(null);
    }

    /**
     * The signal of the next samples, which are remembered then.
     *
     * @param rows what the signal sees of their activations: B x d
     * @param inputs the network's inputs for them: B x dx; may be null where no objective reads them
     * @param labels their labels, B rows each, one entry an output
     * @return B x d, as {@link Window#signal} scales it
     */
    public INDArray next(INDArray rows, INDArray inputs, List<Labels> labels) {
        INDArray signal = ofWindow(predictor == null ? rule : rule.faded(predictor.share()), rows, inputs, labels);
        if (predictor != null) {
            predictor.addSignal(rows, labels, rule.prediction().orElseThrow().weight(), signal);
            predictor.learn();
        }
        return signal;
    }

    /**
     * The part of the signal of the next samples that the working memory makes, without any prediction; they are
     * remembered then.
     *
     * @param now the objectives as they weigh now; of the same memory as the stream's rule
     * @param rows as for {@link #next}
     * @param inputs as for {@link #next}
     * @param labels as for {@link #next}
     * @return B x d
     */
    public INDArray ofWindow(LearningRule now, INDArray rows, INDArray inputs, List<Labels> labels) {
        INDArray signal = Nd4j.createUninitialized(rows.dataType(), rows.shape(), 'c');
        List<Placement> plan = slots.plan((int) rows.size(0));
        for (Placement placement : plan) {
            activations.write(placement.part(rows), placement);
            if (rule.readsInput()) {
                inputMemory.write(placement.part(inputs), placement);
            }
            List<Labels> remembered = new ArrayList<>();
            for (Labels output : labels) {
                WorkingMemory memory = labelMemories.computeIfAbsent(
                        output.output(), name -> WorkingMemory.ofLabels(rule, output.encoding()));
                memory.write(placement.part(output.rows()), placement);
                remembered.add(new Labels(output.output(), memory.window(placement).rows(), output.encoding()));
            }
            new Window(Arithmetic.of(rows.dataType()), placement.slot(), placement.count(), placement.window(),
                    rule.readsInput() ? inputMemory.window(placement) : null, remembered, Buffers.fresh())
                    .signal(now, activations.window(placement),
                            Rows.between(signal, placement.from(), placement.from() + placement.count()));
        }
        slots.commit(plan);
        activations.commit();
        inputMemory.commit();
        labelMemories.values().forEach(WorkingMemory::commit);
        return signal;
    }

    /**
     * How many samples the next one will find.
     *
     * @return from 0 to the capacity of the rule's memory
     */
    public int remembered() {
        return slots.filled();
    }
}
