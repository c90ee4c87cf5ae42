package org.ibhebb.rule;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * What a hidden layer descends: one term of a {@link LearningRule}, with the kernels and the balance that it uses.
 * Immutable; every {@code with...} method returns a changed copy. A setting that a kind does not read keeps its default
 * whatever it is given, so that equal objectives are equal: the methods say who reads what.
 *
 * <p>The modulatory signal of a layer is the derivative of its objective with respect to the layer's activations, over
 * the window of samples that working memory and the current mini-batch form. Formulas and sources are in
 * {@code docs/rule.md}.
 */
public final class Objective implements Serializable {

    /** The objectives that exist. Their {@linkplain #toString() names} are those of the command line and of JSON. */
    public enum Kind {
        /**
         * {@code HSIC(X,Z) - gamma HSIC(Y,Z)}: the information-bottleneck objective of Daruwalla and Lipasti (2024).
         */
        @JsonProperty("hsic")
        HSIC("hsic"),
        /** {@code HSIC(Z,Z) - gamma HSIC(Y,Z)}: compresses the activation itself (Pogodin and Latham 2020). */
        @JsonProperty("hsic-zz")
        HSIC_ZZ("hsic-zz"),
        /** {@code -HSIC(Y,Z) / (norm Y * norm Z)}: centred kernel alignment; the balance of HSIC-ZZ chooses itself. */
        @JsonProperty("normalized-hsic")
        NORMALIZED_HSIC("normalized-hsic"),
        /**
         * Neighbourhood components analysis (Goldberger et al. 2004): the leave-one-out kernel estimate of the
         * conditional entropy H(Y|Z). It is not an HSIC.
         */
        @JsonProperty("neighbourhood")
        NEIGHBOURHOOD("neighbourhood"),
        /**
         * The loss of a linear readout of the layer's own, which predicts the labels and learns by the delta rule: an
         * upper bound of the conditional entropy H(Y|Z), over all samples and not a window of them. It is not an HSIC.
         */
        @JsonProperty("prediction")
        PREDICTION("prediction"),
        /**
         * The formula of the authors' published code, which keeps only the diagonal of the centred kernels. It differs
         * from the paper's objective and is here for comparison only.
         */
        @JsonProperty("reference")
        REFERENCE("reference");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /**
         * The kind of that name.
         *
         * @param name a name as {@link #toString()} gives it, such as {@code hsic-zz}
         * @return the kind
         * @throws IllegalArgumentException naming all kinds, if there is none of that name
         */
        public static Kind fromName(String name) {
            return Arrays.stream(values())
                    .filter(kind -> kind.label.equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no objective is called '" + name + "': there are "
                            + Arrays.stream(values()).map(Kind::toString).collect(Collectors.joining(", "))));
        }

        /** Whether the objective compares activations with the network's input X. */
        boolean readsInput() {
            return this == HSIC || this == REFERENCE;
        }

        /** Whether it balances task against compression. */
        boolean readsGamma() {
            return this == HSIC || this == HSIC_ZZ || this == REFERENCE;
        }

