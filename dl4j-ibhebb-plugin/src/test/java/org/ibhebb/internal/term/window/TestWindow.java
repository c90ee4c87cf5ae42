package org.ibhebb.internal.term.window;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.ibhebb.Fixtures;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What {@link ModulatorySignal} is asked about, as one value that a test can vary piece by piece. */
public record TestWindow(INDArray activations, int current, INDArray inputs, List<Labels> labels) {

    /** The objectives that a window has. */
    public static List<Objective.Kind> kinds() {
        return Arrays.stream(Objective.Kind.values()).filter(Objective.Kind::readsWindow).toList();
    }

    /** Standard normal activations and inputs, every class present, all samples current. */
    public static TestWindow random(long seed, int n, int d) {
        Random random = new Random(seed);
        return new TestWindow(
                normal(random, n, d),
                n,
                normal(random, n, 4),
                List.of(classes("output", oneHot(randomClasses(random, n, n < 7 ? 2 : 3), n < 7 ? 2 : 3))));
    }

    public static INDArray normal(Random random, int rows, int columns) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int i = 0; i < columns; i++) {
                row[i] = random.nextGaussian();
            }
        }
        return Nd4j.createFromArray(values);
    }

    public static INDArray uniform(Random random, int rows, int columns) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int i = 0; i < columns; i++) {
                row[i] = random.nextDouble();
            }
        }
        return Nd4j.createFromArray(values);
    }

    /** One class a sample; each class has a sample if there are enough samples. */
    private static int[] randomClasses(Random random, int n, int classes) {
        int[] drawn = new int[n];
        for (int i = 0; i < n; i++) {
            drawn[i] = i < classes ? i : random.nextInt(classes);
        }
        for (int i = n - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int swapped = drawn[i];
            drawn[i] = drawn[other];
            drawn[other] = swapped;
        }
        return drawn;
    }

    public static INDArray oneHot(int[] drawn, int classes) {
        double[][] rows = new double[drawn.length][classes];
        for (int i = 0; i < drawn.length; i++) {
            rows[i][drawn[i]] = 1;
        }
        return Nd4j.createFromArray(rows);
    }

    public static Labels classes(String output, INDArray rows) {
        return new Labels(output, rows, Labels.Encoding.CLASSES);
    }

    /** A rule of one objective that sees the activations as they are. */
    public static LearningRule plain(Objective objective) {
        return Fixtures.plain()
                .objective(objective)
                .normalization(LearningRule.Normalization.NONE)
                .build();
    }

    /** A rule of one objective that sees the activations layer-normalised. */
    public static LearningRule normalised(Objective objective) {
        return Fixtures.plain().objective(objective).build();
    }

    public TestWindow withActivations(INDArray other) {
        return new TestWindow(other, current, inputs, labels);
    }

    public TestWindow withCurrent(int other) {
        return new TestWindow(activations, other, inputs, labels);
    }

    public TestWindow withInputs(INDArray other) {
        return new TestWindow(activations, current, other, labels);
    }

    public TestWindow withLabels(Labels... other) {
        return new TestWindow(activations, current, inputs, List.of(other));
    }

    public TestWindow withClasses(int... drawn) {
        int classes = 1;
        for (int each : drawn) {
            classes = Math.max(classes, each + 1);
        }
        return withLabels(classes("output", oneHot(drawn, classes)));
    }

    /** All arrays in this type, in fresh arrays. */
    public TestWindow as(DataType type) {
        return new TestWindow(
                activations.castTo(type),
                current,
                inputs.castTo(type),
                labels.stream()
                        .map(each -> new Labels(each.output(), each.rows().castTo(type), each.encoding()))
                        .toList());
    }

    /** The same samples in another order: row i becomes what row order[i] was. */
    public TestWindow reordered(int... order) {
        return new TestWindow(
                Nd4j.pullRows(activations, 1, order),
                current,
                Nd4j.pullRows(inputs, 1, order),
                labels.stream()
                        .map(each -> new Labels(each.output(), Nd4j.pullRows(each.rows(), 1, order), each.encoding()))
                        .toList());
    }

    public int size() {
        return activations.rows();
    }

    public double objective(LearningRule rule) {
        return ModulatorySignal.objective(rule, activations, current, inputs, labels);
    }

    public INDArray gradient(LearningRule rule) {
        return ModulatorySignal.gradient(rule, activations, current, inputs, labels);
    }

    /** The objective with other activations in place of these. */
    public double objectiveAt(LearningRule rule, INDArray other) {
        return ModulatorySignal.objective(rule, other, current, inputs, labels);
    }
}
