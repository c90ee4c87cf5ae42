package org.ibhebb.samples.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.samples.data.Batches;
import org.ibhebb.samples.data.Digits;
import org.ibhebb.samples.data.HeldOut;
import org.ibhebb.samples.data.LearningTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

class TrainerTest {

    private static Trainer trainer(int epochs, double lr) throws IOException {
        return trainer(new Settings(
                ModelSpec.parse("mlp:12,8"), TunedRule.builder().build(), 40, epochs, lr, lr, false, 3));
    }

    private static Trainer trainer(Settings settings) throws IOException {
        return new Trainer(task(), settings);
    }

    private static MultiLayerNetwork model(Trained trained) {
        return (MultiLayerNetwork) trained.network().model();
    }

    private static LearningTask task() throws IOException {
        return new LearningTask("digits", 10, Digits.train().first(90), Digits.test().first(30), HeldOut.TEST);
    }

    @Test
    void frozenLayersKeepTheWeightsThatEveryRuleStartsFrom() throws IOException {
        // A learning rate of next to nothing leaves all weights where they began.
        MultiLayerNetwork start = model(trainer(1, 1e-30).train(TrainingRule.BACKPROP, epoch -> {}));
        MultiLayerNetwork frozen = model(trainer(3, 1e-2).train(TrainingRule.FROZEN, epoch -> {}));
        MultiLayerNetwork local = model(trainer(1, 1e-30).train(TrainingRule.IBHEBB, epoch -> {}));
        MultiLayerNetwork learnt = model(trainer(3, 1e-2).train(TrainingRule.IBHEBB, epoch -> {}));

        assertThat(local.params()).isEqualTo(start.params());
        for (int layer = 0; layer < 2; layer++) {
            INDArray first = start.getLayer(layer).params();
            assertThat(frozen.getLayer(layer).params()).isEqualTo(first);
            assertThat(learnt.getLayer(layer).params()).isNotEqualTo(first);
        }
        assertThat(frozen.getLayer(2).params()).isNotEqualTo(start.getLayer(2).params());
    }

    /** Encoded samples reach networks of both kinds; two runs of one trainer see the same spikes. */
    @ParameterizedTest
    @ValueSource(strings = {"snn:12,8@4+poisson", "snn:12@4+latency", "scnn:3@3+poisson", "scnn:3@3+latency",
        "scnn:3@3"})
    void spikingNetworksSeeEncodedSamples(String model) throws IOException {
        Trainer trainer = trainer(new Settings(
                ModelSpec.parse(model), TunedRule.builder().build(), 40, 2, 1e-2, 1e-2, false, 3));
        Trained first = trainer.train(TrainingRule.IBHEBB, epoch -> {});
        Trained again = trainer.train(TrainingRule.IBHEBB, epoch -> {});
        assertThat(again.result().testAccuracy()).isEqualTo(first.result().testAccuracy());
        assertThat(model(again).params()).isEqualTo(model(first).params());
        INDArray shown = trainer.unseen(20).getFeatures();
        assertThat(trainer.unseen(20).getFeatures()).isEqualTo(shown);
        assertThat(shown.rank()).isEqualTo(model.contains("+") ? model.startsWith("snn") ? 3 : 5 : 4);
        assertThat(first.result().firing().samples()).isEqualTo(30);
        assertThat(trainer.spikes(first.network(), 2)).hasSize(2);
    }

    @Test
    void aFrozenRunIsTheOneOfDeeplearning4jsFrozenLayers() throws IOException {
        Settings settings = new Settings(
                ModelSpec.parse("mlp:12,8"), TunedRule.builder().build(), 90, 5, 1e-2, 1e-2, false, 3);
        LearningTask task = task();
        MultiLayerNetwork frozen = model(new Trainer(task, settings).train(TrainingRule.FROZEN, epoch -> {}));

        MultiLayerConfiguration conf = settings.model().configure(task.train().shape(), task.classes(), settings.seed(),
                new Sgd(), Adam.builder().learningRateSchedule(LinearDecay.from(1e-2, 5)).beta2(0.99).build());
        for (NeuralNetConfiguration layer : conf.getConfs().subList(0, 2)) {
            layer.setLayer(new FrozenLayer(layer.getLayer()));
        }
        MultiLayerNetwork stock = new MultiLayerNetwork(conf);
        stock.init();
        // One batch holds all images: their order is nothing to the gradient.
        Batches batches = new Batches(task, true);
        int[] order = IntStream.range(0, 90).toArray();
        for (int epoch = 0; epoch < 5; epoch++) {
            stock.fit(batches.inputs(task.train(), order, 0, 90), batches.labels(task.train(), order, 0, 90));
        }
        // The readout's weights move by 5 steps of about 0.01.
        assertThat(frozen.params().sub(stock.params()).amaxNumber().doubleValue()).isLessThan(1e-4);
    }

