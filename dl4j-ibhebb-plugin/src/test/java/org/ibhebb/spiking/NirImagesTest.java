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
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.ForAnyKernel;
import org.ibhebb.IbHebb;
import org.ibhebb.spiking.SpikePoolingLayer.Pooling;
import org.ibhebb.spiking.SpikingDenseLayer.Reset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Convolutions and pooling in NIR: what is exported is what NIR says, and comes back. */
@ForAnyKernel
class NirImagesTest {

    private static final InputType IMAGE = InputType.convolutional(9, 7, 2);

    @TempDir
    Path folder;

    private static ListBuilder list() {
        return Fixtures.builder(new Sgd(0.1)).dataType(DataType.FLOAT).list();
    }

    private static SpikingSettings settings(double leak) {
        return settings(leak, 0);
    }

    private static SpikingSettings settings(double leak, double synapticDecay) {
        return SpikingSettings.defaults().withLeak(leak).withThreshold(0.8).withReset(Reset.TO_ZERO).withTimeSteps(11)
                .withSynapticDecay(synapticDecay);
    }

    /** 2 x 9 x 7; 3 x 5 x 6, 3 x 4 x 3, 4 x 4 x 3, 4 x 2 x 2, 5, 3. */
    private static MultiLayerNetwork network(double leak, InputType type) {
        return network(settings(leak), type);
    }

    private static MultiLayerNetwork network(SpikingSettings settings, InputType type) {
        return Fixtures.network(list()
                .layer(new SpikingConvolutionLayer.Builder(3, 2).nOut(3).stride(2, 1).padding(1, 0).settings(settings)
                        .build())
                .layer(new SpikePoolingLayer.Builder(Pooling.SUM).kernelSize(2, 2).stride(1, 2).build())
                .layer(new SpikingConvolutionLayer.Builder(3, 3).nOut(4).convolutionMode(ConvolutionMode.Same)
                        .hasBias(false).settings(settings).build())
                .layer(new SpikePoolingLayer.Builder().padding(0, 1).build())
                .layer(new SpikingDenseLayer.Builder().nOut(5).settings(settings).build())
                .layer(new SpikeRateLayer.Builder().scale(6).build())
                .layer(Fixtures.readout(0, 3))
                .setInputType(type).build());
    }

    private static INDArray images(long seed, int samples) {
        return Fixtures.noise(seed, samples, 2, 9, 7).castTo(DataType.FLOAT).mul(2);
    }

    @ParameterizedTest
    @CsvSource({"0.9, 0", "0.75, 0", "1, 0", "0, 0", "0.75, 0.5"})
    void whatIsWrittenIsRead(double leak, double synapticDecay) throws IOException {
        MultiLayerNetwork network = IbHebb.convert(network(settings(leak, synapticDecay), IMAGE));
        network.fit(images(3, 9), Fixtures.oneHot(4, 9, 3).castTo(DataType.FLOAT));
        Path file = folder.resolve("network.nir");
        Nir.write(network, IMAGE, file);
        MultiLayerNetwork read = Nir.read(file);
        INDArray x = images(1, 13);
        List<INDArray> expected = network.feedForward(x, false);
        List<INDArray> found = read.feedForward(x, false);
        for (int layer = 1; layer <= 5; layer++) {
            assertThat(expected.get(layer).sumNumber().doubleValue()).isPositive();
            assertThat(found.get(layer).shape()).containsExactly(expected.get(layer).shape());
            assertThat(values(found.get(layer).castTo(DataType.DOUBLE)))
                    .containsExactly(values(expected.get(layer).castTo(DataType.DOUBLE)), within(1e-6));
        }
        assertThat(found.get(7).distance2(expected.get(7))).isLessThan(1e-4);
        assertThat(Files.list(folder)).containsExactly(file);

        Nir.write(read, IMAGE, file);
        assertThat(values(Nir.read(file).output(x).castTo(DataType.DOUBLE)))
                .containsExactly(values(read.output(x).castTo(DataType.DOUBLE)), within(1e-5));
    }

