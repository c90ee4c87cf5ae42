package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ibhebb.compatibility.Networks.accuracy;
import static org.ibhebb.compatibility.Networks.builder;
import static org.ibhebb.compatibility.Networks.dense;
import static org.ibhebb.compatibility.Networks.network;
import static org.ibhebb.compatibility.Networks.readout;
import static org.ibhebb.compatibility.Networks.train;
import static org.ibhebb.compatibility.Networks.values;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.datasets.iterator.utilty.SingletonMultiDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingGraphTrainer;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.constraint.UnitNormConstraint;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.InvocationType;
import org.deeplearning4j.optimize.listeners.CheckpointListener;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.deeplearning4j.optimize.listeners.EvaluativeListener;
import org.deeplearning4j.optimize.listeners.PerformanceListener;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.ibhebb.IbHebb;
import org.ibhebb.ConversionReport.Learning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.ROC;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** What a Deeplearning4j user sets on a network and does with it, on networks that learn locally. */
class DeepLearning4jFeaturesTest {

    private static final int DIMENSIONS = 20;
    private static final DataSet DATA = Samples.xor(1, 192, DIMENSIONS);
    private static final DataSet TEST = Samples.xor(2, 192, DIMENSIONS);
    private static final DataSet BATCH = Samples.xor(3, 32, DIMENSIONS);
    /** Enough to learn {@link #DATA}. */
    private static final int EPOCHS = 15;

    @TempDir
    Path folder;

    private static MultiLayerConfiguration chain(NeuralNetConfiguration.Builder builder) {
        return IbHebb.convert(stock(builder));
    }

    /** One whose own updater gets the gradients as they are. */
    private static MultiLayerConfiguration plainChain(NeuralNetConfiguration.Builder builder) {
        return IbHebb.convert(stock(builder), Networks.plain().build());
    }

    private static MultiLayerConfiguration stock(NeuralNetConfiguration.Builder builder) {
        return builder.list()
                .layer(dense(12))
                .layer(dense(8))
                .layer(readout(2))
                .setInputType(InputType.feedForward(DIMENSIONS))
                .build();
    }

    private static ComputationGraphConfiguration graph(NeuralNetConfiguration.Builder builder) {
        return IbHebb.convert(builder.graphBuilder()
                .addInputs("in")
                .addLayer("0", dense(12), "in")
                .addLayer("1", dense(8), "0")
                .addLayer("2", readout(2), "1")
                .setOutputs("2")
                .setInputTypes(InputType.feedForward(DIMENSIONS))
                .build());
    }

    private static MultiLayerNetwork local() {
        return network(chain(builder()));
    }

    private static MultiLayerNetwork local(IUpdater updater) {
        return network(plainChain(builder().updater(updater)));
    }

    private static DataSetIterator iterator(DataSet data) {
        return new ListDataSetIterator<>(data.asList(), 32);
    }

    private static void assertLearns(MultiLayerNetwork network) {
        train(network, DATA, EPOCHS);
        assertThat(accuracy(network, TEST)).isGreaterThan(0.85);
    }

    /** What one step on {@link #BATCH} adds to these parameters of a network with this configuration. */
    private static INDArray step(NeuralNetConfiguration.Builder builder, String parameter) {
        MultiLayerNetwork network = network(plainChain(builder));
        INDArray before = network.getParam(parameter).dup();
        network.fit(BATCH);
        return network.getParam(parameter).sub(before);
    }

    private static INDArray initial(String parameter) {
        return local().getParam(parameter);
    }

    private static void assertClose(INDArray actual, INDArray expected) {
        assertThat(Transforms.abs(actual.sub(expected)).maxNumber().doubleValue())
                .isLessThan(1e-5 * (1 + Transforms.abs(expected).maxNumber().doubleValue()));
    }

