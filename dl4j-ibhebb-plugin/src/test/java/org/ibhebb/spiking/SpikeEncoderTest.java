package org.ibhebb.spiking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ibhebb.Fixtures.values;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.ForAnyKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Encoders against what they are meant to be, by value and time step. */
@ForAnyKernel
class SpikeEncoderTest {

    /** From 0 to 1, both included. */
    private static INDArray values01(long... shape) {
        INDArray noise = Fixtures.noise(3, shape);
        INDArray uniform = noise.sub(noise.minNumber()).divi(noise.maxNumber().doubleValue()
                - noise.minNumber().doubleValue());
        return uniform;
    }

    private static double at(INDArray encoded, INDArray features, long flat, int step) {
        long[] at = Shape.ind2subC(features.shape(), flat);
        return at.length == 2
                ? encoded.getDouble(at[0], at[1], step)
                : encoded.getDouble(at[0], at[1], step, at[2], at[3]);
    }

    /** Vectors and images, of strides of all kinds. */
    private static INDArray[] inputs() {
        return new INDArray[] {values01(5, 7), values01(7, 5).transpose(), values01(3, 2, 4, 5),
            values01(3, 4, 5, 2).permute(0, 3, 1, 2), Nd4j.createFromArray(new double[][] {{0.4}})};
    }

    @Test
    void aCurrentIsTheSameAtEachTimeStep() {
        for (INDArray features : inputs()) {
            shape(SpikeEncoder.current(1).encode(features), features, 1);
            INDArray encoded = SpikeEncoder.current(3).encode(features);
            shape(encoded, features, 3);
            for (long i = 0; i < features.length(); i++) {
                for (int step = 0; step < 3; step++) {
                    assertThat(at(encoded, features, i, step)).isEqualTo(value(features, i));
                }
            }
        }
    }

    private static double value(INDArray features, long flat) {
        return features.getDouble(Shape.ind2subC(features.shape(), flat));
    }

    private static void shape(INDArray encoded, INDArray features, int steps) {
        long[] of = features.shape();
        assertThat(encoded.shape()).containsExactly(of.length == 2
                ? new long[] {of[0], of[1], steps}
                : new long[] {of[0], of[1], steps, of[2], of[3]});
        assertThat(encoded.dataType()).isEqualTo(features.dataType());
    }

    /** How often a value's spikes come is the value, within four standard deviations; and they do not go together. */
    @Test
    void spikesComeAsOftenAsTheValueSays() {
        int steps = 4000;
        INDArray features = Nd4j.createFromArray(new double[][] {{0, 0.03, 0.5}, {0.5, 0.9, 1}});
        for (double most : new double[] {1, 0.25}) {
            INDArray spikes = SpikeEncoder.bernoulli(steps, most, 7).encode(features);
            for (int i = 0; i < 6; i++) {
                double probability = most * features.getDouble(i / 3, i % 3);
                double[] train = spikes.slice(i / 3).slice(i % 3).toDoubleVector();
                double sum = 0;
                double pairs = 0;
                for (int step = 0; step < steps; step++) {
                    assertThat(train[step]).isIn(0.0, 1.0);
                    sum += train[step];
                    pairs += step > 0 ? train[step] * train[step - 1] : 0;
                }
                double deviation = Math.sqrt(probability * (1 - probability) / steps);
                assertThat(sum / steps).isCloseTo(probability, within(4 * deviation));
                double together = probability * probability;
                // One spike is in two pairs.
                assertThat(pairs / (steps - 1)).isCloseTo(together, within(4 * Math.sqrt(3 * together / steps)));
            }
            double both = spikes.slice(0).slice(2).mul(spikes.slice(1).slice(0)).meanNumber().doubleValue();
            assertThat(both).isCloseTo(most * most / 4, within(4 * Math.sqrt(most * most / 4 / steps)));
        }
    }

