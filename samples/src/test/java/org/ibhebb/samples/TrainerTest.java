package org.ibhebb.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.rule.LearningRule;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class TrainerTest {

    private static Trainer trainer(int epochs, double lr) throws IOException {
        return trainer(new Settings(
                ModelSpec.parse("mlp:12,8"), LearningRule.defaults(), 40, epochs, lr, lr, false, 3));
    }

    private static Trainer trainer(Settings settings) throws IOException {
        return new Trainer(new ImageTask(
                "digits", 10, Digits.train().first(90), Digits.test().first(30), HeldOut.TEST), settings);
    }

    @Test
    void frozenLayersKeepTheWeightsThatEveryRuleStartsFrom() throws IOException {
        // A learning rate of next to nothing leaves all weights where they began.
        MultiLayerNetwork start = trainer(1, 1e-30).train(TrainingRule.BACKPROP, epoch -> {}).network();
        MultiLayerNetwork frozen = trainer(3, 1e-2).train(TrainingRule.FROZEN, epoch -> {}).network();
        MultiLayerNetwork local = trainer(1, 1e-30).train(TrainingRule.IBHEBB, epoch -> {}).network();
        MultiLayerNetwork learnt = trainer(3, 1e-2).train(TrainingRule.IBHEBB, epoch -> {}).network();

        assertThat(local.params()).isEqualTo(start.params());
        for (int layer = 0; layer < 2; layer++) {
            INDArray first = start.getLayer(layer).params();
            assertThat(frozen.getLayer(layer).params()).isEqualTo(first);
            assertThat(learnt.getLayer(layer).params()).isNotEqualTo(first);
        }
        assertThat(frozen.getLayer(2).params()).isNotEqualTo(start.getLayer(2).params());
    }

    @Test
    void tellsOfEveryEpochAndCountsThemInTheNetwork() throws IOException {
        List<EpochResult> told = new ArrayList<>();
        Trained trained = trainer(3, 1e-3).train(TrainingRule.BACKPROP, told::add);
        assertThat(told).extracting(EpochResult::epoch).containsExactly(1, 2, 3);
        assertThat(trained.result().epochs()).isEqualTo(told);
        assertThat(trained.network().getEpochCount()).isEqualTo(3);
        // 90 images in batches of 40 are two whole batches and one of 10.
        assertThat(trained.network().getIterationCount()).isEqualTo(9);
    }

    @Test
    void mirroringIsPartOfTheSeed() throws IOException {
        Settings plain = new Settings(
                ModelSpec.parse("mlp:12,8"), LearningRule.defaults(), 40, 2, 1e-2, 1e-2, false, 3);
        Settings flipped = new Settings(
                ModelSpec.parse("mlp:12,8"), LearningRule.defaults(), 40, 2, 1e-2, 1e-2, true, 3);
        INDArray once = trainer(flipped).train(TrainingRule.BACKPROP, epoch -> {}).network().params();
        INDArray again = trainer(flipped).train(TrainingRule.BACKPROP, epoch -> {}).network().params();
        INDArray never = trainer(plain).train(TrainingRule.BACKPROP, epoch -> {}).network().params();
        assertThat(once).isEqualTo(again).isNotEqualTo(never);
    }

    @Test
    void measuresSpeeds() throws IOException {
        Speed speed = trainer(1, 1e-3).speed(TrainingRule.IBHEBB, 50);
        assertThat(speed.training()).isPositive().isFinite();
        assertThat(speed.evaluation()).isPositive().isFinite();
    }
}
