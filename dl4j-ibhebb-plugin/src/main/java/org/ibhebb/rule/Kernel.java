package org.ibhebb.rule;

import java.io.Serializable;
import java.util.Objects;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** How alike two activations of a layer are: the kernel of an {@link Objective}. Immutable. */
// No record, and neither are the other parts of a rule: Kryo, by which Spark may send a network, can't make records.
public final class Kernel implements Serializable {

    /** The similarity that a {@link Kernel} computes. */
    public enum Type {
        /**
         * {@code exp(-|a-b|^2 / (2 s^2))} with {@code s^2 = sigma^2 * width}, so that sigma means the same at any
         * width.
         */
        @JsonProperty("gaussian")
        GAUSSIAN,
        /**
         * As {@link #GAUSSIAN}, with {@code s^2 = sigma^2 * (median of the squared distances in the window)}. The
         * bandwidth counts as a constant when the objective is differentiated.
         */
        @JsonProperty("median-gaussian")
        MEDIAN_GAUSSIAN,
        /** {@code <a,b> / (|a| |b|)}. */
        @JsonProperty("cosine")
        COSINE
    }

    /** Which similarity. */
    private final Type type;
    /** The relative bandwidth; a cosine kernel does not read it. */
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
    public Kernel(@JsonProperty("type") Type type, @JsonProperty("sigma") double sigma) {
        Checks.present(type, "kernel type");
        if (type != Type.COSINE) {
            Checks.positive(sigma, "sigma");
        }
        this.type = type;
        // What nothing reads tells no kernels apart.
        this.sigma = type == Type.COSINE ? 0 : sigma;
    }

    /**
     * A Gaussian kernel whose bandwidth grows with the square root of the layer's width.
     *
     * @param sigma the relative bandwidth, above 0; useful from 0.2 to 1
     * @return the kernel
     */
    public static Kernel gaussian(double sigma) {
        return new Kernel(Type.GAUSSIAN, sigma);
    }

    /**
     * A Gaussian kernel whose bandwidth follows the data (the median heuristic).
     *
     * @param sigma the bandwidth in units of the median distance, above 0
     * @return the kernel
     */
    public static Kernel medianGaussian(double sigma) {
        return new Kernel(Type.MEDIAN_GAUSSIAN, sigma);
    }

    /**
     * The cosine kernel.
     *
     * @return the kernel
     */
    public static Kernel cosine() {
        return new Kernel(Type.COSINE, 0);
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
     * @return dimensionless, above 0; 0 for a cosine kernel, which reads none
     */
    @JsonProperty("sigma")
    public double sigma() {
        return sigma;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Kernel that && type == that.type && Double.compare(sigma, that.sigma) == 0;
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
