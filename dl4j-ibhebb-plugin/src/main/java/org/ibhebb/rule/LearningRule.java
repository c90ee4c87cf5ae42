package org.ibhebb.rule;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.databind.annotation.JsonDeserialize;

/**
 * How hidden layers learn: the objective that each descends alone, what of its activations the modulatory signal sees,
 * and how many samples the working memory holds. Immutable; equal rules have equal settings.
 *
 * <pre>{@code
 * LearningRule rule = LearningRule.builder()
 *         .objective(Objective.neighbourhood().withSigma(0.25))
 *         .memory(64)
 *         .build();
 * }</pre>
 */
@JsonDeserialize(using = RuleJson.Deserializer.class)
public final class LearningRule implements Serializable {

    /** What the modulatory signal sees of a layer's output. The network's own forward pass is the same in all cases. */
    public enum Normalization {
        /**
         * The output with each sample brought to mean 0 and variance 1 across the layer's units; the derivative of that
         * is part of the signal. Without it activations grow without bound and learning fails.
         */
        @JsonProperty("layer-norm")
        LAYER_NORM,
        /**
         * What suits the layer's width. From {@value LearningRule#WIDE} units up as {@link #LAYER_NORM}, with a
         * hundredth of the layer's running mean variance added to each sample's own, so that samples that hardly vary
         * do not become large. Below, where little would be left of a sample, every unit is centred by its running
         * mean and all are divided by one running deviation of the layer: the length of a sample is still seen.
         */
        @JsonProperty("by-width")
        BY_WIDTH,
        /** The output as it is: for layers that normalise themselves, and for comparison. */
        @JsonProperty("none")
        NONE
    }

    /** Whose updaters turn the gradients of local layers and of their readouts into steps. */
    public enum Updaters {
        /** This library's own, {@code org.ibhebb.updater.ScheduleFree}, by the schedule of the configuration's. */
        @JsonProperty("library")
        LIBRARY,
        /** Those of the configuration. */
        @JsonProperty("configured")
        CONFIGURED
    }

    /** The width from which on {@link Normalization#BY_WIDTH} normalises each sample. */
    public static final int WIDE = 16;

    private static final LearningRule DEFAULTS = builder().build();

    /** At least one; their weighted sum is descended. */
    private final Objective[] objectives;
    /** What the signal sees of an output. */
    private final Normalization normalization;
    /** Cells along each spatial dimension. */
    private final int pooling;
    /** Samples, current ones included. */
    private final int memory;
    /** Null for a working memory that is exact. */
    private final MemoryFile memoryNetwork;
    /** Whether each neuron divides its errors by their running root mean square. */
    private final boolean gain;
    /** Whose updaters learn. */
    private final Updaters updaters;

    @JsonCreator
    private LearningRule(
            @JsonProperty("objectives") List<Objective> objectives,
            @JsonProperty("normalization") Normalization normalization,
            @JsonProperty("pooling") Integer pooling,
            @JsonProperty("memory") Integer memory,
            @JsonProperty("memoryNetwork") MemoryFile memoryNetwork,
            @JsonProperty("gain") Boolean gain,
            @JsonProperty("updaters") Updaters updaters) {
        Checks.present(objectives, "objectives");
        Checks.present(pooling, "pooling");
        Checks.present(memory, "memory");
        if (objectives.isEmpty()) {
            throw new IllegalArgumentException("a rule needs at least one objective");
        }
        objectives.forEach(objective -> Checks.present(objective, "objective"));
        List<Objective.Kind> remembering = objectives.stream()
                .map(Objective::kind).filter(kind -> !kind.readsWindow()).toList();
        if (new HashSet<>(remembering).size() < remembering.size()) {
            throw new IllegalArgumentException("a rule has at most one " + remembering.get(0) + " objective, for a"
                    + " layer has one readout of its own: give it the sum of the weights");
        }
        if (objectives.stream().anyMatch(objective -> objective.fade() != null)
                && objectives.stream().noneMatch(objective -> objective.kind() == Objective.Kind.PREDICTION)) {
            throw new IllegalArgumentException("an objective that fades does so as the layer's readout learns, and this"
                    + " rule has none: add Objective.prediction(), or take the objective without withFade");
        }
        Checks.present(normalization, "normalization");
        Checks.atLeast(1, pooling, "pooling");
        Checks.atLeast(2, memory, "memory");
        if (memoryNetwork != null && memory > memoryNetwork.recall()) {
            throw new IllegalArgumentException("memory (" + memory + ") must be at most " + memoryNetwork.recall()
                    + ", which is what " + memoryNetwork + " recalls: pretrain one that recalls more");
        }
        this.objectives = objectives.toArray(Objective[]::new);
        this.normalization = normalization;
        this.pooling = pooling;
        this.memory = memory;
        this.memoryNetwork = memoryNetwork;
        // Rules that were saved before there were such settings go on as they did.
        this.gain = gain != null && gain;
        this.updaters = updaters == null ? Updaters.CONFIGURED : updaters;
    }

