package org.ibhebb.samples.stream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.stream.StreamingNetwork;

/** Carries out the runs of a comparison: each learner has the same samples, in the same order. */
final class Contest {

    /** How this library's network is called among the learners. */
    static final String NETWORK = "local network";

    private static final double NANOS = 1e9;

    private final Peer peer;
    private final String column;
    private final int classes;

    /**
     * A comparison.
     *
     * @param peer whose learners take part; null for none
     * @param column the class's in files; null for the last
     * @param classes how many CSV may have; 0 for those of its first lines
     */
    Contest(Peer peer, String column, int classes) {
        this.peer = peer;
        this.column = column;
        this.classes = classes;
    }

    /** Learns a stream from its beginning, predicting each sample first. */
    StreamRun carryOut(StreamRun run) throws IOException {
        try (Source source = Sources.open(run.data(), Sources.isFile(run.data()) ? column : null, classes)) {
            OnlineLearner learner = run.learner().equals(NETWORK)
                    ? network(run, source)
                    : peer.learner(run.learner(), source.columns(), source.classes());
            Prequential seen = new Prequential(source.classes(), Block.SIZE);
            Block block = new Block(source);
            List<Double> curve = new ArrayList<>();
            long nanos = 0;
            long part = Math.max(1, run.limit() / StreamRun.POINTS);
            long before = 0;
            double rightBefore = 0;
            long wanted;
            do {
                // A block ends where a part does.
                wanted = Math.min(Block.SIZE, Math.min(run.limit() - seen.seen(), part - seen.seen() % part));
                block.read(wanted, () -> true);
                nanos += block.learn(learner, seen);
                if (seen.seen() > before && seen.seen() % part == 0) {
                    double right = seen.accuracy() * seen.seen();
                    curve.add((right - rightBefore) / (seen.seen() - before));
                    before = seen.seen();
                    rightBefore = right;
                }
            } while (block.count() == wanted && seen.seen() < run.limit());
            return run.reached(seen.seen(), seen.accuracy(), nanos == 0 ? 0 : seen.seen() * NANOS / nanos, curve);
        }
    }

    private static OnlineLearner network(StreamRun run, Source source) {
        MultiLayerNetwork network = Perceptron.of(run.model(), source, run.seed());
        StreamingNetwork stream = StreamingNetwork.builder(network).rule(rule(run.memory()))
                .standardizeInputs(source.isUnscaled()).missingValues(source.isUnscaled()).build();
        return new StreamingLearner(stream, source.inputs(), source.classes());
    }

    /** That of single samples: prediction, and a share of neighbourhood where there is a memory for it. */
    static LearningRule rule(int memory) {
        LearningRule.Builder rule = LearningRule.builder().objective(Objective.prediction().withRate(1));
        if (memory > 0) {
            rule.plus(Objective.neighbourhood().withSigma(0.35).withWeight(0.3)).memory(memory);
        }
        return rule.build();
    }
}
