package org.ibhebb.internal.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.ibhebb.conf.layers.ConvertedLayer;
import org.ibhebb.conf.layers.IbHebbBatchNormalizationLayer;
import org.ibhebb.conf.layers.LocalLayer;
import org.ibhebb.internal.convert.Topology;
import org.ibhebb.internal.ledger.Stage.Learning;
import org.ibhebb.internal.ledger.Stage.Type;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.spiking.SpikePoolingLayer;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingConvolutionLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.nd4j.linalg.learning.config.IUpdater;

/** Reads a configuration's layers, from the input on, with the shapes of what goes between them. */
final class Stages {

    private final List<Stage> stages = new ArrayList<>();
    private final Map<String, InputType> types = new HashMap<>();

    private Stages() {}

    /**
     * The layers of a network.
     *
     * @param inputs what a sample is; none where the first layer says it
     * @throws IllegalArgumentException naming the layer, if there is one that the ledger does not know
     */
    static List<Stage> of(MultiLayerConfiguration conf, InputType... inputs) {
        Stages read = new Stages();
        List<Topology.Node> nodes = Topology.of(conf).nodes();
        InputType type = inputs.length > 0 ? only(inputs) : first(conf.getConf(0).getLayer());
        String below = Stage.INPUT;
        for (int i = 0; i < nodes.size(); i++) {
            Layer layer = nodes.get(i).layer();
            String name = layer.getLayerName() == null ? "layer" + i : layer.getLayerName();
            // Before shapes are asked for, of which an unknown one may not know.
            type("layer '" + name + "'", stock(unfrozen(layer)));
            InputPreProcessor before = conf.getInputPreProcess(i);
            checkTime(name, before, type);
            InputType given = before == null ? type : before.getOutputType(type);
            type = layer.getOutputType(i, given);
            read.add(name, layer, List.of(below), given, type);
            below = name;
        }
        return read.stages;
    }

    /** The same for a graph. */
    static List<Stage> of(ComputationGraphConfiguration conf, InputType... inputs) {
        Stages read = new Stages();
        InputType[] given = inputs.length > 0 ? inputs : firsts(conf);
        if (given.length != conf.getNetworkInputs().size()) {
            throw new IllegalArgumentException("the graph has " + conf.getNetworkInputs().size() + " inputs ("
                    + conf.getNetworkInputs() + "), and " + given.length + " input types are given: give one for each");
        }
        Map<String, InputType> types = conf.getLayerActivationTypes(given);
        for (int i = 0; i < given.length; i++) {
            types.put(conf.getNetworkInputs().get(i), given[i]);
        }
        Map<String, String> reshaped = new HashMap<>();
        conf.getNetworkInputs().forEach(name -> reshaped.put(name, Stage.INPUT));
        for (Topology.Node node : Topology.of(conf).nodes()) {
            List<String> below = conf.getVertexInputs().get(node.id());
            List<String> arrays = below.stream().map(name -> reshaped.getOrDefault(name, name)).toList();
            GraphVertex vertex = conf.getVertices().get(node.id());
            if (vertex instanceof LayerVertex holder) {
                InputType type = types.get(below.get(0));
                InputPreProcessor before = holder.getPreProcessor();
                checkTime(node.id(), before, type);
                read.add(node.id(), node.layer(), arrays, before == null ? type : before.getOutputType(type),
                        types.get(node.id()));
            } else if (vertex instanceof PreprocessorVertex) {
                reshaped.put(node.id(), arrays.get(0));
            } else if (vertex instanceof MergeVertex || vertex instanceof ElementWiseVertex) {
                long in = below.stream().mapToLong(name -> types.get(name).arrayElementsPerExample()).sum();
                long out = types.get(node.id()).arrayElementsPerExample();
                read.stages.add(new Stage(node.id(), Type.JOIN, null, arrays, Learning.NOTHING, null, in, out, 0,
                        0, 0, 0, 0, 0, null, 0, 1, 0, false, 1, false));
            } else {
                throw unknown("vertex '" + node.id() + "'", vertex);
            }
        }
        return read.stages;
    }

    /** {@return those that are compared with labels} */
    static List<Stage> outputs(List<Stage> stages) {
        return stages.stream().filter(stage -> stage.type() == Stage.Type.OUTPUT).toList();
    }

    private static InputType only(InputType[] inputs) {
        if (inputs.length != 1) {
            throw new IllegalArgumentException(inputs.length + " input types are given, and a multi-layer network has one"
                    + " input");
        }
        return inputs[0];
    }