    /**
     * The rule that is used where none is given: prediction, by a readout that learns within the mini-batch, and 0.3
     * times neighbourhood (sigma 0.35), which learns what no linear readout tells, and fades as the readout learns; on
     * activations normalised by width, feature maps pooled to 2 x 2; a working memory of 128 samples; each neuron's own
     * gain; the library's updaters.
     *
     * @return the rule
     */
    public static LearningRule defaults() {
        return DEFAULTS;
    }

    /**
     * The rule that is used for convolutions where none is given.
     *
     * @return the {@linkplain #defaults() defaults}, which are the same for all kinds of layers
     */
    public static LearningRule convolutionDefaults() {
        return DEFAULTS;
    }

    /**
     * A builder that starts from the {@linkplain #defaults() defaults}.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A builder that starts from this rule.
     *
     * @return the builder
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.objectives = new ArrayList<>(objectives());
        builder.normalization = normalization;
        builder.pooling = pooling;
        builder.memory = memory;
        builder.memoryNetwork = memoryNetwork;
        builder.gain = gain;
        builder.updaters = updaters;
        return builder;
    }

    /**
     * The objectives whose weighted sum a layer descends.
     *
     * @return at least one; the list can't be changed
     */
    @JsonProperty("objectives")
    public List<Objective> objectives() {
        return List.of(objectives);
    }

    /**
     * What the signal sees of a layer's output.
     *
     * @return the normalisation
     */
    @JsonProperty("normalization")
    public Normalization normalization() {
        return normalization;
    }

    /**
     * The side of the grid to which the signal sees a convolution's feature maps average-pooled.
     *
     * @return cells along each spatial dimension, at least 1
     */
    @JsonProperty("pooling")
    public int pooling() {
        return pooling;
    }

    /**
     * The capacity of the working memory.
     *
     * @return samples, current ones included; at least 2
     */
    @JsonProperty("memory")
    public int memory() {
        return memory;
    }

    /**
     * The memory network that recalls the samples before the current ones.
     *
     * @return its file, checksum and sizes; null where the working memory is exact
     */
    @JsonProperty("memoryNetwork")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public MemoryFile memoryNetwork() {
        return memoryNetwork;
    }

    /**
     * Whether each neuron has a gain of its own: its modulated errors are divided by their running root mean square
     * before they meet the presynaptic activity, which is divided by its own. Then the size of an objective, of a
     * layer's width and of its input drop out, and one learning rate serves them all.
     *
     * @return true unless said otherwise; false in rules of version 0.1
     */
    @JsonProperty("gain")
    public boolean gain() {
        return gain;
    }

    /**
     * Whose updaters turn the gradients of local layers, and of the output layers that read them, into steps.
     *
     * @return the library's unless said otherwise; the configuration's in rules of version 0.1
     */
    @JsonProperty("updaters")
    public Updaters updaters() {
        return updaters;
    }

    /**
     * Whether layers with this rule and with another one can be in one network, which has one working memory.
     *
     * @param other the other rule
     * @return true if both give the same capacity and the same memory network or none
     */
    public boolean sharesMemoryWith(LearningRule other) {
        return memory == other.memory
                && Objects.equals(checksum(memoryNetwork), checksum(other.memoryNetwork));
    }

    private static String checksum(MemoryFile network) {
        return network == null ? null : network.checksum();
    }

    /**
     * Whether the working memory keeps samples as they are.
     *
     * @return false if it makes them anew, as a memory network does
     */
    public boolean remembersExactly() {
        return memoryNetwork == null;
    }

    /**
     * The working memory in words.
     *
     * @return the capacity, and the memory network if there is one
     */
    public String memoryDescription() {
        return memory + " samples" + (memoryNetwork == null ? "" : ", recalled by " + memoryNetwork);
    }

    /**
     * Whether any objective compares activations with the network's input.
     *
     * @return true if the working memory must hold inputs too
     */
    public boolean readsInput() {
        return Arrays.stream(objectives).anyMatch(objective -> objective.kind().readsInput());
    }

    /**
     * This rule as it is once a layer's readout has learnt: objectives that fade weigh that much less.
     *
     * @param share of the error that the readout had before it knew anything, in [0, 1]
     * @return this rule where nothing fades
     */
    public LearningRule faded(double share) {
        if (Arrays.stream(objectives).noneMatch(objective -> objective.fade() != null)) {
            return this;
        }
        return new LearningRule(Arrays.stream(objectives).map(objective -> objective.faded(share)).toList(),
                normalization, pooling, memory, memoryNetwork, gain, updaters);
    }

    /**
     * The prediction objective.
     *
     * @return empty if there is none among the objectives
     */
    public Optional<Objective> prediction() {
        return Arrays.stream(objectives).filter(objective -> objective.kind() == Objective.Kind.PREDICTION).findFirst();
    }

    /**
     * This rule as JSON.
     *
     * @return one line of JSON that {@link #fromJson} reads
     */
    public String toJson() {
        return RuleJson.write(this);
    }