    @Test
    void everyFormOfFitIsTheSameStep() {
        MultiLayerNetwork arrays = local();
        arrays.fit(BATCH.getFeatures(), BATCH.getLabels());
        double[] expected = values(arrays.params());

        MultiDataSet multi = new MultiDataSet(BATCH.getFeatures(), BATCH.getLabels());
        MultiLayerNetwork dataSet = local();
        dataSet.fit(BATCH);
        MultiLayerNetwork dataSets = local();
        dataSets.fit(new SingletonDataSetIterator(BATCH));
        MultiLayerNetwork multiDataSet = local();
        multiDataSet.fit(multi);
        MultiLayerNetwork multiDataSets = local();
        multiDataSets.fit(new SingletonMultiDataSetIterator(multi));
        for (MultiLayerNetwork network : List.of(dataSet, dataSets, multiDataSet, multiDataSets)) {
            assertThat(values(network.params())).isEqualTo(expected);
        }

        ComputationGraph graph = network(graph(builder()));
        graph.fit(BATCH);
        ComputationGraph graphMulti = network(graph(builder()));
        graphMulti.fit(multi);
        ComputationGraph graphArrays = network(graph(builder()));
        graphArrays.fit(new INDArray[] {BATCH.getFeatures()}, new INDArray[] {BATCH.getLabels()});
        ComputationGraph graphIterator = network(graph(builder()));
        graphIterator.fit(new SingletonMultiDataSetIterator(multi), 1);
        for (ComputationGraph network : List.of(graphMulti, graphArrays, graphIterator)) {
            assertThat(values(network.params())).isEqualTo(values(graph.params()));
        }
    }

    @Test
    void evaluationScoreAndOutputAreThoseOfTheStockNetwork() {
        MultiLayerNetwork local = local();
        local.fit(iterator(DATA), 2);
        MultiLayerNetwork stock = IbHebb.revert(local);
        Evaluation evaluation = local.evaluate(iterator(TEST));
        assertThat(evaluation.accuracy()).isCloseTo(accuracy(local, TEST), within(1e-6));
        assertThat(evaluation.confusionToString()).isEqualTo(stock.<Evaluation>evaluate(iterator(TEST)).confusionToString());
        assertThat(local.evaluateROC(iterator(TEST), 0).calculateAUC())
                .isEqualTo(stock.<ROC>evaluateROC(iterator(TEST), 0).calculateAUC());
        assertThat(local.score(TEST)).isEqualTo(stock.score(TEST));
        assertThat(values(local.scoreExamples(TEST, true))).isEqualTo(values(stock.scoreExamples(TEST, true)));
        assertThat(values(local.output(iterator(TEST)))).isEqualTo(values(stock.output(iterator(TEST))));
        assertThat(local.predict(TEST.getFeatures())).isEqualTo(stock.predict(TEST.getFeatures()));
        assertThat(values(local.feedForward(TEST.getFeatures()).get(1)))
                .isEqualTo(values(stock.feedForward(TEST.getFeatures()).get(1)));
    }

    @Test
    void theScoreOfAStepIsTheLossOfItsBatch() {
        MultiLayerNetwork local = local();
        double loss = local.score(BATCH, true);
        local.fit(BATCH);
        assertThat(local.score()).isCloseTo(loss, within(1e-6));
    }

    @Test
    void aTrainingForwardPassAloneChangesNothing() {
        MultiLayerNetwork watched = local();
        MultiLayerNetwork left = local();
        for (int step = 0; step < 2; step++) {
            watched.feedForward(TEST.getFeatures(), true);
            watched.output(TEST.getFeatures(), true);
            watched.score(TEST, true);
            watched.fit(BATCH);
            left.fit(BATCH);
        }
        assertThat(values(watched.params())).isEqualTo(values(left.params()));
    }

    @Test
    void gradientsCanBeAskedFor() {
        MultiLayerNetwork local = local(new Sgd(1));
        INDArray before = local.params().dup();
        INDArray gradient =
                local.calculateGradients(BATCH.getFeatures(), BATCH.getLabels(), null, null).getFirst().gradient().dup();
        MultiLayerNetwork stepped = local(new Sgd(1));
        stepped.fit(BATCH);
        assertThat(values(local.params())).isEqualTo(values(before));
        assertThat(gradient.ravel().norm2Number().doubleValue()).isPositive();
        assertThat(stepped.params().equalsWithEps(before.sub(gradient.div(BATCH.numExamples())), 1e-5)
                        || stepped.params().equalsWithEps(before.sub(gradient), 1e-5))
                .isTrue();
    }

    @Test
    void l2PullsHiddenWeightsTowardsZero() {
        INDArray plain = step(builder().updater(new Sgd(0.1)), "0_W");
        INDArray l2 = step(builder().updater(new Sgd(0.1)).l2(0.3), "0_W");
        assertClose(l2.sub(plain), initial("0_W").mul(-0.1 * 0.3));
    }

    @Test
    void l1PullsHiddenWeightsTowardsZero() {
        INDArray plain = step(builder().updater(new Sgd(0.1)), "0_W");
        INDArray l1 = step(builder().updater(new Sgd(0.1)).l1(0.3), "0_W");
        assertClose(l1.sub(plain), Transforms.sign(initial("0_W")).mul(-0.1 * 0.3));
    }