    @Test
    void aSeedFixesAllSpikesAndNothingElse() throws Exception {
        INDArray features = values01(6, 5);
        Nd4j.getRandom().setSeed(5);
        double before = Nd4j.rand(1, 1).getDouble(0);
        Nd4j.getRandom().setSeed(5);
        SpikeEncoder encoder = SpikeEncoder.bernoulli(9, 42);
        SpikeEncoder same = SpikeEncoder.bernoulli(9, 42);
        double[] first = values(encoder.encode(features));
        double[] second = values(encoder.encode(features));
        assertThat(Nd4j.rand(1, 1).getDouble(0)).isEqualTo(before);
        assertThat(second).isNotEqualTo(first);
        assertThat(values(same.encode(features))).isEqualTo(first);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(same);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(values(((SpikeEncoder) in.readObject()).encode(features))).isEqualTo(second);
        }
        assertThat(values(same.encode(features))).isEqualTo(second);
        assertThat(values(SpikeEncoder.bernoulli(9, 43).encode(features))).isNotEqualTo(first);
    }

    /** One spike a value; a larger value never later; the time step by the definition. */
    @ParameterizedTest
    @ValueSource(ints = {2, 5, 16})
    void largerValuesFireEarlier(int steps) {
        for (INDArray features : inputs()) {
            INDArray spikes = SpikeEncoder.latency(steps).encode(features);
            shape(spikes, features, steps);
            for (long i = 0; i < features.length(); i++) {
                double value = value(features, i);
                int expected = value == 0 ? -1 : (int) Math.floor((1 - value) * (steps - 1) + 0.5);
                for (int step = 0; step < steps; step++) {
                    assertThat(at(spikes, features, i, step)).as("%s at %s", value, step)
                            .isEqualTo(step == expected ? 1 : 0);
                }
            }
        }
        INDArray ends = SpikeEncoder.latency(steps).encode(Nd4j.createFromArray(new double[][] {{0, 1e-9, 1}}));
        assertThat(ends.slice(0).slice(0).sumNumber().doubleValue()).isZero();
        assertThat(ends.getDouble(0, 1, steps - 1)).isEqualTo(1);
        assertThat(ends.getDouble(0, 2, 0)).isEqualTo(1);
    }

    @Test
    void changesAreThoseFromOneTimeStepToTheNext() {
        for (INDArray features : new INDArray[] {Fixtures.noise(1, 4, 3, 9),
            Fixtures.noise(1, 9, 4, 3).permute(1, 2, 0), Fixtures.noise(2, 2, 3, 9, 2, 4),
            Fixtures.noise(2, 4, 3, 1)}) {
            INDArray spikes = SpikeEncoder.delta(0.8).encode(features);
            assertThat(spikes.shape()).containsExactly(features.shape());
            int seen = 0;
            for (long i = 0; i < features.length(); i++) {
                long[] at = Shape.ind2subC(features.shape(), i);
                long[] past = at.clone();
                past[2]--;
                double change = at[2] == 0 ? 0 : features.getDouble(at) - features.getDouble(past);
                double expected = change >= 0.8 ? 1 : change <= -0.8 ? -1 : 0;
                assertThat(spikes.getDouble(at)).isEqualTo(expected);
                seen += expected != 0 ? 1 : 0;
            }
            assertThat(seen > 0).isEqualTo(features.size(2) > 1);
        }
        // What is exactly the threshold counts.
        assertThat(values(SpikeEncoder.delta(0.5).encode(Nd4j.createFromArray(new double[] {0, 0.5, 0, 0.25})
                .reshape(1, 1, 4)))).containsExactly(0, 1, -1, 0);
    }

    /** As an iterator's pre-processor, into networks of both kinds. */
    @Test
    void iteratorsFeedNetworksSo() {
        for (boolean images : new boolean[] {false, true}) {
            INDArray x = images ? values01(8, 1, 4, 4) : values01(8, 5);
            DataSet data = new DataSet(x, Fixtures.oneHot(1, 8, 3));
            MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).list()
                    .layer(images
                            ? new SpikingConvolutionLayer.Builder(3, 3).nOut(3).build()
                            : new SpikingDenseLayer.Builder().nOut(3).build())
                    .layer(new SpikeRateLayer()).layer(Fixtures.readout(0, 3))
                    .setInputType(images
                            ? InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 6, 4, 4, 1)
                            : InputType.recurrent(5, 6))
                    .build();
            MultiLayerNetwork net = Fixtures.network(conf);
            ListDataSetIterator<DataSet> iterator = new ListDataSetIterator<>(data.asList(), 4);
            iterator.setPreProcessor(SpikeEncoder.bernoulli(6, 1));
            assertThat(iterator.next().getFeatures().size(2)).isEqualTo(6);
            iterator.reset();
            net.fit(iterator);
            assertThat(net.getIterationCount()).isEqualTo(2);
            assertThat(values(net.params())).doesNotContain(Double.NaN);
            // A current, said or not.
            assertThat(values(net.output(SpikeEncoder.current(8).encode(x))))
                    .containsExactly(values(net.output(x)), within(1e-12));
        }
    }

    @Test
    void typesAreKept() {
        assertThat(SpikeEncoder.latency(4).encode(values01(2, 3).castTo(DataType.FLOAT)).dataType())
                .isEqualTo(DataType.FLOAT);
        assertThat(SpikeEncoder.bernoulli(4, 1).encode(values01(2, 3).castTo(DataType.BFLOAT16)).dataType())
                .isEqualTo(DataType.BFLOAT16);
        assertThat(SpikeEncoder.current(4).encode(Nd4j.createFromArray(new int[][] {{0, 1}})).dataType())
                .isEqualTo(DataType.FLOAT);
    }

    @Test
    void whatCantBeEncodedIsRefusedAndLeftAsItIs() {
        for (SpikeEncoder encoder : new SpikeEncoder[] {
            SpikeEncoder.current(3), SpikeEncoder.bernoulli(3, 1), SpikeEncoder.latency(3)}) {
            for (double bad : new double[] {-0.1, 1.5, Double.NaN, Double.POSITIVE_INFINITY}) {
                INDArray x = values01(2, 3);
                x.putScalar(1, 1, bad);
                DataSet data = new DataSet(x, Fixtures.oneHot(1, 2, 2));
                assertThatThrownBy(() -> encoder.preProcess(data)).isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContainingAll("values from 0 to 1", "scale them first");
                assertThat(data.getFeatures()).isSameAs(x);
            }
            assertThatThrownBy(() -> encoder.encode(values01(2, 3, 4))).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[2, 3, 4]");
        }
        assertThatThrownBy(() -> SpikeEncoder.delta(1).encode(values01(2, 3)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> SpikeEncoder.current(0)).hasMessageContaining("timeSteps (0) must be at least 1");
        assertThatThrownBy(() -> SpikeEncoder.latency(1)).hasMessageContaining("timeSteps (1) must be at least 2");
        assertThatThrownBy(() -> SpikeEncoder.bernoulli(3, 1.5, 1)).hasMessageContaining("most (1.5)");
        assertThatThrownBy(() -> SpikeEncoder.delta(0)).hasMessageContaining("threshold (0.0)");
    }
}
