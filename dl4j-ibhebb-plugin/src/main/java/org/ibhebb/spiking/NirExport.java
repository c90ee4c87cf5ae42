package org.ibhebb.spiking;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.exception.DL4JException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.file.WholeFile;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes spiking networks as {@link Nir} says. */
final class NirExport {

    /** Seconds that one time step takes. */
    static final double DT = 1e-4;
    static final String VERSION = "1.0";
    static final String RESET = "reset";
    static final String STEPS = "time_steps";
    static final String STEP = "dt";
    static final String READ = "read";
    static final String MEAN = "mean";

    private static final Logger LOG = LoggerFactory.getLogger(NirExport.class);

    private final WritableGroup nodes;
    private final List<String[]> edges = new ArrayList<>();
    private String last = "input";
    /** Of what the last node gives: one number for a vector; channels, height and width for an image. */
    private long[] shape;

    private NirExport(WritableGroup nodes, long[] shape) {
        this.nodes = nodes;
        this.shape = shape;
    }

    /** As {@link Nir#write} says. */
    static void write(MultiLayerNetwork network, @Nullable InputType input, Path file) throws IOException {
        check(network);
        long[] shape = inputShape(network, input);
        checkShapes(network, shape);
        // jhdf goes back and forth in its file, which a stream does not allow.
        Path scratch = Files.createTempFile("ibhebb", ".nir");
        try {
            try (WritableHdfFile hdf = HdfFile.write(scratch)) {
                write(network, shape, hdf);
            }
            WholeFile.write(file, out -> Files.copy(scratch, out));
        } finally {
            Files.delete(scratch);
        }
    }

    private static void check(MultiLayerNetwork network) {
        Layer[] layers = network.getLayers();
        if (layers == null || layers.length == 0 || layers[0] == null) {
            throw new IllegalStateException("the network has no layers yet: call network.init() first");
        }
        for (int i = 0; i < layers.length; i++) {
            org.deeplearning4j.nn.conf.layers.Layer conf = layers[i].conf().getLayer();
            String name = "layer '" + (conf.getLayerName() == null ? "layer" + i : conf.getLayerName()) + "' ("
                    + conf.getClass().getSimpleName() + ") can't be exported: ";
            org.deeplearning4j.nn.conf.layers.Layer below = i == 0 ? null : layers[i - 1].conf().getLayer();
            if (conf instanceof SpikingLayer spiking) {
                if (below != null && !(below instanceof SpikingLayer) && !(below instanceof SpikePoolingLayer)) {
                    throw new IllegalArgumentException(name + "what stands below it is not spiking");
                }
                SpikingSettings settings = spiking.getSettings();
                if (settings.getRefractorySteps() > 0) {
                    throw new IllegalArgumentException(name + "NIR's neurons have no refractory time, and this layer's"
                            + " are refractory for " + settings.getRefractorySteps() + " time steps; train it with"
                            + " refractorySteps(0)");
                }
                if (settings.getSynapticDecay() > 0 && settings.getLeak() == 1) {
                    throw new IllegalArgumentException(name + "NIR's neurons with a synaptic current (CubaLIF) leak,"
                            + " and this layer's leak of 1 keeps all; train it with a leak below 1");
                }
                if (settings.getReset() == SpikingDenseLayer.Reset.SUBTRACTION) {
                    LOG.warn("Layer {} resets by subtraction, and NIR can only say reset to zero: other readers will"
                            + " count other spikes. Train with reset TO_ZERO what is meant for export", i);
                }
            } else if (conf instanceof SpikePoolingLayer) {
                if (below == null) {
                    throw new IllegalArgumentException(name + "no spikes come in");
                }
            } else if (conf instanceof SpikeRateLayer rates) {
                if (rates.isNormalized()) {
                    throw new IllegalArgumentException(name + "NIR has no normalisation of each sample's rates; train"
                            + " with new SpikeRateLayer.Builder().scale(10)");
                }
                if (i == 0 || i != layers.length - 2) {
                    throw new IllegalArgumentException(name + "it has to stand between the last spiking layer and the"
                            + " output layer");
                }
            } else if (!(conf instanceof OutputLayer) || i != layers.length - 1
                    || i == 0 || !(layers[i - 1].conf().getLayer() instanceof SpikeRateLayer)) {
                throw new IllegalArgumentException(name + "only SpikingDenseLayer, SpikingConvolutionLayer and"
                        + " SpikePoolingLayer, and SpikeRateLayer with an OutputLayer behind them, have a form in NIR");
            }
            INDArray parameters = layers[i].params();
            if (parameters != null && !parameters.isEmpty() && !Arithmetic.allFinite(parameters)) {
                throw new IllegalArgumentException(name + "it has weights or biases that are not finite");
            }
            InputPreProcessor before = network.getLayerWiseConfigurations().getInputPreProcess(i);
            if (before != null && !(before instanceof FramesToSequencePreProcessor)
                    && !(before instanceof CnnToFeedForwardPreProcessor && conf instanceof OutputLayer)
                    && !(before instanceof FeedForwardToCnnPreProcessor && conf instanceof SpikingConvolutionLayer
                            && i == 0)) {
                throw new IllegalArgumentException(name + "its pre-processor (" + before.getClass().getSimpleName()
                        + ") has no form in NIR; give it vectors, or images where it is a convolution");
            }
        }
    }

