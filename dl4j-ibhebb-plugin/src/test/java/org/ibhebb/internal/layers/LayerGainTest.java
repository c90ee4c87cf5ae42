package org.ibhebb.internal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.ibhebb.Fixtures.values;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.NetworkState;
import org.ibhebb.internal.learner.SignalObserver;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.ibhebb.updater.ScheduleFree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What gains make of the updates of whole layers: by their definition, and by what must make no difference to them. */
class LayerGainTest {

    private static final double RATE = 0.1;
    private static final int CLASSES = 3;

    private static LearningRule.Builder rule(Objective objective) {
        return Fixtures.plain().objective(objective).memory(64).gain(true);
    }

    private static INDArray[] parameters(MultiLayerNetwork net) {
        return Arrays.stream(net.getLayers())
                .map(layer -> layer.params() == null ? Nd4j.zeros(DataType.DOUBLE, 1) : layer.params().dup())
                .toArray(INDArray[]::new);
    }

    /** A neuron's errors by their own root mean square so far, its input by that of the layer's. */
    @Test
    void denseUpdatesAreByTheDefinition() {
        double kept = 0.99999;
        int n = 7;
        LearningRule rule = rule(Objective.neighbourhood()).normalization(LearningRule.Normalization.NONE).build();
        MultiLayerNetwork net = Fixtures.localMlp(rule, 5, 6, 4, CLASSES);
        List<SignalObserver.Seen> seen = new ArrayList<>();
        net.addListeners(new BaseTrainingListener() {
            @Override
            public void onForwardPass(Model model, List<INDArray> activations) {
                Predictors.observe(model, one -> seen.add(new SignalObserver.Seen(one.layer(), one.index(), one.rule(),
                        one.remembered(),
                        one.rows().dup().detach(), null, one.labels(),
                        one.signal().dup().detach())));
            }
        });
        INDArray[] squares = {Nd4j.zeros(DataType.DOUBLE, 6), Nd4j.zeros(DataType.DOUBLE, 4)};
        double[] presynaptic = new double[2];
        for (int step = 0; step < 3; step++) {
            DataSet batch = Fixtures.clusters(step, n, 5, CLASSES);
            INDArray[] before = parameters(net);
            net.fit(batch);
            INDArray below = batch.getFeatures();
            for (int layer = 0; layer < 2; layer++) {
                SignalObserver.Seen own = seen.get(2 * step + 1 - layer);
                assertThat(own.index()).isEqualTo(layer);
                INDArray rows = own.rows();
                INDArray errors = own.signal().mul(rows.mul(rows).rsub(1));
                squares[layer] = squares[layer].mul(Math.pow(kept, n))
                        .add(errors.mul(errors).mean(0).mul(1 - Math.pow(kept, n)));
                INDArray gains = Nd4j.math().sqrt(squares[layer].div(1 - Math.pow(kept, n * (step + 1))));
                errors.diviRowVector(gains);
                double latest = below.mul(below).meanNumber().doubleValue();
                presynaptic[layer] = step == 0 ? latest
                        : presynaptic[layer] + (latest - presynaptic[layer]) * 0.05 * n / 16;
                double input = presynaptic[layer] < 1 ? presynaptic[layer] : Math.sqrt(presynaptic[layer]);
                INDArray expected = Nd4j.toFlattened('f',
                        Nd4j.gemm(below, errors, true, false).div(input), errors.sum(0));
                INDArray change = before[layer].sub(net.getLayer(layer).params());
                assertThat(values(change)).as("layer %d, step %d", layer, step)
                        .containsExactly(values(expected.mul(RATE / n)), within(1e-9));
                below = rows;
            }
        }
    }

    /** Hidden layers, by what their errors are divided by: gains of their own or of a unit, or the gradient's size. */
    enum Kind {
        /** Of which one is seen as narrow layers are, and one as wide ones. */
        DENSE(InputType.feedForward(5), new DenseLayer.Builder().nOut(6).build(),
                new DenseLayer.Builder().nOut(20).build()),
        CONVOLUTION(InputType.convolutional(5, 6, 2), new ConvolutionLayer.Builder(3, 3).nOut(3).build()),
        UNIT(InputType.feedForward(5), new DenseLayer.Builder().nOut(6).activation(Activation.IDENTITY).build(),
                new BatchNormalization()),
        UNIT_OF_MAPS(InputType.convolutional(5, 6, 2),
                new ConvolutionLayer.Builder(3, 3).nOut(3).activation(Activation.IDENTITY).build(),
                new BatchNormalization(), new ActivationLayer(Activation.TANH)),
        UNIT_OF_SEQUENCES(InputType.recurrent(2, 5),
                new Convolution1DLayer.Builder(2).nOut(4).activation(Activation.IDENTITY).build(),
                new ActivationLayer(Activation.TANH), new GlobalPoolingLayer()),
        WRAPPED(InputType.recurrent(2, 5), new Convolution1DLayer.Builder(2).nOut(4).build(),
                new LSTM.Builder().nOut(3).build(), new GlobalPoolingLayer()),
        EVERY_STEP(InputType.feedForward(5), new SpikingDenseLayer.Builder().nOut(6)
                .learning(SpikingDenseLayer.Learning.PER_STEP).build(), new SpikeRateLayer());

