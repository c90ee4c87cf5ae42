package org.ibhebb;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.conf.layers.ConvertedLayer;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.stream.StreamingNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches Deeplearning4j networks to local learning: the front door of this library.
 *
 * <pre>{@code
 * MultiLayerNetwork net = new MultiLayerNetwork(IbHebb.convert(conf));
 * }</pre>
 *
 * <p>Hidden layers then learn by the information-bottleneck Hebbian rule (Daruwalla and Lipasti 2024), each alone;
 * output layers keep their own loss. Everything else (fit, evaluate, save, clone, listeners) stays Deeplearning4j's.
 *
 * <p>An instance is an updater that carries a rule through a configuration, for a whole network or for single layers:
 *
 * <pre>{@code
 * new NeuralNetConfiguration.Builder().updater(new IbHebb(new Adam(1e-3), rule))
 * }</pre>
 *
 * <p>In a configuration where at least one hidden layer has such an updater, the layers that have one learn locally,
 * and the others by back-propagation: a back-propagated head on local layers. The configuration must still be
 * converted; a network of stock layers refuses to train with this updater rather than back-propagate silently.
 */
public final class IbHebb implements IUpdater {

    private static final Logger LOG = LoggerFactory.getLogger(IbHebb.class);

    /** What turns gradients into steps once the configuration is converted. */
    private final IUpdater updater;
    /** Null for the rule that conversion is given. */
    private final LearningRule rule;

    /**
     * Carries no rule: the one given to {@link #convert} applies.
     *
     * @param updater turns a layer's local gradient into a step, as it would a back-propagated one
     */
    public IbHebb(IUpdater updater) {
        this(updater, null);
    }

    /**
     * Carries a rule.
     *
     * @param updater turns a layer's local gradient into a step, as it would a back-propagated one
     * @param rule how the layers with this updater learn; null for the one given to {@link #convert}
     */
    public IbHebb(@JsonProperty("updater") IUpdater updater, @JsonProperty("rule") LearningRule rule) {
        this.updater = Objects.requireNonNull(updater, "updater");
        this.rule = rule;
        if (updater instanceof IbHebb) {
            throw new IllegalArgumentException("the updater inside an IbHebb is an IbHebb: give it a plain one");
        }
    }

    /**
     * The configuration with its hidden layers learning locally. Where a layer's updater carries no rule, it is
     * {@link LearningRule#convolutionDefaults} for convolutions and {@link LearningRule#defaults} for all others.
     *
     * <p>Where the network ends in a dense layer and a {@code LossLayer}, as models that were imported from Keras do,
     * one output layer takes the place of both, with the name and the parameters of the dense layer.
     *
     * @param conf not changed
     * @return a converted copy; converting it again changes nothing
     * @throws IllegalArgumentException naming the layer and the reason, if a layer could not learn as the configuration
     *     asks: a back-propagated layer below a local one, an unsupported output layer, ...
     */
    public static MultiLayerConfiguration convert(MultiLayerConfiguration conf) {
        return convert(conf, (LearningRule) null);
    }

    /**
     * The configuration with its hidden layers learning locally.
     *
     * @param conf not changed
     * @param rule for the layers whose updater carries none; null for the defaults of each kind of layer
     * @return a converted copy
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static MultiLayerConfiguration convert(MultiLayerConfiguration conf, LearningRule rule) {
        MultiLayerConfiguration copy = conf.clone();
        checkTraining(copy.getConf(0));
        LossLayers.fold(copy);
        apply(new Conversion(Topology.of(copy), rule));
        return copy;
    }

    /**
     * The configuration with its hidden layers learning locally. Where a layer's updater carries no rule, it is
     * {@link LearningRule#convolutionDefaults} for convolutions and {@link LearningRule#defaults} for all others.
     *
     * <p>Where the network ends in a dense layer and a {@code LossLayer}, as models that were imported from Keras do,
     * one output layer takes the place of both, with the name and the parameters of the dense layer.
     *
     * @param conf not changed
     * @return a converted copy; converting it again changes nothing
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static ComputationGraphConfiguration convert(ComputationGraphConfiguration conf) {
        return convert(conf, (LearningRule) null);
    }

    /**
     * The configuration with its hidden layers learning locally.
     *
     * @param conf not changed
     * @param rule for the layers whose updater carries none; null for the defaults of each kind of layer
     * @return a converted copy
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static ComputationGraphConfiguration convert(ComputationGraphConfiguration conf, LearningRule rule) {
        ComputationGraphConfiguration copy = conf.clone();
        checkTraining(copy.getDefaultConfiguration());
        LossLayers.fold(copy);
        apply(new Conversion(Topology.of(copy), rule));
        return copy;
    }

    /**
     * How each layer learns in a converted configuration, or would learn in one that {@link #convert} has not seen yet.
     *
     * @param conf not changed
     * @return the report
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static ConversionReport report(MultiLayerConfiguration conf) {
        checkTraining(conf.getConf(0));
        MultiLayerConfiguration copy = conf.clone();
        LossLayers.fold(copy);
        return new Conversion(Topology.of(copy), null).report();
    }

    /**
     * How each layer learns in a converted configuration, or would learn in one that {@link #convert} has not seen yet.
     *
     * @param conf not changed
     * @return the report
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static ConversionReport report(ComputationGraphConfiguration conf) {
        checkTraining(conf.getDefaultConfiguration());
        ComputationGraphConfiguration copy = conf.clone();
        LossLayers.fold(copy);
        return new Conversion(Topology.of(copy), null).report();
    }

    /**
     * The configuration with Deeplearning4j's own layers again.
     *
     * @param conf a converted one; not changed
     * @return a copy without anything of this library
     */
    public static MultiLayerConfiguration revert(MultiLayerConfiguration conf) {
        MultiLayerConfiguration copy = conf.clone();
        revert(Topology.of(copy));
        return copy;
    }