        /**
         * Whether it is an objective of the samples in a window, by kernels of activations and labels.
         *
         * @return false for one that remembers something of its own in their place, as prediction does
         */
        public boolean readsWindow() {
            return this != PREDICTION;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    private static final double GAMMA = 2;
    private static final double SIGMA_X = 0.5;
    private static final double RATE = 1;
    private static final Kernel DEFAULT_KERNEL = Kernel.gaussian(0.5);

    /** Which objective. */
    private final Kind kind;
    /** In the rule's sum. */
    private final double weight;
    /** On the activations. */
    private final Kernel kernel;
    /** Of units; 0 for single units. */
    private final int groups;
    /** Task against compression. */
    private final double gamma;
    /** Of the kernel on the network's input. */
    private final double sigmaX;
    /** The kernel on the labels. */
    private final LabelKernel labels;
    /** Of the delta rule by which the layer's own readout learns; null but for prediction. */
    private final Double rate;
    /**
     * Samples that the layer's own readout reads before it learns, 0 for all of a mini-batch; null but for prediction.
     */
    private final Integer block;
    /** The least share of the weight that stays as the layer's readout learns; null for a weight that does not fade. */
    private final Double fade;

    /**
     * Settings that this kind does not read have their defaults, whatever is given: equal objectives are equal. (JSON
     * has all fields for all kinds.) JSON leaves what it does not find null, where a primitive would silently become 0.
     */
    @JsonCreator
    private Objective(
            @JsonProperty("kind") Kind kind,
            @JsonProperty("weight") Double weight,
            @JsonProperty("kernel") Kernel kernel,
            @JsonProperty("groups") Integer groups,
            @JsonProperty("gamma") Double gamma,
            @JsonProperty("sigmaX") Double sigmaX,
            @JsonProperty("labels") LabelKernel labels,
            @JsonProperty("rate") Double rate,
            @JsonProperty("block") Integer block,
            @JsonProperty("fade") Double fade) {
        Checks.present(kind, "kind");
        Checks.present(weight, "weight");
        Checks.present(kernel, "kernel");
        Checks.present(groups, "groups");
        Checks.present(gamma, "gamma");
        Checks.present(sigmaX, "sigmaX");
        Checks.present(labels, "labels");
        Checks.positive(weight, "weight");
        Checks.notNegative(gamma, "gamma");
        Checks.positive(sigmaX, "sigmaX");
        if (groups != 0) {
            Checks.atLeast(2, groups, "groups");
        }
        if (kind == Kind.NEIGHBOURHOOD && kernel.type() == Kernel.Type.COSINE) {
            throw new IllegalArgumentException(
                    "the neighbourhood objective takes the logarithm of its kernel, which a cosine (it can be negative)"
                            + " does not have: use a Gaussian kernel");
        }
        if (kind == Kind.PREDICTION) {
            Checks.present(rate, "rate");
            Checks.positive(rate, "rate");
            if (groups != 0) {
                throw new IllegalArgumentException("the prediction objective reads single units, and groups (" + groups
                        + ") must be 0");
            }
        }
        if (kind == Kind.PREDICTION && block != null) {
            Checks.atLeast(0, block, "block");
        }
        if (fade != null) {
            Checks.notNegative(fade, "fade");
            if (kind == Kind.PREDICTION || fade > 1) {
                throw new IllegalArgumentException("fade (" + fade + ") must be at most 1, and is not for prediction,"
                        + " which is what others fade by");
            }
        }
        this.kind = kind;
        this.weight = weight;
        this.kernel = kind.readsWindow() ? kernel : DEFAULT_KERNEL;
        this.groups = groups;
        // Plus 0, for -0.0 is another number to hash codes.
        this.gamma = kind.readsGamma() ? gamma + 0.0 : GAMMA;
        this.sigmaX = kind.readsInput() ? sigmaX : SIGMA_X;
        this.labels = kind.readsWindow() ? labels : LabelKernel.auto();
        this.rate = kind == Kind.PREDICTION ? rate : null;
        // Readouts of version 0.1 learnt once a mini-batch.
        this.block = kind != Kind.PREDICTION ? null : block == null ? Integer.valueOf(0) : block;
        this.fade = fade;
    }

    /**
     * The objective of that kind with its default settings: Gaussian kernel of sigma 0.25 (neighbourhood) or 0.5,
     * cosine for normalised HSIC; no groups; gamma 2; sigmaX 0.5; the label kernel that fits the output layer's loss;
     * for prediction, which has no kernels, a rate of 1, and a readout that learns after every sample.
     *
     * @param kind which objective
     * @return the objective
     */
    public static Objective of(Kind kind) {
        Checks.present(kind, "kind");
        Kernel kernel = switch (kind) {
            case NEIGHBOURHOOD -> Kernel.gaussian(0.25);
            case NORMALIZED_HSIC -> Kernel.cosine();
            case HSIC, HSIC_ZZ, REFERENCE -> Kernel.gaussian(0.5);
            case PREDICTION -> DEFAULT_KERNEL;
        };
        return new Objective(kind, 1.0, kernel, 0, GAMMA, SIGMA_X, LabelKernel.auto(), RATE, 1, null);
    }

    /**
     * {@link Kind#HSIC} with default settings.
     *
     * @return the objective
     */
    public static Objective hsic() {
        return of(Kind.HSIC);
    }

    /**
     * {@link Kind#HSIC_ZZ} with default settings.
     *
     * @return the objective
     */
    public static Objective hsicZZ() {
        return of(Kind.HSIC_ZZ);
    }

    /**
     * {@link Kind#NORMALIZED_HSIC} with default settings.
     *
     * @return the objective
     */
    public static Objective normalizedHsic() {
        return of(Kind.NORMALIZED_HSIC);
    }

    /**
     * {@link Kind#NEIGHBOURHOOD} with default settings.
     *
     * @return the objective
     */
    public static Objective neighbourhood() {
        return of(Kind.NEIGHBOURHOOD);
    }

    /**
     * {@link Kind#PREDICTION} with default settings.
     *
     * @return the objective
     */
    public static Objective prediction() {
        return of(Kind.PREDICTION);
    }

    /**
     * {@link Kind#REFERENCE} with default settings.
     *
     * @return the objective
     */
    public static Objective reference() {
        return of(Kind.REFERENCE);
    }

    /**
     * A copy with another weight in the rule's sum.
     *
     * @param weight a finite number above 0
     * @return the copy
     * @throws IllegalArgumentException if it is not
     */
    public Objective withWeight(double weight) {
        return new Objective(kind, weight, kernel, groups, gamma, sigmaX, labels, rate, block, fade);
    }

    /**
     * A copy with another kernel on the activations; read by all kinds but prediction.
     *
     * @param kernel any kernel; the neighbourhood objective takes Gaussian ones only
     * @return the copy
     * @throws IllegalArgumentException if the objective can't use that kernel
     */
    public Objective withKernel(Kernel kernel) {
        return new Objective(kind, weight, kernel, groups, gamma, sigmaX, labels, rate, block, fade);
    }

    /**
     * A copy with a Gaussian kernel of that bandwidth: short for {@code withKernel(Kernel.gaussian(sigma))}.
     *
     * @param sigma the relative bandwidth, above 0
     * @return the copy
     * @throws IllegalArgumentException if sigma is not a finite number above 0
     */
    public Objective withSigma(double sigma) {
        return withKernel(Kernel.gaussian(sigma));
    }

    /**
     * A copy whose kernel compares groups of units (Pogodin and Latham 2020): the root mean square of each contiguous
     * group of {@code width / groups} units, centred within the group before and across the groups after.
     *
     * @param groups 0 for none, or at least 2; must divide the width of every layer that uses it
     * @return the copy
     * @throws IllegalArgumentException if it is neither
     */
    public Objective withGroups(int groups) {
        return new Objective(kind, weight, kernel, groups, gamma, sigmaX, labels, rate, block, fade);
    }

    /**
     * A copy with another balance of task against compression; read by HSIC, HSIC-ZZ and the reference formula.
     *
     * @param gamma a finite number, 0 or more
     * @return the copy
     * @throws IllegalArgumentException if it is not
     */
    public Objective withGamma(double gamma) {
        return new Objective(kind, weight, kernel, groups, gamma, sigmaX, labels, rate, block, fade);
    }

    /**
     * A copy with another bandwidth of the Gaussian kernel on the network's input; read by HSIC and the reference
     * formula.
     *
     * @param sigmaX the relative bandwidth, above 0
     * @return the copy
     * @throws IllegalArgumentException if it is not a finite number above 0
     */
    public Objective withSigmaX(double sigmaX) {
        return new Objective(kind, weight, kernel, groups, gamma, sigmaX, labels, rate, block, fade);
    }

    /**
     * A copy with another kernel on the labels; read by all kinds but prediction.
     *
     * @param labels any label kernel
     * @return the copy
     */
    public Objective withLabels(LabelKernel labels) {
        return new Objective(kind, weight, kernel, groups, gamma, sigmaX, labels, rate, block, fade);
    }

    /**
     * A copy whose readout learns at another rate; read by prediction.
     *
     * @param rate of the delta rule, relative to the squared length of the activations, the mean over what the readout
     *     learns from at a time; above 0. Blocks of some samples want 1 or less, whole mini-batches up to 4
     * @return the copy
     * @throws IllegalArgumentException if it is not a finite number above 0
     */
    public Objective withRate(double rate) {
        return new Objective(kind, weight, kernel, groups, gamma, sigmaX, labels, rate, block, fade);
    }

    /**
     * A copy whose readout learns after so many samples; read by prediction.
     *
     * @param block samples that the readout reads before it learns from them, at least 1, or 0 for all of a mini-batch;
     *     four times as many in layers of less than {@value LearningRule#WIDE} units, 16 times where labels are real
     *     values
     * @return the copy
     * @throws IllegalArgumentException if it is negative
     */
    public Objective withBlock(int block) {
        return new Objective(kind, weight, kernel, groups, gamma, sigmaX, labels, rate, block, fade);
    }

    /**
     * A copy whose weight fades as the layer's own readout learns, by the readout's running loss relative to its loss
     * before it had learnt anything. The rule needs a prediction objective, whose readout that is.
     *
     * @param fade the least share of the weight that stays, in [0, 1]
     * @return the copy
     * @throws IllegalArgumentException if it is out of range, or this is the prediction objective
     */
    public Objective withFade(double fade) {
        return new Objective(kind, weight, kernel, groups, gamma, sigmaX, labels, rate, block, fade);
    }

    /** As it is once a layer's readout has that share of its first error. */
    Objective faded(double share) {
        // A weight is above 0, so that an objective that has faded wholly keeps next to nothing.
        return fade == null ? this : withWeight(weight * Math.max(Math.max(fade, share), 1e-9));
    }

    /**
     * Which objective this is.
     *
     * @return the kind
     */
    @JsonProperty("kind")
    public Kind kind() {
        return kind;
    }

    /**
     * The weight of this term in the rule's sum.
     *
     * @return a finite number above 0
     */
    @JsonProperty("weight")
    public double weight() {
        return weight;
    }

    /**
     * The kernel on the activations.
     *
     * @return the kernel
     */
    @JsonProperty("kernel")
    public Kernel kernel() {
        return kernel;
    }

    /**
     * The number of groups of units that the kernel compares.
     *
     * @return 0 for single units, or at least 2
     */
    @JsonProperty("groups")
    public int groups() {
        return groups;
    }

    /**
     * The balance of task against compression.
     *
     * @return a finite number, 0 or more
     */
    @JsonProperty("gamma")
    public double gamma() {
        return gamma;
    }

    /**
     * The relative bandwidth of the Gaussian kernel on the network's input.
     *
     * @return a finite number above 0
     */
    @JsonProperty("sigmaX")
    public double sigmaX() {
        return sigmaX;
    }

    /**
     * The kernel on the labels.
     *
     * @return the kernel
     */
    @JsonProperty("labels")
    public LabelKernel labels() {
        return labels;
    }

    /**
     * The rate of the delta rule by which the layer's own readout learns.
     *
     * @return above 0; null but for prediction
     */
    @JsonProperty("rate")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public Double rate() {
        return rate;
    }

    /**
     * How many samples the layer's own readout reads before it learns from them.
     *
     * @return at least 1, or 0 for all of a mini-batch; null but for prediction
     */
    @JsonProperty("block")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public Integer block() {
        return block;
    }

    /**
     * The least share of the weight that stays as the layer's own readout learns.
     *
     * @return in [0, 1]; null for a weight that does not fade
     */
    @JsonProperty("fade")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public Double fade() {
        return fade;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Objective that
                && kind == that.kind
                && weight == that.weight
                && kernel.equals(that.kernel)
                && groups == that.groups
                && gamma == that.gamma
                && sigmaX == that.sigmaX
                && labels.equals(that.labels)
                && Objects.equals(rate, that.rate)
                && Objects.equals(block, that.block)
                && Objects.equals(fade, that.fade);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind.label, weight, kernel.sigma(), groups, gamma, sigmaX, labels.sigma(), rate, block,
                fade);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (weight != 1) {
            text.append(weight).append(" x ");
        }
        if (kind == Kind.PREDICTION) {
            return text.append(kind).append(" (rate ").append(rate)
                    .append(block == 0 ? ", once a mini-batch)" : ", blocks of " + block + ")").toString();
        }
        text.append(kind).append(" (");
        text.append(switch (kernel.type()) {
            case COSINE -> "cosine";
            case GAUSSIAN -> "sigma " + kernel.sigma();
            case MEDIAN_GAUSSIAN -> "sigma " + kernel.sigma() + " x median";
        });
        if (groups != 0) {
            text.append(", ").append(groups).append(" groups");
        }
        if (kind.readsGamma()) {
            text.append(", gamma ").append(gamma);
        }
        if (fade != null) {
            text.append(", fading to ").append(fade);
        }
        return text.append(')').toString();
    }
}
