package org.ibhebb.internal.stream;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.ibhebb.internal.arithmetic.Allocation;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Plasticity.Averaging;
import org.ibhebb.internal.arithmetic.Plasticity.Moving;
import org.ibhebb.internal.learner.AverageState;
import org.ibhebb.updater.ScheduleFree;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * The parameters of a network as they move by the network's own updater, whose state is Deeplearning4j's, so that its
 * {@code fit} goes on from here. A layer under {@link ScheduleFree} moves in one pass, without an array for its
 * gradient; others as Deeplearning4j moves them.
 */
final class MovingParameters {

    private final Model network;
    private final INDArray parameters;
    /** Where gradients are taken: elsewhere than at the parameters under {@link ScheduleFree}. */
    private final INDArray ahead;
    private final List<Dense> layers = new ArrayList<>();
    /** Null until a layer needs it. */
    private INDArray gradient;
    private Updater blocksOf;
    private List<Block> blocks = List.of();

    MovingParameters(Model network) {
        this.network = network;
        INDArray all = network.params();
        this.parameters = all.reshape(all.length());
        this.ahead = Allocation.zeros(all.dataType(), all.length());
    }

    /** The parameters of a dense layer, which moves from now on if it is frozen no more. */
    Dense of(Layer layer) {
        Dense dense = new Dense(layer.paramTable().get("W"), layer.paramTable().get("b"));
        layers.add(dense);
        return dense;
    }

    /** The parameters of a convolution. */
    Maps ofMaps(Layer layer) {
        return new Maps(layer.paramTable().get("W"), layer.paramTable().get("b"));
    }

    private static INDArray part(INDArray all, long from, long to) {
        return all.get(NDArrayIndex.interval(from, to));
    }

    /** Somebody else may have moved the parameters, or given the network another updater. */
    void begin() {
        Updater updater = network instanceof ComputationGraph graph
                ? graph.getUpdater(true)
                : ((MultiLayerNetwork) network).getUpdater(true);
        if (updater != blocksOf) {
            List<Block> found = new ArrayList<>();
            for (UpdaterBlock block : ((BaseMultiLayerUpdater<?>) updater).getUpdaterBlocks()) {
                found.add(new Block(block));
            }
            blocks = found;
            blocksOf = updater;
            layers.forEach(Dense::findBlock);
        }
        if (blocks.stream().mapToLong(Block::length).sum() < parameters.length()) {
            // Of frozen layers.
            ahead.assign(parameters);
        }
        blocks.forEach(Block::look);
    }

    /**
     * Moves the parameters by the errors that layers have {@linkplain Dense#learn learnt} from.
     *
     * @param iteration how many updates the network has had
     * @param epoch how many times it has seen its data
     * @param scale of the gradient
     */
    void move(int iteration, int epoch, double scale) {
        layers.forEach(layer -> layer.move(iteration, epoch, scale));
        for (Block block : blocks) {
            if (block.layer == null) {
                block.moveByGradient(iteration, epoch, scale);
            }
        }
    }

    private INDArray gradient() {
        if (gradient == null) {
            gradient = Allocation.zeros(parameters.dataType(), parameters.length());
        }
        return gradient;
    }

    /** Of one layer. */
    final class Dense {

        private final long from;
        private final Moving weights;
        /** Null for none. */
        private final Moving bias;
        /** Null where the layer's parameters have no averaging updater of their own. */
        private Block own;
        private Moving averagedWeights;
        private Moving averagedBias;
        private INDArray input;
        private INDArray errors;
        private double biasFactor;

        Dense(INDArray w, INDArray b) {
            from = w.offset() - parameters.offset();
            weights = new Moving(w, null, part(ahead, from, from + w.length()).reshape('f', w.shape()));
            long place = b == null ? 0 : b.offset() - parameters.offset();
            bias = b == null ? null
                    : new Moving(b, null, part(ahead, place, place + b.length()).reshape('c', b.shape()));
        }

        /** Where training passes see them. */
        INDArray weights() {
            return weights.ahead();
        }

        /** Where training passes see it; null for none. */
        INDArray bias() {
            return bias == null ? null : bias.ahead();
        }