    /**
     * The configuration with Deeplearning4j's own layers again.
     *
     * @param conf a converted one; not changed
     * @return a copy without anything of this library
     */
    public static ComputationGraphConfiguration revert(ComputationGraphConfiguration conf) {
        ComputationGraphConfiguration copy = conf.clone();
        revert(Topology.of(copy));
        return copy;
    }

    /**
     * The network with Deeplearning4j's own layers again: the same parameters and outputs, for production without this
     * library, or to go on by back-propagation.
     *
     * @param network a converted one; not changed
     * @return a new network with a copy of its parameters and of its updater's state
     */
    public static MultiLayerNetwork revert(MultiLayerNetwork network) {
        return sameParameters(network, revert(network.getLayerWiseConfigurations()));
    }

    /**
     * The network with Deeplearning4j's own layers again: the same parameters and outputs, for production without this
     * library, or to go on by back-propagation.
     *
     * @param network a converted one; not changed
     * @return a new network with a copy of its parameters and of its updater's state
     */
    public static ComputationGraph revert(ComputationGraph network) {
        return sameParameters(network, revert(network.getConfiguration()));
    }

    /**
     * A network that goes on learning locally from where another one is.
     *
     * @param network not changed
     * @param rule for the layers whose updater carries none; null for the defaults of each kind of layer
     * @return a new network with a copy of its parameters and of its updater's state
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static MultiLayerNetwork convert(MultiLayerNetwork network, LearningRule rule) {
        return sameParameters(network, convert(network.getLayerWiseConfigurations(), rule));
    }

    /**
     * A network that goes on learning locally from where another one is.
     *
     * @param network not changed
     * @param rule for the layers whose updater carries none; null for the defaults of each kind of layer
     * @return a new network with a copy of its parameters and of its updater's state
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static ComputationGraph convert(ComputationGraph network, LearningRule rule) {
        return sameParameters(network, convert(network.getConfiguration(), rule));
    }

    /**
     * The network as a graph whose output layer reads every layer that learns, not the last one alone. Local layers do
     * not learn to serve the layers above them, so that what lower ones know may be lost on the way up.
     *
     * <p>Feature maps are averaged to at most 4 x 4 cells and sequences over time before the output layer reads them;
     * its number of inputs grows accordingly. Hidden layers stay as they are. The result is a configuration of stock
     * layers if {@code conf} is one: convert it next.
     *
     * @param conf not changed
     * @param input what a sample is, such as {@code InputType.convolutional(32, 32, 3)}
     * @return a new configuration; layers without a name are called {@code layer0}, {@code layer1}, ..., by their place
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}; naming the layer, if two have the
     *     same name, or one's activations are volumes
     */
    public static ComputationGraphConfiguration readoutFromAllLayers(MultiLayerConfiguration conf, InputType input) {
        return ReadoutFromAllLayers.of(conf, input);
    }

    /**
     * The graph with output layers that read every layer below them that learns, as
     * {@link #readoutFromAllLayers(MultiLayerConfiguration, InputType)} says.
     *
     * @param conf not changed
     * @param inputs what a sample is, one type an input
     * @return a new configuration
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}; naming the layer, if its
     *     activations are volumes; if the output layers read all layers already; if there is not one type an input
     */
    public static ComputationGraphConfiguration readoutFromAllLayers(
            ComputationGraphConfiguration conf, InputType... inputs) {
        return ReadoutFromAllLayers.of(conf, inputs);
    }

    /**
     * The network learning on the fly: one sample at a time, forward only, in place on its own parameters, by
     * {@linkplain org.ibhebb.stream.Rates#adaptive adaptive} rates. {@link StreamingNetwork#builder} has other
     * settings.
     *
     * @param network converted or not; dense layers and an output layer
     * @return a streaming network that shares the network's parameters
     * @throws IllegalArgumentException naming the layer and the reason, if one can't learn so
     */
    public static StreamingNetwork stream(MultiLayerNetwork network) {
        return StreamingNetwork.builder(network).build();
    }

