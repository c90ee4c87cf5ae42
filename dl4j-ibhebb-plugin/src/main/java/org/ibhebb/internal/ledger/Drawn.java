package org.ibhebb.internal.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.ibhebb.internal.ledger.Stage.Learning;
import org.ibhebb.internal.ledger.Stage.Type;
import org.ibhebb.ledger.Ledger;
import org.ibhebb.ledger.Ledger.Distance;
import org.ibhebb.ledger.Training;
import org.ibhebb.ledger.Training.Method;
import org.nd4j.linalg.api.buffer.DataType;

/** Draws up ledgers. */
public final class Drawn {

    /** What a multiply-accumulate may come to in a sum: each product is there thrice, in operations and bytes. */
    private static final double COUNTED = 64;

    private Drawn() {}

    /**
     * The ledger of a network's step.
     *
     * @param conf not changed
     * @param samples of the mini-batch
     * @param training the way
     * @param inputs what a sample is; none where the first layer says it
     * @return the ledger
     * @throws IllegalArgumentException naming the layer, if there is one that the ledger does not know
     */
    public static Ledger of(MultiLayerConfiguration conf, int samples, Training training, InputType... inputs) {
        return of(Stages.of(conf, inputs), conf.getDataType(), samples, training);
    }

    /**
     * The ledger of a graph's step.
     *
     * @param conf not changed
     * @param samples of the mini-batch
     * @param training the way
     * @param inputs what a sample is, one type an input; none where the first layers say it
     * @return the ledger
     * @throws IllegalArgumentException naming the layer, if there is one that the ledger does not know
     */
    public static Ledger of(ComputationGraphConfiguration conf, int samples, Training training, InputType... inputs) {
        return of(Stages.of(conf, inputs), conf.getDataType(), samples, training);
    }

    private static Ledger of(List<Stage> given, DataType type, int samples, Training training) {
        if (samples < 1) {
            throw new IllegalArgumentException("a step of " + samples + " samples: there must be at least 1");
        }
        if (given.stream().noneMatch(stage -> stage.type() == Type.OUTPUT)) {
            throw new IllegalArgumentException("the network has no OutputLayer, without which nothing learns");
        }
        double most = given.stream().mapToDouble(stage -> (double) stage.macs() + stage.weights()).sum() * samples;
        if (most * COUNTED > Long.MAX_VALUE) {
            throw new IllegalArgumentException("a step of " + samples + " samples of this network takes more operations"
                    + " than can be counted: take fewer samples");
        }
        Sheet sheet = new Sheet(type.width());
        List<Stage> stages = given.stream().map(stage -> learning(stage, training.method())).toList();
        boolean streamingFit = training.method() == Method.STREAMING_FIT;
        boolean local = (training.method() == Method.AS_CONFIGURED || streamingFit)
                && stages.stream().anyMatch(stage -> stage.learning() == Learning.LOCAL && stage.type() != Type.OUTPUT);
        if (streamingFit && !local) {
            throw new IllegalArgumentException("a streaming network's fit trains converted networks, and no hidden layer"
                    + " of this one is local: give IbHebb.convert(conf)");
        }
        if (training.method() == Method.STREAMING) {
            if (samples != 1) {
                throw new IllegalArgumentException("a streaming network learns one sample at a time, not " + samples);
            }
            new Streaming(stages, training, sheet).write();
        } else if (local) {
            new LocalStep(stages, training, samples, sheet).write();
        } else {
            stages = stages.stream().map(Drawn::stock).toList();
            new BackPropagation(stages, training, samples, sheet).write();
        }
        String title = local ? "the rule" + (streamingFit ? " in a stream's fit" : "")
                + (training.isLean() ? ", lean" : "") : training.method()
                == Method.AS_CONFIGURED ? "back-propagation" + (training.isLean() ? ", lean" : "") : training.toString();
        return new Ledger(title, samples, type.width(), training.isLean() || training.method() == Method.STREAMING,
                sheet.rows(), distances(stages, local, training));
    }

    /** What a stage does under another way than the configuration's. */
    private static Stage learning(Stage stage, Method method) {
        return switch (method) {
            case AS_CONFIGURED, STREAMING, STREAMING_FIT -> stage;
            case BACK_PROPAGATION -> stage.learning() == Learning.LOCAL ? stock(stage) : stage;
            case FROZEN -> stage.with(stage.type() == Type.OUTPUT ? Learning.ERROR : Learning.NOTHING);
        };
    }

    /** An output layer of a converted network is local by its class, and learns by its own error. */
    private static Stage stock(Stage stage) {
        return stage.learning() == Learning.LOCAL ? stage.with(Learning.ERROR) : stage;
    }

    /** In visits of layers: a forward and a backward one for each where mini-batches learn, and one where streams do. */
    private static List<Distance> distances(List<Stage> stages, boolean local, Training training) {
        Map<String, Integer> above = new HashMap<>();
        for (int i = stages.size() - 1; i >= 0; i--) {
            Stage stage = stages.get(i);
            int own = above.getOrDefault(stage.name(), 0);
            int next = own + (stage.hasWeights() ? 1 : 0);
            stage.inputs().forEach(input -> above.merge(input, next, Math::max));
        }
        List<Distance> all = new ArrayList<>();
        int visits = 2 * stages.size();
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            if (!stage.hasWeights() || stage.learning() == Learning.NOTHING) {
                continue;
            }
            boolean streams = training.method() == Method.STREAMING;
            all.add(new Distance(stage.name(), streams ? 0 : local ? inUnit(stages, stage)
                    : above.getOrDefault(stage.name(), 0),
                    streams ? 0 : visits - (i + 1)));
        }
        return all;
    }

    /** How many layers with weights stand between a layer and the end of its unit, where its signal is formed. */
    private static int inUnit(List<Stage> stages, Stage stage) {
        if (stage.type() == Type.OUTPUT) {
            return 0;
        }
        int crossed = 0;
        for (Stage last = stage; last.rule() == null;) {
            last = LocalStep.behind(stages, last);
            crossed += last.hasWeights() ? 1 : 0;
        }
        return crossed;
    }
}
