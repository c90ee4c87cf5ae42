package org.ibhebb.internal.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
import org.ibhebb.conf.layers.IbHebbConvolutionLayer;
import org.ibhebb.conf.layers.IbHebbDenseLayer;
import org.ibhebb.conf.layers.IbHebbOutputLayer;
import org.ibhebb.conf.layers.IbHebbWrapperLayer;
import org.ibhebb.conf.layers.LocalLayer;
import org.ibhebb.internal.learner.Network;
import org.ibhebb.internal.stream.LayerChain.Given;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Learns mini-batches together, as the network's own {@code fit} does it and with the same parts (the network's working
 * memory, its readouts and gains, its updater and that one's state), but without Deeplearning4j's layers around them:
 * what those cost in a step does not depend on how much there is to compute.
 */
public final class MiniBatches {

    private static final String WORKSPACE = "IBHEBB_MINI_BATCHES";
    private static final WorkspaceConfiguration SCRATCH = WorkspaceConfiguration.builder()
            .policyAllocation(AllocationPolicy.OVERALLOCATE)
            .overallocationLimit(1)
            .policyLearning(LearningPolicy.FIRST_LOOP)
            // A thread has one for all networks, of which the first may have been a small one.
            .policySpill(SpillPolicy.REALLOCATE)
            .build();
    private static final LayerWorkspaceMgr OF_LAYERS =
            LayerWorkspaceMgr.builder().defaultWorkspace(WORKSPACE, SCRATCH).build();

    private final Model model;
    private final DataType type;
    private final boolean divides;
    private final int inputs;
    private final MovingParameters moving;
    /** From the input on. */
    private final List<HiddenLayer> hidden = new ArrayList<>();
    private final LastLayer last;
    private final Network network;

    /**
     * @param chain a converted network
     * @throws IllegalArgumentException naming the layer and the reason, if {@code fit} would learn otherwise
     */
    public MiniBatches(LayerChain chain) {
        model = chain.network();
        type = chain.parameters().dataType();
        inputs = chain.links().get(0).in();
        divides = model.conf().isMiniBatch();
        List<Given> layers = chain.given();
        check(layers);
        moving = new MovingParameters(model);
        network = Network.of(model.params());
        boolean source = true;
        for (int i = 0; i < layers.size() - 1; i++) {
            Given given = layers.get(i);
            boolean frozen = given.conf() instanceof FrozenLayer;
            if (given.conf() instanceof IbHebbConvolutionLayer convolution) {
                boolean own = convolution.getRule() != null;
                hidden.add(convolution(given, convolution, source, own ? null : layers.get(i + 1)));
                i += own ? 0 : 1;
            } else if (given.conf() instanceof SubsamplingLayer) {
                hidden.add(new Pooling(given.layer(), given.images(), OF_LAYERS));
            } else {
                FeedForwardLayer conf = (FeedForwardLayer) unfrozen(given.conf());
                hidden.add(new DenseUnit(given.layer(), conf.getActivationFn(),
                        frozen ? null : ((IbHebbDenseLayer) conf).getRule(), source, moving));
            }
            source &= !hidden.get(hidden.size() - 1).learns();
        }
        Given output = layers.get(layers.size() - 1);
        last = new LastLayer(output.layer(), (BaseOutputLayer) output.conf(), moving);
    }

    /** @param pooling through which its signal comes; null for none */
    private ConvolutionUnit convolution(Given given, IbHebbConvolutionLayer conf, boolean source, Given pooling) {
        LearningRule rule = pooling == null ? conf.getRule() : ((IbHebbWrapperLayer) pooling.conf()).getRule();
        return new ConvolutionUnit(given.layer(), conf.getActivationFn(), given.images().convolved(given.who(), conf),
                rule, source, moving, pooling == null ? null : (BaseWrapperLayer) pooling.layer(), OF_LAYERS);
    }

