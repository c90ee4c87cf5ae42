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
class NirTest {

    @TempDir
    Path folder;

    private static MultiLayerNetwork network(double leak, Reset reset) {
        NeuralNetConfiguration.ListBuilder list = Fixtures.builder(new Sgd(0.1)).dataType(DataType.FLOAT).list()
                .layer(new SpikingDenseLayer.Builder().nIn(5).nOut(7).leak(leak).threshold(0.8).reset(reset)
                        .timeSteps(11).build())
                .layer(new SpikingDenseLayer.Builder().nIn(7).nOut(4).leak(leak).reset(reset).timeSteps(11).build())
                .layer(new SpikeRateLayer.Builder().scale(6).build())
                .layer(Fixtures.readout(4, 3));
        return Fixtures.network(IbHebb.convert(list.build()));
    }

    @ParameterizedTest
    @CsvSource({"0.9, TO_ZERO", "0.75, SUBTRACTION", "1, TO_ZERO", "0, TO_ZERO"})
    void whatIsWrittenIsRead(double leak, Reset reset) throws IOException {
        MultiLayerNetwork network = network(leak, reset);
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
        assertThat(((SpikingDenseLayer) read.getLayer(0).conf().getLayer()).getReset()).isEqualTo(reset);
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

    /** Written by the Python package nir 1.0.8, in another order of its edges; spikes by a plain loop in numpy. */
    @Test
    void theReferencesOwnFilesAreRead() throws IOException {
        Path file = folder.resolve("reference.nir");
        Files.write(file, reference());
        MultiLayerNetwork network = Nir.read(file);
        INDArray x = Nd4j.createFromArray(new double[][] {
            {-1.0913288593292236, -1.3552087545394897, 0.2247857302427292, -1.1093499660491943, 1.1702960729599},
            {0.7165876626968384, -1.9978166818618774, 0.2721288800239563, -1.1017166376113892, 0.03305722028017044}});
        INDArray repeated = Nd4j.create(DataType.FLOAT, 2, 5, 12);
        for (int step = 0; step < 12; step++) {
            repeated.tensorAlongDimension(step, 0, 1).assign(x.castTo(DataType.FLOAT));
        }
        String[] expected = {"000 100 000 100 000 100 000 100 000 100 000 100",
            "000 000 000 000 000 000 000 000 000 000 000 000"};
        INDArray spikes = network.output(repeated);
        for (int sample = 0; sample < 2; sample++) {
            StringBuilder found = new StringBuilder();
            for (int step = 0; step < 12; step++) {
                found.append(step == 0 ? "" : " ");
                for (int neuron = 0; neuron < 3; neuron++) {
                    found.append((int) spikes.getDouble(sample, neuron, step));
                }
            }
            assertThat(found.toString()).isEqualTo(expected[sample]);
        }
    }

    private static byte[] reference() throws IOException {
        try (InputStream packed = NirTest.class.getResourceAsStream("nir-1.0.8.nir.gz")) {
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
        for (byte[] whole : List.of(Files.readAllBytes(file), reference())) {
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
