package org.ibhebb.internal.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.internal.layers.Remembered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Measures what it is worth to average readouts and gains between replicas, as docs/spark.md has it. {@code
 * -Dibhebb.replicas=FOLDER} names that of MNIST's files.
 */
@EnabledIfSystemProperty(named = "ibhebb.replicas", matches = ".+", disabledReason = "-Dibhebb.replicas=FOLDER")
class ReplicasTest {

    private static final int SAMPLES = 9_600;
    private static final int TESTED = 5_000;
    private static final int ALL = 60_000;
    private static final int PIXELS = 784;
    private static final int CLASSES = 10;
    private static final int BATCH = 16;
    private static final int SEEDS = 3;
    private static final int EARLY = 60;

    /** What a replica remembers when a round begins. */
    private enum Start { NOTHING, OWN, MEAN }

    @Test
    void whatARoundBeginsWith() throws IOException {
        Path folder = Path.of(System.getProperty("ibhebb.replicas"));
        DataSet training = data(folder, 0, SAMPLES);
        DataSet test = data(folder, ALL - TESTED, ALL);
        for (Start start : Start.values()) {
            StringBuilder line = new StringBuilder(start.toString().toLowerCase(Locale.ROOT));
            for (int round : new int[] {5, 20}) {
                double[] early = new double[SEEDS];
                double[] late = new double[SEEDS];
                for (int seed = 0; seed < SEEDS; seed++) {
                    double[] accuracies = train(start, round, seed, training, test);
                    early[seed] = accuracies[0];
                    late[seed] = accuracies[1];
                }
                line.append(String.format(Locale.ROOT, ", rounds of %d: %.1f %%; %.1f %%", round, 100 * mean(early),
                        100 * mean(late)));
                assertThat(mean(late)).isGreaterThan(0.5);
            }
            System.out.println(line);
        }
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** The accuracy of the averaged network after a few steps of each replica, and at the end. */
    private static double[] train(Start start, int round, int seed, DataSet training, DataSet test) {
        List<MultiLayerNetwork> replicas = List.of(network(seed), network(seed));
        double early = 0;
        List<DataSet> batches = training.batchBy(BATCH);
        int steps = batches.size() / replicas.size();
        for (int step = 0; step < steps; step += round) {
            for (int own = step; own < Math.min(steps, step + round); own++) {
                for (int replica = 0; replica < replicas.size(); replica++) {
                    replicas.get(replica).fit(batches.get(own * replicas.size() + replica));
                }
            }
            average(replicas, start);
            if (step + round == EARLY) {
                early = accuracy(replicas.get(0), test);
            }
        }
        return new double[] {early, accuracy(replicas.get(0), test)};
    }

    private static void average(List<MultiLayerNetwork> replicas, Start start) {
        List<State> states = replicas.stream().map(Remembered::of).toList();
        INDArray parameters = replicas.get(0).params().add(replicas.get(1).params()).divi(2);
        INDArray updates = replicas.get(0).getUpdater().getStateViewArray()
                .add(replicas.get(1).getUpdater().getStateViewArray()).divi(2);
        State untrained = Remembered.of(network(0));
        for (int i = 0; i < replicas.size(); i++) {
            MultiLayerNetwork replica = replicas.get(i);
            replica.params().assign(parameters);
            replica.getUpdater().getStateViewArray().assign(updates);
            switch (start) {
                case NOTHING -> Remembered.into(replica, untrained);
                case OWN -> {
                    // It goes on.
                }
                case MEAN -> Remembered.into(replica, new State(averaged(states.get(i), states.get(1 - i))));
                default -> throw new AssertionError(start);
            }
        }
    }

    /** Readouts, gains, gradient sizes and moments are the mean; the window is the replica's own. */
    private static Map<String, Object> averaged(State own, State other) {
        Map<String, Object> quantities = new LinkedHashMap<>(own.quantities());
        quantities.replaceAll((name, value) -> {
            if (!name.matches("layer \\d+/(predictor|gain|gradient size|moments)/.*")) {
                return value;
            }
            Object its = other.get(name);
            if (value instanceof Double number) {
                return (number + (Double) its) / 2;
            }
            if (!(value instanceof State.Numbers numbers) || !(numbers.values() instanceof float[] mine)
                    || !(((State.Numbers) its).values() instanceof float[] theirs)) {
                return value;
            }
            float[] mean = new float[mine.length];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = (mine[i] + theirs[i]) / 2;
            }
            return State.Numbers.of(numbers.type(), numbers.order(), numbers.shape(), mean);
        });
        assertThat(quantities).isNotEqualTo(own.quantities());
        return quantities;
    }

    private static MultiLayerNetwork network(int seed) {
        return Fixtures.network(IbHebb.convert(new NeuralNetConfiguration.Builder().seed(seed).dataType(DataType.FLOAT)
                .updater(new Adam(1e-3)).activation(Activation.RELU).list()
                .layer(new DenseLayer.Builder().nIn(PIXELS).nOut(128).build())
                .layer(new DenseLayer.Builder().nIn(128).nOut(64).build())
                .layer(Fixtures.readout(64, CLASSES)).build()));
    }

    private static double accuracy(MultiLayerNetwork network, DataSet test) {
        INDArray answers = network.output(test.getFeatures()).argMax(1);
        INDArray labels = test.getLabels().argMax(1);
        return answers.eq(labels).castTo(DataType.FLOAT).meanNumber().doubleValue();
    }

    private static DataSet data(Path folder, int from, int to) throws IOException {
        List<float[]> rows = new ArrayList<>();
        INDArray labels = Nd4j.zeros(DataType.FLOAT, to - from, CLASSES);
        try (InputStream images = open(folder.resolve("train-images-idx3-ubyte"), 16);
                InputStream classes = open(folder.resolve("train-labels-idx1-ubyte"), 8)) {
            images.skipNBytes((long) from * PIXELS);
            classes.skipNBytes(from);
            for (int i = from; i < to; i++) {
                byte[] pixels = images.readNBytes(PIXELS);
                float[] row = new float[PIXELS];
                for (int k = 0; k < PIXELS; k++) {
                    row[k] = (pixels[k] & 255) / 255F;
                }
                rows.add(row);
                labels.putScalar(i - from, classes.read(), 1);
            }
        }
        return new DataSet(Nd4j.create(rows.toArray(new float[0][])), labels);
    }

    private static InputStream open(Path file, int header) throws IOException {
        Path packed = Path.of(file + ".gz");
        InputStream in = Files.exists(packed)
                ? new GZIPInputStream(Files.newInputStream(packed))
                : Files.newInputStream(file);
        in.skipNBytes(header);
        return in;
    }
}