    /**
     * The graph learning on the fly, as {@link #stream(MultiLayerNetwork)}.
     *
     * @param network converted or not; one chain of dense layers and an output layer
     * @return a streaming network that shares the network's parameters
     * @throws IllegalArgumentException naming the layer and the reason, if one can't learn so
     */
    public static StreamingNetwork stream(ComputationGraph network) {
        return StreamingNetwork.builder(network).build();
    }

    private static void apply(Conversion conversion) {
        conversion.apply();
        ConversionReport report = conversion.report();
        LOG.info("IbHebb: {}", report.summary());
        LOG.debug("{}", report);
    }

    private static void checkTraining(NeuralNetConfiguration conf) {
        OptimizationAlgorithm algorithm = conf.getOptimizationAlgo();
        if (algorithm != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT) {
            throw new IllegalArgumentException("optimisation algorithm " + algorithm + " searches along the network's"
                    + " loss, which local layers do not descend: use STOCHASTIC_GRADIENT_DESCENT");
        }
    }

    private static void revert(Topology topology) {
        for (Topology.Node node : topology.nodes) {
            if (node.layer != null) {
                node.replaceBy(stock(node.layer));
            }
        }
    }

    private static Layer stock(Layer layer) {
        if (layer instanceof ConvertedLayer converted) {
            return converted.toStock();
        }
        // Transfer learning freezes layers, local ones too, by wrapping them.
        if (layer instanceof FrozenLayer frozen) {
            return named(new FrozenLayer(stock(frozen.getLayer())), layer);
        }
        if (layer instanceof FrozenLayerWithBackprop frozen) {
            return named(new FrozenLayerWithBackprop(stock(frozen.getUnderlying())), layer);
        }
        Updaters.unwrap(layer);
        return layer;
    }

    private static Layer named(Layer layer, Layer as) {
        layer.setLayerName(as.getLayerName());
        return layer;
    }

    private static MultiLayerNetwork sameParameters(MultiLayerNetwork from, MultiLayerConfiguration conf) {
        from.init();
        MultiLayerNetwork to = new MultiLayerNetwork(conf);
        to.init(from.params(), true);
        INDArray state = from.getUpdater(false) == null ? null : from.getUpdater(false).getStateViewArray();
        if (state != null) {
            to.getUpdater().setStateViewArray(to, state.dup(), false);
        }
        return to;
    }

    private static ComputationGraph sameParameters(ComputationGraph from, ComputationGraphConfiguration conf) {
        from.init();
        ComputationGraph to = new ComputationGraph(conf);
        to.init(from.params(), true);
        if (!List.copyOf(to.paramTable().keySet()).equals(List.copyOf(from.paramTable().keySet()))) {
            throw new IllegalStateException("Deeplearning4j orders the layers of the new graph in another way ("
                    + to.paramTable().keySet() + ") than those of the given one (" + from.paramTable().keySet()
                    + "), so that parameters can't be carried over: convert its configuration before it is trained");
        }
        INDArray state = from.getUpdater(false) == null ? null : from.getUpdater(false).getStateViewArray();
        if (state != null) {
            to.getUpdater().setStateViewArray(state.dup());
        }
        return to;
    }

    /**
     * The updater inside.
     *
     * @return never an IbHebb
     */
    public IUpdater getUpdater() {
        return updater;
    }

    /**
     * The rule that it carries.
     *
     * @return null for the one given to {@link #convert}
     */
    public LearningRule getRule() {
        return rule;
    }

    @Override
    public long stateSize(long numParams) {
        return updater.stateSize(numParams);
    }

    /**
     * Refuses: an updater never sees the layers, so stock layers would train by back-propagation.
     *
     * @throws IllegalStateException always
     */
    @Override
    public GradientUpdater<?> instantiate(INDArray viewArray, boolean initializeViewArray) {
        throw notConverted();
    }

    /**
     * Refuses: an updater never sees the layers, so stock layers would train by back-propagation.
     *
     * @throws IllegalStateException always
     */
    @Override
    public GradientUpdater<?> instantiate(Map<String, INDArray> updaterState, boolean initializeStateArrays) {
        throw notConverted();
    }

    private static IllegalStateException notConverted() {
        return new IllegalStateException("this network's updater is IbHebb, but its layers are Deeplearning4j's own and"
                + " would train by back-propagation: build it with new MultiLayerNetwork(IbHebb.convert(conf))");
    }

    @Override
    public double getLearningRate(int iteration, int epoch) {
        return updater.getLearningRate(iteration, epoch);
    }

    @Override
    public boolean hasLearningRate() {
        return updater.hasLearningRate();
    }

    @Override
    public void setLrAndSchedule(double lr, ISchedule lrSchedule) {
        updater.setLrAndSchedule(lr, lrSchedule);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public IbHebb clone() {
        return new IbHebb(updater.clone(), rule);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IbHebb that && updater.equals(that.updater) && Objects.equals(rule, that.rule);
    }

    @Override
    public int hashCode() {
        return Objects.hash(updater, rule);
    }

    @Override
    public String toString() {
        return "IbHebb(" + updater + ", " + rule + ")";
    }
}