    @Test
    void weightDecayPullsHiddenWeightsTowardsZero() {
        INDArray plain = step(builder().updater(new Sgd(0.1)), "1_W");
        INDArray decay = step(builder().updater(new Sgd(0.1)).weightDecay(0.3), "1_W");
        INDArray ratio = decay.sub(plain).divi(initial("1_W"));
        // DL4J applies a decay set for the whole network once or twice, depending on how it was set.
        assertThat(ratio.meanNumber().doubleValue() / (-0.1 * 0.3)).satisfiesAnyOf(
                times -> assertThat(times).isCloseTo(1, within(1e-3)),
                times -> assertThat(times).isCloseTo(2, within(1e-3)));
    }

    @Test
    void dropoutDropsInputsInTrainingOnly() {
        MultiLayerNetwork network = network(chain(builder().dropOut(0.9)));
        assertThat(values(network.output(TEST.getFeatures()))).isEqualTo(values(network.output(TEST.getFeatures())));
        assertThat(values(network.output(TEST.getFeatures(), true)))
                .isNotEqualTo(values(network.output(TEST.getFeatures(), true)));
        train(network, DATA, EPOCHS);
        assertThat(accuracy(network, TEST)).isGreaterThan(0.75);
    }

    @Test
    void dropConnectDropsWeightsInTrainingOnly() {
        MultiLayerNetwork network = network(chain(builder().weightNoise(new DropConnect(0.9))));
        assertThat(values(network.output(TEST.getFeatures()))).isEqualTo(values(network.output(TEST.getFeatures())));
        assertThat(values(network.output(TEST.getFeatures(), true)))
                .isNotEqualTo(values(network.output(TEST.getFeatures(), true)));
        train(network, DATA, EPOCHS);
        assertThat(accuracy(network, TEST)).isGreaterThan(0.75);
    }

    @Test
    void constraintsHoldAfterEveryStep() {
        MultiLayerNetwork bounded = network(chain(builder().constrainWeights(new MaxNormConstraint(0.5, 0))));
        bounded.fit(BATCH);
        for (String weights : List.of("0_W", "1_W")) {
            assertThat(bounded.getParam(weights).norm2(0).maxNumber().doubleValue()).isLessThan(0.5 + 1e-5);
        }
        MultiLayerNetwork unit = network(chain(builder().constrainWeights(new UnitNormConstraint(0))));
        unit.fit(BATCH);
        assertClose(unit.getParam("0_W").norm2(0), Nd4j.ones(12));
        MultiLayerNetwork positive = network(chain(builder().constrainWeights(new NonNegativeConstraint())));
        positive.fit(BATCH);
        assertThat(positive.getParam("0_W").minNumber().doubleValue()).isNotNegative();
    }

    @Test
    void gradientsAreClippedElementWise() {
        double limit = 1e-3;
        INDArray free = step(builder().updater(new Sgd(1)), "0_W");
        INDArray clipped = step(builder().updater(new Sgd(1))
                .gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
                .gradientNormalizationThreshold(limit), "0_W");
        assertThat(Transforms.abs(free).maxNumber().doubleValue()).isGreaterThan(limit);
        assertClose(clipped, Transforms.max(Transforms.min(free, limit), -limit));
    }

    @Test
    void gradientsAreClippedByTheirNorm() {
        double limit = 0.01;
        INDArray free = step(builder().updater(new Sgd(1)), "0_W");
        INDArray clipped = step(builder().updater(new Sgd(1))
                .gradientNormalization(GradientNormalization.ClipL2PerParamType)
                .gradientNormalizationThreshold(limit), "0_W");
        assertThat(free.norm2Number().doubleValue()).isGreaterThan(limit);
        assertClose(clipped, free.mul(limit / free.norm2Number().doubleValue()));
    }

    /** Adaptive updaters make large steps of tiny gradients, and so of rounding errors in single precision. */
    private static NeuralNetConfiguration.Builder precise() {
        return builder().dataType(DataType.DOUBLE);
    }

