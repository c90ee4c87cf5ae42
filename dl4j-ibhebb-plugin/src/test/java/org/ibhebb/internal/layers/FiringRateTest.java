package org.ibhebb.internal.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.ForAnyKernel;
import org.ibhebb.IbHebb;
import org.ibhebb.internal.arithmetic.Neuron;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.ibhebb.spiking.SpikingDenseLayer.Learning;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** Layers whose neurons hardly fire, or hardly stop, say so. */
@ForAnyKernel
class FiringRateTest {

    private static final Neuron NEURON = new Neuron(0.9, 1, false, 5, false);

    private final PrintStream err = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stopListening() {
        System.setErr(err);
    }

    private String after(FiringRate firing, int steps, double rate) {
        for (int step = 0; step < steps; step++) {
            firing.note("layer 'hidden' (index 1)", rate);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void isSaidOnceByNameAndRate() {
        FiringRate collapsed = new FiringRate(NEURON);
        assertThat(after(collapsed, 99, 4e-4)).isEmpty();
        assertThat(after(collapsed, 300, 4e-4))
                .containsOnlyOnce("layer 'hidden' (index 1) has hardly fired for 100 mini-batches (0.000400 spikes");
        assertThat(after(new FiringRate(NEURON), 300, 0.95))
                .containsOnlyOnce("layer 'hidden' (index 1) has fired at nearly every time step");
    }

    @Test
    void usualRatesAndSingleStepsAreNot() {
        FiringRate firing = new FiringRate(NEURON);
        for (int round = 0; round < 5; round++) {
            after(firing, 99, 0);
            after(firing, 1, 0.002);
            after(firing, 99, 1);
            after(firing, 1, 0.85);
        }
        assertThat(said.size()).isZero();
    }

    /** A neuron that rests for two time steps after each spike does all that it can. */
    @Test
    void refractoryNeuronsAreMeasuredByWhatTheyCan() {
        assertThat(after(new FiringRate(new Neuron(0.9, 1, false, 5, 0, 2, false)), 100, 0.32))
                .contains("nearly every time step");
        assertThat(after(new FiringRate(NEURON), 100, 0.32)).containsOnlyOnce("spikes a neuron");
    }

    /** In training alone, by the rule and by back-propagation. */
    @ParameterizedTest
    @EnumSource(Learning.class)
    void layersThatTrainSaySo(Learning learning) {
        MultiLayerConfiguration conf = Fixtures.builder(new NoOp()).list()
                .layer(new SpikingDenseLayer.Builder().nIn(3).nOut(4).learning(learning).name("few").build())
                .layer(new SpikingDenseLayer.Builder().nIn(4).nOut(5).learning(learning).name("many").build())
                .layer(new SpikeRateLayer.Builder().scale(10).build())
                .layer(Fixtures.readout(5, 3)).build();
        INDArray x = Nd4j.zeros(DataType.DOUBLE, 2, 3);
        for (boolean local : new boolean[] {true, false}) {
            said.reset();
            MultiLayerNetwork net = Fixtures.network(local ? IbHebb.convert(conf) : conf);
            net.getLayer(0).getParam("b").assign(0);
            // The rule's own updater moves it.
            net.getLayer(1).getParam("b").assign(1000);
            for (int step = 0; step < 105; step++) {
                net.output(x);
            }
            assertThat(said.toString(StandardCharsets.UTF_8)).doesNotContain("spikes a neuron");
            for (int step = 0; step < 105; step++) {
                net.fit(x, Fixtures.oneHot(1, 2, 3));
            }
            assertThat(said.toString(StandardCharsets.UTF_8))
                    .containsOnlyOnce("layer 'few' (index 0) has hardly fired for 100 mini-batches (0.00 spikes")
                    .containsOnlyOnce("layer 'many' (index 1) has fired at nearly every time step for 100 mini-batches"
                            + " (1.00 spikes");
        }
    }
}