    private static InputType[] firsts(ComputationGraphConfiguration conf) {
        return conf.getNetworkInputs().stream().map(input -> {
            Layer reader = conf.getVertexInputs().entrySet().stream()
                    .filter(entry -> entry.getValue().contains(input))
                    .map(entry -> conf.getVertices().get(entry.getKey()))
                    .filter(LayerVertex.class::isInstance)
                    .map(vertex -> ((LayerVertex) vertex).getLayerConf().getLayer())
                    .findFirst()
                    .orElseThrow(() -> noType("input '" + input + "'"));
            return first(reader);
        }).toArray(InputType[]::new);
    }

    /** Rows of a mini-batch are samples, or, in layers that know time, their time steps. */
    private static void checkTime(String name, InputPreProcessor before, InputType type) {
        if (before instanceof RnnToFeedForwardPreProcessor || before instanceof FeedForwardToRnnPreProcessor) {
            throw new IllegalArgumentException("layer '" + name + "' takes each time step of a sequence for a sample,"
                    + " or samples for time steps (" + before.getClass().getSimpleName()
                    + "), which the ledger does not count: let recurrent layers stand right below the RnnOutputLayer");
        }
        if (type instanceof InputType.InputTypeRecurrent sequence && sequence.getTimeSeriesLength() < 1) {
            throw new IllegalArgumentException("layer '" + name + "' reads sequences of a length that nobody says: give"
                    + " the input type with one, InputType.recurrent(size, timeSteps)");
        }
    }

    private static InputType first(Layer given) {
        Layer layer = stock(given);
        if (layer instanceof FeedForwardLayer dense && !(dense instanceof ConvolutionLayer)
                && !(dense instanceof BaseRecurrentLayer) && !(dense instanceof RnnOutputLayer)
                && dense.getNIn() > 0) {
            return InputType.feedForward(dense.getNIn());
        }
        throw noType("the first layer (" + layer.getClass().getSimpleName() + ")");
    }

    private static IllegalArgumentException noType(String who) {
        return new IllegalArgumentException(who + " does not say how large a sample is, and a configuration does not keep"
                + " it: give the input type, such as InputType.convolutional(28, 28, 1)");
    }

    private static Layer stock(Layer layer) {
        return layer instanceof ConvertedLayer converted ? converted.toStock() : layer;
    }

    private static Layer unfrozen(Layer given) {
        return given instanceof FrozenLayer holder ? holder.getLayer()
                : given instanceof FrozenLayerWithBackprop holder ? holder.getUnderlying()
                : given;
    }

    private void add(String name, Layer given, List<String> inputs, InputType in, InputType out) {
        Layer inside = unfrozen(given);
        boolean frozen = inside != given;
        LearningRule rule = inside instanceof LocalLayer local ? local.getRule() : null;
        Learning learning = frozen ? Learning.NOTHING
                // Between the layers of a unit it has no rule of its own.
                : inside instanceof LocalLayer || inside instanceof IbHebbBatchNormalizationLayer ? Learning.LOCAL
                : Learning.ERROR;
        Layer layer = stock(inside);
        String who = "layer '" + name + "'";
        Type type = type(who, layer);
        long width = out.arrayElementsPerExample();
        long steps = Math.max(1, steps(out));
        long inputSteps = steps(in);
        long maps = width / steps;
        long rows = 0;
        long columns = 0;
        if (out instanceof InputType.InputTypeConvolutional image) {
            maps = image.getChannels();
            rows = image.getHeight();
            columns = image.getWidth();
        } else if (out instanceof InputType.InputTypeConvolutional3D frames) {
            maps = frames.getChannels();
            rows = frames.getHeight();
            columns = frames.getWidth();
        }
        boolean stepwise = inside instanceof LocalLayer local && local.isStepwise() || layer instanceof RnnOutputLayer;
        long weights = 0;
        long biases = 0;
        long patch = 0;
        IUpdater updater = null;
        if (layer instanceof BatchNormalization normalization) {
            // Running statistics are no parameters that learn.
            weights = normalization.isLockGammaBeta() ? 0 : maps;
            biases = weights;
            patch = 1;
            updater = normalization.getIUpdater();
        } else if (layer instanceof FeedForwardLayer weighted && type != Type.ACTIVATION && type != Type.DROPOUT) {
            long parameters = layer.initializer().numParams(layer);
            biases = layer instanceof DenseLayer dense && !dense.hasBias()
                    || layer instanceof ConvolutionLayer convolution && !convolution.hasBias()
                    || layer instanceof BaseOutputLayer output && !output.hasBias()
                    ? 0
                    : layer instanceof LSTM ? Recurrence.GATES * weighted.getNOut() : weighted.getNOut();
            weights = parameters - biases;
            patch = type == Type.RECURRENT ? weighted.getNIn() : weights / weighted.getNOut();
            updater = weighted.getIUpdater();
        }
        stages.add(new Stage(name, type, layer, inputs, weights == 0 && learning == Learning.ERROR
                ? Learning.NOTHING : learning, rule,
                in.arrayElementsPerExample(), width, maps, rows, columns, patch, weights, biases, updater,
                // A transposed convolution's weights meet each place of what comes in.
                layer instanceof Deconvolution2D transposed ? in.arrayElementsPerExample() / transposed.getNIn()
                        // What comes in for spiking neurons may be the same at each time step.
                        : width / maps / steps * (type == Type.SPIKING ? Math.max(1, inputSteps) : steps),
                steps, inputSteps, stepwise, retained(who, layer), readsSpikes(layer, inputs)));
    }

