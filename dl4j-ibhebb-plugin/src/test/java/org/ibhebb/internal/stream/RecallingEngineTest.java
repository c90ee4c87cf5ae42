package org.ibhebb.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.NativeRun;
import org.ibhebb.internal.memory.Placement;
import org.ibhebb.internal.memory.Slots;
import org.ibhebb.internal.memory.WorkingMemory;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.memory.MemoryPretrainer;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A streaming network whose samples a memory network recalls: as the working memory of mini-batches does. */
class RecallingEngineTest {

    private static final int MEMORY = 5;
    private static final int[] WIDTHS = {6, 19, 17, 3};
    private static final int SAMPLES = 23;
    private static final MemoryNetwork NETWORK = MemoryPretrainer.builder().units(40).activityWidth(4).recall(MEMORY)
            .seed(3).build().pretrain(done -> { });

    @TempDir
    Path folder;

    private static LearningRule rule(Objective... more) {
        LearningRule.Builder rule = LearningRule.builder().objective(Objective.prediction().withRate(1))
                .memory(NETWORK, MEMORY);
        for (Objective objective : more) {
            rule.plus(objective);
        }
        return rule.build();
    }

    private static Learner learner(DataType type, LossFunction loss, boolean inJava) {
        MultiLayerNetwork network = Chains.network(type, Activation.TANH, loss, WIDTHS);
        return new Learner(LayerChain.of(network),
                Chains.settings(rule(Objective.neighbourhood().withWeight(0.3)), Schedule.FALLING, 2e-3, 5e-3), inJava);
    }

    private static void learn(Learner learner, int from, int to) {
        int[] classes = Chains.classes(7, SAMPLES, 3);
        double[] rows = Chains.inputs(7, classes, WIDTHS[0]);
        Batch batch = learner.batch();
        batch.inputs(rows, from, to - from);
        if (learner.hasClasses()) {
            batch.classes(classes, from);
        } else {
            batch.labels(Chains.oneHot(classes, 3), from);
        }
        learner.learn(batch, true);
    }

    /** Sample by sample, every slot holds what the working memory of mini-batches holds when it gets the same rows. */
    @Test
    void recallsWhatTheBatchNetworksMemoryRecalls() {
        for (boolean inJava : new boolean[] {true, false}) {
            for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
                for (LossFunction loss : List.of(LossFunction.MCXENT, LossFunction.XENT, LossFunction.MSE)) {
                    compare(learner(type, loss, inJava), loss);
                }
            }
        }
    }

    private static void compare(Learner learner, LossFunction loss) {
        Contents contents = learner.contents();
        Plan plan = contents.plan();
        LearningRule rule = rule();
        Slots slots = new Slots(MEMORY);
        WorkingMemory labels = WorkingMemory.ofLabels(rule, switch (loss) {
            case MCXENT -> Labels.Encoding.CLASSES;
            case XENT -> Labels.Encoding.INDEPENDENT;
            default -> Labels.Encoding.REAL;
        });
        List<WorkingMemory> layers = List.of(WorkingMemory.ofActivations(rule), WorkingMemory.ofActivations(rule));
        for (int i = 0; i < SAMPLES; i++) {
            learn(learner, i, i + 1);
            List<Placement> placements = slots.plan(1);
            compare(contents, plan.places().labelRows(), 3, labels, placements.get(0));
            for (int layer = 0; layer < 2; layer++) {
                Plan.Layer own = plan.hidden().get(layer);
                compare(contents, own.memory(), own.out(), layers.get(layer), placements.get(0));
            }
            slots.commit(placements);
        }
    }

    private static void compare(Contents contents, long start, int width, WorkingMemory memory, Placement placement) {
        double[] slots = new double[MEMORY * width];
        contents.state().get(start, slots, 0, slots.length);
        INDArray newest = Nd4j.create(DataType.DOUBLE, 1, width);
        for (int k = 0; k < width; k++) {
            newest.putScalar(0, k, slots[placement.slot() * width + k]);
        }
        memory.write(newest.castTo(contents.type()), placement);
        INDArray expected = memory.window(placement).rows();
        memory.commit();
        for (int slot = 0; slot < placement.window(); slot++) {
            for (int k = 0; k < width; k++) {
                assertThat(slots[slot * width + k]).isEqualTo(expected.getDouble(slot, k));
            }
        }
    }

    @Test
    void bothEnginesLearnTheSame() {
        NativeRun.assume();
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            Learner java = learner(type, LossFunction.MCXENT, true);
            Learner compiled = learner(type, LossFunction.MCXENT, false);
            learn(java, 0, SAMPLES);
            learn(compiled, 0, SAMPLES);
            for (long i = 0; i < java.contents().learning().length(); i++) {
                assertThat(compiled.contents().learning().get(i)).isCloseTo(java.contents().learning().get(i),
                        within(type == DataType.FLOAT ? 1e-5 : 1e-12));
            }
        }
    }

    @Test
    void blocksAreSingleSamplesAndAnInterruptionChangesNothing() throws Exception {
        Learner through = learner(DataType.FLOAT, LossFunction.MCXENT, false);
        learn(through, 0, SAMPLES);
        Learner begun = learner(DataType.FLOAT, LossFunction.MCXENT, false);
        for (int i = 0; i < 9; i++) {
            learn(begun, i, i + 1);
        }
        Path file = folder.resolve("learner");
        begun.save(file);
        MultiLayerNetwork fresh = Chains.network(DataType.FLOAT, Activation.TANH, LossFunction.MCXENT, WIDTHS);
        Learner resumed = Learner.resume(LayerChain.of(fresh), file, false);
        learn(resumed, 9, SAMPLES);
        for (long i = 0; i < through.contents().learning().length(); i++) {
            assertThat(resumed.contents().learning().get(i)).isEqualTo(through.contents().learning().get(i));
        }
    }

    @Test
    void objectivesThatCompareAllThatIsRememberedAreRefused() {
        LayerChain chain = LayerChain.of(
                Chains.network(DataType.FLOAT, Activation.TANH, LossFunction.MCXENT, WIDTHS));
        assertThatIllegalArgumentException().isThrownBy(() -> new Learner(chain,
                Chains.settings(rule(Objective.hsic()), Schedule.FALLING, 2e-3, 5e-3), true))
                .withMessageContaining("'layer0'").withMessageContaining("recalls anew");
    }
}
