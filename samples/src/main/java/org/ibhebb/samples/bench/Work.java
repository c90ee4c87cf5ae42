package org.ibhebb.samples.bench;

/**
 * The least that a computation in single precision has to do. Elementwise operations are not counted, nor is what fits
 * into the processor's caches between two products: the time that this takes at the machine's own rates is a floor.
 *
 * @param flops additions and multiplications of matrix products, where symmetry does not halve them
 * @param bytes read and written, each array once
 */
record Work(double flops, double bytes) {

    private static final int FLOAT = 4;

    Work plus(Work other) {
        return new Work(flops + other.flops, bytes + other.bytes);
    }

    Work times(double factor) {
        return new Work(flops * factor, bytes * factor);
    }

    /** The inner products of so many rows with all n rows of width d; half of them where the rows are all. */
    static Work kernel(int rows, int n, int d) {
        double products = rows == n ? n * (n + 1) / 2.0 : (double) rows * n;
        return new Work(2 * products * d, (double) FLOAT * n * d);
    }

    /** A layer's signal, where the kernels of labels and inputs are known, and what was remembered before. */
    static Work signal(int n, int current, int d) {
        return kernel(current, n, d).plus(new Work(2.0 * current * n * d, (double) FLOAT * current * d));
    }

    /** A dense layer's forward pass, gradient and update; no error for the layer below. */
    static Work layer(int in, int out, int batch) {
        double weights = (in + 1.0) * out;
        // The weights in the forward pass; the gradient written and read; the weights updated.
        return new Work(4.0 * batch * in * out, FLOAT * (5 * weights + (double) batch * (in + out)));
    }

    /** A dense layer's forward pass alone. */
    static Work forward(int in, int out, int batch) {
        return new Work(2.0 * batch * in * out, FLOAT * ((in + 1.0) * out + (double) batch * (in + out)));
    }

    /**
     * A dense layer's prediction and lesson of one sample: the weights of active inputs are read, and those from active
     * inputs to active outputs read and written again. What a rule computes beside it is not counted.
     */
    static Work streamed(double activeIn, double out, double activeOut) {
        return new Work(2 * activeIn * (out + activeOut), FLOAT * (activeIn * (out + 2 * activeOut)));
    }

    /**
     * A convolution's prediction and lesson of one sample. Its weights stay in the caches; images are read, and what
     * comes out is written and read again.
     *
     * @param read what each place reads that is not silent
     * @param places where each feature map reads it
     * @param active places that are not silent, of all feature maps, which move their weights
     */
    static Work convolved(double read, double places, double maps, double active, double activeIn) {
        return new Work(2 * read * (places * maps + active), FLOAT * (activeIn + 2 * active));
    }
}
