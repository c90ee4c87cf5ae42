package org.ibhebb.spiking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ibhebb.Fixtures.values;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.ForAnyKernel;
import org.ibhebb.IbHebb;
import org.ibhebb.spiking.SpikingDenseLayer.Reset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** What is exported is what NIR says, and comes back; what others wrote is read; damage gets one sentence. */
@ForAnyKernel
class NirTest {

    @TempDir
    Path folder;

    private static MultiLayerNetwork network(double leak, Reset reset) {
        return network(leak, reset, 0, 0);
    }

    private static MultiLayerNetwork network(double leak, Reset reset, double synapticDecay, int refractorySteps) {
        NeuralNetConfiguration.ListBuilder list = Fixtures.builder(new Sgd(0.1)).dataType(DataType.FLOAT).list()
                .layer(new SpikingDenseLayer.Builder().nIn(5).nOut(7).leak(leak).threshold(0.8).reset(reset)
                        .timeSteps(11).synapticDecay(synapticDecay).build())
                .layer(new SpikingDenseLayer.Builder().nIn(7).nOut(4).leak(leak).reset(reset).timeSteps(11)
                        .synapticDecay(synapticDecay).refractorySteps(refractorySteps).build())
                .layer(new SpikeRateLayer.Builder().scale(6).build())
                .layer(Fixtures.readout(4, 3));
        return Fixtures.network(IbHebb.convert(list.build()));
    }

    @ParameterizedTest
    @CsvSource({"0.9, TO_ZERO, 0", "0.75, SUBTRACTION, 0", "1, TO_ZERO, 0", "0, TO_ZERO, 0", "0.9, TO_ZERO, 0.5",
        "0.75, SUBTRACTION, 0.8", "0, TO_ZERO, 0.25"})
    void whatIsWrittenIsRead(double leak, Reset reset, double synapticDecay) throws IOException {
        MultiLayerNetwork network = network(leak, reset, synapticDecay, 0);
        network.fit(Fixtures.noise(3, 9, 5).castTo(DataType.FLOAT), Fixtures.oneHot(4, 9, 3).castTo(DataType.FLOAT));
        Path file = folder.resolve("network.nir");
        Nir.write(network, file);
        MultiLayerNetwork read = Nir.read(file);

        INDArray x = Fixtures.noise(1, 23, 5).castTo(DataType.FLOAT).mul(3);
        List<INDArray> expected = network.feedForward(x, false);
        List<INDArray> found = read.feedForward(x, false);
        assertThat(expected.get(2).sumNumber().doubleValue()).isPositive();
        for (int layer = 1; layer <= 2; layer++) {
            assertThat(values(found.get(layer).castTo(DataType.DOUBLE)))
                    .isEqualTo(values(expected.get(layer).castTo(DataType.DOUBLE)));
        }
        assertThat(found.get(4).distance2(expected.get(4))).isLessThan(1e-4);
        SpikingDenseLayer first = (SpikingDenseLayer) read.getLayer(0).conf().getLayer();
        assertThat(first.getReset()).isEqualTo(reset);
        assertThat(first.getSynapticDecay()).isCloseTo(synapticDecay, within(1e-6));
        assertThat(Files.list(folder)).containsExactly(file);

        MultiLayerNetwork local = IbHebb.convert(read);
        local.fit(x, Fixtures.oneHot(4, 23, 3).castTo(DataType.FLOAT));
        Nir.write(local, file);
        assertThat(values(Nir.read(file).getLayer(0).getParam("b").castTo(DataType.DOUBLE)))
                .containsExactly(values(local.getLayer(0).getParam("b").castTo(DataType.DOUBLE)), within(1e-6));
    }

