package org.ibhebb.internal.term.window;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Buffers;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.internal.arithmetic.Span;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.LabelKernel;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The samples over which a layer's objective is taken: the current ones, and those that working memory holds, each in
 * its slot. It keeps what all layers share (the kernels of inputs and labels), computed once, when first asked for.
 */
public final class Window {

    private final Arithmetic arithmetic;
    private final Span span;
    private final SlotRows inputs;
    private final List<Labels> labels;
    private final Buffers buffers;
    private final Map<Object, INDArray> shared = new HashMap<>();

    /**
     * A window of its own: current samples first, then the others.
     *
     * @param current how many samples are current: signals are formed for these rows
     * @param inputs the network's inputs, N rows; null where no objective reads them
     * @param labels the labels of each output that is known, N rows each; their kernels are averaged
     * @throws IllegalArgumentException if there are no labels, or row counts differ
     */
    public Window(int current, INDArray inputs, List<Labels> labels) {
        this(Arithmetic.of(type(labels)), 0, current, rows(labels), inputs == null ? null : SlotRows.of(inputs),
                labels, Buffers.fresh());
    }

    /**
     * A window whose samples lie in slots.
     *
     * @param arithmetic computes
     * @param first the slot of the first current sample; the others follow, around the end
     * @param current how many samples are current: signals are formed for these rows
     * @param size how many samples the window has; all arrays may have more rows, which do not count
     * @param inputs the network's inputs; null where no objective reads them
     * @param labels the labels of each output that is known; their kernels are averaged
     * @param buffers keep what layers share for as long as this window is used
     * @throws IllegalArgumentException if there are no labels, an array has too few rows, or the current samples are
     *     not in the window
     */
    public Window(Arithmetic arithmetic, int first, int current, int size, SlotRows inputs, List<Labels> labels,
            Buffers buffers) {
        this.arithmetic = arithmetic;
        this.span = new Span(first, current, size);
        this.inputs = inputs;
        this.labels = List.copyOf(labels);
        this.buffers = buffers;
        type(labels);
        for (Labels each : labels) {
            checkRows(each.rows(), "labels of output '" + each.output() + "'");
        }
        if (inputs != null) {
            checkRows(inputs.rows(), "inputs");
        }
    }

