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
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.file.WholeFile;
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

    private static final Logger LOG = LoggerFactory.getLogger(NirExport.class);

    private final WritableGroup nodes;
    private final List<String[]> edges = new ArrayList<>();
    private String last = "input";

    private NirExport(WritableGroup nodes) {
        this.nodes = nodes;
    }

    /** As {@link Nir#write} says. */
    static void write(MultiLayerNetwork network, Path file) throws IOException {
        check(network);
        // jhdf goes back and forth in its file, which a stream does not allow.
        Path scratch = Files.createTempFile("ibhebb", ".nir");
        try {
            try (WritableHdfFile hdf = HdfFile.write(scratch)) {
                write(network, hdf);
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
            if (conf instanceof SpikingDenseLayer spiking) {
                if (i > 0 && !(layers[i - 1].conf().getLayer() instanceof SpikingDenseLayer)) {
                    throw new IllegalArgumentException(name + "what stands below it is not spiking");
                }
                if (spiking.getReset() == SpikingDenseLayer.Reset.SUBTRACTION) {
                    LOG.warn("Layer {} resets by subtraction, and NIR can only say reset to zero: other readers will"
                            + " count other spikes. Train with reset TO_ZERO what is meant for export", i);
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
                throw new IllegalArgumentException(name + "only SpikingDenseLayer, and SpikeRateLayer with an"
                        + " OutputLayer behind them, have a form in NIR");
            }
            INDArray parameters = layers[i].params();
            if (parameters != null && !parameters.isEmpty() && !Arithmetic.allFinite(parameters)) {
                throw new IllegalArgumentException(name + "it has weights or biases that are not finite");
            }
            if (network.getLayerWiseConfigurations().getInputPreProcess(i) != null) {
                throw new IllegalArgumentException(name + "its pre-processor has no form in NIR; give it vectors");
            }
        }
    }

    private static void write(MultiLayerNetwork network, WritableHdfFile hdf) {
        hdf.putDataset("version", VERSION);
        WritableGroup graph = hdf.putGroup("node");
        graph.putDataset("type", "NIRGraph");
        WritableGroup metadata = graph.putGroup("metadata");
        metadata.putDataset(STEP, DT);
        metadata.putDataset("written_by", "DL4J-IbHebb");
        metadata.putDataset("convention", "leak = 1 - dt / tau, current = r (1 - leak) (weight x + bias), v_reset after"
                + " a spike; the last Affine's mean over time is the output");
        NirExport export = new NirExport(graph.putGroup("nodes"));
        Layer[] layers = network.getLayers();
        long width = ((SpikingDenseLayer) layers[0].conf().getLayer()).getNIn();
        export.nodes.putGroup("input").putDataset("type", "Input");
        ((WritableGroup) export.nodes.getChild("input")).putDataset("shape", new long[] {width});
        double scale = 1;
        for (int i = 0; i < layers.length; i++) {
            if (layers[i].conf().getLayer() instanceof SpikingDenseLayer spiking) {
                double leak = spiking.getLeak();
                export.affine("affine" + i, layers[i], leak < 1 ? 1 / (1 - leak) : 1, 1);
                export.neurons((leak < 1 ? "lif" : "if") + i, spiking);
                width = spiking.getNOut();
            } else if (layers[i].conf().getLayer() instanceof SpikeRateLayer rates) {
                scale = rates.getScale();
            } else {
                export.affine("readout", layers[i], scale, scale);
                width = layers[i].getParam(DefaultParamInitializer.WEIGHT_KEY).size(1);
            }
        }
        WritableGroup output = export.node("output", "Output");
        output.putDataset("shape", new long[] {width});
        graph.putDataset("edges", export.edges.toArray(new String[0][]));
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
                : bias.castTo(DataType.DOUBLE).mul(ofBias).castTo(DataType.FLOAT).reshape(bias.length())
                        .toFloatVector());
    }

    private void neurons(String name, SpikingDenseLayer layer) {
        int width = (int) layer.getNOut();
        boolean leaky = layer.getLeak() < 1;
        WritableGroup node = node(name, leaky ? "LIF" : "IF");
        if (leaky) {
            node.putDataset("tau", filled(width, DT / (1 - layer.getLeak())));
            node.putDataset("v_leak", filled(width, 0));
        }
        node.putDataset("r", filled(width, 1));
        node.putDataset("v_threshold", filled(width, layer.getThreshold()));
        node.putDataset("v_reset", filled(width, 0));
        WritableGroup metadata = node.putGroup("metadata");
        metadata.putDataset(RESET, layer.getReset() == SpikingDenseLayer.Reset.TO_ZERO ? "zero" : "subtraction");
        metadata.putDataset(STEPS, (long) layer.getTimeSteps());
    }

    private static float[] filled(int width, double value) {
        float[] values = new float[width];
        Arrays.fill(values, (float) value);
        return values;
    }
}