    /** In the words of the specification: names, types, shapes and values. */
    @Test
    void theFileSaysWhatTheNetworkIs() throws IOException {
        MultiLayerNetwork network = network(0.75, Reset.TO_ZERO);
        Path file = folder.resolve("network.nir");
        Nir.write(network, file);
        try (HdfFile hdf = new HdfFile(file)) {
            assertThat(hdf.getDatasetByPath("node/type").getData()).isEqualTo("NIRGraph");
            assertThat(hdf.getDatasetByPath("node/nodes/affine0/type").getData()).isEqualTo("Affine");
            float[][] weights = (float[][]) hdf.getDatasetByPath("node/nodes/affine0/weight").getData();
            assertThat(weights).hasDimensions(7, 5);
            assertThat(weights[6][2])
                    .isCloseTo(network.getLayer(0).getParam("W").getFloat(2, 6) * 4, within(1e-5f));
            float[] tau = (float[]) hdf.getDatasetByPath("node/nodes/lif0/tau").getData();
            assertThat(tau).hasSize(7).containsOnly(4e-4f);
            assertThat((float[]) hdf.getDatasetByPath("node/nodes/lif0/v_threshold").getData()).containsOnly(0.8f);
            assertThat((float[]) hdf.getDatasetByPath("node/nodes/lif1/v_reset").getData()).containsOnly(0f);
            float[][] readout = (float[][]) hdf.getDatasetByPath("node/nodes/readout/weight").getData();
            assertThat(readout[2][3])
                    .isCloseTo(network.getLayer(3).getParam("W").getFloat(3, 2) * 6, within(1e-5f));
            assertThat((float[]) hdf.getDatasetByPath("node/nodes/readout/bias").getData())
                    .containsExactly(0.1f, 0.1f, 0.1f);
            assertThat((long[]) hdf.getDatasetByPath("node/nodes/output/shape").getData()).containsExactly(3);
            assertThat(Arrays.stream((String[][]) hdf.getDatasetByPath("node/edges").getData()).map(List::of))
                    .hasSize(6).contains(List.of("input", "affine0"), List.of("readout", "output"));
        }
    }

    /** The equations of NIR's CubaLIF in steps of dt, with the file's own values. */
    @Test
    void neuronsWithASynapseAreWhatNirSays() throws IOException {
        MultiLayerNetwork network = network(0.75, Reset.TO_ZERO, 0.6, 0);
        Path file = folder.resolve("network.nir");
        Nir.write(network, file);
        double[] x = {0.3, -0.4, 0.9, 0.7, -0.2};
        INDArray spikes = network.feedForward(Nd4j.create(new double[][] {x}).castTo(DataType.FLOAT)).get(1);
        try (HdfFile hdf = new HdfFile(file)) {
            assertThat(hdf.getDatasetByPath("node/nodes/lif0/type").getData()).isEqualTo("CubaLIF");
            float[][] weights = (float[][]) hdf.getDatasetByPath("node/nodes/affine0/weight").getData();
            float[] bias = (float[]) hdf.getDatasetByPath("node/nodes/affine0/bias").getData();
            double dt = (double) hdf.getDatasetByPath("node/metadata/dt").getData();
            for (int j = 0; j < 7; j++) {
                double in = bias[j];
                for (int i = 0; i < 5; i++) {
                    in += weights[j][i] * x[i];
                }
                double current = 0;
                double v = 0;
                for (int step = 0; step < 11; step++) {
                    current += dt / of(hdf, "tau_syn")[j] * (of(hdf, "w_in")[j] * in - current);
                    v += dt / of(hdf, "tau_mem")[j] * (of(hdf, "v_leak")[j] - v + of(hdf, "r")[j] * current);
                    double spike = v > of(hdf, "v_threshold")[j] ? 1 : 0;
                    v = spike > 0 ? of(hdf, "v_reset")[j] : v;
                    assertThat(spikes.getDouble(0, j, step)).isEqualTo(spike);
                }
            }
        }
        assertThat(spikes.sumNumber().doubleValue()).isPositive();
    }

    private static float[] of(HdfFile hdf, String key) {
        return (float[]) hdf.getDatasetByPath("node/nodes/lif0/" + key).getData();
    }

    private static MultiLayerNetwork integrating(SpikeRateLayer rates) {
        return Fixtures.network(Fixtures.builder(new Sgd(0.1)).dataType(DataType.FLOAT).list()
                .layer(new SpikingDenseLayer.Builder().nIn(5).nOut(7).threshold(0.6).reset(Reset.TO_ZERO).build())
                .layer(rates).layer(Fixtures.readout(7, 3)).build());
    }

