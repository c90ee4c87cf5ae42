package org.ibhebb.samples.bench;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.stream.StreamingNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** One converted network trained by a streaming network's fit and by its own, on the same mini-batches. */
final class FitRivals implements Rivals {

    /** What a call of fit costs once is shared by so many. */
    static final int STEPS = 16;

    private final StepCase of;
    private final DataSetIterator data;
    private final List<DataSet> steps = new ArrayList<>();
    private final MultiLayerNetwork learnt;
    private final StreamingNetwork stream;
    private final MultiLayerNetwork other;
    private final INDArray start;

    FitRivals(StepCase of) {
        this.of = of;
        List<DataSet> made = StepRivals.miniBatches(of.sizes(), of.batch());
        for (int i = 0; i < STEPS; i++) {
            steps.add(made.get(i % made.size()));
        }
        data = new Given(steps);
        learnt = new MultiLayerNetwork(IbHebb.convert(StepRivals.configure(of.sizes())));
        learnt.init();
        start = learnt.params().dup();
        other = learnt.clone();
        stream = IbHebb.stream(learnt);
        // While the memory fills, steps are cheaper than they will be.
        for (int samples = 0; samples < LearningRule.defaults().memory(); samples += STEPS * of.batch()) {
            ours();
            other();
        }
    }

    @Override
    public void ours() {
        stream.fit(data, 1);
    }

    @Override
    public void other() {
        for (DataSet each : steps) {
            other.fit(each);
        }
    }

    @Override
    public void check() {
        check("a streaming network's fit", learnt);
        check("its own fit", other);
    }

    private void check(String name, MultiLayerNetwork network) {
        double moved = network.params().sub(start).norm2Number().doubleValue();
        if (!(moved > 0 && moved < Double.POSITIVE_INFINITY)) {
            throw new IllegalStateException("in fit." + of.key() + " " + name + " moved the parameters by " + moved
                    + ". Times of a step that does not train mean nothing");
        }
    }

    /** Mini-batches as they are given. */
    @SuppressWarnings("serial") // never serialised
    private static final class Given extends ListDataSetIterator<DataSet> {

        private final List<DataSet> all;
        private int next;

        Given(List<DataSet> all) {
            super(all, 1);
            this.all = all;
        }

        @Override
        public boolean hasNext() {
            return next < all.size();
        }

        @Override
        public DataSet next() {
            return all.get(next++);
        }

        @Override
        public void reset() {
            next = 0;
        }
    }
}