    /** What a pre-processor says need not be said again; what ends in feature maps has an output of their shape. */
    @Test
    void flatImagesAndNetworksOfConvolutionsAlone() throws IOException {
        Path file = folder.resolve("network.nir");
        Nir.write(network(0.75, InputType.convolutionalFlat(9, 7, 2)), file);
        assertThat(Nir.read(file).output(images(1, 2)).shape()).containsExactly(2, 3);
        MultiLayerNetwork maps = Fixtures.network(list()
                .layer(new SpikingConvolutionLayer.Builder(2, 2).nIn(2).nOut(3).dilation(2, 3).settings(settings(0.9))
                        .build())
                .layer(new SpikingConvolutionLayer.Builder(1, 1).nIn(3).nOut(2).settings(settings(0.9)).build())
                .build());
        Nir.write(maps, IMAGE, file);
        INDArray x = images(1, 3);
        INDArray spikes = Nir.read(file).output(x);
        assertThat(spikes.shape()).containsExactly(3, 2, 11, 7, 4);
        assertThat(values(spikes.castTo(DataType.DOUBLE))).isEqualTo(values(maps.output(x).castTo(DataType.DOUBLE)));
        MultiLayerNetwork ofMaps = Fixtures.network(list()
                .layer(new SpikingConvolutionLayer.Builder(2, 2).nOut(3).settings(settings(0.9)).build())
                .layer(new SpikeRateLayer.Builder().scale(4).build()).layer(Fixtures.readout(0, 3))
                .setInputType(IMAGE).build());
        Nir.write(ofMaps, IMAGE, file);
        assertThat(Nir.read(file).output(x).distance2(ofMaps.output(x))).isLessThan(1e-5);
    }

    /** In the words of the specification: names, types, shapes and values. */
    @Test
    void theFileSaysWhatTheNetworkIs() throws IOException {
        MultiLayerNetwork network = network(0.75, IMAGE);
        Path file = folder.resolve("network.nir");
        Nir.write(network, IMAGE, file);
        try (HdfFile hdf = new HdfFile(file)) {
            String nodes = "node/nodes/";
            assertThat((long[]) hdf.getDatasetByPath(nodes + "input/shape").getData()).containsExactly(2, 9, 7);
            assertThat(hdf.getDatasetByPath(nodes + "conv0/type").getData()).isEqualTo("Conv2d");
            float[][][][] weights = (float[][][][]) hdf.getDatasetByPath(nodes + "conv0/weight").getData();
            assertThat(hdf.getDatasetByPath(nodes + "conv0/weight").getDimensions()).containsExactly(3, 2, 3, 2);
            assertThat(weights[2][1][2][0])
                    .isCloseTo(network.getLayer(0).getParam("W").getFloat(2, 1, 2, 0) * 4, within(1e-5f));
            assertThat((long[]) hdf.getDatasetByPath(nodes + "conv0/input_shape").getData()).containsExactly(9, 7);
            assertThat((long[]) hdf.getDatasetByPath(nodes + "conv0/stride").getData()).containsExactly(2, 1);
            assertThat((long[]) hdf.getDatasetByPath(nodes + "conv0/padding").getData()).containsExactly(1, 0);
            assertThat((long[]) hdf.getDatasetByPath(nodes + "conv2/padding").getData()).containsExactly(1, 1);
            assertThat((long[]) hdf.getDatasetByPath(nodes + "conv0/dilation").getData()).containsExactly(1, 1);
            assertThat(hdf.getDatasetByPath(nodes + "conv0/groups").getData()).isEqualTo(1L);
            assertThat((float[]) hdf.getDatasetByPath(nodes + "conv0/bias").getData()).containsOnly(0.4f).hasSize(3);
            assertThat((float[]) hdf.getDatasetByPath(nodes + "conv2/bias").getData()).containsOnly(0f).hasSize(4);
            assertThat(hdf.getDatasetByPath(nodes + "lif0/tau").getDimensions()).containsExactly(3, 5, 6);
            assertThat(hdf.getDatasetByPath(nodes + "pool1/type").getData()).isEqualTo("SumPool2d");
            assertThat((long[]) hdf.getDatasetByPath(nodes + "pool1/stride").getData()).containsExactly(1, 2);
            assertThat(hdf.getDatasetByPath(nodes + "pool3/type").getData()).isEqualTo("AvgPool2d");
            assertThat((long[]) hdf.getDatasetByPath(nodes + "pool3/kernel_size").getData()).containsExactly(2, 2);
            assertThat((long[]) hdf.getDatasetByPath(nodes + "pool3/padding").getData()).containsExactly(0, 1);
            assertThat(hdf.getDatasetByPath(nodes + "flatten4/start_dim").getData()).isEqualTo(0L);
            assertThat(hdf.getDatasetByPath(nodes + "flatten4/end_dim").getData()).isEqualTo(-1L);
            assertThat((long[]) hdf.getDatasetByPath(nodes + "flatten4/input_type").getData()).containsExactly(4, 2, 2);
            assertThat(hdf.getDatasetByPath(nodes + "affine4/weight").getDimensions()).containsExactly(5, 16);
            assertThat((long[]) hdf.getDatasetByPath(nodes + "output/shape").getData()).containsExactly(3);
            assertThat(Arrays.stream((String[][]) hdf.getDatasetByPath("node/edges").getData()).map(List::of))
                    .hasSize(11).contains(List.of("lif0", "pool1"), List.of("pool3", "flatten4"));
        }
    }

