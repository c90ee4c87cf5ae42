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
        ImageTask digits = Digits.load();
        ImageTask few = new ImageTask("digits", 10, digits.train().first(90), digits.test().first(30));
        return new Trainer(few, new Settings(
                ModelSpec.parse("mlp:12,8"), LearningRule.defaults(), 40, epochs, lr, lr, 3));
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
}
