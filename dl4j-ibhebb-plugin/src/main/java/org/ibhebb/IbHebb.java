package org.ibhebb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.internal.archive.SavedNetworks;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Choice;
import org.ibhebb.internal.convert.Converter;
import org.ibhebb.internal.convert.Decision;
import org.ibhebb.internal.convert.ReadoutFromAllLayers;
import org.ibhebb.internal.convert.RuleUpdater;
import org.ibhebb.internal.convert.Rules;
import org.ibhebb.internal.convert.SpikingCounterpart;
import org.ibhebb.internal.ledger.Drawn;
import org.ibhebb.ledger.Ledger;
import org.ibhebb.ledger.Training;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.spiking.SpikingSettings;
import org.ibhebb.stream.StreamingNetwork;
import org.ibhebb.updater.ScheduleFree;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonAnySetter;
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
 * <p>In a converted network no error crosses a layer, so that none arrives at its input either:
 * {@code calculateGradients} gives each layer's own gradient, and <b>zeros</b> as the gradient of the input. For that
 * of the loss with respect to the input (saliency, adversarial examples) revert first, which does not change the
 * original:
 *
 * <pre>{@code
 * INDArray ofInput = IbHebb.revert(net).calculateGradients(features, labels, null, null).getSecond();
 * }</pre>
 *
 * <p>In a configuration where at least one hidden layer has such an updater, the layers that have one learn locally,
 * and the others by back-propagation: a back-propagated head on local layers. The configuration must still be
 * converted; a network of stock layers refuses to train with this updater rather than back-propagate silently.
 */
public final class IbHebb implements RuleUpdater {

    private static final Logger LOG = LoggerFactory.getLogger(IbHebb.class);

    /** Turns gradients into steps once the configuration is converted. */
    private final @Nullable IUpdater updater;
    /** Says how layers learn; null for the rule that conversion is given. */
    private final @Nullable LearningRule rule;

