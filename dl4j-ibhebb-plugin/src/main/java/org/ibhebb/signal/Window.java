package org.ibhebb.signal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.ibhebb.rule.LabelKernel;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The samples over which a layer's objective is taken: the current ones first, then those that working memory holds. It
 * keeps what all layers share (the kernels of inputs and labels), computed once, when first asked for.
 */
public final class Window {

    private final int current;
    private final int size;
    private final INDArray inputs;
    private final List<Labels> labels;
    private final Keeper keeper;
    private final Map<Object, INDArray> shared = new HashMap<>();

    /**
     * @param current how many samples are current: signals are formed for these rows
     * @param inputs the network's inputs, N rows; null where no objective reads them
     * @param labels the labels of each output that is known, N rows each; their kernels are averaged
     * @throws IllegalArgumentException if there are no labels, or row counts differ
     */
    public Window(int current, INDArray inputs, List<Labels> labels) {
        this(current, inputs, labels, (name, array) -> array.detach());
    }

    /**
     * As {@link #Window(int, INDArray, List)}, with a place for what is shared.
     *
     * @param current as above
     * @param inputs as above
     * @param labels as above
     * @param keeper keeps the shared kernels for as long as this window is used
     */
    public Window(int current, INDArray inputs, List<Labels> labels, Keeper keeper) {
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("a window needs the labels of at least one output");
        }
        this.size = labels.get(0).rows().rows();
        for (Labels each : labels) {
            checkRows(each.rows(), "labels of output '" + each.output() + "'");
        }
        if (inputs != null) {
            checkRows(inputs, "inputs");
        }
        if (current < 1 || current > size) {
            throw new IllegalArgumentException("current samples (" + current + ") must be from 1 to " + size);
        }
        this.current = current;
        this.inputs = inputs;
        this.labels = List.copyOf(labels);
        this.keeper = keeper;
    }

    /**
     * The rule's objective.
     *
     * @param rule its objectives are summed with their weights; normalisation and pooling are not applied here
     * @param u what the signal sees of the layer's activations, N rows, current ones first
     * @return L
     */
    public double value(LearningRule rule, INDArray u) {
        checkRows(u, "activations");
        double sum = 0;
        for (Objective objective : rule.objectives()) {
            sum += objective.weight() * term(objective, u).value();
        }
        return sum;
    }

    /**
     * The derivative of the rule's objective with respect to the current rows; the remembered rows are constants.
     *
     * @param rule as for {@link #value}
     * @param u as for {@link #value}
     * @return dL/du of the current rows
     */
    public INDArray gradient(LearningRule rule, INDArray u) {
        return sum(rule, u, false);
    }

    /**
     * The modulatory signal xi, one row a current sample, scaled so that its mean over a mini-batch estimates the
     * derivative of the objective: the {@link #gradient} times the number of samples that the objective averages over
     * (all of the window, or the current ones alone where only they are anchors). Learning rates then mean the same at
     * any mini-batch size.
     *
     * @param rule as for {@link #value}
     * @param u as for {@link #value}
     * @return current x d
     */
    public INDArray signal(LearningRule rule, INDArray u) {
        return sum(rule, u, true);
    }

    private INDArray sum(LearningRule rule, INDArray u, boolean perSample) {
        checkRows(u, "activations");
        INDArray sum = null;
        for (Objective objective : rule.objectives()) {
            Term term = term(objective, u);
            double scale = objective.weight() * (perSample ? term.averagedOver() : 1);
            INDArray gradient = term.gradient();
            if (scale != 1) {
                gradient.muli(scale);
            }
            sum = sum == null ? gradient : sum.addi(gradient);
        }
        return sum;
    }

    private Term term(Objective objective, INDArray u) {
        if (objective.groups() == 0) {
            return ungrouped(objective, u);
        }
        Grouping grouping = new Grouping(u, objective.groups());
        Term term = ungrouped(objective, grouping.values());
        return new Term() {
            @Override
            public double value() {
                return term.value();
            }

            @Override
            public INDArray gradient() {
                return grouping.backward(term.gradient());
            }

            @Override
            public int averagedOver() {
                return term.averagedOver();
            }
        };
    }

    private Term ungrouped(Objective objective, INDArray u) {
        return objective.kind() == Objective.Kind.NEIGHBOURHOOD
                ? new Neighbourhood(objective, this, u)
                : new Dependence(objective, this, u);
    }

    int current() {
        return current;
    }

    int size() {
        return size;
    }

    /** Ky: the mean of the kernels of all known outputs. */
    INDArray labelKernel(LabelKernel kernel) {
        return shared("Ky", kernel, () -> {
            INDArray sum = labels.get(0).kernel(kernel);
            for (Labels each : labels.subList(1, labels.size())) {
                sum.addi(each.kernel(kernel));
            }
            return labels.size() == 1 ? sum : sum.divi(labels.size());
        });
    }

    /** H Ky H. */
    INDArray centredLabelKernel(LabelKernel kernel) {
        return shared("H Ky H", kernel, () -> Kernels.centred(labelKernel(kernel)));
    }

    /** H Kx H. */
    INDArray centredInputKernel(double sigmaX) {
        if (inputs == null) {
            throw new IllegalStateException("the objective compares activations with the network's input, and no input"
                    + " was given");
        }
        return shared("H Kx H", sigmaX, () -> Kernels.centred(Kernels.gaussian(
                Kernels.squaredDistances(inputs), Kernels.squaredBandwidth(false, sigmaX, null, inputs.columns()))));
    }

    /**
     * What one layer computes and the others find.
     *
     * @param setting tells arrays of one name apart
     */
    INDArray shared(String name, Object setting, Supplier<INDArray> compute) {
        List<Object> key = List.of(name, setting);
        INDArray known = shared.get(key);
        if (known == null) {
            known = keeper.keep(key, compute.get());
            shared.put(key, known);
        }
        return known;
    }

    private void checkRows(INDArray rows, String what) {
        if (rows.rank() != 2 || rows.rows() != size) {
            throw new IllegalArgumentException("the window holds " + size + " samples, but the " + what + " have shape "
                    + Nd4j.createFromArray(rows.shape()));
        }
    }

    /** One objective over one window and one layer's activations. */
    interface Term {

        /** L. */
        double value();

        /** dL/du of the current rows, in a fresh array. */
        INDArray gradient();

        /** How many samples L is the average over. */
        int averagedOver();
    }
}
