package org.ibhebb.internal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ibhebb.Fixtures.values;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.internal.arithmetic.Buffers;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.internal.term.window.Window;
import org.ibhebb.internal.view.Representation;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

/** What the working memory holds at each step, against a plain list of everything that was seen. */
class WorkingMemoryTest {

    private static final int CAPACITY = 7;
    private static final double RATE = 0.1;

    static List<LearningRule> rules() {
        return List.of(
                Fixtures.plain().objective(Objective.neighbourhood().withSigma(0.6)).memory(CAPACITY).build(),
                Fixtures.plain().objective(Objective.hsic()).memory(CAPACITY).build(),
                Fixtures.plain().objective(Objective.normalizedHsic())
                        .plus(Objective.neighbourhood()).memory(CAPACITY).build());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void anUpdateSeesItsSamplesAndTheMostRecentOnesBefore(LearningRule rule) {
        // One at a time until beyond full, then smaller, equal and larger than the capacity, and again one at a time.
        int[] batches = {1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 5, 7, 2, 8, 1, 20, 6, 1, 1, 14, 3};
        MultiLayerNetwork net = Fixtures.network(
                IbHebb.convert(Fixtures.mlp(Activation.IDENTITY, new Sgd(RATE), 5, 4, 6, 3), rule));
        List<Seen> past = new ArrayList<>();
        for (int step = 0; step < batches.length; step++) {
            INDArray x = Fixtures.noise(100 + step, batches[step], 5);
            INDArray y = Fixtures.oneHot(200 + step, batches[step], 3);
            List<INDArray> activations = net.feedForward(x, false);
            INDArray[] before = {net.getLayer(0).getParam("W").dup(), net.getLayer(1).getParam("W").dup()};

            net.fit(new DataSet(x, y));

            INDArray[] expected = {Nd4j.zerosLike(before[0]), Nd4j.zerosLike(before[1])};
            for (int from = 0; from < batches[step]; from += CAPACITY) {
                int to = Math.min(batches[step], from + CAPACITY);
                List<Seen> current = new ArrayList<>();
                for (int sample = from; sample < to; sample++) {
                    current.add(new Seen(row(x, sample), row(y, sample),
                            List.of(row(activations.get(1), sample), row(activations.get(2), sample))));
                }
                List<Seen> window = new ArrayList<>(current);
                // Newest first, unlike the ring: the order of remembered samples has no meaning.
                for (int back = 1; window.size() < CAPACITY && back <= past.size(); back++) {
                    window.add(past.get(past.size() - back));
                }
                for (int layer = 0; layer < 2; layer++) {
                    INDArray signal = expectedSignal(rule, window, current.size(), layer);
                    INDArray presynaptic = rows(activations.get(layer), from, to);
                    expected[layer].addi(presynaptic.transpose().mmul(signal));
                }
                past.addAll(current);
            }
            for (int layer = 0; layer < 2; layer++) {
                INDArray update = before[layer].sub(net.getLayer(layer).getParam("W"));
                INDArray wanted = expected[layer].mul(RATE / batches[step]);
                assertThat(update.distance2(wanted))
                        .as("step " + step + " layer " + layer)
                        .isLessThanOrEqualTo(1e-9 * wanted.norm2Number().doubleValue() + 1e-12);
            }
        }
    }

    /** ND4J's views of views are not what they seem. */
    @Test
    void miniBatchesThatAreViewsOfALargerArrayAreSeenAsTheyAre() {
        INDArray x = Fixtures.noise(3, 60, 5);
        INDArray y = Fixtures.oneHot(4, 60, 3);
        MultiLayerNetwork ofViews = untrained();
        MultiLayerNetwork ofCopies = untrained();
        for (int from = 0; from + 17 <= 60; from += 11) {
            ofViews.fit(rows(x, from, from + 17), rows(y, from, from + 17));
            ofCopies.fit(rows(x, from, from + 17).dup(), rows(y, from, from + 17).dup());
        }
        assertThat(values(ofViews.params())).isEqualTo(values(ofCopies.params()));
    }

    @Test
    void interleavedNetworksDoNotMix() {
        MultiLayerNetwork alone = learn(1);
        MultiLayerNetwork other = learn(2);
        MultiLayerNetwork first = untrained();
        MultiLayerNetwork second = first.clone();
        for (int step = 0; step < 30; step++) {
            first.fit(batch(1, step));
            second.fit(batch(2, step));
        }
        assertThat(values(first.params())).isEqualTo(values(alone.params()));
        assertThat(values(second.params())).isEqualTo(values(other.params())).isNotEqualTo(values(first.params()));
    }

    @Test
    void networksOfOneConfigurationOnFourThreadsDoNotMix() throws Exception {
        List<INDArray> expected = new ArrayList<>();
        for (int seed = 0; seed < 4; seed++) {
            expected.add(learn(seed).params());
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<INDArray>> learning = new ArrayList<>();
            for (int seed = 0; seed < 4; seed++) {
                int own = seed;
                learning.add(threads.submit(() -> learn(own).params()));
            }
            for (int seed = 0; seed < 4; seed++) {
                assertThat(learning.get(seed).get()).as("thread " + seed).isEqualTo(expected.get(seed));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void inferenceBetweenStepsChangesNothing() {
        MultiLayerNetwork alone = learn(1);
        MultiLayerNetwork observed = untrained();
        for (int step = 0; step < 30; step++) {
            observed.output(Fixtures.noise(9, 11, 5));
            observed.fit(batch(1, step));
            observed.score(batch(3, step));
            observed.feedForward(Fixtures.noise(9, 4, 5), true);
        }
        assertThat(values(observed.params())).isEqualTo(values(alone.params()));
    }

    @Test
    void aFailedStepLeavesParametersAndMemoryAsTheyWere() {
        MultiLayerNetwork net = learn(1);
        INDArray before = net.params().dup();
        INDArray x = Fixtures.noise(5, 2, 5);
        x.putScalar(1, 3, Double.NaN);
        assertThatThrownBy(() -> net.fit(new DataSet(x, Fixtures.oneHot(5, 2, 3))))
                .hasMessageContaining("layer")
                .hasMessageContaining("sample 1")
                .hasMessageContaining("not finite");
        assertThat(values(net.params())).isEqualTo(values(before));

        MultiLayerNetwork quiet = learn(1);
        assertThat(IbHebb.state(net)).isEqualTo(IbHebb.state(quiet));
        for (int step = 30; step < 40; step++) {
            net.fit(batch(1, step));
            quiet.fit(batch(1, step));
        }
        assertThat(values(net.params())).isEqualTo(values(quiet.params()));
    }

    private static MultiLayerNetwork learn(int seed) {
        MultiLayerNetwork net = untrained();
        for (int step = 0; step < 30; step++) {
            net.fit(batch(seed, step));
        }
        return net;
    }

    private static MultiLayerNetwork untrained() {
        return Fixtures.localMlp(
                Fixtures.plain().objective(Objective.hsic()).memory(CAPACITY).build(), 5, 4, 6, 3);
    }

    private static DataSet batch(int seed, int step) {
        return new DataSet(
                Fixtures.noise(1000L * seed + step, 1 + step % 3, 5), Fixtures.oneHot(seed + step, 1 + step % 3, 3));
    }

    private static INDArray expectedSignal(LearningRule rule, List<Seen> window, int current, int layer) {
        INDArray x = Nd4j.vstack(window.stream().map(Seen::x).toArray(INDArray[]::new));
        INDArray y = Nd4j.vstack(window.stream().map(Seen::y).toArray(INDArray[]::new));
        INDArray z = Nd4j.vstack(window.stream().map(seen -> seen.activations().get(layer)).toArray(INDArray[]::new));
        Representation representation = new Representation(rule, false, Buffers.fresh());
        INDArray u = representation.of(z).rows();
        INDArray signal = Nd4j.create(u.dataType(), current, u.columns());
        new Window(current, x, List.of(Fixtures.classes(y))).signal(rule, SlotRows.of(u), signal);
        return representation.of(rows(z, 0, current)).backward(signal);
    }

    private static INDArray row(INDArray matrix, int row) {
        return rows(matrix, row, row + 1).dup();
    }

    private static INDArray rows(INDArray matrix, int from, int to) {
        return matrix.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
    }

    private record Seen(INDArray x, INDArray y, List<INDArray> activations) {}
}
