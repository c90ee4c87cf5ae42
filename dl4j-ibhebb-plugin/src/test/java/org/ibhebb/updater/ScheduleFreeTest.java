package org.ibhebb.updater;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class ScheduleFreeTest {

    private static final int LENGTH = 7;

    private static GradientUpdater<?> updater(IUpdater config) {
        return config.instantiate(Nd4j.create(DataType.DOUBLE, config.stateSize(LENGTH)),
                true);
    }

    /**
     * By the definition: z steps, x is the average of all z, each weighted by the squares of its number and of the largest
     * rate until then. Steps at a rate of 0 are none.
     */
    @Test
    void parametersAreTheWeightedAverageOfAllPoints() {
        ScheduleFree config = ScheduleFree.of(0.1, new Sgd(new MapSchedule.Builder(ScheduleType.ITERATION)
                .add(0, 0.5).add(30, 0).add(35, 0.5).add(40, 0.25).add(50, 1).build()));
        GradientUpdater<?> updater = updater(config);
        INDArray x = Fixtures.noise(0, LENGTH);
        double[] z = x.toDoubleVector();
        double[] sum = new double[LENGTH];
        double weights = 0;
        double largest = 0;
        int number = 0;
        for (int step = 0; step < 60; step++) {
            INDArray gradient = Fixtures.noise(step + 1, LENGTH);
            boolean still = step >= 30 && step < 35;
            number += still ? 0 : 1;
            double rate = 0.1 * (still ? 0 : step < 40 ? 1 : step < 50 ? 0.5 : 2) * Math.min(1, number / 20.0);
            largest = Math.max(largest, rate);
            double weight = still ? 0 : largest * largest * number * number;
            weights += weight;
            for (int i = 0; i < LENGTH; i++) {
                z[i] -= rate * gradient.getDouble(i);
                sum[i] += weight * z[i];
            }
            updater.applyUpdater(gradient, step, 0);
            x.subi(gradient);
        }
        for (int i = 0; i < LENGTH; i++) {
            assertThat(x.getDouble(i)).isCloseTo(sum[i] / weights, within(1e-9));
        }
    }

    /** What was learnt long ago can still change. */
    @Test
    void theAverageForgets() {
        GradientUpdater<?> updater = updater(ScheduleFree.of(0.1, null));
        double x = 0;
        for (int step = 0; step < 30_000; step++) {
            INDArray gradient = Nd4j.zeros(DataType.DOUBLE, LENGTH)
                    .assign(step < 20_000 ? 0 : step == 20_000 ? -10 : 0);
            updater.applyUpdater(gradient, step, 0);
            x -= gradient.getDouble(0);
        }
        assertThat(x).isCloseTo(1, within(1e-3));
    }

    @Test
    void aRateOfNothingMovesNothing() {
        GradientUpdater<?> updater = updater(ScheduleFree.of(0.1, new Sgd(0)));
        INDArray gradient = Fixtures.noise(1, LENGTH);
        updater.applyUpdater(gradient, 0, 0);
        assertThat(gradient.norm2Number().doubleValue()).isZero();
    }

    /** Nor once the moving point is ahead of the average. */
    @Test
    void aScheduleThatStopsMovesNothing() {
        GradientUpdater<?> updater = updater(ScheduleFree.of(0.1, new Sgd(
                new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0.5).add(10, 0).build())));
        for (int step = 0; step < 20; step++) {
            INDArray gradient = Fixtures.noise(step, LENGTH);
            updater.applyUpdater(gradient, step, 0);
            assertThat(gradient.norm2Number().doubleValue() > 0).as("step %d", step).isEqualTo(step < 10);
        }
    }

    /** The first point is the average of one; its rate is the whole one at once, or a part of it. */
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "2, 0.5", "4, 0.25"})
    void theRateWarmsUp(int steps, double part) {
        GradientUpdater<?> updater = updater(new ScheduleFree(0.1, 0.5, steps, null, 0));
        INDArray gradient = Fixtures.noise(1, LENGTH);
        double[] expected = gradient.mul(0.1 * part).toDoubleVector();
        updater.applyUpdater(gradient, 0, 0);
        assertThat(gradient.toDoubleVector()).containsExactly(expected, within(1e-15));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "64, 1", "256, 0.5", "6400, 0.1"})
    void neuronsWithManyInputsTakeSmallerSteps(long inputs, double share) {
        assertThat(ScheduleFree.ofHidden(inputs, null).getRate()).isCloseTo(0.1 * share, within(1e-15));
        assertThat(ScheduleFree.ofReadout(inputs, null).getRate()).isCloseTo(0.3 * share, within(1e-15));
    }

    @ParameterizedTest
    @CsvSource({"6400, 1, 1", "6400, 2, 0.5", "6400, 5, 0.2", "6400, 10, 0.1", "6400, 11, 0.1", "256, 2, 0.5",
            "256, 3, 0.5", "64, 5, 1", "1, 5, 1"})
    void upperWideLayersTakeSmallerSteps(long neurons, int depth, double share) {
        assertThat(ScheduleFree.ofHidden(256, neurons, depth, null).getRate()).isCloseTo(0.05 * share, within(1e-15));
    }

    @Test
    void aScheduleCountsAndItsRateDoesNot() {
        assertThat(ScheduleFree.of(0.1, new Sgd(5)).rate(3, 1)).isEqualTo(0.1);
        assertThat(ScheduleFree.of(0.1, null).rate(3, 1)).isEqualTo(0.1);
        ScheduleFree falling = ScheduleFree.of(0.1, new Adam(new MapSchedule.Builder(ScheduleType.EPOCH)
                .add(0, 0.004).add(2, 0.001).build()));
        assertThat(falling.rate(100, 0)).isEqualTo(0.1);
        assertThat(falling.rate(100, 2)).isCloseTo(0.025, within(1e-15));
        assertThat(falling.getLearningRate(100, 2)).isEqualTo(0.001);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> ScheduleFree.of(0, null)).withMessageContaining("0.0");
        assertThatIllegalArgumentException().isThrownBy(() -> new ScheduleFree(1, 1.5, 0, null, 0))
                .withMessageContaining("1.5");
        assertThatIllegalArgumentException().isThrownBy(() -> new ScheduleFree(1, 0.5, -2, null, 0))
                .withMessageContaining("-2");
    }

    @Test
    void conversionTakesTheConfiguredUpdatersPlaceAndRevertingGivesItBack() {
        MultiLayerConfiguration stock = Fixtures.mlp(Activation.TANH, new Adam(3e-3), 5, 4, 3);
        MultiLayerConfiguration local = IbHebb.convert(stock);
        assertThat(updaterOf(local, 0)).isEqualTo(ScheduleFree.ofHidden(1, new Adam(3e-3)));
        assertThat(updaterOf(local, 1)).isEqualTo(ScheduleFree.ofReadout(1, new Adam(3e-3)));
        assertThat(MultiLayerConfiguration.fromJson(local.toJson())).isEqualTo(local);
        assertThat(IbHebb.convert(local)).isEqualTo(local);
        assertThat(IbHebb.revert(local)).isEqualTo(stock);
        assertThat(updaterOf(IbHebb.convert(local, LearningRule.builder()
                .updaters(LearningRule.Updaters.CONFIGURED).build()), 0)).isEqualTo(new Adam(3e-3));
    }

    /** Whoever gives the rule an updater himself keeps it. */
    @Test
    void anUpdaterThatIsGivenWithARuleStays() {
        MultiLayerConfiguration given =
                IbHebb.convert(Fixtures.mlp(Activation.TANH, new IbHebb(new Sgd(0.5)), 5, 4, 3));
        assertThat(updaterOf(given, 0)).isEqualTo(new Sgd(0.5));
        assertThat(updaterOf(given, 1)).isEqualTo(new Sgd(0.5));
        MultiLayerConfiguration own = IbHebb.convert(Fixtures.mlp(Activation.TANH, new IbHebb(), 5, 4, 3));
        assertThat(updaterOf(own, 0)).isInstanceOf(ScheduleFree.class);
    }

    private static IUpdater updaterOf(MultiLayerConfiguration conf, int layer) {
        return ((BaseLayer) conf.getConf(layer).getLayer()).getIUpdater();
    }

    /** The gradient is that of the parameters moved towards z, whatever network the layer is in. */
    @Test
    void gradientsAreTakenAhead() {
        // Each mini-batch fills the memory, so that nothing else is remembered.
        LearningRule rule = Fixtures.plain().objective(Objective.neighbourhood()).memory(12)
                .updaters(LearningRule.Updaters.LIBRARY).build();
        DataSet batch = Fixtures.clusters(3, 12, 5, 3);
        MultiLayerNetwork net = Fixtures.localMlp(rule, 5, 4, 3);
        for (int step = 0; step < 4; step++) {
            net.fit(Fixtures.clusters(step, 12, 5, 3));
        }
        INDArray state = net.getUpdater().getStateViewArray();
        INDArray x = net.params().dup();
        INDArray gradient = gradient(net, batch);
        assertThat(Fixtures.values(net.params())).containsExactly(Fixtures.values(x));

        // The same parameters without any state, moved by hand.
        INDArray ahead = x.dup().reshape(x.length());
        long hidden = net.getLayer(0).numParams();
        long readout = net.getLayer(1).numParams();
        addTo(ahead, 0, hidden, state, 0);
        // W and b of a layer share a state, behind which stand three numbers for each.
        addTo(ahead, hidden, readout, state, hidden + 6);
        INDArray expected = gradient(at(ahead.reshape(x.shape()), rule), batch);
        assertThat(Fixtures.values(gradient)).containsExactly(Fixtures.values(expected), within(1e-12));
        assertThat(gradient.sub(gradient(at(x, rule), batch)).norm2Number().doubleValue()).isGreaterThan(1e-6);
    }

    private static MultiLayerNetwork at(INDArray parameters, LearningRule rule) {
        MultiLayerNetwork net = Fixtures.localMlp(rule, 5, 4, 3);
        net.setParams(parameters.dup());
        return net;
    }

    private static void addTo(INDArray parameters, long from, long length, INDArray state, long at) {
        for (long i = 0; i < length; i++) {
            parameters.putScalar(from + i, parameters.getDouble(from + i) + 0.8 * state.getDouble(at + i));
        }
    }

    private static INDArray gradient(MultiLayerNetwork net, DataSet batch) {
        net.setInput(batch.getFeatures());
        net.setLabels(batch.getLabels());
        net.computeGradientAndScore();
        return net.gradient().gradient().dup();
    }

    /** Saved with its updater, a network goes on as if nothing had happened. */
    @Test
    void aRestoredNetworkGoesOn() throws IOException {
        LearningRule rule = Fixtures.plain().objective(Objective.neighbourhood()).memory(12)
                .updaters(LearningRule.Updaters.LIBRARY).build();
        MultiLayerNetwork net = Fixtures.localMlp(rule, 5, 4, 3);
        for (int step = 0; step < 30; step++) {
            net.fit(Fixtures.clusters(step, 12, 5, 3));
        }
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        ModelSerializer.writeModel(net, zip, true);
        MultiLayerNetwork restored =
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(zip.toByteArray()), true);
        MultiLayerNetwork clone = net.clone();
        for (int step = 30; step < 40; step++) {
            DataSet batch = Fixtures.clusters(step, 12, 5, 3);
            net.fit(batch);
            restored.fit(batch);
            clone.fit(batch);
        }
        assertThat(Fixtures.values(restored.params())).containsExactly(Fixtures.values(net.params()));
        assertThat(Fixtures.values(clone.params())).containsExactly(Fixtures.values(net.params()));
    }
}
