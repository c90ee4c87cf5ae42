package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.ibhebb.compatibility.Networks.builder;
import static org.ibhebb.compatibility.Networks.dense;
import static org.ibhebb.compatibility.Networks.network;
import static org.ibhebb.compatibility.Networks.readout;
import static org.ibhebb.compatibility.Networks.train;
import static org.ibhebb.compatibility.Networks.values;

import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MinMaxNormConstraint;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.weightnoise.WeightNoise;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.AsyncDataSetIterator;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.CycleSchedule;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.RampSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.SigmoidSchedule;
import org.nd4j.linalg.schedule.StepSchedule;

/**
 * The rarer of Deeplearning4j's training settings, on networks that learn locally. AdaBelief is not among them: it
 * makes no updater in Deeplearning4j 1.0.0-M2.1, whatever the network.
 */
class TrainingSettingsTest {

    private static final int DIMENSIONS = 20;
    private static final DataSet DATA = Samples.xor(1, 192, DIMENSIONS);
    private static final DataSet BATCH = Samples.xor(3, 32, DIMENSIONS);

    private static MultiLayerNetwork local(NeuralNetConfiguration.Builder builder) {
        return network(IbHebb.convert(builder.list()
                .layer(dense(12))
                .layer(dense(8))
                .layer(readout(2))
                .setInputType(InputType.feedForward(DIMENSIONS))
                .build(), Networks.plain().build()));
    }

    /** What one step on {@link #BATCH} adds to the parameters. */
    private static INDArray step(NeuralNetConfiguration.Builder builder) {
        MultiLayerNetwork network = local(builder);
        INDArray before = network.params().dup();
        network.fit(BATCH);
        return network.params().sub(before);
    }

    private static NeuralNetConfiguration.Builder sgd() {
        return builder().updater(new Sgd(1));
    }

    private static double norm(INDArray array) {
        return array.norm2Number().doubleValue();
    }

    /** The first hidden layer's weights and biases, in the order of all parameters. */
    private static INDArray firstLayer(INDArray parameters) {
        return part(parameters, 0, DIMENSIONS * 12 + 12);
    }

    private static INDArray part(INDArray parameters, long from, long to) {
        return parameters.ravel().get(NDArrayIndex.interval(from, to));
    }