        private final InputType input;
        private final List<Layer> layers;

        Kind(InputType input, Layer... layers) {
            this.input = input;
            this.layers = List.of(layers);
        }

        private MultiLayerNetwork network(LearningRule rule) {
            var list = Fixtures.builder(new Sgd(RATE)).activation(Activation.TANH).list();
            layers.forEach(layer -> list.layer(layer.clone()));
            return Fixtures.network(IbHebb.convert(
                    list.layer(Fixtures.readout(0, CLASSES)).setInputType(input).build(), rule));
        }

        private DataSet batch(int samples, long seed) {
            long[] shape = input.getShape(true);
            shape[0] = samples;
            return new DataSet(Fixtures.noise(seed, shape), Fixtures.oneHot(seed, samples, CLASSES));
        }

        private void assertSame(MultiLayerNetwork one, MultiLayerNetwork other, String what) {
            for (int layer = 0; layer < learning(one); layer++) {
                INDArray own = one.getLayer(layer).params();
                if (own != null && !own.isEmpty()) {
                    assertThat(Fixtures.values(own)).as("layer %d, %s", layer, what)
                            .containsExactly(Fixtures.values(other.getLayer(layer).params()), within(1e-9));
                }
            }
        }
    }

    /** By the library's own updater the output layer learns so, too, which is the last one. */
    private static int learning(MultiLayerNetwork net) {
        BaseLayer output = (BaseLayer) net.getOutputLayer().conf().getLayer();
        return output.getIUpdater() instanceof ScheduleFree ? net.getnLayers() : net.getnLayers() - 1;
    }

    /** How much an objective weighs is the same to whoever divides by the size of what it says. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void anObjectivesWeightMakesNoDifference(Kind kind) {
        MultiLayerNetwork light = kind.network(rule(Objective.neighbourhood()).build());
        MultiLayerNetwork heavy = kind.network(rule(Objective.neighbourhood().withWeight(30)).build());
        double[] before = values(light.getLayer(0).params());
        for (int step = 0; step < 3; step++) {
            light.fit(kind.batch(7, step));
            heavy.fit(kind.batch(7, step));
            kind.assertSame(heavy, light, "step " + step);
        }
        assertThat(values(light.getLayer(0).params())).isNotEqualTo(before);
    }

    /** Of the mean over those of B samples that have a label: 4 / sqrt(B), the first mini-batch being its own measure. */
    @Test
    void gradientsOfWrappedLayersHaveTheSameSize() {
        for (int without : new int[] {0, 4}) {
            int samples = 7 + without;
            INDArray mask = Nd4j.ones(DataType.DOUBLE, samples, 1);
            for (int sample = 0; sample < without; sample++) {
                mask.putScalar(2 * sample, 0, 0);
            }
            for (LearningRule rule : rules().toList()) {
                MultiLayerNetwork net = Kind.WRAPPED.network(rule);
                DataSet batch = Kind.WRAPPED.batch(samples, 1);
                batch.setLabelsMaskArray(mask);
                INDArray[] before = parameters(net);
                net.fit(batch);
                for (int layer = 0; layer < 2; layer++) {
                    INDArray change = before[layer].sub(net.getLayer(layer).params()).div(RATE);
                    assertThat(change.norm2Number().doubleValue() / Math.sqrt(change.length()))
                            .as("layer %d, %s, %d without a label", layer, rule, without)
                            .isCloseTo(4 / Math.sqrt(7), within(1e-9));
                }
            }
        }
    }

    static Stream<LearningRule> rules() {
        return Stream.of(
                rule(Objective.neighbourhood()).build(),
                rule(Objective.hsic()).build(),
                LearningRule.builder().updaters(LearningRule.Updaters.CONFIGURED).build());
    }