    static Stream<IUpdater> updaters() {
        return Stream.of(new Sgd(0.1), new Adam(1e-2), new AdaMax(1e-2), new Nadam(1e-2), new Nesterovs(0.05, 0.9),
                new RmsProp(1e-2), new AdaGrad(0.1), new AdaDelta(), new AMSGrad(1e-2), new NoOp());
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void everyUpdaterGetsTheLocalGradient(IUpdater updater) {
        INDArray gradient = step(precise().updater(new Sgd(1)), "0_W").neg().ravel();
        INDArray state = updater.stateSize(gradient.length()) == 0
                ? null
                : Nd4j.zeros(DataType.DOUBLE, 1, updater.stateSize(gradient.length()));
        INDArray expected = gradient.dup().reshape(1, gradient.length());
        updater.instantiate(state, true).applyUpdater(expected, 0, 0);
        INDArray step = step(precise().updater(updater), "0_W").ravel();
        assertClose(step.reshape(1, step.length()), expected.neg());

        MultiLayerNetwork network = local(updater);
        double untrained = network.score(DATA);
        train(network, DATA, 3);
        assertThat(network.score(DATA)).isLessThan(untrained);
    }

    @Test
    void learningRateSchedulesReachHiddenLayers() {
        MapSchedule schedule = new MapSchedule.Builder(ScheduleType.ITERATION).add(0, 0.1).add(1, 0.0).build();
        MultiLayerNetwork network = local(new Sgd(schedule));
        double[] first = values(network.getParam("0_W"));
        network.fit(BATCH);
        double[] second = values(network.getParam("0_W"));
        network.fit(BATCH);
        assertThat(second).isNotEqualTo(first);
        assertThat(values(network.getParam("0_W"))).isEqualTo(second);
        network.setLearningRate(0.1);
        network.fit(BATCH);
        assertThat(values(network.getParam("0_W"))).isNotEqualTo(second);
    }

    @Test
    void workspacesDoNotChangeResults() {
        assertSameInBothWorkspaceModes(builder -> network(chain(builder)));
    }

    @Test
    void workspacesDoNotChangeResultsOfGraphs() {
        assertSameInBothWorkspaceModes(builder -> network(graph(builder)));
    }

    private static void assertSameInBothWorkspaceModes(Function<NeuralNetConfiguration.Builder, Model> build) {
        INDArray[] results = new INDArray[2];
        for (int i = 0; i < 2; i++) {
            WorkspaceMode mode = i == 0 ? WorkspaceMode.ENABLED : WorkspaceMode.NONE;
            Model network = build.apply(
                    builder().updater(new Sgd(0.1)).trainingWorkspaceMode(mode).inferenceWorkspaceMode(mode));
            train(network, DATA, 2);
            results[i] = network.params();
        }
        assertThat(results[1].equalsWithEps(results[0], 1e-6)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT", "DOUBLE"})
    void bothPrecisionsLearn(DataType type) {
        MultiLayerNetwork network = network(chain(builder().dataType(type)));
        assertThat(network.params().dataType()).isEqualTo(type);
        assertLearns(network);
        assertThat(network.output(TEST.getFeatures()).dataType()).isEqualTo(type);
    }

    @Test
    void masksOfImagesAreRefused() {
        MultiLayerNetwork network = network(IbHebb.convert(builder().list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).convolutionMode(ConvolutionMode.Same).build())
                .layer(new GlobalPoolingLayer())
                .layer(readout(2))
                .setInputType(InputType.convolutional(6, 6, 1))
                .build()));
        DataSet images = Samples.textures(1, 8, 6);
        network.fit(images);
        double[] before = values(network.params());
        images.setFeaturesMaskArray(Nd4j.ones(8, 1, 1, 6).putScalar(5, 0));
        assertThatThrownBy(() -> network.fit(images))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContainingAll("index 0", "mask", "not supported");
        assertThat(values(network.params())).isEqualTo(before);
        network.clearLayerMaskArrays();
        network.fit(Samples.textures(1, 8, 6));
        assertThat(values(network.params())).isNotEqualTo(before);
    }

    @Test
    void listenersWatch() {
        MultiLayerNetwork network = local();
        CollectScoresIterationListener scores = new CollectScoresIterationListener();
        EvaluativeListener evaluative = new EvaluativeListener(iterator(TEST), 1, InvocationType.EPOCH_END);
        network.setListeners(new ScoreIterationListener(1), new PerformanceListener(1, true), scores, evaluative);
        network.fit(iterator(DATA), 6);
        assertThat(scores.getScoreVsIter().getEffectiveScores()).hasSize(6 * 6);
        assertThat(scores.getScoreVsIter().getEffectiveScores()[35]).isLessThan(scores.getScoreVsIter().getEffectiveScores()[0]);
        assertThat(((Evaluation) evaluative.getEvaluations()[0]).accuracy())
                .isCloseTo(accuracy(network, TEST), within(1e-6));
    }

    @Test
    void checkpointsHoldTheNetwork() throws Exception {
        MultiLayerNetwork network = local();
        CheckpointListener checkpoints =
                new CheckpointListener.Builder(folder.toFile()).saveEveryNEpochs(1).keepAll().build();
        network.setListeners(checkpoints);
        network.fit(iterator(DATA), 2);
        MultiLayerNetwork last = CheckpointListener.loadLastCheckpointMLN(folder.toFile());
        assertThat(values(last.params())).isEqualTo(values(network.params()));
        assertThat(Networks.report(last)).isEqualTo(Networks.report(network));
    }

    @Test
    void checkpointsHoldTheGraph() throws Exception {
        ComputationGraph network = network(graph(builder()));
        CheckpointListener checkpoints =
                new CheckpointListener.Builder(folder.toFile()).saveEveryNIterations(3).keepLast(1).build();
        network.setListeners(checkpoints);
        network.fit(iterator(DATA), 1);
        ComputationGraph last = CheckpointListener.loadLastCheckpointCG(folder.toFile());
        assertThat(Networks.report(last).count(Learning.LOCAL)).isEqualTo(2);
        last.fit(BATCH);
    }

    @Test
    void earlyStoppingFindsTheBestNetwork() {
        EarlyStoppingConfiguration<MultiLayerNetwork> conf = new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(4))
                .scoreCalculator(new DataSetLossCalculator(iterator(TEST), true))
                .modelSaver(new InMemoryModelSaver<>())
                .build();
        MultiLayerNetwork network = local();
        double untrained = network.score(TEST);
        EarlyStoppingResult<MultiLayerNetwork> result =
                new EarlyStoppingTrainer(conf, network, iterator(DATA)).fit();
        assertThat(result.getTotalEpochs()).isEqualTo(4);
        MultiLayerNetwork best = result.getBestModel();
        assertThat(best.score(TEST)).isLessThan(untrained);
        double[] before = values(best.getParam("0_W"));
        best.fit(BATCH);
        assertThat(values(best.getParam("0_W"))).isNotEqualTo(before);
    }