    @ParameterizedTest
    @CsvSource({"0.75, true", "0.75, false", "0, true"})
    void leakyIntegratorsAreWrittenAndRead(double leak, boolean last) throws IOException {
        SpikeRateLayer.Builder rates = new SpikeRateLayer.Builder().scale(6).leak(leak);
        MultiLayerNetwork network = integrating(last ? rates.last().build() : rates.build());
        Path file = folder.resolve("network.nir");
        Nir.write(network, file);
        try (HdfFile hdf = new HdfFile(file)) {
            assertThat(hdf.getDatasetByPath("node/nodes/li1/type").getData()).isEqualTo("LI");
            assertThat((float[]) hdf.getDatasetByPath("node/nodes/li1/tau").getData())
                    .hasSize(7).containsOnly((float) (1e-4 / (1 - leak)));
            assertThat(hdf.getDatasetByPath("node/nodes/li1/metadata/read").getData())
                    .isEqualTo(last ? "last" : "mean");
            assertThat(Arrays.stream((String[][]) hdf.getDatasetByPath("node/edges").getData()).map(List::of))
                    .contains(List.of("lif0", "li1"), List.of("li1", "readout"));
        }
        for (int steps : new int[] {1, 8, 13}) {
            INDArray x = Fixtures.noise(1, 9, 5, steps).castTo(DataType.FLOAT).mul(3);
            assertThat(Nir.read(file).output(x).distance2(network.output(x))).isLessThan(1e-5);
        }
    }

