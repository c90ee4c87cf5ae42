package org.ibhebb.samples.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class TasksTest {

    private static final Set<Source> FOREIGN = Set.of(Source.MNIST, Source.FASHION_MNIST, Source.CIFAR10);

    private static TaskData make(Task.Data data, long seed) throws IOException {
        return data.make(seed, null, new PrintWriter(new StringWriter()));
    }

    @Test
    void namesAreDifferent() {
        assertThat(Tasks.all()).extracting(Task::name).doesNotHaveDuplicates().hasSizeGreaterThan(50);
        assertThat(Tasks.all()).filteredOn(Task::quick).hasSizeBetween(15, 30);
    }

    @Test
    void everyKindOfTaskIsLearntByEveryKindOfTraining() throws IOException {
        Set<Object> seen = new HashSet<>();
        for (Task task : Tasks.all()) {
            if (FOREIGN.contains(task.data().source()) || !seen.add(task.data().source() + task.network())
                    || task.network().contains("512")) {
                continue;
            }
            Task once = new Task(task.name(), task.group(), task.data(), task.network(), task.activation(), 1000, 1,
                    task.updater(), task.sorted(), false);
            TaskData data = make(task.data(), 1);
            for (Way way : new Way[] {Way.DEFAULT, Way.BACKPROP, Way.FROZEN}) {
                Outcome outcome = new Trial(Outcome.asked(once, way, task.updater(), false, false, 1), data).run();
                assertThat(outcome.note()).as("%s by %s", task.name(), way).isNull();
                assertThat(outcome.error()).as("%s by %s", task.name(), way).isBetween(0.0, 2.0);
                assertThat(outcome.steps()).isPositive();
            }
        }
    }

    @Test
    void frozenLayersKeepTheirWeightsAndOthersDoNot() throws IOException {
        Task task = Tasks.all().stream().filter(each -> each.name().equals("moons")).findFirst().orElseThrow();
        TaskData data = make(task.data(), 1);
        double frozen = new Trial(Outcome.asked(task, Way.FROZEN, task.updater(), false, false, 1), data).run().error();
        double learnt = new Trial(Outcome.asked(task, Way.BACKPROP, task.updater(), false, false, 1), data).run()
                .error();
        assertThat(frozen).isGreaterThan(learnt + 0.02);
    }

    @Test
    void equalSeedsGiveEqualSamplesAndNoneIsInBothParts() throws IOException {
        for (Source source : Source.values()) {
            if (FOREIGN.contains(source)) {
                continue;
            }
            Task.Data data = new Task.Data(source, source == Source.BLOBS ? 4 : 0, 1);
            TaskData first = make(data, 7);
            TaskData again = make(data, 7);
            assertThat(first.trainInputs()).as("%s", source).isEqualTo(again.trainInputs());
            assertThat(first.testLabels()).as("%s", source).isEqualTo(again.testLabels());
            assertThat(first.trainInputs().size(0)).isEqualTo(first.trainLabels().size(0));
            assertThat(first.testInputs().size(0)).isEqualTo(first.testLabels().size(0));
        }
    }

    @Test
    void inputsAreStandardisedByTheTrainingSamplesAlone() throws IOException {
        TaskData data = make(new Task.Data(Source.WINE, 0, 1), 3);
        assertThat(data.samples()).isEqualTo(178 - 53);
        assertThat(data.trainInputs().mean(0).amaxNumber().doubleValue()).isCloseTo(0, within(1e-5));
        assertThat(data.trainInputs().std(false, 0).sub(1).amaxNumber().doubleValue()).isCloseTo(0, within(1e-3));
        assertThat(data.testInputs().mean(0).amaxNumber().doubleValue()).isGreaterThan(0.05);
        TaskData scaled = make(new Task.Data(Source.WINE, 0, 100), 3);
        assertThat(scaled.trainInputs().sub(data.trainInputs().mul(100)).amaxNumber().doubleValue())
                .isCloseTo(0, within(1e-3));
    }

    @Test
    void validationSamplesAreTrainingSamplesThatAreNotTrainedOn() throws IOException {
        TaskData data = make(new Task.Data(Source.SQUARE, 0, 1), 3);
        TaskData validating = data.validating();
        assertThat(validating.samples() + validating.testInputs().size(0)).isEqualTo(data.samples());
        Set<Float> all = new HashSet<>();
        for (INDArray part : new INDArray[] {validating.trainInputs(), validating.testInputs()}) {
            for (float x : part.ravel().toFloatVector()) {
                assertThat(all.add(x)).isTrue();
            }
        }
        for (float x : data.trainInputs().ravel().toFloatVector()) {
            assertThat(all).contains(x);
        }
        TaskData whole = make(new Task.Data(Source.XOR, 0, 1), 3);
        assertThat(whole.validating()).isSameAs(whole);
    }

    @Test
    void sequencesAreWhatTheyAreSaidToBe() throws IOException {
        TaskData echo = make(new Task.Data(Source.ECHO, 0, 1), 3);
        int steps = (int) echo.shape()[1];
        for (int t = 2; t < steps; t++) {
            double told = echo.trainInputs().getDouble(5, t - 2);
            assertThat(echo.trainLabels().getDouble(5, steps + t)).isEqualTo(told);
            assertThat(echo.trainLabels().getDouble(5, t)).isEqualTo(1 - told);
        }
        TaskData adding = make(new Task.Data(Source.ADDING, 0, 1), 3);
        int length = (int) adding.shape()[1];
        double sum = 0;
        for (int t = 0; t < length; t++) {
            sum += adding.trainInputs().getDouble(5, t) * adding.trainInputs().getDouble(5, length + t);
        }
        assertThat(adding.trainLabels().getDouble(5, 0)).isCloseTo(sum, within(1e-5));
        TaskData waves = make(new Task.Data(Source.WAVES, 0, 1), 3);
        assertThat(waves.shape()).containsExactly(5, 16);
        // A sine's mean square, and that of the noise.
        assertThat(waves.trainInputs().mul(waves.trainInputs()).meanNumber().doubleValue())
                .isCloseTo(0.5 + 0.64, within(0.05));
        assertThat(waves.trainLabels().sum(0).minNumber().doubleValue()).isGreaterThan(250);
        TaskData imbalance = make(new Task.Data(Source.IMBALANCE, 0, 1), 3);
        assertThat(imbalance.trainLabels().mean(0).getDouble(1)).isCloseTo(0.05, within(0.02));
    }
}