    /** Of a sequence; 0 for what is none. */
    private static long steps(InputType type) {
        return type instanceof InputType.InputTypeRecurrent sequence ? sequence.getTimeSeriesLength()
                : type instanceof InputType.InputTypeConvolutional3D frames ? frames.getDepth()
                : 0;
    }

    /** Dropout multiplies what it leaves. */
    private boolean readsSpikes(Layer layer, List<String> inputs) {
        return layer.getIDropout() == null && stages.stream()
                .filter(below -> inputs.contains(below.name()))
                .filter(below -> below.type() == Type.SPIKING).count() == inputs.size();
    }

    private static double retained(String who, Layer layer) {
        IDropout dropout = layer.getIDropout();
        if (dropout == null) {
            return 1;
        }
        if (dropout.getClass() != Dropout.class || ((Dropout) dropout).getPSchedule() != null) {
            throw new IllegalArgumentException(who + " has dropout of a kind (" + dropout + ") that the ledger does not"
                    + " count, which knows Dropout of a fixed probability");
        }
        return ((Dropout) dropout).getP();
    }

    private static Type type(String who, Layer layer) {
        if (layer.getClass() == DenseLayer.class && !((DenseLayer) layer).hasLayerNorm()) {
            return Type.DENSE;
        }
        if (layer.getClass() == OutputLayer.class || layer.getClass() == RnnOutputLayer.class) {
            return Type.OUTPUT;
        }
        if (layer.getClass() == DropoutLayer.class) {
            return Type.DROPOUT;
        }
        if (layer.getClass() == BatchNormalization.class) {
            return Type.NORMALIZATION;
        }
        if (layer.getClass() == SimpleRnn.class && !((SimpleRnn) layer).hasLayerNorm()
                || layer.getClass() == LSTM.class) {
            return Type.RECURRENT;
        }
        if (layer.getClass() == SpikingDenseLayer.class || layer.getClass() == SpikingConvolutionLayer.class) {
            return Type.SPIKING;
        }
        if (layer.getClass() == SpikePoolingLayer.class) {
            return Type.POOLING;
        }
        if (layer.getClass() == Deconvolution2D.class || layer.getClass() == SeparableConvolution2D.class
                || layer.getClass() == DepthwiseConvolution2D.class) {
            return Type.WRAPPED;
        }
        if (layer.getClass() == SpikeRateLayer.class) {
            return Type.RATE;
        }
        if (layer.getClass() == ConvolutionLayer.class) {
            return Type.CONVOLUTION;
        }
        if (layer.getClass() == SubsamplingLayer.class) {
            return Type.POOLING;
        }
        if (layer.getClass() == ActivationLayer.class) {
            return Type.ACTIVATION;
        }
        throw unknown(who, layer);
    }

    private static IllegalArgumentException unknown(String who, Object what) {
        return new IllegalArgumentException(who + " (" + what.getClass().getSimpleName() + "): the ledger knows"
                + " DenseLayer and SimpleRnn (without layer normalisation inside), LSTM, ConvolutionLayer,"
                + " Deconvolution2D, DepthwiseConvolution2D, SeparableConvolution2D, SubsamplingLayer,"
                + " BatchNormalization, ActivationLayer, DropoutLayer, spiking layers, OutputLayer and RnnOutputLayer, and in graphs MergeVertex,"
                + " ElementWiseVertex and PreprocessorVertex");
    }
}