    private static Layer unfrozen(Layer layer) {
        return layer instanceof FrozenLayer frozen ? frozen.getLayer() : layer;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // What learns otherwise is refused
    // ----------------------------------------------------------------------------------------------------------------

    private void check(List<Given> layers) {
        if (!model.conf().isMinimize()) {
            throw refused("the network", "maximises its score");
        }
        boolean below = true;
        for (Given given : layers) {
            boolean frozen = given.conf() instanceof FrozenLayer;
            boolean output = given == layers.get(layers.size() - 1);
            Layer layer = unfrozen(given.conf());
            if (frozen && (!below || output)) {
                throw refused(given.who(), "is frozen above layers that learn, or at the end");
            }
            below &= frozen;
            boolean known = output ? layer.getClass() == IbHebbOutputLayer.class
                    : frozen ? layer instanceof DenseLayer
                    : layer.getClass() == IbHebbDenseLayer.class || layer.getClass() == IbHebbConvolutionLayer.class
                            || layer.getClass() == SubsamplingLayer.class || endsUnit(layer);
            if (!known) {
                throw refused(given.who(), "is no layer of a converted network that is dense, a convolution, pooling or"
                        + " its output layer (IbHebb.convert makes those)");
            }
            boolean whole = frozen || !(layer instanceof LocalLayer local) || local.getRule() != null
                    || layer instanceof IbHebbConvolutionLayer
                            && endsUnit(layers.get(layers.indexOf(given) + 1).conf());
            if (!whole || layer instanceof LocalLayer local && local.isStepwise()) {
                throw refused(given.who(), "learns in one unit with the layer behind it, or each time step by itself");
            }
            if (layer instanceof IbHebbOutputLayer last && last.isPassesError()) {
                throw refused(given.who(), "passes its error to a back-propagated layer below");
            }
            if (!frozen) {
                checkSettings(given.who(),
                        layer instanceof IbHebbWrapperLayer wrapper ? wrapper.getUnderlying() : layer);
            }
        }
    }

    /** Whether it is pooling through which the signal of the convolution below comes. */
    private static boolean endsUnit(Layer layer) {
        return layer instanceof IbHebbWrapperLayer wrapper && wrapper.isEndsUnit()
                && wrapper.getUnderlying().getClass() == SubsamplingLayer.class;
    }

    private static void checkSettings(String who, Layer given) {
        if (given.getIDropout() != null) {
            throw refused(who, "has dropout");
        }
        if (given instanceof BaseLayer layer) {
            checkSettings(who, layer);
        }
    }

    private static void checkSettings(String who, BaseLayer layer) {
        String setting = layer.getWeightNoise() != null ? "weight noise"
                : isSet(layer.getConstraints()) ? "constraints"
                : isSet(layer.getRegularization()) || isSet(layer.getRegularizationBias()) ? "regularisation"
                : layer.getGradientNormalization() != null
                                && layer.getGradientNormalization() != GradientNormalization.None
                        ? "gradient normalisation"
                : null;
        if (setting != null) {
            throw refused(who, "has " + setting);
        }
    }

    private static boolean isSet(List<?> settings) {
        return settings != null && !settings.isEmpty();
    }

    private static IllegalArgumentException refused(String who, String why) {
        return new IllegalArgumentException(who + " " + why + ", and mini-batches learnt by a streaming network would"
                + " not give what the network's own fit does: train this network by its own fit");
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Learning
    // ----------------------------------------------------------------------------------------------------------------

    /** To be called before the first mini-batch, and again when somebody else may have trained the network. */
    public void begin() {
        moving.begin();
    }

    /**
     * Learns one mini-batch: one update of all parameters. A mini-batch that is refused changes nothing.
     *
     * @param x one row a sample
     * @param y the labels as the output layer takes them, one row a sample
     * @throws IllegalArgumentException if shapes do not fit the network, or labels the output layer
     * @throws ArithmeticException naming the sample, if a number is not finite
     * @throws IllegalStateException if a rule's memory network can't be had
     */
    public void learn(INDArray x, INDArray y) {
        check(x, y);
        int iteration = BaseOptimizer.getIterationCount(model);
        try (MemoryWorkspace scratch = Nd4j.getWorkspaceManager().getAndActivateWorkspace(SCRATCH, WORKSPACE)) {
            try {
                INDArray below = x.castTo(type);
                for (HiddenLayer layer : hidden) {
                    below = layer.forward(below, iteration);
                }
                last.learn(below, y.castTo(type), network);
                for (int i = hidden.size() - 1; i >= 0; i--) {
                    if (hidden.get(i).learns()) {
                        hidden.get(i).backward();
                    }
                }
            } catch (RuntimeException | Error e) {
                network.abandonStep();
                hidden.forEach(HiddenLayer::forget);
                last.forget();
                throw e;
            }
            moving.move(iteration, BaseOptimizer.getEpochCount(model), divides ? 1.0 / x.size(0) : 1);
            network.applied();
            BaseOptimizer.incrementIterationCount(model, 1);
        }
    }

    private void check(INDArray x, INDArray y) {
        if (x.rank() != 2 || x.size(1) != inputs || x.size(0) < 1) {
            throw new IllegalArgumentException("samples are the rows of a matrix of " + inputs + " columns, at least"
                    + " one, and not an array of shape " + Arrays.toString(x.shape()));
        }
        if (y.rank() != 2 || y.size(0) != x.size(0)) {
            throw new IllegalArgumentException("labels of shape " + Arrays.toString(y.shape()) + " are not those of "
                    + x.size(0) + " samples, one row each");
        }
    }

    /** The network has seen its data once more. */
    public void epochEnds() {
        if (model instanceof ComputationGraph graph) {
            graph.incrementEpochCount();
        } else {
            ((MultiLayerNetwork) model).incrementEpochCount();
        }
    }
}