        private void findBlock() {
            long length = weights.parameters().length() + (bias == null ? 0 : bias.parameters().length());
            own = blocks.stream()
                    .filter(block -> block.averaging != null && block.from == from && block.length() == length)
                    .findFirst().orElse(null);
            if (own != null) {
                own.layer = this;
                long inputs = weights.parameters().length();
                INDArray deviation = own.average.deviation(length);
                averagedWeights = new Moving(weights.parameters(),
                        part(deviation, 0, inputs).reshape('f', weights.parameters().shape()), weights.ahead());
                averagedBias = bias == null ? null
                        : new Moving(bias.parameters(), part(deviation, inputs, length), bias.ahead());
            }
        }

        /**
         * Takes in what the layer moves by when the step counts.
         *
         * @param presynaptic n x nIn
         * @param own n x nOut
         * @param factor of the bias's gradient
         */
        void learn(INDArray presynaptic, INDArray own, double factor) {
            input = presynaptic;
            errors = own;
            biasFactor = factor;
        }

        /** A step that does not count. */
        void forget() {
            input = null;
            errors = null;
        }

        private void move(int iteration, int epoch, double scale) {
            if (errors == null) {
                return;
            }
            Arithmetic arithmetic = Arithmetic.of(errors.dataType());
            if (own != null) {
                double rate = own.average.warmed(own.averaging.rate(iteration, epoch), own.averaging.getWarmUp());
                Averaging step = new Averaging(rate * scale, own.average.count(rate), own.distance());
                arithmetic.advance(input, errors, biasFactor, step, averagedWeights, averagedBias);
            } else {
                INDArray of = like(weights.parameters());
                INDArray ofBias = bias == null ? null : like(bias.parameters());
                arithmetic.denseGradient(input, errors, of, ofBias);
                if (ofBias != null && biasFactor != 1) {
                    ofBias.muli(biasFactor);
                }
            }
            forget();
        }

        private INDArray like(INDArray view) {
            long place = view.offset() - parameters.offset();
            return part(gradient(), place, place + view.length()).reshape('f', view.shape());
        }
    }

    /** Of a convolution, which move by their gradient. */
    final class Maps {

        private final INDArray weights;
        /** Null for none. */
        private final INDArray bias;
        private final INDArray ahead;
        private final INDArray biasAhead;

        Maps(INDArray w, INDArray b) {
            weights = w;
            bias = b;
            ahead = like(MovingParameters.this.ahead, w);
            biasAhead = b == null ? null : like(MovingParameters.this.ahead, b);
        }

        /** Where training passes see them: maps x channels x height x width. */
        INDArray weights() {
            return ahead;
        }

        /** Where training passes see it; null for none. */
        INDArray bias() {
            return biasAhead;
        }

        /** Receives the weights' gradient of the step. */
        INDArray gradient() {
            return like(MovingParameters.this.gradient(), weights);
        }

        /** Receives the bias's gradient of the step; null for none. */
        INDArray biasGradient() {
            return bias == null ? null : like(MovingParameters.this.gradient(), bias);
        }

        private INDArray like(INDArray all, INDArray view) {
            long place = view.offset() - parameters.offset();
            return part(all, place, place + view.length()).reshape('c', view.shape());
        }
    }

    /** Parameters that have one updater. */
    private final class Block {

        private final GradientUpdater<?> updater;
        private final long from;
        private final INDArray moved;
        private final INDArray movedAhead;
        /** Null for the updaters of Deeplearning4j. */
        private final ScheduleFree averaging;
        private final AverageState average;
        /** The layer whose parameters these are, all of them, if they are an average; null for others. */
        private Dense layer;

        Block(UpdaterBlock block) {
            updater = block.getGradientUpdater();
            from = block.getParamOffsetStart();
            moved = part(parameters, from, block.getParamOffsetEnd());
            movedAhead = part(ahead, from, block.getParamOffsetEnd());
            averaging = updater.getConfig() instanceof ScheduleFree free ? free : null;
            average = averaging == null ? null : new AverageState(block.getUpdaterView());
        }

        long length() {
            return moved.length();
        }

        double distance() {
            return 1 - averaging.getInertia();
        }

        void look() {
            if (averaging == null) {
                movedAhead.assign(moved);
            } else {
                Arithmetic.of(moved.dataType())
                        .plusScaled(moved, average.deviation(length()), distance(), movedAhead);
            }
        }

        void moveByGradient(int iteration, int epoch, double scale) {
            INDArray own = part(gradient(), from, from + length()).muli(scale);
            updater.applyUpdater(own, iteration, epoch);
            moved.subi(own);
            look();
        }
    }
}
