package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.spiking.Nir;
import org.ibhebb.spiking.SpikePoolingLayer;
import org.ibhebb.spiking.SpikingConvolutionLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.ibhebb.spiking.SpikingDenseLayer.Reset;
import org.ibhebb.spiking.SpikingSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Spikes of exported networks in other simulators: those of snnTorch and Norse, by samples/peers/nir_spikes.py. */
@EnabledIfSystemProperty(named = "peers.python", matches = ".+",
        disabledReason = "needs Python with snnTorch and Norse: .ci/peers")
class PeersTest {

    private static final int SAMPLES = 100;
    private static final int STEPS = 20;
    private static final SpikingSettings SETTINGS =
            SpikingSettings.defaults().withTimeSteps(STEPS).withReset(Reset.TO_ZERO);

    @TempDir
    private Path folder;

    private static MultiLayerNetwork network(NeuralNetConfiguration.ListBuilder layers) {
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        // Large enough for all layers to fire.
        network.params().muli(1.5);
        return network;
    }

    private static NeuralNetConfiguration.ListBuilder layers() {
        return new NeuralNetConfiguration.Builder().seed(1).list();
    }

    @Test
    void denseLayers() throws Exception {
        MultiLayerNetwork network = network(layers()
                .layer(new SpikingDenseLayer.Builder().nIn(50).nOut(40).settings(SETTINGS).build())
                .layer(new SpikingDenseLayer.Builder().nOut(30).settings(SETTINGS).build())
                .setInputType(InputType.feedForward(50)));
        Path file = folder.resolve("dense.nir");
        Nir.write(network, file);
        assertThat(said(network, file, Nd4j.rand(DataType.FLOAT, SAMPLES, 50)))
                .contains("the exporting network: 0 of 60000 outputs differ")
                .contains("snnTorch: 0 of 60000 outputs differ").contains("Norse: 0 of 60000 outputs differ");
    }

    /** Sums, which both importers know; Norse's knows no averages. */
    @Test
    void convolutionsAndSums() throws Exception {
        assertThat(images("sums.nir", SpikePoolingLayer.Pooling.SUM))
                .contains("the exporting network: 0 of 60000 outputs differ")
                .contains("snnTorch: 0 of 60000 outputs differ").contains("Norse: 0 of 60000 outputs differ");
    }

    @Test
    void convolutionsAndAverages() throws Exception {
        assertThat(images("averages.nir", SpikePoolingLayer.Pooling.AVERAGE))
                .contains("the exporting network: 0 of 60000 outputs differ")
                .contains("snnTorch: 0 of 60000 outputs differ");
    }

    private String images(String name, SpikePoolingLayer.Pooling pooling) throws Exception {
        InputType images = InputType.convolutional(10, 8, 2);
        MultiLayerNetwork network = network(layers()
                .layer(new SpikingConvolutionLayer.Builder(3, 3).nOut(6).settings(SETTINGS).build())
                .layer(new SpikePoolingLayer.Builder(pooling).build())
                .layer(new SpikingConvolutionLayer.Builder(2, 2).nOut(5).padding(1, 1).settings(SETTINGS).build())
                .layer(new SpikingDenseLayer.Builder().nOut(30).settings(SETTINGS).build())
                .setInputType(images));
        Path file = folder.resolve(name);
        Nir.write(network, images, file);
        return said(network, file, Nd4j.rand(DataType.FLOAT, SAMPLES, 2, 10, 8));
    }

    /** What the script prints about these inputs and the network's own spikes. */
    private String said(MultiLayerNetwork network, Path file, INDArray inputs) throws Exception {
        INDArray spikes = network.output(inputs);
        // Else nothing would be compared but zeros.
        assertThat(spikes.meanNumber().doubleValue()).isBetween(0.02, 0.9);
        Path given = write("inputs", inputs);
        Path made = write("outputs", spikes.permute(2, 0, 1));
        Process script = new ProcessBuilder(System.getProperty("peers.python"),
                Path.of("..", "samples", "peers", "nir_spikes.py").toString(), file.toString(), "--steps",
                String.valueOf(STEPS), "--inputs", given.toString(), "--outputs", made.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        assertThat(script.waitFor(10, TimeUnit.MINUTES)).isTrue();
        String said = Files.readString(folder.resolve("said"), StandardCharsets.UTF_8);
        assertThat(script.exitValue()).as(said).isZero();
        return said;
    }

    private Path write(String name, INDArray values) throws IOException {
        float[] floats = values.dup('c').data().asFloat();
        ByteBuffer bytes = ByteBuffer.allocate(floats.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(floats);
        return Files.write(folder.resolve(name), bytes.array());
    }
}