    private static DataType type(List<Labels> labels) {
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("a window needs the labels of at least one output");
        }
        return labels.get(0).rows().dataType();
    }

    private static int rows(List<Labels> labels) {
        int rows = labels.get(0).rows().rows();
        for (Labels each : labels) {
            if (each.rows().rows() != rows) {
                throw new IllegalArgumentException("labels of " + rows + " samples, but those of output '"
                        + each.output() + "' are of " + each.rows().rows());
            }
        }
        return rows;
    }

    /**
     * The rule's objective.
     *
     * @param rule its objectives are summed with their weights, but for those that are none of a window;
     *     normalisation and pooling are not applied here
     * @param u what the signal sees of the layer's activations, one row a sample, each in its slot
     * @return L
     */
    public double value(LearningRule rule, INDArray u) {
        checkRows(u, "activations");
        double sum = 0;
        for (Objective objective : rule.objectives()) {
            if (objective.kind().readsWindow()) {
                sum += objective.weight() * WindowObjective.of(objective, this).value(u);
            }
        }
        return sum;
    }

    /**
     * The derivative of the rule's objective with respect to the current rows; the remembered rows are constants.
     *
     * @param rule as for {@link #value}
     * @param u what the signal sees of the layer's activations
     * @param gradient receives dL/du of the current samples, in their order: current x d, without gaps, by rows
     */
    public void gradient(LearningRule rule, SlotRows u, INDArray gradient) {
        sum(rule, u, false, gradient);
    }

    /**
     * The modulatory signal xi, one row a current sample, scaled so that its mean over a mini-batch estimates the
     * derivative of the objective: the {@link #gradient} times the number of samples that the objective averages over
     * (all of the window, or the current ones alone where only they are anchors). Learning rates then mean the same at
     * any mini-batch size.
     *
     * @param rule as for {@link #value}
     * @param u as for {@link #gradient}
     * @param signal as for {@link #gradient}
     */
    public void signal(LearningRule rule, SlotRows u, INDArray signal) {
        sum(rule, u, true, signal);
    }

    private void sum(LearningRule rule, SlotRows u, boolean perSample, INDArray sum) {
        INDArray rows = u.rows();
        checkRows(rows, "activations");
        if (sum.rank() != 2 || sum.size(0) != span.count() || sum.size(1) != rows.size(1)
                || sum.dataType() != rows.dataType()) {
            throw new IllegalArgumentException("the signal must be " + span.count() + " x " + rows.size(1) + " of type "
                    + rows.dataType() + ", and has shape " + Arrays.toString(sum.shape()) + " of type "
                    + sum.dataType());
        }
        boolean add = false;
        for (Objective objective : rule.objectives()) {
            if (objective.kind().readsWindow()) {
                WindowObjective own = WindowObjective.of(objective, this);
                own.gradient(u, objective.weight() * (perSample ? own.averagesOver() : 1), add, sum);
                add = true;
            }
        }
        if (!add) {
            sum.assign(0);
        }
    }

    Arithmetic arithmetic() {
        return arithmetic;
    }

    /** Which of the samples are current. */
    Span span() {
        return span;
    }

    int size() {
        return span.size();
    }

    /** Ky: the mean of the kernels of all known outputs. */
    INDArray labelKernel(LabelKernel setting) {
        return shared("Ky", setting, mean -> {
            labels.get(0).kernel(arithmetic, setting, size(), mean);
            if (labels.size() > 1) {
                INDArray next = buffers.get("Ky of one output", mean.dataType(), 'c', size(), size());
                for (Labels each : labels.subList(1, labels.size())) {
                    each.kernel(arithmetic, setting, size(), next);
                    mean.addi(next);
                }
                mean.divi(labels.size());
            }
        });
    }

    /** H Ky H. */
    INDArray centredLabelKernel(LabelKernel setting) {
        INDArray labelKernel = labelKernel(setting);
        return shared("H Ky H", setting, centred -> arithmetic.centre(labelKernel, null, 0, centred));
    }

    /** H (Kx - gamma Ky) H: compression against task. */
    INDArray balance(Objective objective) {
        if (inputs == null) {
            throw new IllegalStateException("the objective compares activations with the network's input, and no input"
                    + " was given");
        }
        INDArray inputKernel = shared("Kx", objective.sigmaX(), gaussian ->
                arithmetic.gaussian(inputs, size(), false, objective.sigmaX(), gaussian));
        INDArray labelKernel = labelKernel(objective.labels());
        return shared("H (Kx - gamma Ky) H", balanceSetting(objective), balance ->
                arithmetic.centre(inputKernel, labelKernel, objective.gamma(), balance));
    }

    /** dL/dK of the published code's formula. */
    INDArray diagonalOnly(Objective objective) {
        INDArray balance = balance(objective);
        return shared("reference", balanceSetting(objective), sensitivity ->
                arithmetic.diagonalOnly(balance, sensitivity));
    }

    private static Object balanceSetting(Objective objective) {
        return List.of(objective.sigmaX(), objective.gamma(), objective.labels());
    }

    /**
     * An N x N matrix that one layer computes and the others find.
     *
     * @param setting tells matrices of one name apart
     */
    private INDArray shared(String name, Object setting, Consumer<INDArray> compute) {
        List<Object> key = List.of(name, setting);
        INDArray known = shared.get(key);
        if (known == null) {
            known = buffers.get(key, type(labels), 'c', size(), size());
            compute.accept(known);
            shared.put(key, known);
        }
        return known;
    }

    /** Scratch memory that layers share. */
    INDArray scratch(String name, DataType type, long rows, long columns) {
        return buffers.get(name, type, 'c', rows, columns);
    }

    private void checkRows(INDArray rows, String what) {
        if (rows.rank() != 2 || rows.rows() < size() || rows.dataType() != type(labels)) {
            throw new IllegalArgumentException("the window holds " + size() + " samples of type " + type(labels)
                    + ", but the " + what + " have shape " + Arrays.toString(rows.shape()) + " and type "
                    + rows.dataType());
        }
    }
}