    /** Written by the Python package nir 1.0.8, in another order of its edges; spikes by a plain loop in numpy. */
    @Test
    void theReferencesOwnFilesAreRead() throws IOException {
        Path file = folder.resolve("reference.nir");
        try (InputStream packed = NirImagesTest.class.getResourceAsStream("nir-1.0.8-images.nir.gz")) {
            Files.write(file, new GZIPInputStream(packed).readAllBytes());
        }
        String[] eighths = {"328044150016225873861515201702340766", "428817541612333302220574123523147665",
            "181235574273642820054406288047683386"};
        INDArray x = Nd4j.create(DataType.FLOAT, 3, 1, 6, 6);
        for (int i = 0; i < x.length(); i++) {
            x.putScalar(new int[] {i / 36, 0, i % 36 / 6, i % 6}, (eighths[i / 36].charAt(i % 36) - '0') / 8.0);
        }
        INDArray spikes = Nir.read(file).output(SpikeEncoder.current(12).encode(x));
        String[] expected = {"0000 0010 0000 0110 0001 0010 0000 0010 0001 0110 0000 0011",
            "0000 0000 0010 0010 0000 0010 0100 0010 0000 0011 0000 0010",
            "0000 0000 1010 0000 1010 0000 0011 0000 0010 0000 1001 0010"};
        for (int sample = 0; sample < 3; sample++) {
            StringBuilder found = new StringBuilder();
            for (int step = 0; step < 12; step++) {
                found.append(step == 0 ? "" : " ");
                for (int neuron = 0; neuron < 4; neuron++) {
                    found.append((int) spikes.getDouble(sample, neuron, step));
                }
            }
            assertThat(found.toString()).isEqualTo(expected[sample]);
        }
    }

