package org.ibhebb.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.spiking.SequenceToFramesPreProcessor;
import org.ibhebb.spiking.SpikePoolingLayer;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingConvolutionLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.ibhebb.spiking.SpikingDenseLayer.Learning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks of spiking neurons, one sample at a time. */
class SpikingStreamTest {

    private static final int IN = 12;
    private static final int CLASSES = 3;
    private static final int STEPS = 11;

    @TempDir
    Path folder;

    private static MultiLayerNetwork network(Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().seed(5).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        list.layer(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(20).nOut(CLASSES)
                .build());
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    private static SpikingDenseLayer.Builder spiking(int in, int out) {
        return new SpikingDenseLayer.Builder().nIn(in).nOut(out).name("spiking");
    }

    private static SpikeRateLayer rates() {
        return new SpikeRateLayer.Builder().scale(10).name("rates").build();
    }

    private static MultiLayerNetwork network() {
        return network(spiking(IN, 32).build(), spiking(32, 20).build(), rates());
    }

    private static int[] labels(long seed, int n) {
        return new Random(seed).ints(n, 0, CLASSES).toArray();
    }

    /** A third of the inputs is stronger than the others. */
    private static float[] currents(long seed, int[] labels) {
        Random random = new Random(seed);
        float[] rows = new float[labels.length * IN];
        for (int i = 0; i < rows.length; i++) {
            boolean strong = i % IN * CLASSES / IN == labels[i / IN];
            rows[i] = random.nextFloat() * (strong ? 1 : 0.6f);
        }
        return rows;
    }

    /** The same number of spikes in all classes; a third of the inputs fires first. */
    private static float[] sequences(long seed, int[] labels) {
        Random random = new Random(seed);
        float[] rows = new float[labels.length * IN * STEPS];
        for (int i = 0; i < labels.length * IN; i++) {
            boolean first = i % IN * CLASSES / IN == labels[i / IN];
            rows[i * STEPS + (first ? 0 : STEPS - 4) + random.nextInt(4)] = 1;
        }
        return rows;
    }

    private static int right(MultiLayerNetwork network, INDArray samples, int[] labels) {
        INDArray best = network.output(samples).argMax(1);
        return (int) IntStream.range(0, labels.length).filter(i -> best.getInt(i) == labels[i]).count();
    }

    private static INDArray vectors(float[] rows) {
        return Nd4j.create(rows, new long[] {rows.length / IN, IN}, 'c');
    }

    private static INDArray inTime(float[] rows) {
        return Nd4j.create(rows, new long[] {rows.length / IN / STEPS, IN, STEPS}, 'c');
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void learnsCurrents(boolean inJava) {
        MultiLayerNetwork network = network();
        int[] labels = labels(1, 3_000);
        StreamingNetwork.builder(network).inJava(inJava).build().learn(currents(2, labels), labels, null);
        int[] others = labels(3, 500);
        assertThat(right(network, vectors(currents(4, others)), others)).isGreaterThan(375);
        assertThat(right(network(), vectors(currents(4, others)), others)).isLessThan(275);
    }

    @Test
    void learnsSequencesOfSpikes() {
        MultiLayerNetwork network = network();
        network.getLayer(0).params().muli(2.5);
        int[] labels = labels(1, 3_000);
        StreamingNetwork.builder(network).timeSteps(STEPS).build().learn(sequences(2, labels), labels, null);
        int[] others = labels(3, 500);
        assertThat(right(network, inTime(sequences(4, others)), others)).isGreaterThan(425);
    }

    @Test
    void arraysOfSequencesAreTakenAsTheyAre() {
        int[] labels = labels(1, 40);
        float[] rows = sequences(2, labels);
        MultiLayerNetwork first = network();
        MultiLayerNetwork second = network();
        StreamingNetwork stream = StreamingNetwork.builder(first).timeSteps(STEPS).build();
        float[] predictions = new float[labels.length * CLASSES];
        stream.learn(rows, labels, predictions);
        StreamingNetwork other = StreamingNetwork.builder(second).timeSteps(STEPS).build();
        INDArray numbers = Nd4j.createFromArray(labels).castTo(DataType.FLOAT);
        INDArray predicted = other.learn(inTime(rows).dup('f'), numbers);
        assertThat(second.params()).isEqualTo(first.params());
        assertThat(predicted.dup('c').data().asFloat()).containsExactly(predictions);
        assertThat(other.predict(inTime(rows))).isEqualTo(stream.predict(Nd4j.create(rows,
                new long[] {labels.length, IN * STEPS}, 'c')));
        assertThatThrownBy(() -> other.predict(Nd4j.zeros(2, STEPS, IN))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("132 columns", "samples x 12 x 11 time steps", "[2, 11, 12]");
        assertThatThrownBy(() -> other.predict(new float[IN])).hasMessageContaining("132");
    }

    @Test
    void sparseSamplesAndBlocksTeachTheSame() {
        int[] labels = labels(1, 60);
        float[] rows = sequences(2, labels);
        int width = IN * STEPS;
        StreamingNetwork dense = StreamingNetwork.builder(network()).timeSteps(STEPS).build();
        StreamingNetwork sparse = StreamingNetwork.builder(network()).timeSteps(STEPS).build();
        float[] predictions = new float[labels.length * CLASSES];
        StreamingNetwork.builder(network()).timeSteps(STEPS).build().learn(rows, labels, predictions);
        for (int i = 0; i < labels.length; i++) {
            float[] x = Arrays.copyOfRange(rows, i * width, (i + 1) * width);
            int[] indices = IntStream.range(0, width).filter(k -> x[k] != 0).toArray();
            float[] values = new float[indices.length];
            Arrays.fill(values, 1);
            float[] expected = dense.learn(x, labels[i]);
            assertThat(sparse.learn(indices, values, labels[i])).containsExactly(expected);
            assertThat(Arrays.copyOfRange(predictions, i * CLASSES, (i + 1) * CLASSES)).containsExactly(expected);
        }
    }

    @Test
    void aConvertedNetworkLearnsByItsRule() {
        LearningRule rule = LearningRule.builder().objective(Objective.hsic()).memory(9).build();
        int[] labels = labels(1, 60);
        float[] rows = currents(2, labels);
        MultiLayerNetwork stock = network();
        MultiLayerNetwork converted = IbHebb.convert(network(), rule);
        StreamingNetwork.builder(stock).rule(rule).build().learn(rows, labels, null);
        IbHebb.stream(converted).learn(rows, labels, null);
        assertThat(converted.params()).isEqualTo(stock.params()).isNotEqualTo(network().params());
        MultiLayerNetwork maps = mapsInTime();
        MultiLayerNetwork local = IbHebb.convert(mapsInTime(), rule);
        rows = sequences(2, labels);
        StreamingNetwork.builder(maps).rule(rule).timeSteps(STEPS).build().learn(rows, labels, null);
        StreamingNetwork stream = StreamingNetwork.builder(local).timeSteps(STEPS).build();
        stream.learn(rows, labels, null);
        assertThat(local.params()).isEqualTo(maps.params()).isNotEqualTo(mapsInTime().params());
        INDArray sequence = inTime(rows);
        assertThatThrownBy(() -> stream.fit(sequence, Nd4j.zeros(60, CLASSES)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'maps'");
    }

    @Test
    void aSilentInputTeachesHiddenLayersNothing() {
        MultiLayerNetwork network = network();
        INDArray before = network.params().dup();
        StreamingNetwork.builder(network).rates(Rates.constant(1e-2, 1e-2)).build()
                .learn(new float[IN * 5], new int[] {0, 1, 2, 0, 1}, null);
        for (int layer = 0; layer < 2; layer++) {
            INDArray weights = network.getLayer(layer).getParam("W");
            INDArray same = network().getLayer(layer).getParam("W");
            assertThat(weights).as("layer %d", layer).isEqualTo(same);
        }
        assertThat(network.params()).isNotEqualTo(before);
        assertThat(network.params().isNaN().any()).isFalse();
    }

    @Test
    void frozenNeuronsStayAsTheyAre() {
        MultiLayerNetwork network = network(new FrozenLayer(spiking(IN, 32).build()), spiking(32, 20).build(), rates());
        INDArray before = network.getLayer(0).params().dup();
        int[] labels = labels(1, 60);
        float[] rows = currents(2, labels);
        StreamingNetwork stream = IbHebb.stream(network);
        assertThat(stream.predict(Arrays.copyOf(rows, IN)))
                .containsExactly(network.output(vectors(Arrays.copyOf(rows, IN))).toFloatVector(), within(1e-5f));
        stream.learn(rows, labels, null);
        assertThat(network.getLayer(0).params()).isEqualTo(before);
    }

    @Test
    void aResumedStreamEndsWithTheSameBits() throws IOException {
        int[] labels = labels(1, 200);
        float[] rows = sequences(2, labels);
        MultiLayerNetwork through = network();
        StreamingNetwork.builder(through).timeSteps(STEPS).build().learn(rows, labels, null);
        StreamingNetwork begun = StreamingNetwork.builder(network()).timeSteps(STEPS).build();
        int middle = 47;
        int from = middle * IN * STEPS;
        begun.learn(Arrays.copyOf(rows, from), Arrays.copyOf(labels, middle), null);
        Path file = folder.resolve("learner.ibstream");
        begun.save(file);
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)).contains("\"version\":4");
        MultiLayerNetwork second = network();
        StreamingNetwork.builder(second).timeSteps(STEPS).resume(file).learn(
                Arrays.copyOfRange(rows, from, rows.length), Arrays.copyOfRange(labels, middle, labels.length), null);
        assertThat(second.params().toDoubleVector()).containsExactly(through.params().toDoubleVector());
        assertThatThrownBy(() -> StreamingNetwork.builder(network()).resume(file))
                .hasMessageContaining("another network");
        assertThatThrownBy(() -> StreamingNetwork.builder(network(spiking(IN, 32).leak(0.8).build(),
                spiking(32, 20).build(), rates())).timeSteps(STEPS).resume(file))
                .hasMessageContaining("another network");
    }

    @Test
    void theSteadyStateAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        StreamingNetwork stream = StreamingNetwork.builder(network()).timeSteps(STEPS).build();
        assumeThat(stream.toString()).contains("native");
        int[] labels = labels(1, 100);
        float[] rows = sequences(2, labels);
        float[] predictions = new float[labels.length * CLASSES];
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 50; i++) {
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            stream.learn(rows, labels, predictions);
            stream.predict(rows, predictions);
            least = Math.min(least, threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
        }
        // 200 samples; what is left is the measurement's own.
        assertThat(least).isLessThan(200);
    }

    private static MultiLayerNetwork ofImages(boolean inTime, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().seed(5).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        list.layer(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(CLASSES).build());
        if (inTime) {
            list.inputPreProcessor(0, new SequenceToFramesPreProcessor(4, 3, 1));
        }
        list.setInputType(inTime ? InputType.recurrent(IN, STEPS) : InputType.convolutionalFlat(4, 3, 1));
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        return network;
    }

    private static SpikingConvolutionLayer.Builder maps(int maps) {
        return new SpikingConvolutionLayer.Builder(3, 2).nOut(maps).name("maps");
    }

    private static SpikePoolingLayer pooling() {
        return new SpikePoolingLayer.Builder().kernelSize(1, 2).stride(1, 2).name("pooling").build();
    }

    private static MultiLayerNetwork mapsInTime() {
        MultiLayerNetwork network = ofImages(true, maps(12).build(), pooling(), spiking(0, 20).build(), rates());
        network.params().muli(1.5);
        return network;
    }

    @Test
    void imagesInTimeAreTakenPixelByPixelOrAsFrames() {
        int[] labels = labels(1, 60);
        float[] rows = sequences(2, labels);
        MultiLayerNetwork first = mapsInTime();
        MultiLayerNetwork second = mapsInTime();
        INDArray numbers = Nd4j.createFromArray(labels).castTo(DataType.FLOAT);
        StreamingNetwork.builder(first).timeSteps(STEPS).build().learn(rows, labels, null);
        StreamingNetwork frames = StreamingNetwork.builder(second).timeSteps(STEPS).build();
        frames.learn(inTime(rows).reshape('c', 60, 1, 4, 3, STEPS).permute(0, 1, 4, 2, 3).dup('c'), numbers);
        assertThat(second.params()).isEqualTo(first.params()).isNotEqualTo(mapsInTime().params());
        assertThat(frames.predict(Arrays.copyOf(rows, IN * STEPS)))
                .containsExactly(second.output(inTime(Arrays.copyOf(rows, IN * STEPS))).toFloatVector(), within(1e-5f));
        assertThatThrownBy(() -> StreamingNetwork.builder(mapsInTime()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'maps'", "how many time steps", "timeSteps");
        assertThatThrownBy(() -> frames.predict(Nd4j.zeros(1, 1, STEPS + 1, 4, 3)))
                .hasMessageContaining("samples x channels x time steps x height x width");
    }

    @Test
    void spikesOfFeatureMapsAreLearnt() {
        MultiLayerNetwork network = ofImages(false, maps(12).build(), pooling(), spiking(0, 20).build(), rates());
        int[] labels = labels(1, 3_000);
        IbHebb.stream(network).learn(currents(2, labels), labels, null);
        int[] others = labels(3, 500);
        assertThat(right(network, vectors(currents(4, others)), others)).isGreaterThan(350);
    }

    @ParameterizedTest
    @EnumSource(value = Learning.class, names = {"TRACE", "EXACT", "PER_STEP"})
    void whatMeetsSingleTimeStepsLearnsAndGoesOnFromItsFile(Learning learning) throws IOException {
        Supplier<MultiLayerNetwork> made = () -> {
            MultiLayerNetwork network = network(
                    spiking(IN, 32).learning(learning).build(), spiking(32, 20).learning(learning).build(), rates());
            network.getLayer(0).params().muli(2.5);
            return network;
        };
        int[] labels = labels(1, 3_000);
        float[] rows = sequences(2, labels);
        MultiLayerNetwork network = made.get();
        StreamingNetwork.builder(network).timeSteps(STEPS).build().learn(rows, labels, null);
        int[] others = labels(3, 500);
        assertThat(right(network, inTime(sequences(4, others)), others)).isGreaterThan(425);
        StreamingNetwork begun = StreamingNetwork.builder(made.get()).timeSteps(STEPS).build();
        int middle = 130;
        int from = middle * IN * STEPS;
        begun.learn(Arrays.copyOf(rows, from), Arrays.copyOf(labels, middle), null);
        Path file = folder.resolve("learner.ibstream");
        begun.save(file);
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)).contains("\"version\":5");
        MultiLayerNetwork second = made.get();
        StreamingNetwork.builder(second).timeSteps(STEPS).resume(file).learn(
                Arrays.copyOfRange(rows, from, rows.length), Arrays.copyOfRange(labels, middle, labels.length), null);
        assertThat(second.params()).isEqualTo(network.params());
        // Another learning is another network.
        assertThatThrownBy(() -> StreamingNetwork.builder(network()).timeSteps(STEPS).resume(file))
                .hasMessageContaining("another network");
    }

    /** What 21 samples taught before layers learnt otherwise in time. */
    @Test
    void filesOfVersion4GoOnOpening() throws Exception {
        Supplier<MultiLayerNetwork> made = () -> {
            MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().seed(5).list()
                    .layer(spiking(2, 17).synapticDecay(0.3).build())
                    .layer(spiking(17, 6).refractorySteps(1).build())
                    .layer(rates())
                    .layer(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(6)
                            .nOut(CLASSES).build())
                    .build());
            network.init();
            return network;
        };
        float[] x = new float[8];
        for (int k = 0; k < x.length; k++) {
            x[k] = (float) Math.max(0, 2 * Math.sin(1.3 * 100 + k * (100 % 3 + 1)));
        }
        Path file = Path.of(SpikingStreamTest.class.getResource("learner-v4-21.ibstream").toURI());
        StreamingNetwork stream = StreamingNetwork.builder(made.get()).timeSteps(4).resume(file);
        assertThat(stream.learnt()).isEqualTo(21);
        assertThat(stream.predict(x)).containsExactly(new float[] {0.98654294f, 1.034831E-6f, 0.013455962f},
                within(1e-5f));
        Path again = folder.resolve("again.ibstream");
        stream.save(again);
        assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(file));
        for (int k = 0; k < 20; k++) {
            stream.learn(x, 1);
        }
        assertThat(stream.predict(x)[1]).isGreaterThan(2e-6f);
    }

