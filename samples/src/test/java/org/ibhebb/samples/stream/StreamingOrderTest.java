package org.ibhebb.samples.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.samples.data.Examples;
import org.ibhebb.samples.data.Images;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.data.TemporalTask;
import org.ibhebb.samples.training.ModelSpec;
import org.ibhebb.samples.training.ModelSpec.Encoding;
import org.ibhebb.spiking.SpikeEncoder;
import org.ibhebb.stream.StreamingNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Which of two spikes comes first, learnt one sample at a time: by what meets single time steps, and not by means. */
class StreamingOrderTest {

    private static final int TRAINED = 4_000;
    private static final int TESTED = 1_000;

    @ParameterizedTest
    @CsvSource({"'snn:128,64', 2, 40, 75", "'snn:128,64+trace', 2, 90, 100", "'snn:128,64+exact', 3, 90, 100",
        "'snn:128,64+per-step', 6, 90, 100"})
    void theOrderOfSpikesIsLearnt(String model, int passes, double least, double most) {
        LearningTask task = TemporalTask.ORDER.draw(TRAINED, TESTED, 1);
        int inputs = task.train().shape().size();
        ModelSpec spec = ModelSpec.parse(model).withSteps(TemporalTask.STEPS).with(Encoding.LATENCY);
        MultiLayerNetwork network = new MultiLayerNetwork(
                spec.configure(task.train().shape(), task.classes(), 3, new Sgd(), new Sgd()));
        network.init();
        StreamingNetwork stream = StreamingNetwork.builder(network).timeSteps(TemporalTask.STEPS).build();
        INDArray spikes = spikes(task.train(), inputs);
        for (int pass = 0; pass < passes; pass++) {
            stream.learn(spikes, labels(task.train()));
        }
        INDArray right = stream.predict(spikes(task.evaluation(), inputs)).argMax(1)
                .eq(labels(task.evaluation()).castTo(DataType.INT64));
        double accuracy = 100.0 * right.castTo(DataType.DOUBLE).meanNumber().doubleValue();
        assertThat(accuracy).isBetween(least, most);
    }

    private static INDArray spikes(Examples examples, int inputs) {
        byte[] pixels = ((Images) examples).pixels();
        float[] values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (pixels[i] & 0xff) / 255f;
        }
        return SpikeEncoder.latency(TemporalTask.STEPS)
                .encode(Nd4j.createFromArray(values).reshape(examples.count(), inputs));
    }

    private static INDArray labels(Examples examples) {
        float[] labels = new float[examples.count()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = examples.label(i);
        }
        return Nd4j.createFromArray(labels);
    }
}