    /**
     * Carries neither an updater nor a rule: layers learn by the library's updater, and the rule given to
     * {@link #convert}.
     */
    public IbHebb() {
        this(null, null);
    }

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
     * @param updater turns a layer's local gradient into a step, as it would a back-propagated one; null for the
     *     library's, {@link org.ibhebb.updater.ScheduleFree}
     * @param rule how the layers with this updater learn; null for the one given to {@link #convert}
     * @throws IllegalArgumentException if {@code updater} is itself an IbHebb
     */
    public IbHebb(
            @JsonProperty("updater") @Nullable IUpdater updater, @JsonProperty("rule") @Nullable LearningRule rule) {
        this.updater = updater;
        this.rule = rule;
        if (updater instanceof IbHebb) {
            throw new IllegalArgumentException("the updater inside an IbHebb is an IbHebb: give it a plain one");
        }
    }

    /**
     * The configuration with its hidden layers learning locally. A layer's rule is the one that its updater carries, or
     * that it has because it is local already; else {@link LearningRule#convolutionDefaults} for convolutions and
     * {@link LearningRule#defaults} for all others, with the working memory of the layers that are local already.
     *
     * <p>Where the network ends in a dense layer and a {@code LossLayer}, as models that were imported from Keras do,
     * one output layer takes the place of both, with the name and the parameters of the dense layer.
     *
     * <p>A hidden layer that {@code TransferLearning} adds to a converted network is not local yet: convert the network
     * again, and it is. ({@link #isConverted(MultiLayerConfiguration)} tells.)
     *
     * <p>The gradient of the loss with respect to the input, which {@code calculateGradients} of a stock network gives,
     * is zeros in a converted one, in which no error crosses a layer: {@code IbHebb.revert(net)} has it.
     *
     * @param conf not changed
     * @return a converted copy; converting it again changes nothing
     * @throws IllegalArgumentException naming the layer and the reason, if a layer could not learn as the configuration
     *     asks: a back-propagated layer below a local one, an unsupported output layer, rules that ask for different
     *     working memories, an optimisation algorithm other than stochastic gradient descent, ...
     */
    public static MultiLayerConfiguration convert(MultiLayerConfiguration conf) {
        return convert(conf, (LearningRule) null);
    }

    /**
     * The configuration with its hidden layers learning locally, by one rule.
     *
     * @param conf not changed
     * @param rule for all layers, in place of the rule that a layer has because it is local already, but for those
     *     whose updater carries a rule of its own; null for none, as {@link #convert(MultiLayerConfiguration)}
     * @return a converted copy
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static MultiLayerConfiguration convert(MultiLayerConfiguration conf, @Nullable LearningRule rule) {
        return convert(conf, rule, Map.of());
    }

    /**
     * The configuration with its hidden layers learning locally, by one rule and by others for single layers.
     *
     * @param conf not changed
     * @param rule as {@link #convert(MultiLayerConfiguration, LearningRule)}; null for none
     * @param byLayer the rules of single layers, by the layers' names as {@link #report(MultiLayerConfiguration)} gives
     *     them; they count more than every other rule. Layers that learn as one unit have the rule of the unit's first
     * @return a converted copy
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}; naming the layer, if there is none
     *     of a name, several, or one that is not the first of a unit that learns locally
     */
    public static MultiLayerConfiguration convert(
            MultiLayerConfiguration conf, @Nullable LearningRule rule, Map<String, LearningRule> byLayer) {
        return Converter.convert(conf, new Rules(rule, byLayer), IbHebb::log);
    }

    /**
     * The configuration with its hidden layers learning locally. A layer's rule is the one that its updater carries, or
     * that it has because it is local already; else {@link LearningRule#convolutionDefaults} for convolutions and
     * {@link LearningRule#defaults} for all others, with the working memory of the layers that are local already.
     *
     * <p>Where the network ends in a dense layer and a {@code LossLayer}, as models that were imported from Keras do,
     * one output layer takes the place of both, with the name and the parameters of the dense layer.
     *
     * <p>A hidden layer that {@code TransferLearning} adds to a converted network is not local yet: convert the network
     * again, and it is. ({@link #isConverted(ComputationGraphConfiguration)} tells.)
     *
     * @param conf not changed
     * @return a converted copy; converting it again changes nothing
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static ComputationGraphConfiguration convert(ComputationGraphConfiguration conf) {
        return convert(conf, (LearningRule) null);
    }

    /**
     * The configuration with its hidden layers learning locally, by one rule.
     *
     * @param conf not changed
     * @param rule for all layers, in place of the rule that a layer has because it is local already, but for those
     *     whose updater carries a rule of its own; null for none, as {@link #convert(ComputationGraphConfiguration)}
     * @return a converted copy
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static ComputationGraphConfiguration convert(
            ComputationGraphConfiguration conf, @Nullable LearningRule rule) {
        return convert(conf, rule, Map.of());
    }

    /**
     * The configuration with its hidden layers learning locally, by one rule and by others for single layers.
     *
     * @param conf not changed
     * @param rule as {@link #convert(ComputationGraphConfiguration, LearningRule)}; null for none
     * @param byLayer the rules of single layers, by the layers' names as {@link #report(ComputationGraphConfiguration)}
     *     gives them; they count more than every other rule. Layers that learn as one unit have the rule of its first
     * @return a converted copy
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}; naming the layer, if there is none
     *     of a name, several, or one that is not the first of a unit that learns locally
     */
    public static ComputationGraphConfiguration convert(
            ComputationGraphConfiguration conf, @Nullable LearningRule rule, Map<String, LearningRule> byLayer) {
        return Converter.convert(conf, new Rules(rule, byLayer), IbHebb::log);
    }

    /**
     * A network that goes on learning locally from where another one is, each layer by the rule that
     * {@link #convert(MultiLayerConfiguration)} gives it.
     *
     * <p>Its {@code calculateGradients} gives zeros as the gradient of the input, which
     * {@link #revert(MultiLayerNetwork)} has.
     *
     * @param network not changed
     * @return a new network with a copy of its parameters, of its counts of iterations and epochs, and, where the
     *     layers keep their updaters, of its updater's state; its working memory is empty
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static MultiLayerNetwork convert(MultiLayerNetwork network) {
        return convert(network, (LearningRule) null);
    }

    /**
     * A network that goes on learning locally from where another one is, by one rule.
     *
     * @param network not changed
     * @param rule as {@link #convert(MultiLayerConfiguration, LearningRule)}; null for none
     * @return a new network, as {@link #convert(MultiLayerNetwork)}
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static MultiLayerNetwork convert(MultiLayerNetwork network, @Nullable LearningRule rule) {
        return convert(network, rule, Map.of());
    }

    /**
     * A network that goes on learning locally from where another one is, by one rule and by others for single layers.
     *
     * @param network not changed
     * @param rule as {@link #convert(MultiLayerConfiguration, LearningRule)}; null for none
     * @param byLayer as {@link #convert(MultiLayerConfiguration, LearningRule, Map)}
     * @return a new network, as {@link #convert(MultiLayerNetwork)}
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration, LearningRule, Map)}
     */
    public static MultiLayerNetwork convert(
            MultiLayerNetwork network, @Nullable LearningRule rule, Map<String, LearningRule> byLayer) {
        return Converter.convert(network, new Rules(rule, byLayer), IbHebb::log);
    }

    /**
     * A graph that goes on learning locally from where another one is, each layer by the rule that
     * {@link #convert(ComputationGraphConfiguration)} gives it.
     *
     * @param network not changed
     * @return a new graph with a copy of its parameters, of its counts of iterations and epochs, and, where the
     *     layers keep their updaters, of its updater's state; its working memory is empty
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static ComputationGraph convert(ComputationGraph network) {
        return convert(network, (LearningRule) null);
    }

    /**
     * A graph that goes on learning locally from where another one is, by one rule.
     *
     * @param network not changed
     * @param rule as {@link #convert(ComputationGraphConfiguration, LearningRule)}; null for none
     * @return a new graph, as {@link #convert(ComputationGraph)}
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static ComputationGraph convert(ComputationGraph network, @Nullable LearningRule rule) {
        return convert(network, rule, Map.of());
    }

    /**
     * A graph that goes on learning locally from where another one is, by one rule and by others for single layers.
     *
     * @param network not changed
     * @param rule as {@link #convert(ComputationGraphConfiguration, LearningRule)}; null for none
     * @param byLayer as {@link #convert(ComputationGraphConfiguration, LearningRule, Map)}
     * @return a new graph, as {@link #convert(ComputationGraph)}
     * @throws IllegalArgumentException as {@link #convert(ComputationGraphConfiguration, LearningRule, Map)}
     */
    public static ComputationGraph convert(
            ComputationGraph network, @Nullable LearningRule rule, Map<String, LearningRule> byLayer) {
        return Converter.convert(network, new Rules(rule, byLayer), IbHebb::log);
    }

    /**
     * How each layer learns in a converted configuration, or would learn in one that {@link #convert} has not seen yet.
     *
     * @param conf not changed
     * @return the report
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static ConversionReport report(MultiLayerConfiguration conf) {
        return report(conf, null);
    }

    /**
     * How each layer would learn after {@link #convert(MultiLayerConfiguration, LearningRule)}.
     *
     * @param conf not changed
     * @param rule as there; null for none
     * @return the report
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static ConversionReport report(MultiLayerConfiguration conf, @Nullable LearningRule rule) {
        return report(conf, rule, Map.of());
    }

    /**
     * How each layer would learn after {@link #convert(MultiLayerConfiguration, LearningRule, Map)}.
     *
     * @param conf not changed
     * @param rule as there; null for none
     * @param byLayer as there
     * @return the report
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration, LearningRule, Map)}
     */
    public static ConversionReport report(
            MultiLayerConfiguration conf, @Nullable LearningRule rule, Map<String, LearningRule> byLayer) {
        return report(Converter.decisions(conf, new Rules(rule, byLayer)));
    }

    /**
     * How each layer learns in a converted configuration, or would learn in one that {@link #convert} has not seen yet.
     *
     * @param conf not changed
     * @return the report
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static ConversionReport report(ComputationGraphConfiguration conf) {
        return report(conf, null);
    }

    /**
     * How each layer would learn after {@link #convert(ComputationGraphConfiguration, LearningRule)}.
     *
     * @param conf not changed
     * @param rule as there; null for none
     * @return the report
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static ConversionReport report(ComputationGraphConfiguration conf, @Nullable LearningRule rule) {
        return report(conf, rule, Map.of());
    }

    /**
     * How each layer would learn after {@link #convert(ComputationGraphConfiguration, LearningRule, Map)}.
     *
     * @param conf not changed
     * @param rule as there; null for none
     * @param byLayer as there
     * @return the report
     * @throws IllegalArgumentException as {@link #convert(ComputationGraphConfiguration, LearningRule, Map)}
     */
    public static ConversionReport report(
            ComputationGraphConfiguration conf, @Nullable LearningRule rule, Map<String, LearningRule> byLayer) {
        return report(Converter.decisions(conf, new Rules(rule, byLayer)));
    }

    /**
     * How each layer of a converted network learns, or would learn in one that {@link #convert} has not seen yet.
     *
     * @param network not changed
     * @return the report
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static ConversionReport report(MultiLayerNetwork network) {
        return report(network.getLayerWiseConfigurations());
    }

    /**
     * How each layer of a converted network learns, or would learn in one that {@link #convert} has not seen yet.
     *
     * @param network not changed
     * @return the report
     * @throws IllegalArgumentException as {@link #convert(MultiLayerConfiguration)}
     */
    public static ConversionReport report(ComputationGraph network) {
        return report(network.getConfiguration());
    }

    /**
     * Whether every layer of the configuration that is to learn locally does: conversion would change nothing.
     *
     * @param conf not changed
     * @return false where a layer is not local yet, such as one that transfer learning added, and where conversion
     *     would refuse
     */
    public static boolean isConverted(MultiLayerConfiguration conf) {
        return Converter.isConverted(conf);
    }

    /**
     * Whether every layer of the configuration that is to learn locally does: conversion would change nothing.
     *
     * @param conf not changed
     * @return false where a layer is not local yet, such as one that transfer learning added, and where conversion
     *     would refuse
     */
    public static boolean isConverted(ComputationGraphConfiguration conf) {
        return Converter.isConverted(conf);
    }

    /**
     * Whether every layer of the network that is to learn locally does: conversion would change nothing.
     *
     * @param network not changed
     * @return false where a layer is not local yet, such as one that transfer learning added, and where conversion
     *     would refuse
     */
    public static boolean isConverted(MultiLayerNetwork network) {
        return isConverted(network.getLayerWiseConfigurations());
    }

    /**
     * Whether every layer of the network that is to learn locally does: conversion would change nothing.
     *
     * @param network not changed
     * @return false where a layer is not local yet, such as one that transfer learning added, and where conversion
     *     would refuse
     */
    public static boolean isConverted(ComputationGraph network) {
        return isConverted(network.getConfiguration());
    }

    /**
     * The configuration with Deeplearning4j's own layers again.
     *
     * @param conf a converted one; not changed
     * @return a copy without anything of this library
     */
    public static MultiLayerConfiguration revert(MultiLayerConfiguration conf) {
        return Converter.revert(conf);
    }

    /**
     * The configuration with Deeplearning4j's own layers again.
     *
     * @param conf a converted one; not changed
     * @return a copy without anything of this library
     */
    public static ComputationGraphConfiguration revert(ComputationGraphConfiguration conf) {
        return Converter.revert(conf);
    }

    /**
     * The network with Deeplearning4j's own layers again: the same parameters and outputs, for production without this
     * library, to go on by back-propagation, or for the gradient of the loss with respect to the input
     * ({@code calculateGradients}).
     *
     * @param network a converted one; not changed
     * @return a new network with a copy of its parameters, of its counts of iterations and epochs, and, where the
     *     layers keep their updaters, of its updater's state
     */
    public static MultiLayerNetwork revert(MultiLayerNetwork network) {
        return Converter.revert(network);
    }

    /**
     * The network with Deeplearning4j's own layers again: the same parameters and outputs, for production without this
     * library, or to go on by back-propagation.
     *
     * @param network a converted one; not changed
     * @return a new network with a copy of its parameters, of its counts of iterations and epochs, and, where the
     *     layers keep their updaters, of its updater's state
     */
    public static ComputationGraph revert(ComputationGraph network) {
        return Converter.revert(network);
    }

    /**
     * The spiking counterpart of a stock network: leaky integrate-and-fire neurons in the place of its activation
     * functions, and their rates (times 10) in that of the activations that the output layer reads.
     *
     * <pre>{@code
     * MultiLayerConfiguration spiking = IbHebb.spiking(conf, SpikingSettings.defaults().withTimeSteps(16));
     * }</pre>
     *
     * <p>{@code DenseLayer} becomes {@link org.ibhebb.spiking.SpikingDenseLayer}, {@code ConvolutionLayer}
     * {@link org.ibhebb.spiking.SpikingConvolutionLayer} and {@code SubsamplingLayer}, where it averages or sums,
     * {@link org.ibhebb.spiking.SpikePoolingLayer}. {@code DropoutLayer}, {@code OutputLayer} and a
     * {@code GlobalPoolingLayer} right before that stay; all settings of weights and updaters do. Inputs are what they
     * were, and a constant current now: pixels best from 0 to 1. The result learns by back-propagation through time,
     * and converted by {@link #convert(MultiLayerConfiguration)} by the rule.
     *
     * @param conf of stock layers; not changed. What the pre-processors between layers do is taken over
     * @param settings of all neurons
     * @return a new configuration
     * @throws IllegalArgumentException naming the layer and the reason, if one has no counterpart: batch or layer
     *     normalisation, max-pooling, layers that know time, layers that are local already, ...
     */
    public static MultiLayerConfiguration spiking(MultiLayerConfiguration conf, SpikingSettings settings) {
        return SpikingCounterpart.of(conf, settings);
    }

    /**
     * The spiking counterpart of a stock graph: its layers become what {@link #spiking(MultiLayerConfiguration,
     * SpikingSettings)} makes of them, with rates before each output layer. Of vertices that are no layers, and read
     * spikes, those stay that mean of them what they meant of activations: {@code MergeVertex} and {@code SubsetVertex}
     * of vectors, {@code ElementWiseVertex} that adds or averages, {@code ScaleVertex}. What reads the network's inputs
     * alone stays whatever it is.
     *
     * @param conf of stock layers; not changed
     * @param settings of all neurons
     * @return a new configuration
     * @throws IllegalArgumentException naming the layer or vertex and the reason, if one has no counterpart: as for
     *     networks of layers; or it joins spikes and what has no time steps, or images in time to one another
     */
    public static ComputationGraphConfiguration spiking(
            ComputationGraphConfiguration conf, SpikingSettings settings) {
        return SpikingCounterpart.of(conf, settings);
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
     * @param network converted or not; 2D convolutions and pooling, dense layers, and an output layer
     * @return a streaming network that shares the network's parameters
     * @throws IllegalArgumentException naming the layer and the reason, if one can't learn so
     */
    public static StreamingNetwork stream(MultiLayerNetwork network) {
        return StreamingNetwork.builder(network).build();
    }

    /**
     * The graph learning on the fly, as {@link #stream(MultiLayerNetwork)}.
     *
     * @param network converted or not; one chain of 2D convolutions and pooling, dense layers, and an output layer
     * @return a streaming network that shares the network's parameters
     * @throws IllegalArgumentException naming the layer and the reason, if one can't learn so
     */
    public static StreamingNetwork stream(ComputationGraph network) {
        return StreamingNetwork.builder(network).build();
    }

    /**
     * Writes a network with all that it takes to go on as if nothing had happened: what Deeplearning4j saves (its
     * configuration, its counts of iterations and epochs, its parameters and its updater's state), and what it
     * remembers beside that, which {@link NetworkState} lists. The file is Deeplearning4j's own model archive with two
     * entries more: {@code MultiLayerNetwork.load} opens it too, with an empty memory. A network of stock layers is
     * written as Deeplearning4j does.
     *
     * <p>To the bit: the same data go on to the same parameters, with the same kernel, ND4J backend and number of
     * threads. What is drawn at random in training (dropout, weight noise) comes from ND4J's generator of the calling
     * thread; where it stands is saved, too. The state of recurrent layers within a sequence is not.
     *
     * @param network between two mini-batches; waits for a {@code fit} of another thread to end
     * @param file replaced whole, or not at all
     * @throws IOException if it can't be written; the file is as it was
     * @throws IllegalStateException within a training step, as a listener's {@code iterationDone} is:
     *     {@link org.ibhebb.listeners.Checkpoints} saves there
     */
    public static void save(MultiLayerNetwork network, Path file) throws IOException {
        SavedNetworks.save(network, file);
    }

    /**
     * Writes a graph with all that it takes to go on, as {@link #save(MultiLayerNetwork, Path)}.
     *
     * @param network between two mini-batches; waits for a {@code fit} of another thread to end
     * @param file replaced whole, or not at all
     * @throws IOException if it can't be written; the file is as it was
     * @throws IllegalStateException within a training step
     */
    public static void save(ComputationGraph network, Path file) throws IOException {
        SavedNetworks.save(network, file);
    }

    /**
     * Reads a network that goes on where the saved one was. A file that Deeplearning4j wrote opens too: what the
     * network remembered is not in it, and a line of the log says so.
     *
     * <p>Of the file only the entries that make a network are read. Those that Java serialisation wrote
     * ({@code preprocessor.bin}) are left out, and so is a normaliser, which
     * {@code ModelSerializer.restoreNormalizerFromFile} reads.
     *
     * <p>If the network's configuration has dropout, weight noise or random slopes, ND4J's generator of the calling
     * thread, which all networks share that train in it, goes on from where it stood when the network was saved.
     *
     * @param file what {@link #save(MultiLayerNetwork, Path)} or Deeplearning4j wrote. Its configuration names classes
     *     that are made: open a model only from whom you would run a program from
     * @return the network
     * @throws IOException with one sentence that says what is wrong: there is no such file, it is damaged, it is no
     *     MultiLayerNetwork, or the memory network that its rules name can't be had
     */
    public static MultiLayerNetwork restoreMultiLayerNetwork(Path file) throws IOException {
        return SavedNetworks.network(file);
    }

    /**
     * Reads a graph that goes on where the saved one was, as {@link #restoreMultiLayerNetwork}.
     *
     * @param file what {@link #save(ComputationGraph, Path)} or Deeplearning4j wrote
     * @return the graph
     * @throws IOException with one sentence that says what is wrong
     */
    public static ComputationGraph restoreComputationGraph(Path file) throws IOException {
        return SavedNetworks.graph(file);
    }

    /**
     * A network that knows and remembers the same, and goes its own way: given the same data, both go to the same
     * parameters, to the bit. (What is drawn at random in training, both draw from the thread's one generator.)
     * Deeplearning4j's own {@code clone()} has the same parameters, updater's state and counts, and starts with an
     * empty memory: its readouts and gains begin anew.
     *
     * @param network between two mini-batches; not changed; waits for a {@code fit} of another thread to end
     * @return a copy, without listeners
     * @throws IllegalStateException within a training step
     */
    public static MultiLayerNetwork clone(MultiLayerNetwork network) {
        return SavedNetworks.copy(network);
    }

    /**
     * A graph that knows and remembers the same, and goes its own way, as {@link #clone(MultiLayerNetwork)}.
     *
     * @param network between two mini-batches; not changed; waits for a {@code fit} of another thread to end
     * @return a copy, without listeners
     * @throws IllegalStateException within a training step
     */
    public static ComputationGraph clone(ComputationGraph network) {
        return SavedNetworks.copy(network);
    }

    /**
     * What a network remembers, beside its parameters and its updater's state.
     *
     * @param network between two mini-batches; waits for a {@code fit} of another thread to end
     * @return a copy
     * @throws IllegalStateException within a training step
     */
    public static NetworkState state(MultiLayerNetwork network) {
        return NetworkState.of(network);
    }

    /**
     * What a graph remembers, beside its parameters and its updater's state.
     *
     * @param network between two mini-batches; waits for a {@code fit} of another thread to end
     * @return a copy
     * @throws IllegalStateException within a training step
     */
    public static NetworkState state(ComputationGraph network) {
        return NetworkState.of(network);
    }

    /**
     * What a training step of this configuration reads, writes, computes and keeps, by arithmetic on shapes: local
     * layers by their rule, and a configuration of stock layers by back-propagation.
     *
     * @param conf converted or not; not changed
     * @param batch samples of a step, at least 1
     * @param input what a sample is, such as {@code InputType.convolutional(28, 28, 1)}; none where the first layer is
     *     dense and says it
     * @return the ledger
     * @throws IllegalArgumentException naming the layer, if the ledger does not know its kind
     */
    public static Ledger ledger(MultiLayerConfiguration conf, int batch, InputType... input) {
        return ledger(conf, batch, Training.asConfigured(), input);
    }

    /**
     * What a training step of this configuration would read, write, compute and keep by another way of learning.
     *
     * @param conf converted or not; not changed
     * @param batch as {@link #ledger(MultiLayerConfiguration, int, InputType...)}
     * @param training the way
     * @param input as above
     * @return the ledger
     * @throws IllegalArgumentException as above; if the way can't learn such a mini-batch
     */
    public static Ledger ledger(MultiLayerConfiguration conf, int batch, Training training, InputType... input) {
        return Drawn.of(conf, batch, training, input);
    }

    /**
     * What a training step of this graph reads, writes, computes and keeps, as
     * {@link #ledger(MultiLayerConfiguration, int, InputType...)}.
     *
     * @param conf converted or not; not changed
     * @param batch samples of a step, at least 1
     * @param inputs what a sample is, one type an input; none where the first layers are dense and say it
     * @return the ledger
     * @throws IllegalArgumentException naming the layer, if the ledger does not know its kind
     */
    public static Ledger ledger(ComputationGraphConfiguration conf, int batch, InputType... inputs) {
        return ledger(conf, batch, Training.asConfigured(), inputs);
    }

    /**
     * What a training step of this graph would read, write, compute and keep by another way of learning.
     *
     * @param conf converted or not; not changed
     * @param batch as {@link #ledger(ComputationGraphConfiguration, int, InputType...)}
     * @param training the way
     * @param inputs as above
     * @return the ledger
     * @throws IllegalArgumentException as above; if the way can't learn such a mini-batch
     */
    public static Ledger ledger(
            ComputationGraphConfiguration conf, int batch, Training training, InputType... inputs) {
        return Drawn.of(conf, batch, training, inputs);
    }

    private static ConversionReport report(List<Decision> decisions) {
        return new ConversionReport(decisions.stream()
                .map(decision -> new ConversionReport.Entry(decision.name(), decision.type(),
                        ConversionReport.Learning.valueOf(decision.learning().name()), decision.detail()))
                .toList());
    }

    private static void log(List<Decision> decisions) {
        ConversionReport report = report(decisions);
        LOG.info("IbHebb: {}", report.summary());
        LOG.debug("{}", report);
    }

    /** A rule whose name is misspelt would be no rule. */
    @JsonAnySetter
    private void refuse(String field, Object value) {
        throw new IllegalArgumentException("an IbHebb updater has no field '" + field + "'");
    }

    /**
     * The updater inside.
     *
     * @return never an IbHebb; null for the library's own
     */
    @Override
    public @Nullable IUpdater getUpdater() {
        return updater;
    }

    /**
     * The rule that it carries.
     *
     * @return null for the one given to {@link #convert}
     */
    @Override
    public @Nullable LearningRule getRule() {
        return rule;
    }

    /**
     * Which form of the arithmetic this JVM computes signals by, and why: for logs and bug reports.
     *
     * @return {@code native} or {@code nd4j}, and the reason; where it is not the fastest form, with what is missing
     */
    public static String kernelInUse() {
        Choice choice = Arithmetic.choice();
        return choice.name() + ": " + choice.why();
    }

    private IUpdater base() {
        return updater == null ? ScheduleFree.ofHidden(1, null) : updater;
    }

    @Override
    public long stateSize(long numParams) {
        return base().stateSize(numParams);
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
        return base().getLearningRate(iteration, epoch);
    }

    @Override
    public boolean hasLearningRate() {
        return base().hasLearningRate();
    }

    @Override
    public void setLrAndSchedule(double lr, ISchedule lrSchedule) {
        base().setLrAndSchedule(lr, lrSchedule);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public IbHebb clone() {
        return new IbHebb(updater == null ? null : updater.clone(), rule);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IbHebb that && Objects.equals(updater, that.updater) && Objects.equals(rule, that.rule);
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