    private static MultiLayerConfiguration dense(Layer output, InputType input) {
        return Fixtures.builder(new Sgd(RATE)).activation(Activation.TANH).list()
                .layer(new DenseLayer.Builder().nOut(6).build())
                .layer(new DenseLayer.Builder().nOut(4).build())
                .layer(output)
                .setInputType(input).build();
    }

    /** Dense layers on time steps learn as they would from the steps that have a label, each a sample of its own. */
    @ParameterizedTest
    @MethodSource("rules")
    void timeStepsWithALabelAreSamples(LearningRule rule) {
        int samples = 3;
        int steps = 5;
        MultiLayerNetwork sequences = Fixtures.network(IbHebb.convert(dense(
                new RnnOutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(CLASSES).build(),
                InputType.recurrent(2, steps)), rule));
        MultiLayerNetwork rows = Fixtures.network(
                IbHebb.convert(dense(Fixtures.readout(0, CLASSES), InputType.feedForward(2)), rule));
        rows.setParams(sequences.params());
        for (int step = 0; step < 3; step++) {
            INDArray mask = Nd4j.zeros(DataType.DOUBLE, samples, steps);
            INDArray x = Fixtures.noise(step, samples, 2, steps);
            INDArray y = Nd4j.zeros(DataType.DOUBLE, samples, CLASSES, steps);
            List<INDArray> ownX = new ArrayList<>();
            List<INDArray> ownY = new ArrayList<>();
            for (int t = 0; t < steps; t++) {
                for (int sample = 0; sample < samples; sample++) {
                    y.putScalar(new int[] {sample, (t + sample) % CLASSES, t}, 1);
                    // The first step has all, the second one and the third one some.
                    if (step == 0 || t < 5 - step * sample) {
                        mask.putScalar(sample, t, 1);
                        ownX.add(Nd4j.createFromArray(x.getDouble(sample, 0, t), x.getDouble(sample, 1, t)));
                        ownY.add(Nd4j.zeros(DataType.DOUBLE, CLASSES).putScalar((t + sample) % CLASSES, 1));
                    }
                }
            }
            sequences.fit(new DataSet(x, y, null, mask));
            rows.fit(new DataSet(Nd4j.pile(ownX), Nd4j.pile(ownY)));
            for (int layer = 0; layer < 2; layer++) {
                assertThat(values(sequences.getLayer(layer).params())).as("layer %d, step %d", layer, step)
                        .containsExactly(values(rows.getLayer(layer).params()), within(1e-9));
            }
        }
    }

    /** Samples without a label take no part in what a layer learns, however many there are. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void samplesWithoutALabelMakeNoDifference(Kind kind) {
        assumeThat(kind.layers).as("batch normalisation, whose means are those of all samples of a mini-batch").noneMatch(layer -> layer instanceof BatchNormalization);
        for (LearningRule rule : Stream.concat(rules(), Stream.of(LearningRule.defaults())).toList()) {
            MultiLayerNetwork masked = kind.network(rule);
            MultiLayerNetwork few = kind.network(rule);
            for (int step = 0; step < 4; step++) {
                int[] labelled = {0, 2, 3, 4, 5 + step};
                INDArray mask = Nd4j.zeros(DataType.DOUBLE, 7 + step, 1);
                for (int sample : labelled) {
                    mask.putScalar(sample, 0, 1);
                }
                DataSet all = kind.batch(7 + step, step);
                INDArray x = Nd4j.stack(0, Arrays.stream(labelled)
                        .mapToObj(sample -> all.getFeatures().slice(sample)).toArray(INDArray[]::new));
                masked.fit(new DataSet(all.getFeatures(), all.getLabels(), null, mask));
                few.fit(new DataSet(x, all.getLabels().getRows(labelled)));
                kind.assertSame(masked, few, rule + ", step " + step);
            }
            // Where none has one nothing is learnt, and nothing remembered.
            double[] parameters = values(masked.getLayer(0).params());
            masked.calculateGradients(kind.batch(5, 9).getFeatures(), kind.batch(5, 9).getLabels(), null, null);
            NetworkState before = IbHebb.state(masked);
            masked.fit(new DataSet(kind.batch(5, 8).getFeatures(), kind.batch(5, 8).getLabels(), null,
                    Nd4j.zeros(DataType.DOUBLE, 5, 1)));
            if (rule.updaters() == LearningRule.Updaters.CONFIGURED) {
                // The library's own goes on with its average.
                assertThat(values(masked.getLayer(0).params())).isEqualTo(parameters);
            }
            assertThat(IbHebb.state(masked)).isEqualTo(before);
        }
    }
}