    @Test
    void earlyStoppingFindsTheBestGraph() {
        EarlyStoppingConfiguration<ComputationGraph> conf = new EarlyStoppingConfiguration.Builder<ComputationGraph>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(2))
                .scoreCalculator(new DataSetLossCalculator(iterator(TEST), true))
                .modelSaver(new InMemoryModelSaver<>())
                .build();
        EarlyStoppingResult<ComputationGraph> result =
                new EarlyStoppingGraphTrainer(conf, network(graph(builder())), iterator(DATA)).fit();
        assertThat(Networks.report(result.getBestModel()).count(Learning.LOCAL)).isEqualTo(2);
    }

    @Test
    void aCloneLearnsByItself() {
        MultiLayerNetwork network = local();
        network.fit(BATCH);
        MultiLayerNetwork clone = network.clone();
        double[] before = values(network.params());
        clone.fit(BATCH);
        assertThat(values(network.params())).isEqualTo(before);
        assertThat(values(clone.params())).isNotEqualTo(before);

        ComputationGraph graph = network(graph(builder()));
        graph.fit(BATCH);
        ComputationGraph graphClone = graph.clone();
        double[] graphBefore = values(graph.params());
        graphClone.fit(BATCH);
        assertThat(values(graph.params())).isEqualTo(graphBefore);
        assertThat(values(graphClone.params())).isNotEqualTo(graphBefore);
    }

    @Test
    void aChainLearnsAsTheGraphOfTheSameLayersDoes() {
        MultiLayerNetwork chain = local();
        ComputationGraph graph = network(graph(builder()));
        graph.setParams(chain.params().dup());
        train(chain, DATA, 1);
        train(graph, DATA, 1);
        assertThat(graph.params().equalsWithEps(chain.params(), 1e-5)).isTrue();
    }

    @Test
    void aChainTurnedIntoAGraphGoesOnLocally() {
        MultiLayerNetwork chain = local();
        chain.fit(BATCH);
        ComputationGraph graph = chain.toComputationGraph();
        assertThat(Networks.report(graph).count(Learning.LOCAL)).isEqualTo(2);
        double[] before = values(graph.params());
        graph.fit(BATCH);
        assertThat(values(graph.params())).isNotEqualTo(before);
        assertThat(DoubleStream.of(values(graph.params())).allMatch(Double::isFinite)).isTrue();
    }
}