    static Stream<ISchedule> schedules() {
        return Stream.of(
                new FixedSchedule(0.1),
                new StepSchedule(ScheduleType.ITERATION, 0.1, 0.5, 2),
                new ExponentialSchedule(ScheduleType.ITERATION, 0.1, 0.8),
                new InverseSchedule(ScheduleType.ITERATION, 0.1, 0.5, 1),
                new PolySchedule(ScheduleType.ITERATION, 0.1, 1, 5),
                new SigmoidSchedule(ScheduleType.ITERATION, 0.1, 0.5, 2),
                new CycleSchedule(ScheduleType.ITERATION, 0.01, 0.1, 4, 1, 0.5),
                new RampSchedule(new FixedSchedule(0.1), 4));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void stepsFollowTheSchedule(ISchedule schedule) {
        MultiLayerNetwork scheduled = local(builder().updater(new Sgd(schedule)));
        MultiLayerNetwork byHand = local(builder().updater(new Sgd(1)));
        for (int iteration = 0; iteration < 5; iteration++) {
            byHand.setLearningRate(schedule.valueAt(iteration, 0));
            byHand.fit(BATCH);
            scheduled.fit(BATCH);
        }
        assertThat(values(scheduled.params())).isEqualTo(values(byHand.params()));
    }

    @Test
    void withoutMiniBatchesGradientsAreSums() {
        INDArray mean = step(sgd());
        INDArray sum = step(sgd().miniBatch(false));
        assertThat(values(sum.div(BATCH.numExamples()))).usingComparatorWithPrecision(1e-5)
                .containsExactly(values(mean));
    }

    @Test
    void gradientsOfALayerAreBroughtToLengthOne() {
        INDArray step = step(sgd().gradientNormalization(GradientNormalization.RenormalizeL2PerLayer));
        assertThat(norm(firstLayer(step))).isCloseTo(1, within(1e-4));
    }

    @Test
    void gradientsOfAParameterAreBroughtToLengthOne() {
        INDArray step = step(sgd().gradientNormalization(GradientNormalization.RenormalizeL2PerParamType));
        assertThat(norm(part(firstLayer(step), 0, 12L * DIMENSIONS))).isCloseTo(1, within(1e-4));
        assertThat(norm(part(firstLayer(step), 12L * DIMENSIONS, 12L * DIMENSIONS + 12))).isCloseTo(1, within(1e-4));
    }

    @Test
    void gradientsOfALayerAreClippedByTheirLength() {
        double limit = 1e-3;
        INDArray free = firstLayer(step(sgd()));
        INDArray clipped = firstLayer(step(sgd()
                .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                .gradientNormalizationThreshold(limit)));
        assertThat(norm(free)).isGreaterThan(limit);
        assertThat(values(clipped)).usingComparatorWithPrecision(1e-6)
                .containsExactly(values(free.mul(limit / norm(free))));
    }

    @Test
    void weightsKeepBetweenTwoLengths() {
        MultiLayerNetwork network = local(builder().constrainWeights(new MinMaxNormConstraint(0.4, 0.5, 0)));
        network.fit(BATCH);
        for (String weights : new String[] {"0_W", "1_W"}) {
            INDArray lengths = network.getParam(weights).norm2(0);
            assertThat(lengths.minNumber().doubleValue()).isGreaterThan(0.4 - 1e-5);
            assertThat(lengths.maxNumber().doubleValue()).isLessThan(0.5 + 1e-5);
        }
    }

    static Stream<IDropout> dropouts() {
        return Stream.of(new AlphaDropout(0.9), new GaussianDropout(0.1), new GaussianNoise(0.1));
    }

    @ParameterizedTest
    @MethodSource("dropouts")
    void noiseOnInputsIsForTrainingOnly(IDropout dropout) {
        assertNoisyInTrainingOnly(local(builder().dropOut(dropout)), DATA);
    }

    @Test
    void noiseOnWeightsIsForTrainingOnly() {
        assertNoisyInTrainingOnly(local(builder().weightNoise(new WeightNoise(new NormalDistribution(0, 0.05)))), DATA);
    }

    @Test
    void wholeFeatureMapsAreDroppedInTrainingOnly() {
        MultiLayerConfiguration conf = builder().list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(8).build())
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(8).dropOut(new SpatialDropout(0.9)).build())
                .layer(new GlobalPoolingLayer())
                .layer(readout(2))
                .setInputType(InputType.convolutional(6, 6, 1))
                .build();
        assertNoisyInTrainingOnly(network(IbHebb.convert(conf)), Samples.textures(1, 192, 6));
    }

    private static void assertNoisyInTrainingOnly(MultiLayerNetwork network, DataSet data) {
        INDArray features = data.getFeatures();
        assertThat(values(network.output(features))).isEqualTo(values(network.output(features)));
        assertThat(values(network.output(features, true))).isNotEqualTo(values(network.output(features, true)));
        double untrained = network.score(data);
        train(network, data, 10);
        assertThat(network.score(data)).isLessThan(0.9 * untrained);
    }

    /** DL4J wraps iterators itself; some users do so before. */
    @ParameterizedTest
    @EnumSource(value = Wrapped.class)
    void dataMayComeFromAnotherThread(Wrapped wrapped) {
        MultiLayerNetwork expected = local(builder());
        DATA.batchBy(32).forEach(expected::fit);
        MultiLayerNetwork network = local(builder());
        ListDataSetIterator<DataSet> batches = new ListDataSetIterator<>(DATA.asList(), 32);
        network.fit(wrapped == Wrapped.BY_THE_USER ? new AsyncDataSetIterator(batches, 2) : batches);
        assertThat(values(network.params())).isEqualTo(values(expected.params()));
    }

    private enum Wrapped {
        BY_THE_USER,
        BY_DEEPLEARNING4J
    }
}
