package org.ibhebb.internal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.memory.DelayLines;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Only steps whose update was applied count: a network among others' looks and failures ends with the same bits, in its
 * parameters and in all that it remembers.
 */
class StepCommitTest {

    private static final MemoryNetwork RECALLING = DelayLines.recalling(4, 9);

    static List<LearningRule> rules() {
        return List.of(
                LearningRule.builder().memory(16).build(),
                LearningRule.builder().objective(Objective.hsic()).memory(5).build(),
                LearningRule.builder().objective(Objective.normalizedHsic()).memory(32).build(),
                Fixtures.plain().objective(Fixtures.predictionOfMiniBatches()).plus(Objective.neighbourhood())
                        .memory(11).build(),
                LearningRule.builder().memory(RECALLING, 9).build(),
                Fixtures.plain().objective(Objective.hsic()).plus(Objective.prediction()).memory(RECALLING, 4).build());
    }

    /** What happens to a network besides good steps; none of it may show in what it learns. */
    private enum Event {
        LOOK {
            @Override
            void happenTo(MultiLayerNetwork net, DataSet batch) {
                net.setInput(batch.getFeatures());
                net.setLabels(batch.getLabels());
                net.computeGradientAndScore();
            }
        },
        CALCULATE_GRADIENTS {
            @Override
            void happenTo(MultiLayerNetwork net, DataSet batch) {
                net.calculateGradients(batch.getFeatures(), batch.getLabels(), null, null);
            }
        },
        SCORE {
            @Override
            void happenTo(MultiLayerNetwork net, DataSet batch) {
                net.score(batch, true);
                net.output(batch.getFeatures());
            }
        },
        FORWARD_ONLY {
            @Override
            void happenTo(MultiLayerNetwork net, DataSet batch) {
                net.feedForward(batch.getFeatures(), true);
            }
        },
        BAD_INPUT {
            @Override
            void happenTo(MultiLayerNetwork net, DataSet batch) {
                batch.getFeatures().putScalar(0, Double.NaN);
                assertThatThrownBy(() -> net.fit(batch)).isInstanceOf(ArithmeticException.class);
            }
        },
        BAD_LABELS {
            @Override
            void happenTo(MultiLayerNetwork net, DataSet batch) {
                batch.getLabels().putScalar(0, Double.POSITIVE_INFINITY);
                assertThatThrownBy(() -> net.fit(batch)).isInstanceOf(ArithmeticException.class);
            }
        },
        LISTENER_THROWS {
            @Override
            void happenTo(MultiLayerNetwork net, DataSet batch) {
                net.setListeners(new BaseTrainingListener() {
                    @Override
                    public void onGradientCalculation(Model model) {
                        throw new IllegalStateException("on purpose");
                    }
                });
                assertThatThrownBy(() -> net.fit(batch)).hasMessage("on purpose");
                net.setListeners();
            }
        };

        abstract void happenTo(MultiLayerNetwork net, DataSet batch);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void onlyAppliedStepsCount(LearningRule rule) {
        for (long seed = 1; seed <= 3; seed++) {
            Random random = new Random(seed);
            MultiLayerNetwork busy = Fixtures.localMlp(rule, 5, 18, 4, 3);
            MultiLayerNetwork quiet = Fixtures.localMlp(rule, 5, 18, 4, 3);
            List<Object> programme = new ArrayList<>();
            for (int step = 0; step < 25; step++) {
                DataSet batch = Fixtures.clusters(random.nextInt(), 1 + random.nextInt(20), 5, 3);
                if (random.nextBoolean()) {
                    Event event = Event.values()[random.nextInt(Event.values().length)];
                    programme.add(event);
                    event.happenTo(busy, batch.copy());
                } else {
                    if (random.nextInt(4) == 0) {
                        // Nothing is learnt from it: nor what a look before it made ready.
                        batch.setLabelsMaskArray(Nd4j.zeros(DataType.DOUBLE, batch.numExamples(), 1));
                        programme.add("unlabelled");
                    }
                    programme.add(batch.numExamples());
                    busy.fit(batch);
                    quiet.fit(batch);
                }
                assertThat(Fixtures.values(busy.params())).as("%s", programme)
                        .containsExactly(Fixtures.values(quiet.params()));
            }
            assertThat(IbHebb.state(busy).toString()).isEqualTo(IbHebb.state(quiet).toString());
            assertThat(IbHebb.state(busy)).as("%s", programme).isEqualTo(IbHebb.state(quiet));
        }
    }

    /** A layer that is taught by hand is taught once its update has been applied. */
    @Test
    void stepsAppliedByHandCountAtTheNextOne() {
        MultiLayerNetwork byHand = Fixtures.localMlp(Fixtures.plain().build(), 5, 4, 3);
        MultiLayerNetwork fitted = Fixtures.localMlp(Fixtures.plain().build(), 5, 4, 3);
        for (int step = 0; step < 4; step++) {
            DataSet batch = Fixtures.clusters(step, 7, 5, 3);
            Event.LOOK.happenTo(byHand, batch);
            INDArray gradient = byHand.gradient().gradient();
            byHand.getUpdater().update(byHand, byHand.gradient(), step, 0, 7,
                    LayerWorkspaceMgr.noWorkspaces());
            byHand.params().subi(gradient);
            byHand.setIterationCount(step + 1);
            fitted.fit(batch);
        }
        assertThat(Fixtures.values(byHand.params())).containsExactly(Fixtures.values(fitted.params()));
    }
}