    /** What a sample is; a configuration does not keep how large images are. */
    private static long[] inputShape(MultiLayerNetwork network, @Nullable InputType input) {
        org.deeplearning4j.nn.conf.layers.Layer first = network.getLayer(0).conf().getLayer();
        if (first instanceof SpikingDenseLayer dense) {
            return new long[] {dense.getNIn()};
        }
        if (network.getLayerWiseConfigurations().getInputPreProcess(0) instanceof FeedForwardToCnnPreProcessor images) {
            return new long[] {images.getNumChannels(), images.getInputHeight(), images.getInputWidth()};
        }
        long[] shape = input instanceof InputType.InputTypeConvolutional image
                ? new long[] {image.getChannels(), image.getHeight(), image.getWidth()}
                : input instanceof InputType.InputTypeConvolutionalFlat flat
                        ? new long[] {flat.getDepth(), flat.getHeight(), flat.getWidth()}
                        : input instanceof InputType.InputTypeConvolutional3D frames
                                ? new long[] {frames.getChannels(), frames.getHeight(), frames.getWidth()}
                                : null;
        if (shape == null) {
            throw refused(first, "NIR says how large images are, and the network does not: give the input type, such as"
                    + " InputType.convolutional(28, 28, 1), not " + input);
        }
        if (shape[0] != ((SpikingConvolutionLayer) first).getNIn()) {
            throw refused(first, "it takes images of " + ((SpikingConvolutionLayer) first).getNIn()
                    + " channels, and the input type says " + input);
        }
        return shape;
    }

    /** Goes through the network as the writing will, before there is a file. */
    private static void checkShapes(MultiLayerNetwork network, long[] input) {
        long[] shape = input;
        for (Layer layer : network.getLayers()) {
            org.deeplearning4j.nn.conf.layers.Layer conf = layer.conf().getLayer();
            boolean images = conf instanceof SpikingConvolutionLayer || conf instanceof SpikePoolingLayer;
            if (images && shape.length != 3) {
                throw refused(conf, "it takes images, and gets vectors");
            }
            if (conf instanceof SpikingConvolutionLayer convolution) {
                padding(convolution, shape);
            }
            boolean flat = conf instanceof SpikingDenseLayer || conf instanceof OutputLayer;
            long values = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            if (flat && ((FeedForwardLayer) conf).getNIn() != values) {
                throw refused(conf, "it takes " + ((FeedForwardLayer) conf).getNIn() + " values, and of images of the"
                        + " given input type it would get " + values);
            }
            try {
                shape = shapeAbove(conf, shape);
            } catch (DL4JException e) {
                throw refused(conf, "it can't take images of " + shape[1] + " x " + shape[2]);
            }
        }
    }

    private static IllegalArgumentException refused(org.deeplearning4j.nn.conf.layers.Layer conf, String reason) {
        return new IllegalArgumentException("layer '" + conf.getLayerName() + "' (" + conf.getClass().getSimpleName()
                + ") can't be exported: " + reason);
    }