    @Test
    void whatCantBeSaidIsRefusedByName() {
        Path file = folder.resolve("refused.nir");
        MultiLayerNetwork network = network(0.75, IMAGE);
        assertThatThrownBy(() -> Nir.write(network, file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("layer 'layer0' (SpikingConvolutionLayer)", "give the input type");
        assertThatThrownBy(() -> Nir.write(network, InputType.feedForward(126), file))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("give the input type");
        assertThatThrownBy(() -> Nir.write(network, InputType.convolutional(9, 7, 3), file))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("2 channels");
        assertThatThrownBy(() -> Nir.write(network, InputType.convolutional(15, 7, 2), file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("layer 'layer4' (SpikingDenseLayer)", "it takes 16 values");
        assertThatThrownBy(() -> Nir.write(network, InputType.convolutional(1, 1, 2), file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("layer 'layer", "can't be exported");
        MultiLayerNetwork even = Fixtures.network(list()
                .layer(new SpikingConvolutionLayer.Builder(2, 2).nOut(3).convolutionMode(ConvolutionMode.Same).build())
                .setInputType(IMAGE).build());
        assertThatThrownBy(() -> Nir.write(even, IMAGE, file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("layer 'layer0'", "ConvolutionMode.Same", "odd size");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void damagedFilesGetOneSentence() throws IOException {
        Path file = folder.resolve("damaged.nir");
        Nir.write(network(0.75, IMAGE), IMAGE, file);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(3);
        int refused = 0;
        for (int trial = 0; trial < 150; trial++) {
            byte[] damaged = trial % 3 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int change = 0; change < 1 + trial % 4 && damaged.length > 0; change++) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
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
        assertThat(refused).isGreaterThan(40);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "none |", "same |", "valid |", "batch |",
        "groups | groups of channels", "channels | takes 3 channels and gets 2", "word | has the padding 'full'",
        "size | takes images of another size than 4 x 4", "stride | stride (0) must be from 1 to",
        "kernel | a kernel that is larger than its images", "vector | a Flatten node is missing",
        "part | flattens dimensions 1 to 1", "type | takes another shape than", "r | not as many values of r",
        "map | different r in one feature map", "first | pools before any neuron", "padded | a padding as large as",
        "bias | 1 biases for 2 maps", "image | only vectors and images", "huge | too large",
        "even | for an even kernel",
        "rank | no kernels", "fraction | (1.5) is no whole number"})
    void graphsAreReadAsTheyAreMeantOrRefused(String fault, String sentence) throws IOException {
        Path file = folder.resolve("faulty.nir");
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            WritableGroup graph = hdf.putGroup("node");
            graph.putDataset("type", "NIRGraph");
            WritableGroup nodes = graph.putGroup("nodes");
            put(nodes, "input", "Input").putDataset("shape", fault.equals("image") ? new long[] {4, 4}
                    : fault.equals("huge") ? new long[] {2, 1 << 20, 1 << 20} : new long[] {2, 4, 4});
            WritableGroup conv = put(nodes, "a", "Conv2d");
            int side = fault.equals("kernel") ? 7 : fault.equals("even") ? 2 : 3;
            if (fault.equals("rank")) {
                conv.putDataset("weight", new float[2][2]);
            } else {
                conv.putDataset("weight", new float[2][fault.equals("channels") ? 3 : 2][side][side]);
            }
            conv.putDataset("bias", fault.equals("bias") ? new float[] {1} : new float[] {1, 1});
            conv.putDataset("groups", fault.equals("groups") ? 2L : 1L);
            conv.putDataset("input_shape", fault.equals("size") ? new long[] {5, 4} : new long[] {4, 4});
            if (fault.equals("fraction")) {
                conv.putDataset("stride", new double[] {1.5, 1});
            } else {
                conv.putDataset("stride", fault.equals("stride") ? new long[] {1, 0} : new long[] {1, 1});
            }
            String word = fault.equals("even") ? "same" : fault.equals("word") ? "full" : fault;
            if (List.of("same", "valid", "full").contains(word)) {
                conv.putDataset("padding", word);
            } else {
                conv.putDataset("padding", new long[] {0, 0});
            }
            conv.putDataset("dilation", 1L);
            int maps = fault.equals("same") ? 4 : 2;
            WritableGroup lif = put(nodes, "b", "LIF");
            lif.putDataset("tau", filled(maps));
            lif.putDataset("v_threshold", filled(maps));
            lif.putDataset("v_leak", new float[2][maps][maps]);
            float[][][] r = filled(maps);
            if (fault.equals("map")) {
                r[1][1][0] = 2;
            }
            lif.putDataset("r", fault.equals("r") ? new float[2][maps][1] : r);
            WritableGroup pool = put(nodes, "c", "AvgPool2d");
            pool.putDataset("kernel_size", new long[] {2, 2});
            pool.putDataset("stride", new long[] {2, 2});
            pool.putDataset("padding", fault.equals("padded") ? new long[] {2, 0} : new long[] {0, 0});
            WritableGroup flat = put(nodes, "d", fault.equals("vector") ? "AvgPool2d" : "Flatten");
            if (fault.equals("vector")) {
                flat.putDataset("kernel_size", 1L);
                flat.putDataset("stride", 1L);
                flat.putDataset("padding", 0L);
            } else {
                flat.putDataset("start_dim", fault.equals("batch") || fault.equals("part") ? 1L : 0L);
                flat.putDataset("end_dim", fault.equals("part") ? 1L : -1L);
                flat.putDataset("input_type",
                        fault.equals("type") ? new long[] {2, 9, 9} : new long[] {2, maps / 2, maps / 2});
            }
            int width = 2 * (maps / 2) * (maps / 2);
            WritableGroup affine = put(nodes, "e", "Affine");
            affine.putDataset("weight", new float[3][width]);
            affine.putDataset("bias", new float[] {1, 2, 3});
            put(nodes, "output", "Output").putDataset("shape", new long[] {3});
            graph.putDataset("edges", fault.equals("first")
                    ? new String[][] {{"input", "c"}, {"c", "a"}, {"a", "b"}, {"b", "d"}, {"d", "e"}, {"e", "output"}}
                    : new String[][] {{"input", "a"}, {"a", "b"}, {"b", "c"}, {"c", "d"}, {"d", "e"}, {"e", "output"}});
        }
        if (sentence == null) {
            MultiLayerNetwork network = Nir.read(file);
            assertThat(network.output(Fixtures.noise(1, 2, 2, 4, 4).castTo(DataType.FLOAT)).shape())
                    .containsExactly(2, 3);
        } else {
            assertThatThrownBy(() -> Nir.read(file)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(file.toString()).hasMessageContaining(sentence.trim());
        }
    }

    private static float[][][] filled(int side) {
        float[][][] values = new float[2][side][side];
        for (float[][] map : values) {
            for (float[] row : map) {
                Arrays.fill(row, 1e-3f);
            }
        }
        return values;
    }

    private static WritableGroup put(WritableGroup nodes, String name, String type) {
        WritableGroup node = nodes.putGroup(name);
        node.putDataset("type", type);
        return node;
    }
}
