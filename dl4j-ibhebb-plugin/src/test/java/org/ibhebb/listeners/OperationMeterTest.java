package org.ibhebb.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.ledger.Ledger;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class OperationMeterTest {

    private static final int STEPS = 7;

    /** Half of the inputs are 0. */
    private static INDArray halfSilent() {
        INDArray x = Nd4j.rand(DataType.FLOAT, 4, 6).addi(0.5);
        for (int column = 0; column < 6; column += 2) {
            x.getColumn(column).assign(0);
        }
        return x;
    }

    @Test
    void countsWhatIsNotSilent() {
        MultiLayerConfiguration conf = IbHebb.convert(Fixtures.mlp(Activation.TANH, new Sgd(0.1), 6, 17, 3));
        MultiLayerNetwork net = Fixtures.network(conf);
        INDArray y = Fixtures.oneHot(1, 4, 3);
        try (OperationMeter meter = new OperationMeter()) {
            net.addListeners(meter);
            for (int step = 0; step <= STEPS; step++) {
                net.fit(halfSilent(), y);
            }
            assertThat(meter.steps()).isEqualTo(STEPS);
            OperationMeter.Operation affine = meter.perStep().get("affine");
            assertThat(affine.macs()).isEqualTo(ofLedger(conf, "affine"));
            assertThat(affine.effectiveMacs()).isEqualTo(4 * (3 * 17 + 17 * 3));
            assertThat(affine.effectiveAcs()).isZero();
            assertThat(affine.calls()).isEqualTo(2);
            assertThat(affine.read()).isPositive();
        }
        // Nothing is counted any more.
        net.fit(halfSilent(), y);
    }

    /** The firing rate that a ledger is given as a share of active units. */
    @Test
    void spikesAreAdditions() {
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(Fixtures.builder(new Sgd(0.1)).list()
                .layer(new SpikingDenseLayer.Builder().nIn(6).nOut(17).timeSteps(5)
                        .learning(SpikingDenseLayer.Learning.TRACE).build())
                .layer(new SpikingDenseLayer.Builder().nIn(17).nOut(5)
                        .learning(SpikingDenseLayer.Learning.TRACE).build())
                .layer(new SpikeRateLayer()).layer(Fixtures.readout(5, 3)).build()));
        INDArray x = halfSilent().muli(3);
        try (OperationMeter meter = new OperationMeter()) {
            net.addListeners(meter);
            net.fit(x, Fixtures.oneHot(1, 4, 3));
            // The weights are those that the counted step goes forward with.
            double firing = net.feedForward(x, true).get(1).meanNumber().doubleValue();
            net.fit(x, Fixtures.oneHot(1, 4, 3));
            assertThat(firing).isPositive();
            OperationMeter.Operation gradient = meter.perStep().get("denseGradient");
            assertThat(gradient.effectiveAcs()).isCloseTo(firing * 4 * 5 * 17 * 5, within(0.5));
        }
    }

    @Test
    void learningIsTheSameToTheBit() {
        MultiLayerConfiguration conf = IbHebb.convert(Fixtures.mlp(Activation.TANH, new Sgd(0.1), 6, 17, 3));
        MultiLayerNetwork one = Fixtures.network(conf);
        MultiLayerNetwork other = Fixtures.network(conf.clone());
        other.setParams(one.params());
        try (OperationMeter meter = new OperationMeter()) {
            other.addListeners(meter);
            for (int step = 0; step < STEPS; step++) {
                one.fit(Fixtures.clusters(step, 4, 6, 3));
                other.fit(Fixtures.clusters(step, 4, 6, 3));
            }
        }
        assertThat(Fixtures.values(other.params())).isEqualTo(Fixtures.values(one.params()));
    }

    private static double ofLedger(MultiLayerConfiguration conf, String operation) {
        return IbHebb.ledger(conf, 4).rows().stream().filter(row -> row.operation().equals(operation))
                .mapToLong(Ledger.Row::macs).sum();
    }
}
