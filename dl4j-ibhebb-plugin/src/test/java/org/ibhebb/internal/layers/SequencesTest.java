package org.ibhebb.internal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.conf.layers.LocalLayer;
import org.ibhebb.internal.arithmetic.Buffers;
import org.ibhebb.internal.term.window.Window;
import org.ibhebb.internal.view.Representation;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Sequences of different lengths, with one label each or one for each time step, and in pieces. */
class SequencesTest {

    private static final int SAMPLES = 3;
    private static final int STEPS = 5;
    private static final int WIDTH = 2;
    private static final int CLASSES = 3;
    private static final double STEP = 1e-5;

    private static LearningRule rule(Objective objective) {
        return Fixtures.plain().objective(objective).memory(32).build();
    }

    private static LearningRule rule() {
        return rule(Objective.neighbourhood().withSigma(0.6));
    }

    private static RnnOutputLayer readoutOfSteps() {
        return new RnnOutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(CLASSES).build();
    }

    private static MultiLayerConfiguration conf(RNNFormat format, Layer... layers) {
        var list = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).convolutionMode(ConvolutionMode.Same)
                .list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        return list.setInputType(InputType.recurrent(WIDTH, STEPS, format)).build();
    }

    private static MultiLayerConfiguration recurrent(Layer... layers) {
        return conf(RNNFormat.NCW, layers);
    }

    private static LSTM lstm(int width) {
        return new LSTM.Builder().nOut(width).build();
    }

    private static MultiLayerNetwork local(MultiLayerConfiguration stock) {
        return Fixtures.network(IbHebb.convert(stock, rule()));
    }

    /** N x classes x T. */
    private static INDArray stepLabels(long seed, int samples, int steps) {
        Random random = new Random(seed);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, samples, CLASSES, steps);
        for (int sample = 0; sample < samples; sample++) {
            for (int step = 0; step < steps; step++) {
                labels.putScalar(new int[] {sample, random.nextInt(CLASSES), step}, 1);
            }
        }
        return labels;
    }

    /** The first time steps of each sample: 5, 3, 4. */
    private static INDArray lengths() {
        return mask(5, 3, 4);
    }

    private static INDArray mask(int... lengths) {
        INDArray mask = Nd4j.zeros(DataType.DOUBLE, lengths.length, STEPS);
        for (int sample = 0; sample < lengths.length; sample++) {
            for (int step = 0; step < lengths[sample]; step++) {
                mask.putScalar(sample, step, 1);
            }
        }
        return mask;
    }

    // ---- a label for each time step

    /** In the gradient of a layer on time steps only its own objective counts, over the time steps with a label. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLayerDescendsItsObjectiveOverTimeSteps(boolean masked) {
        MultiLayerConfiguration stock = recurrent(
                new Convolution1DLayer.Builder(3).nOut(4).build(),
                lstm(3),
                new DenseLayer.Builder().nOut(4).build(),
                new Bidirectional(Bidirectional.Mode.ADD, new SimpleRnn.Builder().nOut(3).build()),
                new ActivationLayer(Activation.SIGMOID),
                readoutOfSteps());
        INDArray x = Fixtures.noise(1, SAMPLES, WIDTH, STEPS);
        INDArray y = stepLabels(2, SAMPLES, STEPS);
        INDArray mask = masked ? lengths() : null;
        for (LearningRule rule : List.of(rule(), rule(Objective.hsic()), rule(Objective.normalizedHsic()))) {
            MultiLayerNetwork net = Fixtures.network(IbHebb.convert(stock, rule));
            int[] seen = {0, 1, 2, 4};
            int[] layers = {0, 1, 2, 3};
            for (int i = 0; i < layers.length; i++) {
                int above = seen[i];
                MultiLayerNetwork fresh = net.clone();
                check(fresh, layers[i], x, y, mask, () -> {
                    INDArray activations = fresh.feedForwardToLayer(above, x, true).get(above + 1);
                    return overSteps(rule, activations, x, y, mask);
                });
            }
        }
    }

    @Test
    void channelsLastLearnsTheSame() {
        INDArray x = Fixtures.noise(1, SAMPLES, WIDTH, STEPS);
        INDArray y = stepLabels(2, SAMPLES, STEPS);
        MultiLayerNetwork first = local(conf(RNNFormat.NCW, lstm(4), lstm(3), readoutOfSteps()));
        LSTM last = new LSTM.Builder().nOut(4).dataFormat(RNNFormat.NWC).build();
        LSTM second = new LSTM.Builder().nOut(3).dataFormat(RNNFormat.NWC).build();
        MultiLayerNetwork other = local(conf(RNNFormat.NWC, last, second, readoutOfSteps()));
        other.setParams(first.params());
        first.fit(x, y);
        other.fit(x.permute(0, 2, 1).dup('c'), y.permute(0, 2, 1).dup('c'));
        for (int layer = 0; layer < 2; layer++) {
            assertThat(Fixtures.values(other.getLayer(layer).params()))
                    .containsExactly(Fixtures.values(first.getLayer(layer).params()), within(1e-12));
        }
    }

    @Test
    void graphsLearnAsMultiLayerNetworksDo() {
        MultiLayerNetwork net = local(recurrent(lstm(4), lstm(3), readoutOfSteps()));
        ComputationGraphConfiguration stock = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).graphBuilder()
                .addInputs("in")
                .addLayer("a", lstm(4), "in").addLayer("b", lstm(3), "a").addLayer("out", readoutOfSteps(), "b")
                .setOutputs("out").setInputTypes(InputType.recurrent(WIDTH, STEPS)).build();
        ComputationGraph graph = new ComputationGraph(IbHebb.convert(stock, rule()));
        graph.init();
        graph.setParams(net.params());
        DataSet masked = new DataSet(Fixtures.noise(1, SAMPLES, WIDTH, STEPS), stepLabels(2, SAMPLES, STEPS),
                lengths(), lengths());
        for (int step = 0; step < 3; step++) {
            net.fit(masked);
            graph.fit(masked);
        }
        assertThat(Fixtures.values(graph.params())).containsExactly(Fixtures.values(net.params()), within(1e-12));
    }

    /** What is in time steps that are not there has no effect on what is learnt. */
    @Test
    void paddingHasNoEffect() {
        MultiLayerConfiguration stock =
                recurrent(lstm(4), new DenseLayer.Builder().nOut(4).build(), lstm(3), readoutOfSteps());
        INDArray x = Fixtures.noise(1, SAMPLES, WIDTH, STEPS);
        INDArray y = stepLabels(2, SAMPLES, STEPS);
        INDArray other = x.dup();
        other.putScalar(new int[] {1, 0, 4}, 77);
        MultiLayerNetwork one = local(stock);
        MultiLayerNetwork two = one.clone();
        one.fit(new DataSet(x, y, lengths(), lengths()));
        two.fit(new DataSet(other, y, lengths(), lengths()));
        assertThat(Fixtures.values(two.params())).containsExactly(Fixtures.values(one.params()));
        assertThat(other).isNotEqualTo(x);
    }

    /** Where labels have no mask, that of the features says which time steps there are, whatever let it through. */
    @Test
    void theFeaturesMaskStandsInForTheLabels() {
        Convolution1DLayer convolution = new Convolution1DLayer.Builder(1).nOut(4).build();
        Layer dense = new DenseLayer.Builder().nOut(4).build();
        Layer both = new Bidirectional(Bidirectional.Mode.ADD, new SimpleRnn.Builder().nOut(3).build());
        for (Layer[] layers : new Layer[][] {{lstm(4)}, {convolution}, {both}, {lstm(4), dense, lstm(3)}}) {
            Layer[] all = Arrays.copyOf(layers, layers.length + 1);
            all[layers.length] = readoutOfSteps();
            MultiLayerNetwork net = local(recurrent(all));
            MultiLayerNetwork told = net.clone();
            INDArray x = Fixtures.noise(1, SAMPLES, WIDTH, STEPS);
            INDArray y = stepLabels(2, SAMPLES, STEPS);
            INDArray before = net.clone().params();
            net.fit(new DataSet(x, y, lengths(), null));
            told.fit(new DataSet(x, y, lengths(), lengths()));
            for (int layer = 0; layer < layers.length; layer++) {
                assertThat(Fixtures.values(net.getLayer(layer).params())).as("%s of %s", layer, List.of(layers))
                        .containsExactly(Fixtures.values(told.getLayer(layer).params()));
            }
            assertThat(Fixtures.values(net.params())).isNotEqualTo(Fixtures.values(before));
        }
    }

    /** Time steps are remembered like samples: a sequence sees the labelled steps of the one before it. */
    @Test
    void workingMemoryHoldsTimeSteps() {
        MultiLayerConfiguration stock = recurrent(new Convolution1DLayer.Builder(1).nOut(4).build(), readoutOfSteps());
        INDArray x = Fixtures.noise(1, 2, WIDTH, STEPS);
        INDArray y = stepLabels(2, 2, STEPS);
        List<Integer> remembered = new ArrayList<>();
        MultiLayerNetwork net = local(stock);
        net.addListeners(new BaseTrainingListener() {
            @Override
            public void onForwardPass(Model model, List<INDArray> activations) {
                Predictors.observe(model, step -> {
                    remembered.add(step.remembered());
                    assertThat(step.signal().shape()).isEqualTo(step.rows().shape());
                    assertThat(step.labels().get(0).rows().rows()).isEqualTo(step.rows().rows());
                });
            }
        });
        for (int sample = 0; sample < 2; sample++) {
            var one = NDArrayIndex.interval(sample, sample + 1);
            net.fit(new DataSet(x.get(one, NDArrayIndex.all(), NDArrayIndex.all()).dup(),
                    y.get(one, NDArrayIndex.all(), NDArrayIndex.all()).dup(), null, mask(3)));
        }
        assertThat(remembered).containsExactly(0, 3);
    }

    /** Labels outlive the output layer's workspace: of all time steps, of some, and as numbers of classes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void timeStepsArePredicted(boolean sparse) {
        LearningRule prediction = Fixtures.plain().objective(Fixtures.predictionOfMiniBatches()).build();
        Layer readout = new RnnOutputLayer.Builder(sparse ? LossFunction.SPARSE_MCXENT : LossFunction.MCXENT)
                .activation(Activation.SOFTMAX).nOut(CLASSES).build();
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(
                recurrent(new Convolution1DLayer.Builder(1).nOut(4).build(), lstm(4), readout), prediction));
        INDArray x = Fixtures.noise(1, SAMPLES, WIDTH, STEPS);
        INDArray classes = stepLabels(2, SAMPLES, STEPS);
        INDArray y = sparse ? classes.argMax(1).castTo(DataType.DOUBLE).reshape(SAMPLES, 1, STEPS) : classes;
        for (INDArray mask : new INDArray[] {null, lengths()}) {
            INDArray before = net.params().dup();
            net.fit(new DataSet(x, y, null, mask));
            net.fit(new DataSet(x, y, null, mask));
            for (int layer = 0; layer < 2; layer++) {
                assertThat(Fixtures.values(net.getLayer(layer).params())).doesNotContain(Double.NaN);
            }
            assertThat(Fixtures.values(net.params().sub(before))).doesNotContain(0.0);
        }
    }

    @Test
    void whatHasNoLabelTeachesHiddenLayersNothing() {
        MultiLayerNetwork net = local(recurrent(lstm(4), readoutOfSteps()));
        INDArray before = net.getLayer(0).params().dup();
        net.fit(new DataSet(Fixtures.noise(1, SAMPLES, WIDTH, STEPS), stepLabels(2, SAMPLES, STEPS), null,
                mask(0, 0, 0)));
        assertThat(Fixtures.values(net.getLayer(0).params())).containsExactly(Fixtures.values(before));
        net.fit(new DataSet(Fixtures.noise(1, SAMPLES, WIDTH, STEPS), stepLabels(2, SAMPLES, STEPS)));
        assertThat(Fixtures.values(net.getLayer(0).params())).isNotEqualTo(Fixtures.values(before));
    }

    // ---- truncated back-propagation through time

    private static MultiLayerConfiguration truncated(int length, Layer... layers) {
        MultiLayerConfiguration conf = recurrent(layers);
        conf.setBackpropType(BackpropType.TruncatedBPTT);
        conf.setTbpttFwdLength(length);
        conf.setTbpttBackLength(length);
        return conf;
    }

    @Test
    void wholeSequencesInOnePieceLearnAsWithoutTruncation() {
        Layer[] layers = {lstm(4), lstm(3), readoutOfSteps()};
        MultiLayerNetwork whole = local(recurrent(layers));
        MultiLayerNetwork pieces = local(truncated(STEPS, layers));
        INDArray x = Fixtures.noise(1, SAMPLES, WIDTH, STEPS);
        INDArray y = stepLabels(2, SAMPLES, STEPS);
        for (int step = 0; step < 3; step++) {
            whole.fit(x, y);
            pieces.fit(x, y);
        }
        assertThat(Fixtures.values(pieces.params())).containsExactly(Fixtures.values(whole.params()), within(1e-12));
    }

    /** Without a state every piece is a mini-batch of its own. */
    @Test
    void piecesAreLearntOneAfterTheOther() {
        Layer[] layers = {new Convolution1DLayer.Builder(1).nOut(4).build(), readoutOfSteps()};
        MultiLayerNetwork byHand = local(recurrent(layers));
        MultiLayerNetwork pieces = local(truncated(2, layers));
        INDArray x = Fixtures.noise(1, SAMPLES, WIDTH, STEPS);
        INDArray y = stepLabels(2, SAMPLES, STEPS);
        pieces.fit(x, y);
        for (int from = 0; from < STEPS; from += 2) {
            var some = NDArrayIndex.interval(from, Math.min(from + 2, STEPS));
            byHand.fit(x.get(NDArrayIndex.all(), NDArrayIndex.all(), some).dup(),
                    y.get(NDArrayIndex.all(), NDArrayIndex.all(), some).dup());
        }
        assertThat(Fixtures.values(pieces.params())).containsExactly(Fixtures.values(byHand.params()), within(1e-12));
    }

    /** The state goes from piece to piece: the last piece's loss is the stock network's. */
    @Test
    void recurrentStateIsCarried() {
        MultiLayerConfiguration stock = truncated(2, lstm(4), lstm(3), readoutOfSteps());
        MultiLayerNetwork plain = Fixtures.network(stock.clone());
        MultiLayerNetwork converted = local(stock);
        plain.setLearningRate(0);
        converted.setLearningRate(0);
        converted.setParams(plain.params());
        INDArray x = Fixtures.noise(1, SAMPLES, WIDTH, STEPS);
        INDArray y = stepLabels(2, SAMPLES, STEPS);
        plain.fit(x, y);
        converted.fit(x, y);
        assertThat(converted.score()).isCloseTo(plain.score(), within(1e-12));
        double withoutState = plain.score(new DataSet(
                x.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(4, 5)).dup(),
                y.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(4, 5)).dup()));
        assertThat(withoutState).isNotCloseTo(plain.score(), within(1e-6));
    }

    @Test
    void everyLayerLearnsInPieces() {
        MultiLayerNetwork net = local(truncated(2, lstm(4), lstm(3), readoutOfSteps()));
        INDArray before = net.params().dup();
        net.fit(Fixtures.noise(1, SAMPLES, WIDTH, STEPS), stepLabels(2, SAMPLES, STEPS));
        MultiLayerNetwork untrained = net.clone();
        untrained.setParams(before);
        for (int layer = 0; layer < 3; layer++) {
            assertThat(Fixtures.values(net.getLayer(layer).params())).as("layer " + layer)
                    .isNotEqualTo(Fixtures.values(untrained.getLayer(layer).params()));
        }
    }

    @Test
    void stepsOneAtATimeGiveTheStockNetworksOutput() {
        MultiLayerConfiguration stock = recurrent(lstm(4), lstm(3), readoutOfSteps());
        MultiLayerNetwork plain = Fixtures.network(stock);
        MultiLayerNetwork converted = local(stock);
        converted.setParams(plain.params());
        for (int step = 0; step < 3; step++) {
            INDArray x = Fixtures.noise(step, SAMPLES, WIDTH);
            assertThat(Fixtures.values(converted.rnnTimeStep(x))).containsExactly(
                    Fixtures.values(plain.rnnTimeStep(x)), within(1e-12));
        }
        assertThat(converted.rnnGetPreviousState(0)).isNotEmpty();
        converted.rnnClearPreviousState();
        plain.rnnClearPreviousState();
        INDArray x = Fixtures.noise(9, SAMPLES, WIDTH);
        assertThat(Fixtures.values(converted.rnnTimeStep(x))).containsExactly(
                Fixtures.values(plain.rnnTimeStep(x)), within(1e-12));
    }

    // ---- one label a sequence

    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void sequencesOfDifferentLengthsAreSeenAsTheyAre(RNNFormat format) {
        boolean channelsLast = format == RNNFormat.NWC;
        MultiLayerConfiguration stock = conf(format,
                new LSTM.Builder().nOut(4).dataFormat(format).build(),
                new LastTimeStep(new LSTM.Builder().nOut(3).dataFormat(format).build()),
                new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(CLASSES).build());
        INDArray x = channelsLast
                ? Fixtures.noise(1, SAMPLES, STEPS, WIDTH)
                : Fixtures.noise(1, SAMPLES, WIDTH, STEPS);
        INDArray y = Fixtures.oneHot(2, SAMPLES, CLASSES);
        y.putRow(2, y.getRow(0));
        MultiLayerNetwork net = local(stock);
        int[] lengths = {5, 3, 4};
        check(net, 0, x, y, lengths(), null, () -> {
            net.setLayerMaskArrays(lengths(), null);
            INDArray activations = net.feedForwardToLayer(0, x, true).get(1);
            List<INDArray> rows = new ArrayList<>();
            for (int sample = 0; sample < SAMPLES; sample++) {
                var one = NDArrayIndex.interval(sample, sample + 1);
                var steps = NDArrayIndex.interval(0, lengths[sample]);
                INDArray own = channelsLast
                        ? activations.get(one, steps, NDArrayIndex.all())
                        : activations.get(one, NDArrayIndex.all(), steps);
                rows.add(new Representation(rule(), channelsLast, Buffers.fresh()).of(own.dup()).rows().dup());
            }
            INDArray u = Nd4j.vstack(rows);
            return new Window(SAMPLES, null, List.of(Fixtures.classes(y))).value(rule(), u);
        });
    }

    /** Mini-batches of any length, one step too, after one another: working memory holds them side by side. */
    @Test
    void shortSequencesFollowLongOnes() {
        MultiLayerConfiguration stock = recurrent(lstm(4), new LastTimeStep(lstm(3)), Fixtures.readout(0, CLASSES));
        MultiLayerNetwork net = local(stock);
        MultiLayerNetwork padded = net.clone();
        for (int steps : new int[] {5, 1, 2, 1, 4}) {
            INDArray x = Fixtures.noise(steps, SAMPLES, WIDTH, steps);
            INDArray y = Fixtures.oneHot(steps, SAMPLES, CLASSES);
            net.fit(new DataSet(x, y));
            INDArray longer = Nd4j.concat(2, x, Fixtures.noise(9, SAMPLES, WIDTH, 3));
            INDArray mask = Nd4j.zeros(DataType.DOUBLE, SAMPLES, steps + 3);
            mask.get(NDArrayIndex.all(), NDArrayIndex.interval(0, steps)).assign(1);
            padded.fit(new DataSet(longer, y, mask, null));
            // DL4J takes last time steps under a mask in single precision.
            assertThat(Fixtures.values(padded.params())).as("%d steps", steps)
                    .containsExactly(Fixtures.values(net.params()), within(1e-7));
        }
    }

    @Test
    void onlySamplesWithALabelAreLearntFrom() {
        MultiLayerConfiguration stock = Fixtures.mlp(Activation.TANH, new Sgd(0.1), 4, 6, 5, CLASSES);
        DataSet all = Fixtures.clusters(1, 7, 4, CLASSES);
        int[] labelled = {0, 2, 3, 4, 6};
        INDArray mask = Nd4j.zeros(DataType.DOUBLE, 7, 1);
        for (int sample : labelled) {
            mask.putScalar(sample, 0, 1);
        }
        for (LearningRule rule : List.of(rule(), rule(Objective.hsic()))) {
            MultiLayerNetwork masked = Fixtures.network(IbHebb.convert(stock, rule));
            MultiLayerNetwork few = masked.clone();
            masked.fit(new DataSet(all.getFeatures(), all.getLabels(), null, mask));
            few.fit(new DataSet(all.getFeatures().getRows(labelled), all.getLabels().getRows(labelled)));
            for (int layer = 0; layer < 2; layer++) {
                assertThat(Fixtures.values(masked.getLayer(layer).params())).containsExactly(
                        Fixtures.values(few.getLayer(layer).params()), within(1e-12));
            }
        }
    }

    // ---- refusals

    @Test
    void samplesAndTimeStepsAreNotMixed() {
        ComputationGraphConfiguration both = Fixtures.builder(new Sgd(0.1)).graphBuilder()
                .addInputs("in")
                .addLayer("a", lstm(4), "in")
                .addLayer("steps", readoutOfSteps(), "a")
                .addLayer("pooled", new GlobalPoolingLayer(PoolingType.AVG), "a")
                .addLayer("whole", Fixtures.readout(0, 2), "pooled")
                .setOutputs("steps", "whole").setInputTypes(InputType.recurrent(WIDTH, STEPS)).build();
        assertThatThrownBy(() -> IbHebb.convert(both)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("'whole'", "not both");
    }

    @Test
    void masksThatMakeNoSenseAreRefused() {
        MultiLayerNetwork steps = local(recurrent(lstm(4),
                new RnnOutputLayer.Builder(LossFunction.XENT).activation(Activation.SIGMOID).nOut(CLASSES).build()));
        INDArray x = Fixtures.noise(1, SAMPLES, WIDTH, STEPS);
        INDArray y = stepLabels(2, SAMPLES, STEPS);
        INDArray before = steps.params().dup();
        assertThatThrownBy(() -> steps.fit(new DataSet(x, y, null, Nd4j.ones(DataType.DOUBLE, y.shape()))))
                .hasMessageContainingAll("index 1", "label mask");
        assertThat(Fixtures.values(steps.params())).containsExactly(Fixtures.values(before));
        steps.fit(x, y);

        MultiLayerNetwork whole = local(recurrent(lstm(4), new GlobalPoolingLayer(PoolingType.AVG),
                Fixtures.readout(0, CLASSES)));
        assertThatThrownBy(() -> whole.fit(new DataSet(x, Fixtures.oneHot(1, SAMPLES, CLASSES), mask(5, 0, 2), null)))
                .hasMessageContainingAll("index 0", "no time step of sample 1");
    }

    @Test
    void outputsHaveTheSameMask() {
        ComputationGraphConfiguration two = Fixtures.builder(new Sgd(0.1)).graphBuilder()
                .addInputs("in")
                .addLayer("a", lstm(4), "in")
                .addLayer("one", readoutOfSteps(), "a")
                .addLayer("two", readoutOfSteps(), "a")
                .setOutputs("one", "two").setInputTypes(InputType.recurrent(WIDTH, STEPS)).build();
        ComputationGraph graph = new ComputationGraph(IbHebb.convert(two, rule()));
        graph.init();
        INDArray x = Fixtures.noise(1, SAMPLES, WIDTH, STEPS);
        INDArray y = stepLabels(2, SAMPLES, STEPS);
        INDArray[] labels = {y, y};
        graph.fit(new MultiDataSet(new INDArray[] {x}, labels, null, new INDArray[] {lengths(), lengths()}));
        assertThatThrownBy(() -> graph.fit(new MultiDataSet(
                new INDArray[] {x}, labels, null, new INDArray[] {lengths(), mask(1, 2, 3)})))
                .hasMessageContainingAll("12 of 15", "6 of 15", "same mask");
        // As many rows, and others.
        assertThatThrownBy(() -> graph.fit(new MultiDataSet(
                new INDArray[] {x}, labels, null, new INDArray[] {lengths(), mask(3, 5, 4)})))
                .hasMessageContaining("same mask");
    }

    /** Nothing says so before training: DL4J knows lengths only then. */
    @Test
    void layersThatDropTimeStepsAreRefused() {
        MultiLayerNetwork net = local(recurrent(
                new Convolution1DLayer.Builder(2).stride(2).convolutionMode(ConvolutionMode.Truncate).nOut(3).build(),
                readoutOfSteps()));
        INDArray y = stepLabels(2, SAMPLES, 2);
        net.fit(Fixtures.noise(1, SAMPLES, WIDTH, STEPS), y);
        MultiLayerConfiguration encoder = recurrent(lstm(4),
                new Convolution1DLayer.Builder(2).stride(2).convolutionMode(ConvolutionMode.Truncate).nOut(3).build(),
                readoutOfSteps());
        assertThatThrownBy(() -> local(encoder).fit(Fixtures.noise(1, SAMPLES, WIDTH, STEPS), y))
                .hasMessageContainingAll("index 0", "15 activations", "6 time steps");
    }

    @Test
    void theConfigurationKeepsWhatItKnows() {
        MultiLayerConfiguration converted = IbHebb.convert(recurrent(
                lstm(4), new DenseLayer.Builder().nOut(3).build(), readoutOfSteps()), rule());
        MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(converted.toJson());
        assertThat(read).isEqualTo(converted);
        assertThat(((LocalLayer) read.getConf(0).getLayer()).isStepwise()).isTrue();
        assertThat(((LocalLayer) read.getConf(1).getLayer()).isStepwise()).isTrue();
        assertThat(read.getInputPreProcess(1)).isInstanceOf(RnnToFeedForwardPreProcessor.class);
        assertThat(read.getInputPreProcess(2)).isInstanceOf(FeedForwardToRnnPreProcessor.class);
        assertThat(IbHebb.revert(converted)).isEqualTo(recurrent(
                lstm(4), new DenseLayer.Builder().nOut(3).build(), readoutOfSteps()));
    }

    // ---- the definition

    /** The objective over the time steps that a mask leaves, in plain loops, the order of DL4J's rows. */
    private static double overSteps(LearningRule rule, INDArray activations, INDArray x, INDArray y, INDArray mask) {
        List<INDArray> rows = new ArrayList<>();
        List<INDArray> inputs = new ArrayList<>();
        List<INDArray> labels = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            for (int sample = 0; sample < SAMPLES; sample++) {
                if (mask == null || mask.getDouble(sample, step) != 0) {
                    rows.add(activations.rank() == 2
                            ? activations.getRow((long) step * SAMPLES + sample, true)
                            : at(activations, sample, step));
                    inputs.add(at(x, sample, step));
                    labels.add(at(y, sample, step));
                }
            }
        }
        return Fixtures.objective(rule, Nd4j.vstack(rows), false, Nd4j.vstack(inputs), Nd4j.vstack(labels));
    }

    private static INDArray at(INDArray series, int sample, int step) {
        INDArray row = Nd4j.create(DataType.DOUBLE, 1, series.size(1));
        for (int i = 0; i < series.size(1); i++) {
            row.putScalar(0, i, series.getDouble(sample, i, step));
        }
        return row;
    }

    private static void check(MultiLayerNetwork net, int layer, INDArray x, INDArray y, INDArray mask,
            Supplier<Double> objective) {
        check(net, layer, x, y, null, mask, objective);
    }

    private static void check(MultiLayerNetwork net, int layer, INDArray x, INDArray y, INDArray featureMask,
            INDArray labelMask, Supplier<Double> objective) {
        net.setInput(x);
        net.setLabels(y);
        net.setLayerMaskArrays(featureMask, labelMask);
        net.computeGradientAndScore();
        Random random = new Random(4);
        for (String parameter : List.copyOf(net.getLayer(layer).paramTable().keySet())) {
            INDArray gradient = net.gradient().getGradientFor(layer + "_" + parameter).dup();
            INDArray values = net.getLayer(layer).getParam(parameter);
            for (int i = 0; i < 3; i++) {
                INDArray direction = Fixtures.noise(random.nextLong(), values.shape());
                direction.divi(direction.norm2Number());
                INDArray before = values.dup();
                values.addi(direction.mul(STEP));
                double above = objective.get();
                values.assign(before.sub(direction.mul(STEP)));
                double below = objective.get();
                values.assign(before);
                double actual = gradient.reshape(values.shape()).mul(direction).sumNumber().doubleValue() / SAMPLES;
                double norm = gradient.norm2Number().doubleValue() / SAMPLES;
                assertThat(actual).as("layer " + layer + " " + parameter)
                        .isCloseTo((above - below) / (2 * STEP), within(1e-6 * norm + 1e-9));
                assertThat(norm).isPositive();
            }
        }
    }
}