    private static long[] shapeAbove(org.deeplearning4j.nn.conf.layers.Layer conf, long[] shape) {
        if (conf instanceof SpikeRateLayer) {
            return shape;
        }
        if (conf instanceof SpikingConvolutionLayer || conf instanceof SpikePoolingLayer) {
            InputType.InputTypeConvolutional3D above = (InputType.InputTypeConvolutional3D) conf.getOutputType(-1,
                    InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 1, shape[1], shape[2], shape[0]));
            return new long[] {above.getChannels(), above.getHeight(), above.getWidth()};
        }
        return new long[] {((FeedForwardLayer) conf).getNOut()};
    }

    /** The same on both sides, as NIR has it. */
    private static long[] padding(SpikingConvolutionLayer layer, long[] shape) {
        int[] given = layer.getPadding();
        if (layer.getConvolutionMode() != ConvolutionMode.Same) {
            return new long[] {given[0], given[1]};
        }
        long[] padding = new long[2];
        for (int side = 0; side < 2; side++) {
            long size = shape[1 + side];
            long stride = layer.getStride()[side];
            long reach = (layer.getKernelSize()[side] - 1L) * layer.getDilation()[side] + 1;
            long missing = Math.max(0, ((size + stride - 1) / stride - 1) * stride + reach - size);
            if (missing % 2 != 0) {
                throw refused(layer, "ConvolutionMode.Same puts one more row or column on one side of images of "
                        + shape[1] + " x " + shape[2] + " than on the other, and NIR's padding is the same on both;"
                        + " take a kernel of odd size, or give the padding");
            }
            padding[side] = missing / 2;
        }
        return padding;
    }

    private static void write(MultiLayerNetwork network, long[] shape, WritableHdfFile hdf) {
        hdf.putDataset("version", VERSION);
        WritableGroup graph = hdf.putGroup("node");
        graph.putDataset("type", "NIRGraph");
        WritableGroup metadata = graph.putGroup("metadata");
        metadata.putDataset(STEP, DT);
        metadata.putDataset("written_by", "DL4J-IbHebb");
        metadata.putDataset("convention", "leak = 1 - dt / tau, current = r (1 - leak) (weight x + bias), which with"
                + " a synapse (decay = 1 - dt / tau_syn) is w_in (1 - decay) of that, and decays, v_reset after a"
                + " spike; the last Affine's mean over time is the output, or its value at the last time step where an"
                + " LI before it says read = last; shapes have no batch dimension, and what Flatten starts with is the"
                + " first");
        NirExport export = new NirExport(graph.putGroup("nodes"), shape);
        Layer[] layers = network.getLayers();
        export.nodes.putGroup("input").putDataset("type", "Input");
        ((WritableGroup) export.nodes.getChild("input")).putDataset("shape", shape);
        double scale = 1;
        for (int i = 0; i < layers.length; i++) {
            org.deeplearning4j.nn.conf.layers.Layer conf = layers[i].conf().getLayer();
            if (conf instanceof SpikingLayer spiking) {
                SpikingSettings settings = spiking.getSettings();
                double leak = settings.getLeak();
                double factor = (leak < 1 ? 1 / (1 - leak) : 1) / (1 - settings.getSynapticDecay());
                if (conf instanceof SpikingConvolutionLayer convolution) {
                    export.convolution("conv" + i, layers[i], convolution, factor);
                } else {
                    export.flatten("flatten" + i);
                    export.affine("affine" + i, layers[i], factor, 1);
                }
                export.shape = shapeAbove(conf, export.shape);
                export.neurons((leak < 1 ? "lif" : "if") + i, settings);
            } else if (conf instanceof SpikePoolingLayer pooling) {
                export.pool("pool" + i, pooling);
            } else if (conf instanceof SpikeRateLayer rates) {
                scale = rates.getScale();
                if (rates.getLeak() > 0 || rates.isLast()) {
                    export.integrator("li" + i, rates);
                }
            } else {
                export.flatten("flatten" + i);
                export.affine("readout", layers[i], scale, scale);
                export.shape = shapeAbove(conf, export.shape);
            }
        }
        WritableGroup output = export.node("output", "Output");
        output.putDataset("shape", export.shape);
        graph.putDataset("edges", export.edges.toArray(new String[0][]));
    }

    private void convolution(String name, Layer layer, SpikingConvolutionLayer conf, double factor) {
        WritableGroup node = node(name, "Conv2d");
        INDArray weights = layer.getParam(ConvolutionParamInitializer.WEIGHT_KEY).castTo(DataType.DOUBLE).mul(factor);
        float[] flat = weights.castTo(DataType.FLOAT).dup('c').reshape(weights.length()).toFloatVector();
        int[] size = Arrays.stream(weights.shape()).mapToInt(Math::toIntExact).toArray();
        float[][][][] values = new float[size[0]][size[1]][size[2]][size[3]];
        int at = 0;
        for (float[][][] map : values) {
            for (float[][] channel : map) {
                for (float[] row : channel) {
                    System.arraycopy(flat, at, row, 0, row.length);
                    at += row.length;
                }
            }
        }
        node.putDataset("weight", values);
        node.putDataset("bias", conf.hasBias()
                ? bias(layer.getParam(ConvolutionParamInitializer.BIAS_KEY), factor)
                : new float[size[0]]);
        node.putDataset("input_shape", new long[] {shape[1], shape[2]});
        node.putDataset("stride", longs(conf.getStride()));
        node.putDataset("padding", padding(conf, shape));
        node.putDataset("dilation", longs(conf.getDilation()));
        node.putDataset("groups", 1L);
    }

    private void pool(String name, SpikePoolingLayer conf) {
        WritableGroup node =
                node(name, conf.getPooling() == SpikePoolingLayer.Pooling.SUM ? "SumPool2d" : "AvgPool2d");
        node.putDataset("kernel_size", longs(conf.getKernelSize()));
        node.putDataset("stride", longs(conf.getStride()));
        node.putDataset("padding", longs(conf.getPadding()));
        shape = shapeAbove(conf, shape);
    }

    /** Images as vectors, where they are none yet. */
    private void flatten(String name) {
        if (shape.length > 1) {
            WritableGroup node = node(name, "Flatten");
            node.putDataset("start_dim", 0L);
            node.putDataset("end_dim", -1L);
            node.putDataset("input_type", shape);
            shape = new long[] {Arrays.stream(shape).reduce(1, (a, b) -> a * b)};
        }
    }

    private static long[] longs(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }

    private static float[] bias(INDArray bias, double factor) {
        return bias.castTo(DataType.DOUBLE).mul(factor).castTo(DataType.FLOAT).reshape(bias.length()).toFloatVector();
    }

    private WritableGroup node(String name, String type) {
        edges.add(new String[] {last, name});
        last = name;
        WritableGroup node = nodes.putGroup(name);
        node.putDataset("type", type);
        return node;
    }

    private void affine(String name, Layer layer, double factor, double weightsAlone) {
        WritableGroup node = node(name, "Affine");
        INDArray weights = layer.getParam(DefaultParamInitializer.WEIGHT_KEY);
        // A readout's bias is not scaled with the rates.
        double ofBias = factor / weightsAlone;
        INDArray bias = layer.paramTable().containsKey(DefaultParamInitializer.BIAS_KEY)
                ? layer.getParam(DefaultParamInitializer.BIAS_KEY)
                : null;
        node.putDataset("weight", weights.castTo(DataType.DOUBLE).mul(factor).transpose().castTo(DataType.FLOAT)
                .toFloatMatrix());
        node.putDataset("bias", bias == null
                ? new float[(int) weights.size(1)]
                : bias(bias, ofBias));
    }

    private void neurons(String name, SpikingSettings settings) {
        boolean leaky = settings.getLeak() < 1;
        boolean synaptic = settings.getSynapticDecay() > 0;
        WritableGroup node = node(name, synaptic ? "CubaLIF" : leaky ? "LIF" : "IF");
        if (synaptic) {
            node.putDataset("tau_syn", filled(DT / (1 - settings.getSynapticDecay())));
            node.putDataset("w_in", filled(1));
        }
        if (leaky) {
            node.putDataset(synaptic ? "tau_mem" : "tau", filled(DT / (1 - settings.getLeak())));
            node.putDataset("v_leak", filled(0));
        }
        node.putDataset("r", filled(1));
        node.putDataset("v_threshold", filled(settings.getThreshold()));
        node.putDataset("v_reset", filled(0));
        WritableGroup metadata = node.putGroup("metadata");
        metadata.putDataset(RESET, settings.getReset() == SpikingDenseLayer.Reset.TO_ZERO ? "zero" : "subtraction");
        metadata.putDataset(STEPS, (long) settings.getTimeSteps());
    }

    /** What has membranes and no spikes. */
    private void integrator(String name, SpikeRateLayer conf) {
        WritableGroup node = node(name, "LI");
        node.putDataset("tau", filled(DT / (1 - conf.getLeak())));
        node.putDataset("r", filled(1));
        node.putDataset("v_leak", filled(0));
        node.putGroup("metadata").putDataset(READ, conf.isLast() ? "last" : MEAN);
    }

    /** One value for each neuron, in the shape that these have. */
    private Object filled(double value) {
        float[] row = new float[(int) shape[shape.length - 1]];
        Arrays.fill(row, (float) value);
        if (shape.length == 1) {
            return row;
        }
        float[][][] maps = new float[(int) shape[0]][(int) shape[1]][];
        for (float[][] map : maps) {
            for (int i = 0; i < map.length; i++) {
                map[i] = row.clone();
            }
        }
        return maps;
    }
}