    /** As most write an output: integrators behind the last weights, with biases that they integrate. */
    @ParameterizedTest
    @CsvSource({"0, last", "0.3, last", "0.3, mean"})
    void integratorsBehindTheReadoutAreRead(float bias, String read) throws IOException {
        Path file = folder.resolve("integrators.nir");
        Nir.write(integrating(new SpikeRateLayer.Builder().scale(1).build()), file);
        MultiLayerNetwork spiking = Nir.read(file);
        float[] tau = {4e-4f, 4e-4f};
        float[] r = {2, 3};
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            WritableGroup nodes = chain(hdf, "input", "a", "b", "c", "d", "output");
            shaped(nodes, "input", "Input", 5);
            affine(nodes, "a", spiking.getLayer(0).getParam("W"), spiking.getLayer(0).getParam("b"));
            WritableGroup neurons = nodes.putGroup("b");
            neurons.putDataset("type", "IF");
            neurons.putDataset("r", new float[] {1, 1, 1, 1, 1, 1, 1});
            neurons.putDataset("v_threshold", new float[] {1, 1, 1, 1, 1, 1, 1});
            neurons.putGroup("metadata").putDataset("time_steps", 6L);
            affine(nodes, "c", Nd4j.createFromArray(new float[7][2]).addi(0.5).putScalar(3, 1, -0.2),
                    Nd4j.createFromArray(bias, -bias));
            WritableGroup li = nodes.putGroup("d");
            li.putDataset("type", "LI");
            li.putDataset("tau", tau);
            li.putDataset("r", r);
            li.putDataset("v_leak", new float[2]);
            if (read.equals("mean")) {
                li.putGroup("metadata").putDataset("read", read);
            }
            shaped(nodes, "output", "Output", 2);
        }
        MultiLayerNetwork network = Nir.read(file);
        INDArray x = Fixtures.noise(1, 4, 5, 6).castTo(DataType.FLOAT).mul(3);
        INDArray spikes = network.feedForward(x).get(1);
        assertThat(spikes.sumNumber().doubleValue()).isPositive();
        INDArray found = network.output(x);
        for (int sample = 0; sample < 4; sample++) {
            double[] v = new double[2];
            double[] mean = new double[2];
            for (int step = 0; step < 6; step++) {
                for (int j = 0; j < 2; j++) {
                    double in = j == 0 ? bias : -bias;
                    for (int i = 0; i < 7; i++) {
                        in += (i == 3 && j == 1 ? -0.2 : 0.5) * spikes.getDouble(sample, i, step);
                    }
                    v[j] += 1e-4 / tau[j] * (r[j] * in - v[j]);
                    mean[j] += v[j] / 6;
                }
            }
            double[] logits = read.equals("mean") ? mean : v;
            assertThat(found.getDouble(sample, 0))
                    .isCloseTo(1 / (1 + Math.exp(logits[1] - logits[0])), within(1e-5));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a,b,d,output | no Affine or Linear before or behind it",
        "d,a,b,output | integrates before any neuron has spiked",
        "a,b,d,e,f,output | stands behind an LI", "a,b,d,g,output | another LI"})
    void integratorsAnywhereElseAreRefused(String names, String sentence) {
        Path file = folder.resolve("faulty.nir");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            String[] order = ("input," + names.trim()).split(",");
            WritableGroup nodes = chain(hdf, order);
            shaped(nodes, "input", "Input", 2);
            shaped(nodes, "output", "Output", 2);
            for (String name : List.of(order)) {
                switch (name) {
                    case "a", "e" -> affine(
                            nodes, name, Nd4j.ones(DataType.FLOAT, 2, 2), Nd4j.zeros(DataType.FLOAT, 2));
                    case "b", "f" -> {
                        WritableGroup neurons = nodes.putGroup(name);
                        neurons.putDataset("type", "IF");
                        neurons.putDataset("r", new float[] {1, 1});
                        neurons.putDataset("v_threshold", new float[] {1, 1});
                    }
                    case "d", "g" -> {
                        WritableGroup li = nodes.putGroup(name);
                        li.putDataset("type", "LI");
                        li.putDataset("tau", new float[] {4e-4f, 4e-4f});
                        li.putDataset("r", new float[] {1, 1});
                        li.putDataset("v_leak", new float[2]);
                    }
                    default -> { }
                }
            }
        }
        assertThatThrownBy(() -> Nir.read(file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file.toString()).hasMessageContaining(sentence.trim());
    }

    /** The nodes of a graph whose edges are those of a chain of such names. */
    private static WritableGroup chain(WritableHdfFile hdf, String... names) {
        WritableGroup graph = hdf.putGroup("node");
        graph.putDataset("type", "NIRGraph");
        String[][] edges = new String[names.length - 1][];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = new String[] {names[i], names[i + 1]};
        }
        graph.putDataset("edges", edges);
        return graph.putGroup("nodes");
    }

    private static void shaped(WritableGroup nodes, String name, String type, long width) {
        WritableGroup node = nodes.putGroup(name);
        node.putDataset("type", type);
        node.putDataset("shape", new long[] {width});
    }

    private static void affine(WritableGroup nodes, String name, INDArray weights, INDArray bias) {
        WritableGroup node = nodes.putGroup(name);
        node.putDataset("type", "Affine");
        node.putDataset("weight", weights.transpose().castTo(DataType.FLOAT).toFloatMatrix());
        node.putDataset("bias", bias.castTo(DataType.FLOAT).reshape(bias.length()).toFloatVector());
    }

    @Test
    void neuronsThatNirDoesNotHaveAreRefusedByName() {
        Path file = folder.resolve("refused.nir");
        assertThatThrownBy(() -> Nir.write(network(0.75, Reset.TO_ZERO, 0, 3), file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("layer 'layer1' (IbHebbSpikingDenseLayer)", "refractory for 3 time steps",
                        "refractorySteps(0)");
        assertThatThrownBy(() -> Nir.write(network(1, Reset.TO_ZERO, 0.5, 0), file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("layer 'layer0' (IbHebbSpikingDenseLayer)", "a leak below 1");
        assertThat(folder).isEmptyDirectory();
    }

    /** Written by the Python package nir 1.0.8, in another order of its edges; spikes by a plain loop in numpy. */
    @Test
    void theReferencesOwnFilesAreRead() throws IOException {
        Path file = folder.resolve("reference.nir");
        Files.write(file, reference());
        MultiLayerNetwork network = Nir.read(file);
        INDArray x = repeated(new double[][] {
            {-1.0913288593292236, -1.3552087545394897, 0.2247857302427292, -1.1093499660491943, 1.1702960729599},
            {0.7165876626968384, -1.9978166818618774, 0.2721288800239563, -1.1017166376113892, 0.03305722028017044}});
        assertThat(spikes(network.output(x))).containsExactly(
                "000 100 000 100 000 100 000 100 000 100 000 100", "000 000 000 000 000 000 000 000 000 000 000 000");
    }

    /** CubaLIF neurons, with r and w_in of each neuron's own, and an LI behind the last weights. */
    @Test
    void theReferencesSynapsesAndIntegratorsAreRead() throws IOException {
        Path file = folder.resolve("reference.nir");
        Files.write(file, reference("nir-1.0.8-synapses.nir.gz"));
        MultiLayerNetwork network = Nir.read(file);
        INDArray x = repeated(new double[][] {
            {0.7903707027435303, 1.7780290842056274, 1.609283208847046, 0.781023383140564, 2.092095375061035},
            {-0.35552698373794556, 2.175355911254883, 2.0984630584716797, -0.34232473373413086, 0.4131457805633545}});
        assertThat(spikes(network.feedForward(x).get(2))).containsExactly(
                "0000 0100 0100 1100 0101 1100 0111 1100 0101 1110 0101 1100",
                "0000 0100 0100 0110 0100 0100 0110 0100 0100 0110 0100 0100");
        assertThat(values(network.output(x).castTo(DataType.DOUBLE))).containsExactly(new double[] {
            0.2925194912138448, 0.70747129285066, 9.215935495248472e-06,
            0.03348734576202716, 0.9658559813684308, 0.0006566728695421447}, within(1e-5));
    }

    /** The same at each of 12 time steps. */
    private static INDArray repeated(double[][] x) {
        INDArray repeated = Nd4j.create(DataType.FLOAT, x.length, x[0].length, 12);
        for (int step = 0; step < 12; step++) {
            repeated.tensorAlongDimension(step, 0, 1).assign(Nd4j.createFromArray(x).castTo(DataType.FLOAT));
        }
        return repeated;
    }

    /** Of each sample, a word a time step. */
    private static String[] spikes(INDArray spikes) {
        String[] found = new String[(int) spikes.size(0)];
        for (int sample = 0; sample < found.length; sample++) {
            StringBuilder words = new StringBuilder();
            for (int step = 0; step < spikes.size(2); step++) {
                words.append(step == 0 ? "" : " ");
                for (int neuron = 0; neuron < spikes.size(1); neuron++) {
                    words.append((int) spikes.getDouble(sample, neuron, step));
                }
            }
            found[sample] = words.toString();
        }
        return found;
    }

    private static byte[] reference() throws IOException {
        return reference("nir-1.0.8.nir.gz");
    }

    private static byte[] reference(String name) throws IOException {
        try (InputStream packed = NirTest.class.getResourceAsStream(name)) {
            return new GZIPInputStream(packed).readAllBytes();
        }
    }

    @Test
    void layersWithoutAFormInNirAreRefusedByName() {
        Path file = folder.resolve("refused.nir");
        MultiLayerNetwork normalized = Fixtures.network(Fixtures.builder(new Sgd(0.1)).list()
                .layer(new SpikingDenseLayer.Builder().nIn(5).nOut(4).build())
                .layer(new SpikeRateLayer()).layer(Fixtures.readout(4, 3)).build());
        assertThatThrownBy(() -> Nir.write(normalized, file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 'layer1' (SpikeRateLayer)").hasMessageContaining("scale(10)");
        MultiLayerNetwork dense = Fixtures.network(Fixtures.builder(new Sgd(0.1)).list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(4).name("plain").build())
                .layer(Fixtures.readout(4, 3)).build());
        assertThatThrownBy(() -> Nir.write(dense, file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 'plain' (DenseLayer)");
        assertThat(folder).isEmptyDirectory();
    }

    /** Cut off, and with single bytes changed: read as before, or refused in one sentence that names the file. */
    @Test
    void damagedFilesGetOneSentence() throws IOException {
        Path file = folder.resolve("damaged.nir");
        Nir.write(network(0.75, Reset.TO_ZERO), file);
        Random random = new Random(7);
        int refused = 0;
        for (byte[] whole : List.of(
                Files.readAllBytes(file), reference(), reference("nir-1.0.8-synapses.nir.gz"))) {
            for (int trial = 0; trial < 150; trial++) {
                byte[] damaged = trial % 3 == 0
                        ? Arrays.copyOf(whole, random.nextInt(whole.length))
                        : whole.clone();
                for (int change = 0; change < 1 + trial % 4 && damaged.length > 0; change++) {
                    // Most of what is said stands near the beginning.
                    damaged[random.nextInt(trial % 2 == 0 ? damaged.length : Math.min(damaged.length, 4000))] ^=
                            (byte) (1 << random.nextInt(8));
                }
                Files.write(file, damaged);
                try {
                    Nir.read(file);
                } catch (IllegalArgumentException e) {
                    assertThat(e).hasMessageStartingWith(file.toString());
                    assertThat(e.getMessage().lines()).hasSize(1);
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(60);
        assertThatThrownBy(() -> Nir.read(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    /** What NIR's readers could do nothing with, and a network that is none yet. */
    @Test
    void whatIsNotFiniteIsNotWritten() {
        Path file = folder.resolve("refused.nir");
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            MultiLayerNetwork net = network(0.75, Reset.TO_ZERO);
            net.getLayer(0).getParam("b").putScalar(1, value);
            assertThatThrownBy(() -> Nir.write(net, file)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("layer 'layer0'", "not finite");
        }
        MultiLayerNetwork unborn = new MultiLayerNetwork(network(0.75, Reset.TO_ZERO).getLayerWiseConfigurations());
        assertThatThrownBy(() -> Nir.write(unborn, file)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("network.init()");
        Path nowhere = folder.resolve("none").resolve("a.nir");
        assertThatThrownBy(() -> Nir.write(network(0.75, Reset.TO_ZERO), nowhere))
                .isInstanceOf(IOException.class).hasMessageContainingAll(nowhere.toString(), "no such file");
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "large | node 'a' has weights or biases that are not finite in single precision",
        "gain | node 'a' has weights or biases that are not finite in single precision",
        "forged | node 'b' (LIF?ERROR: all is lost) stands",
        "cycle | more than one neighbour", "unknown | 'Spike2d'", "width | takes 4 values and gets 3",
        "edge | no such nodes", "infinite | not finite", "leaks | different tau", "resting | does not rest at 0",
        "outside | not on the way", "missing | has no weight", "threshold | not above 0", "bias | 1 biases"})
    void graphsThatAreNoSuchNetworkAreRefused(String fault, String sentence) {
        Path file = folder.resolve("faulty.nir");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            WritableGroup graph = hdf.putGroup("node");
            graph.putDataset("type", "NIRGraph");
            WritableGroup nodes = graph.putGroup("nodes");
            WritableGroup input = nodes.putGroup("input");
            input.putDataset("type", "Input");
            input.putDataset("shape", new long[] {3});
            WritableGroup affine = nodes.putGroup("a");
            affine.putDataset("type", fault.equals("unknown") ? "Spike2d" : "Affine");
            if (!fault.equals("missing") && !fault.equals("large")) {
                affine.putDataset("weight", fault.equals("gain")
                        ? new float[][] {{1e20f, 1, 1}, {1, 1, 1}}
                        : new float[2][fault.equals("width") ? 4 : 3]);
            }
            if (fault.equals("large")) {
                affine.putDataset("weight", new double[][] {{1, 1e300, 1}, {1, 1, 1}});
            }
            affine.putDataset("bias", new float[fault.equals("bias") ? 1 : 2]);
            WritableGroup lif = nodes.putGroup("b");
            lif.putDataset("type", fault.equals("forged") ? "LIF\nERROR: all is lost" : "LIF");
            lif.putDataset("tau", new float[] {1e-3f, fault.equals("leaks") ? 2e-3f
                    : fault.equals("infinite") ? Float.NaN : 1e-3f});
            lif.putDataset("r", fault.equals("gain") ? new float[] {1e30f, 1} : new float[] {1, 1});
            lif.putDataset("v_leak", new float[] {fault.equals("resting") ? 1 : 0, fault.equals("resting") ? 1 : 0});
            lif.putDataset("v_threshold", new float[] {fault.equals("threshold") ? -1 : 1,
                fault.equals("threshold") ? -1 : 1});
            WritableGroup output = nodes.putGroup("output");
            output.putDataset("type", "Output");
            output.putDataset("shape", new long[] {2});
            if (fault.equals("outside")) {
                nodes.putGroup("c").putDataset("type", "LIF");
            }
            graph.putDataset("edges", new String[][] {{"input", "a"}, {"a", "b"},
                {"b", fault.equals("cycle") ? "a" : fault.equals("edge") ? "nowhere" : "output"}});
        }
        assertThatThrownBy(() -> Nir.read(file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file.toString()).hasMessageContaining(sentence.trim());
    }
}
