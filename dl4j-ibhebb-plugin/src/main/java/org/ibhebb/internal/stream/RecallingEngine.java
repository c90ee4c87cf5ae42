package org.ibhebb.internal.stream;

import java.util.ArrayList;
import java.util.List;
import org.ibhebb.internal.memory.Recaller;
import org.ibhebb.internal.memory.Recollection;
import org.ibhebb.internal.stream.Plan.Layer;
import org.ibhebb.internal.view.Labels;

/**
 * An engine whose samples are remembered by a memory network: before each sample, the ones before it are recalled into
 * the places where an exact memory would have kept them, and afterwards the sample itself is taken in. It does one
 * sample after the other, and is used by one thread at a time for learning.
 */
final class RecallingEngine implements Engine {

    private final Engine engine;
    private final List<Quantity> quantities = new ArrayList<>();
    private final Contents contents;
    private final Batch one;

    /**
     * @param engine does all the rest
     * @param network recalls
     * @param contents of the network whose samples it recalls; what has been taken in is in its state
     */
    RecallingEngine(Engine engine, Recaller network, Contents contents) {
        this.engine = engine;
        this.contents = contents;
        Plan plan = contents.plan();
        this.one = new Batch(contents.type(), plan.inputs(), plan.outputs());
        Plan.Recall recall = plan.recall();
        quantities.add(new Quantity(Recollection.ofLabels(network, encoding(plan), plan.outputs()), plan.outputs(),
                plan.places().labelRows(), recall.labels(), recall.plain()));
        for (int i = 0; i < plan.hidden().size(); i++) {
            Layer layer = plan.hidden().get(i);
            if (layer.memory() != Plan.NONE) {
                quantities.add(new Quantity(Recollection.ofActivations(network, layer.seen()), layer.seen(),
                        layer.memory(), recall.layers().get(i), Plan.NONE));
            }
        }
    }

    private static Labels.Encoding encoding(Plan plan) {
        return switch (plan.settings().encoding()) {
            case CLASSES -> Labels.Encoding.CLASSES;
            case INDEPENDENT -> Labels.Encoding.INDEPENDENT;
            case REAL -> Labels.Encoding.REAL;
        };
    }

    @Override
    public void learn(Contents of, Batch batch, boolean predicts) {
        if (batch.size() == 1) {
            learnOne(batch, predicts);
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            one.take(batch, i);
            learnOne(one, predicts);
            if (predicts) {
                batch.takePrediction(one, i);
            }
        }
    }

    private void learnOne(Batch batch, boolean predicts) {
        long learnt = (long) contents.clock().get(Plan.LEARNT);
        int memory = contents.plan().settings().memory();
        int newest = (int) ((learnt - 1 + memory) % memory);
        int samples = (int) Math.min(learnt, memory - 1);
        if (samples > 0) {
            for (Quantity quantity : quantities) {
                quantity.recall(samples, newest, memory);
            }
        }
        engine.learn(contents, batch, predicts);
        for (Quantity quantity : quantities) {
            quantity.take((int) (learnt % memory));
        }
    }

    @Override
    public void predict(Contents of, Reals parameters, Batch batch) {
        engine.predict(of, parameters, batch);
    }

    @Override
    public int firstBad(Contents of, Batch batch) {
        return engine.firstBad(of, batch);
    }

    @Override
    public String toString() {
        return engine.toString();
    }

    /** What is remembered of labels, or of one layer's activations. */
    private final class Quantity {

        private final Recollection recollection;
        private final int width;
        private final long rows;
        private final long states;
        /** {@link Plan#NONE} for what are no labels. */
        private final long plain;
        private final float[] row;

        Quantity(Recollection recollection, int width, long rows, long states, long plain) {
            this.recollection = recollection;
            this.width = width;
            this.rows = rows;
            this.states = states;
            this.plain = plain;
            this.row = new float[width];
            // Another program may have learnt until here. A state of zeros is one of labels that were all plain.
            contents.state().get(states, recollection.states(), 0, recollection.states().length);
            if (plain != Plan.NONE) {
                recollection.remember(contents.state().get(plain) == 0);
            }
        }

        void recall(int samples, int newest, int memory) {
            float[] recalled = recollection.recall(samples);
            for (int back = 0; back < samples; back++) {
                int slot = Math.floorMod(newest - back, memory);
                contents.state().put(rows + (long) slot * width, recalled, back * width, width);
            }
        }

        void take(int slot) {
            contents.state().get(rows + (long) slot * width, row, 0, width);
            recollection.take(row);
            contents.state().put(states, recollection.states(), 0, recollection.states().length);
            if (plain != Plan.NONE) {
                contents.state().put(plain, recollection.seenOnlyPlain() ? 0 : 1);
            }
        }
    }
}