    /**
     * The rule that a JSON text describes. Rules inside saved models are read in the same way.
     *
     * @param json what {@link #toJson} wrote
     * @return the rule
     * @throws IllegalArgumentException if the text is no such rule, naming what is wrong with it: a value out of range,
     *     a field that is missing, that this version does not know, or that is there twice, or text behind the rule
     */
    public static LearningRule fromJson(String json) {
        return RuleJson.read(json);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LearningRule that
                && Arrays.equals(objectives, that.objectives)
                && normalization == that.normalization
                && pooling == that.pooling
                && memory == that.memory
                && Objects.equals(memoryNetwork, that.memoryNetwork)
                && gain == that.gain
                && updaters == that.updaters;
    }

    @Override
    public int hashCode() {
        return Objects.hash(objectives(), normalization.name(), pooling, memory, memoryNetwork, gain, updaters.name());
    }

    @Override
    public String toString() {
        return Arrays.stream(objectives).map(Objective::toString).collect(Collectors.joining(" + "))
                + (normalization == Normalization.NONE ? ", not normalised" : "")
                + ", memory " + memory
                + (memoryNetwork == null ? "" : ", recalled by " + memoryNetwork)
                + (gain ? "" : ", without gain");
    }

    /** Collects the settings of a {@link LearningRule}. */
    public static final class Builder {

        private List<Objective> objectives = List.of(
                Objective.prediction(),
                Objective.neighbourhood().withSigma(0.35).withWeight(0.3).withLabels(LabelKernel.auto(0.5))
                        .withFade(0.1));
        private Normalization normalization = Normalization.BY_WIDTH;
        private int pooling = 2;
        private int memory = 128;
        private MemoryFile memoryNetwork;
        private boolean gain = true;
        private Updaters updaters = Updaters.LIBRARY;

        private Builder() {}

        /**
         * The objective that every layer descends.
         *
         * @param objective replaces all objectives given so far
         * @return this builder
         */
        public Builder objective(Objective objective) {
            Checks.present(objective, "objective");
            objectives = new ArrayList<>(List.of(objective));
            return this;
        }

        /**
         * Adds an objective to the sum that every layer descends.
         *
         * @param objective added with its own {@linkplain Objective#withWeight weight}
         * @return this builder
         */
        public Builder plus(Objective objective) {
            Checks.present(objective, "objective");
            objectives = new ArrayList<>(objectives);
            objectives.add(objective);
            return this;
        }

        /**
         * What the signal sees of a layer's output.
         *
         * @param normalization {@link Normalization#BY_WIDTH} unless said otherwise
         * @return this builder
         */
        public Builder normalization(Normalization normalization) {
            this.normalization = normalization;
            return this;
        }

        /**
         * The side of the grid to which the signal sees a convolution's feature maps average-pooled.
         *
         * @param pooling cells along each spatial dimension, at least 1; 2 unless said otherwise
         * @return this builder
         */
        public Builder pooling(int pooling) {
            this.pooling = pooling;
            return this;
        }

        /**
         * An exact working memory of that capacity: how many samples, the current ones included, an update sees. A
         * network has one working memory, so all its rules give the same capacity. A mini-batch larger than that is
         * learnt in consecutive windows of this size.
         *
         * @param capacity samples, at least 2; 128 unless said otherwise
         * @return this builder
         */
        public Builder memory(int capacity) {
            this.memory = capacity;
            this.memoryNetwork = null;
            return this;
        }

        /**
         * A working memory that a memory network recalls, of the largest capacity that it recalls.
         *
         * @param network a {@code MemoryNetwork}
         * @return this builder
         */
        public Builder memory(PretrainedMemory network) {
            Checks.present(network, "memory network");
            return memory(network, network.reference().recall());
        }

        /**
         * A working memory that a memory network recalls: current samples are exact, those before them are recalled.
         *
         * @param network a {@code MemoryNetwork}
         * @param capacity samples, the current ones included; at least 2, and at most what the network recalls
         * @return this builder
         */
        public Builder memory(PretrainedMemory network, int capacity) {
            Checks.present(network, "memory network");
            this.memory = capacity;
            this.memoryNetwork = network.reference();
            return this;
        }

        /**
         * Whether each neuron has a {@linkplain LearningRule#gain() gain} of its own.
         *
         * @param gain true unless said otherwise
         * @return this builder
         */
        public Builder gain(boolean gain) {
            this.gain = gain;
            return this;
        }

        /**
         * Whose updaters turn gradients into steps.
         *
         * @param updaters {@link Updaters#LIBRARY} unless said otherwise
         * @return this builder
         */
        public Builder updaters(Updaters updaters) {
            Checks.present(updaters, "updaters");
            this.updaters = updaters;
            return this;
        }

        /**
         * Builds the rule.
         *
         * @return the rule
         * @throws IllegalArgumentException naming the setting, its value and its limit, if one is out of range
         */
        public LearningRule build() {
            return new LearningRule(objectives, normalization, pooling, memory, memoryNetwork, gain, updaters);
        }
    }
}
