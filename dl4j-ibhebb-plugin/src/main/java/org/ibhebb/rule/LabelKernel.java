package org.ibhebb.rule;

import java.io.Serializable;
import java.util.Objects;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** How alike two labels are: the task half of an {@link Objective}. Immutable. */
public final class LabelKernel implements Serializable {

    /** The similarity that a {@link LabelKernel} computes. */
    public enum Type {
        /**
         * Decided by the output layer's loss: {@link #SAME_LABEL} for the cross-entropies, the negative log-likelihood
         * and the KL divergence, {@link #MEDIAN_GAUSSIAN} for every other loss (of sigma 1 where none is given).
         */
        @JsonProperty("auto")
        AUTO,
        /**
         * {@code <a,b>}: 1 for two samples of one class and 0 otherwise where labels are one-hot; the probability that
         * both are of one class where they are soft. Independent (sigmoid) labels count agreement: the mean over the
         * labels of {@code a b + (1-a)(1-b)}. Labels must lie in [0, 1].
         */
        @JsonProperty("same-label")
        SAME_LABEL,
        /** {@code exp(-|a-b|^2 / (2 s^2))} with {@code s^2 = sigma^2 * width}, for labels of a known scale. */
        @JsonProperty("gaussian")
        GAUSSIAN,
        /**
         * The same with {@code s^2 = sigma^2 * (median of the squared distances in the window)}, for labels of any
         * scale.
         */
        @JsonProperty("median-gaussian")
        MEDIAN_GAUSSIAN
    }

    /** Which similarity. */
    private final Type type;
    /** The relative bandwidth where the type has one. */
    private final double sigma;

    /**
     * Used by JSON; the factories below read better.
     *
     * @param type which similarity
     * @param sigma the relative bandwidth
     * @throws IllegalArgumentException if {@code type} is missing, or a Gaussian kernel's {@code sigma} is not a finite
     *     number above 0
     */
    @JsonCreator
    public LabelKernel(@JsonProperty("type") Type type, @JsonProperty("sigma") double sigma) {
        Checks.present(type, "label kernel type");
        if (type == Type.GAUSSIAN || type == Type.MEDIAN_GAUSSIAN) {
            Checks.positive(sigma, "sigma");
        } else if (type == Type.AUTO) {
            Checks.notNegative(sigma, "sigma");
        }
        this.type = type;
        // What nothing reads tells no kernels apart.
        this.sigma = type == Type.SAME_LABEL ? 0 : sigma;
    }

    /**
     * Chosen by the output layer's loss.
     *
     * @return the kernel
     */
    public static LabelKernel auto() {
        return new LabelKernel(Type.AUTO, 0);
    }

    /**
     * Chosen by the output layer's loss, with a bandwidth where that makes it a Gaussian kernel.
     *
     * @param sigma in units of the median distance, above 0
     * @return the kernel
     */
    public static LabelKernel auto(double sigma) {
        Checks.positive(sigma, "sigma");
        return new LabelKernel(Type.AUTO, sigma);
    }

    /**
     * For classes.
     *
     * @return the kernel
     */
    public static LabelKernel sameLabel() {
        return new LabelKernel(Type.SAME_LABEL, 0);
    }

    /**
     * For real-valued labels of a known scale.
     *
     * @param sigma the relative bandwidth, above 0
     * @return the kernel
     */
    public static LabelKernel gaussian(double sigma) {
        return new LabelKernel(Type.GAUSSIAN, sigma);
    }

    /**
     * For real-valued labels of any scale.
     *
     * @param sigma the bandwidth in units of the median distance, above 0
     * @return the kernel
     */
    public static LabelKernel medianGaussian(double sigma) {
        return new LabelKernel(Type.MEDIAN_GAUSSIAN, sigma);
    }

    /**
     * The similarity that this kernel computes.
     *
     * @return the type
     */
    @JsonProperty("type")
    public Type type() {
        return type;
    }

    /**
     * The relative bandwidth of a Gaussian kernel.
     *
     * @return dimensionless, above 0; 0 where none was given; {@link Type#SAME_LABEL} does not read it
     */
    @JsonProperty("sigma")
    public double sigma() {
        return sigma;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelKernel that && type == that.type && Double.compare(sigma, that.sigma) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(type.name(), sigma);
    }

    @Override
    public String toString() {
        return type + " (sigma " + sigma + ")";
    }
}
