package org.ibhebb.internal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.internal.arithmetic.Buffers;
import org.ibhebb.internal.term.prediction.LabelPredictor;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.internal.view.Representation;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** Networks whose layers predict the labels by themselves. */
class PredictionTest {

    private static final int SAMPLES = 7;
    private static final int CLASSES = 3;
    private static final double STEP = 1e-5;
    private static final LearningRule RULE = Fixtures.plain().objective(Fixtures.predictionOfMiniBatches()).build();

    private static MultiLayerNetwork network() {
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH)
                .convolutionMode(ConvolutionMode.Same).list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(3).activation(Activation.IDENTITY).build())
                .layer(new BatchNormalization.Builder().build())
                .layer(new ActivationLayer(Activation.TANH))
                .layer(new DenseLayer.Builder().nOut(6).build())
                .layer(Fixtures.readout(0, CLASSES))
                .setInputType(InputType.convolutional(5, 4, 2))
                .build();
        return Fixtures.network(IbHebb.convert(conf, RULE));
    }

    private static DataSet batch(int seed) {
        return new DataSet(Fixtures.noise(seed, SAMPLES, 2, 5, 4), Fixtures.oneHot(seed, SAMPLES, CLASSES));
    }

    /** With what a layer remembers at that time as it is. */
    @Test
    void layersDescendTheLossOfTheirOwnPrediction() {
        MultiLayerNetwork net = network();
        for (int step = 0; step < 5; step++) {
            net.fit(batch(step));
        }
        DataSet batch = batch(9);
        INDArray x = batch.getFeatures();
        String output = Predictors.nameOf(net.getOutputLayer());
        List<Labels> labels = List.of(new Labels(output, batch.getLabels(), Labels.Encoding.CLASSES));
        int[][] layersAndEnds = {{0, 2}, {1, 2}, {3, 3}};
        for (int[] pair : layersAndEnds) {
            LabelPredictor known = Predictors.copyOf(net, net.getLayer(pair[1]), Fixtures.predictionOfMiniBatches());
            MultiLayerNetwork fresh = net.clone();
            Object memory = Predictors.copy(net, fresh);
            fresh.setInput(x);
            fresh.setLabels(batch.getLabels());
            fresh.computeGradientAndScore();
            Reference.reachabilityFence(memory);
            Random random = new Random(4);
            for (String parameter : List.of("W", "b", "gamma", "beta")) {
                INDArray values = fresh.getLayer(pair[0]).getParam(parameter);
                if (values == null) {
                    continue;
                }
                INDArray gradient = fresh.gradient().getGradientFor(pair[0] + "_" + parameter).dup();
                for (int i = 0; i < 3; i++) {
                    INDArray direction = Fixtures.noise(random.nextLong(), values.shape());
                    direction.divi(direction.norm2Number());
                    INDArray before = values.dup();
                    values.addi(direction.mul(STEP));
                    double above = loss(fresh, known, x, labels, pair[1]);
                    values.assign(before.sub(direction.mul(STEP)));
                    double below = loss(fresh, known, x, labels, pair[1]);
                    values.assign(before);
                    assertThat(gradient.reshape(values.shape()).mul(direction).sumNumber().doubleValue() / SAMPLES)
                            .as("layer " + pair[0] + " " + parameter)
                            .isCloseTo((above - below) / (2 * STEP), within(1e-7));
                }
                if (!parameter.equals("b") || pair[0] != 0) {
                    // What batch normalisation follows needs no bias.
                    assertThat(gradient.norm2Number().doubleValue()).as(parameter).isGreaterThan(1e-4);
                }
            }
        }
    }

    private static double loss(MultiLayerNetwork net, LabelPredictor known, INDArray x, List<Labels> labels, int seen) {
        INDArray activations = net.feedForwardToLayer(seen, x, true).get(seen + 1);
        return known.loss(new Representation(RULE, false, Buffers.fresh()).of(activations).rows(), labels);
    }

    @Test
    void aStepThatFailsTeachesNothing() {
        MultiLayerNetwork net = network();
        net.fit(batch(1));
        MultiLayerNetwork other = net.clone();
        Object memory = Predictors.copy(net, other);
        DataSet bad = batch(2);
        bad.getFeatures().putScalar(3, Double.NaN);
        assertThatThrownBy(() -> net.fit(bad)).isInstanceOf(ArithmeticException.class);
        net.fit(batch(3));
        other.fit(batch(3));
        Reference.reachabilityFence(memory);
        assertThat(Fixtures.values(net.params())).containsExactly(Fixtures.values(other.params()), within(1e-12));
    }

    /** As for samples in working memory: what a clone does not remember it learns again. */
    @Test
    void clonesAndRestoredNetworksBeginAnew() {
        MultiLayerNetwork net = network();
        net.fit(batch(1));
        MultiLayerNetwork clone = net.clone();
        INDArray before = clone.getLayer(3).params().dup();
        clone.fit(batch(2));
        assertThat(Fixtures.values(clone.getLayer(3).params())).containsExactly(Fixtures.values(before));
        clone.fit(batch(3));
        assertThat(Fixtures.values(clone.getLayer(3).params())).isNotEqualTo(Fixtures.values(before));
    }

    /** What helps a layer to a start weighs less and less, down to its floor. */
    @Test
    void anObjectiveFadesAsTheReadoutLearns() {
        MultiLayerNetwork net = Fixtures.localMlp(LearningRule.builder()
                .objective(Objective.prediction())
                .plus(Objective.neighbourhood().withWeight(0.5).withFade(0.2)).build(), 5, 20, CLASSES);
        List<Double> weights = new ArrayList<>();
        net.addListeners(new BaseTrainingListener() {
            @Override
            public void onForwardPass(Model model, List<INDArray> activations) {
                Predictors.observe(model, seen -> weights.add(seen.rule().objectives().get(1).weight()));
            }
        });
        for (int step = 0; step < 60; step++) {
            net.fit(Fixtures.clusters(step, 16, 5, CLASSES));
        }
        assertThat(weights).hasSize(60).allMatch(weight -> weight >= 0.1 && weight <= 0.5);
        assertThat(weights.get(0)).isEqualTo(0.5);
        assertThat(weights.get(59)).isLessThan(0.3);
    }

    /** Room is made for a block: one that is larger than any mini-batch is all of the mini-batch. */
    @Test
    void aBlockIsNoLargerThanAMiniBatch() {
        for (int classes : new int[] {3, 20}) {
            List<double[]> ends = new ArrayList<>();
            for (int block : new int[] {7, 64, Integer.MAX_VALUE}) {
                MultiLayerNetwork net = Fixtures.localMlp(LearningRule.builder()
                        .objective(Objective.prediction().withBlock(block)).build(), 5, 20, classes);
                net.fit(Fixtures.clusters(1, 7, 5, classes));
                net.fit(Fixtures.clusters(2, 1, 5, classes));
                ends.add(Fixtures.values(net.params()));
            }
            assertThat(ends.get(2)).isEqualTo(ends.get(1)).isEqualTo(ends.get(0));
        }
    }
}