    @Test
    void whatCanNotBeReadIsRefusedByName() {
        assertThatThrownBy(() -> IbHebb.stream(network(new SpikingConvolutionLayer.Builder(1, 1).nIn(1).nOut(20)
                .name("maps").build(), rates()))).hasMessageContainingAll("'maps'", "convolutionalFlat");
        assertThatThrownBy(() -> StreamingNetwork.builder(network(new SpikingConvolutionLayer.Builder(1, 1).nIn(1)
                .nOut(20).name("maps").build(), rates())).timeSteps(3)).hasMessageContaining("convolutionalFlat");
        assertThatThrownBy(() -> IbHebb.stream(ofImages(false, maps(5).dilation(2, 1).kernelSize(2, 2).build(),
                rates()))).hasMessageContainingAll("'maps'", "dilation of 2 x 1");
        assertThatThrownBy(() -> StreamingNetwork.builder(ofImages(false, maps(5).build(), rates())).timeSteps(3))
                .hasMessageContainingAll("'maps'", "FeedForwardToCnnPreProcessor", "SequenceToFramesPreProcessor");
        assertThatThrownBy(() -> IbHebb.stream(network(spiking(IN, 20).build(), pooling(), rates())))
                .hasMessageContainingAll("'pooling'", "how high and wide");
        assertThatThrownBy(() -> IbHebb.stream(network(spiking(IN, 20).build())))
                .hasMessageContainingAll("OutputLayer", "sequences of 8 time steps", "SpikeRateLayer");
        assertThatThrownBy(() -> IbHebb.stream(network(rates(), new DenseLayer.Builder().nIn(20).nOut(20).build())))
                .hasMessageContainingAll("'rates'", "SpikingDenseLayer");
        assertThatThrownBy(() -> IbHebb.stream(network(spiking(IN, 20).build(),
                new ActivationLayer(Activation.TANH), rates()))).hasMessageContaining("ActivationLayer");
        assertThatThrownBy(() -> StreamingNetwork.builder(network()).timeSteps(-1)).hasMessageContaining("(-1)");
        assertThatThrownBy(() -> StreamingNetwork.builder(network(new DenseLayer.Builder().nIn(IN).nOut(20).build()))
                .timeSteps(3)).hasMessageContainingAll("sequences of 3 time steps", "timeSteps(0)");
        assertThatThrownBy(() -> StreamingNetwork.builder(network()).timeSteps(3).standardizeInputs(true).build())
                .hasMessageContainingAll("'spiking'", "standardizeInputs");
        assertThatThrownBy(() -> IbHebb.stream(IbHebb.convert(network())).fit(Nd4j.zeros(2, IN),
                Nd4j.zeros(2, CLASSES))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'spiking'");
    }
}