    @Test
    void frozenConvolutionsAreNormalisedByTheirOwnStatistics() throws IOException {
        Settings settings = new Settings(
                ModelSpec.parse("cnn-bn:4,6"), TunedRule.builder().build(), 30, 2, 1e-2, 1e-2, false, 3);
        MultiLayerNetwork frozen = model(trainer(settings).train(TrainingRule.FROZEN, epoch -> {}));
        MultiLayerNetwork start = model(trainer(new Settings(
                settings.model(), TunedRule.builder().build(), 30, 1, 1e-30, 1e-30, false, 3))
                .train(TrainingRule.BACKPROP, epoch -> {}));
        for (String weights : List.of("0_W", "1_gamma", "1_beta", "4_W", "5_gamma", "5_beta")) {
            assertThat(frozen.getParam(weights)).as(weights).isEqualTo(start.getParam(weights));
        }
        assertThat(frozen.getParam("1_mean").norm2Number().doubleValue()).isGreaterThan(0.01);
    }

    @Test
    void tellsOfEveryEpochAndCountsThemInTheNetwork() throws IOException {
        List<EpochResult> told = new ArrayList<>();
        Trained trained = trainer(3, 1e-3).train(TrainingRule.BACKPROP, told::add);
        assertThat(told).extracting(EpochResult::epoch).containsExactly(1, 2, 3);
        assertThat(trained.result().epochs()).isEqualTo(told);
        assertThat(model(trained).getEpochCount()).isEqualTo(3);
        // 90 images in batches of 40 are two whole batches and one of 10.
        assertThat(model(trained).getIterationCount()).isEqualTo(9);
    }

    @Test
    void anOutputLayerMayReadAllLayers() throws IOException {
        for (TrainingRule rule : TrainingRule.values()) {
            Trained trained = trainer(new Settings(ModelSpec.parse("mlp:12,8+all"), TunedRule.builder().build(), 40, 2,
                    1e-2, 1e-2, false, 3)).train(rule, epoch -> {});
            assertThat(trained.network().model()).isInstanceOf(ComputationGraph.class);
            assertThat(trained.result().model()).isEqualTo("mlp:12,8+all");
            assertThat(trained.result().parameters())
                    .isEqualTo(64 * 12 + 12 + 12 * 8 + 8 + (12 + 8) * 10 + 10);
        }
    }

    @Test
    void mirroringIsPartOfTheSeed() throws IOException {
        Settings plain = new Settings(
                ModelSpec.parse("mlp:12,8"), TunedRule.builder().build(), 40, 2, 1e-2, 1e-2, false, 3);
        Settings flipped = new Settings(
                ModelSpec.parse("mlp:12,8"), TunedRule.builder().build(), 40, 2, 1e-2, 1e-2, true, 3);
        INDArray once = model(trainer(flipped).train(TrainingRule.BACKPROP, epoch -> {})).params();
        INDArray again = model(trainer(flipped).train(TrainingRule.BACKPROP, epoch -> {})).params();
        INDArray never = model(trainer(plain).train(TrainingRule.BACKPROP, epoch -> {})).params();
        assertThat(once).isEqualTo(again).isNotEqualTo(never);
    }

    @Test
    void measuresSpeeds() throws IOException {
        Speed speed = trainer(1, 1e-3).speed(TrainingRule.IBHEBB, 50);
        assertThat(speed.training()).isPositive().isFinite();
        assertThat(speed.evaluation()).isPositive().isFinite();
    }
}
