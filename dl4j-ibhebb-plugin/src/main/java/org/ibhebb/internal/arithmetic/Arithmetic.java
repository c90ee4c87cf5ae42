package org.ibhebb.internal.arithmetic;

import org.ibhebb.rule.Kernel;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arithmetic of local learning, in two forms that give the same numbers up to rounding: {@code nd4j}, composed of
 * ND4J's operations on any backend, and {@code native}, in C++ on the buffers of ND4J's CPU backend, where the
 * plugin's native library is on the class path.
 *
 * <p>The native form is taken where it can be had. The system property {@code ibhebb.kernel} ({@code native} or
 * {@code nd4j}) requires one by name. One line of the log says which is in use.
 *
 * <p>Matrices have one row a sample. Results are written into arrays that the caller brings: without gaps, by rows
 * where nothing else is said. Inputs may be views of any order and strides. All arrays of one call have one data type.
 * Shapes that do not fit, and empty ones where nothing can be said of them, are answered by an
 * {@link IllegalArgumentException}, types that a form does not take by an {@link UnsupportedOperationException}. What
 * is not finite goes through: a row that holds NaN makes NaN of all that depends on it.
 */
public interface Arithmetic extends Plasticity, Spiking {

    /**
     * The kernel for arrays of this type: the one that {@code -Dibhebb.kernel} requires, or the fastest.
     *
     * @param type of the arrays
     * @return the kernel; the same object for the same type
     * @throws IllegalStateException if the required kernel can't be had, with the cause
     */
    static Arithmetic of(DataType type) {
        return Arithmetics.of(type);
    }

    /**
     * Which form is in use, and why: for whoever wonders why training is slow.
     *
     * @return the choice, which is made now if it has not been
     * @throws IllegalStateException if the required kernel can't be had, with the cause
     */
    static Choice choice() {
        return Arithmetics.choice();
    }

    /**
     * Whether all values of an array of any type are finite.
     *
     * @param array of any shape
     * @return false if one is NaN or infinite; true for types that have no such values
     */
    static boolean allFinite(INDArray array) {
        return !array.dataType().isFPType() || of(typeFor(array.dataType())).isFinite(array);
    }

    /**
     * The type in which the signals of a network are computed: its own, but single precision where that is half
     * precision, for the squares of distances and the quotients of windows leave what that can hold.
     *
     * @param network the type of its parameters
     * @return the type of representations, labels and signals
     */
    static DataType typeFor(DataType network) {
        return network == DataType.FLOAT16 || network == DataType.BFLOAT16 ? DataType.FLOAT : network;
    }

    /**
     * The kernel of that name, for whoever compares them.
     *
     * @param name {@code native} or {@code nd4j}
     * @return the kernel
     * @throws IllegalStateException if it can't be had, with the cause
     * @throws IllegalArgumentException if there is none of that name
     */
    static Arithmetic named(String name) {
        return Arithmetics.named(name);
    }

    /**
     * Which form this is.
     *
     * @return {@code native} or {@code nd4j}
     */
    String name();

    /**
     * Whether all values of an array are finite.
     *
     * @param array of any shape and floating-point type
     * @return false if one is NaN or infinite
     */
    boolean isFinite(INDArray array);

    /**
     * Copies rows.
     *
     * @param from a matrix
     * @param fromRow the first row to copy
     * @param count how many rows
     * @param to a matrix with as many columns, without gaps, by rows
     * @param toRow where the first one goes
     */
    void copyRows(INDArray from, int fromRow, int count, INDArray to, int toRow);

    /**
     * Layer normalisation: each row brought to mean 0 and variance 1.
     *
     * @param rows n x d
     * @param epsilon added to each row's variance, above 0
     * @param normalized receives the result: n x d
     * @param inverseDeviation receives 1 / sqrt(variance + epsilon) of each row: n x 1
     */
    void normalize(INDArray rows, double epsilon, INDArray normalized, INDArray inverseDeviation);

    /**
     * Carries a derivative back through {@link #normalize}.
     *
     * @param signal the derivative with respect to the normalised rows: n x d, without gaps, by rows
     * @param normalized from {@code normalize}
     * @param inverseDeviation from {@code normalize}
     * @param derivative receives the derivative with respect to the rows: n x d, of any order
     */
    void denormalize(INDArray signal, INDArray normalized, INDArray inverseDeviation, INDArray derivative);

    /**
     * The same-label kernel: {@code <a,b>}, or the mean agreement of independent labels.
     *
     * @param labels at least n rows; in [0, 1]
     * @param n how many of the first rows count
     * @param independent whether the columns are labels that do not exclude each other
     * @param kernel receives n x n values
     * @return false, with the kernel undefined, if a label is not in [0, 1]
     */
    boolean sameLabel(INDArray labels, int n, boolean independent, INDArray kernel);

    /**
     * Brings kept inner products up to date.
     *
     * @param rows one a slot, without gaps, by rows
     * @param n how many of the first rows count
     * @param first the slot of the first row that is new
     * @param count how many rows are new, around the end
     * @param products at least n x n; receives the inner products of new rows with all rows, and of all rows with new
     *     ones
     */
    void products(INDArray rows, int n, int first, int count, INDArray products);

    /**
     * The Gaussian kernel {@code exp(-|a-b|^2 / (2 s^2))}.
     *
     * @param rows at least n rows
     * @param n how many of the first rows count
     * @param median whether {@code s^2} is {@code sigma^2} times the median of the squared distances, instead of the
     *     width
     * @param sigma the relative bandwidth
     * @param kernel receives n x n values
     */
    void gaussian(SlotRows rows, int n, boolean median, double sigma, INDArray kernel);

    /**
     * {@code H (a - factor b) H}: rows and columns brought to mean 0.
     *
     * @param a n x n, symmetric
     * @param b n x n, symmetric; null for none
     * @param factor of b
     * @param centred receives n x n values
     */
    void centre(INDArray a, INDArray b, double factor, INDArray centred);

    /**
     * dL/dK of the formula of the authors' published code, which keeps only the diagonal of the centred kernels.
     *
     * @param balance {@code H (Kx - gamma Ky) H}: n x n, n at least 2
     * @param sensitivity receives n x n values
     */
    void diagonalOnly(INDArray balance, INDArray sensitivity);

    /**
     * The cosine kernel {@code <a,b> / (|a| |b|)}; a row of zeros is like nothing.
     *
     * @param rows at least n rows
     * @param n how many of the first rows count
     * @param kernel receives n x n values
     */
    void cosine(INDArray rows, int n, INDArray kernel);

    /**
     * The derivative of the neighbourhood objective (docs/rule.md) with respect to the current rows, which are its
     * anchors.
     *
     * @param u the rows of a window
     * @param span which of them are current
     * @param kernel compares them: Gaussian, by its width or by the median
     * @param same how alike the labels are: N x N, not negative
     * @param factor by which the derivative is multiplied
     * @param add whether it is added to what the signal holds
     * @param signal current x d, in the order of the current rows
     */
    void neighbourhood(SlotRows u, Span span, Kernel kernel, INDArray same, double factor, boolean add,
            INDArray signal);

    /**
     * The neighbourhood objective itself.
     *
     * @param u as for {@link #neighbourhood}
     * @param span as for {@link #neighbourhood}
     * @param kernel as for {@link #neighbourhood}
     * @param same as for {@link #neighbourhood}
     * @return the mean over the anchors, in nats
     */
    double neighbourhoodLoss(INDArray u, Span span, Kernel kernel, INDArray same);

    /**
     * Carries a derivative with respect to a kernel matrix K back to the current rows that it compares.
     *
     * @param u the rows of a window
     * @param span which of them are current
     * @param kernel makes K of them
     * @param sensitivity dL/dK: N x N, symmetric
     * @param factor by which the derivative is multiplied
     * @param add whether it is added to what the signal holds
     * @param signal current x d, in the order of the current rows
     */
    void throughKernel(SlotRows u, Span span, Kernel kernel, INDArray sensitivity, double factor, boolean add,
            INDArray signal);

    /**
     * The derivative of {@code [tr(K H K H) - gamma tr(Ky H K H)] / (N-1)^2}.
     *
     * @param u as for {@link #throughKernel}
     * @param span as for {@link #throughKernel}
     * @param kernel as for {@link #throughKernel}
     * @param task {@code H Ky H}: N x N, symmetric
     * @param gamma weighs the second term
     * @param factor as for {@link #throughKernel}
     * @param add as for {@link #throughKernel}
     * @param signal as for {@link #throughKernel}
     */
    void hsicZz(SlotRows u, Span span, Kernel kernel, INDArray task, double gamma, double factor, boolean add,
            INDArray signal);

    /**
     * The derivative of {@code -<T, H K H> / (|T| |H K H|)}; 0 where one of both norms is {@linkplain #rounding rounding
     * error}.
     *
     * @param u as for {@link #throughKernel}
     * @param span as for {@link #throughKernel}
     * @param kernel as for {@link #throughKernel}
     * @param task T = {@code H Ky H}: N x N, symmetric
     * @param factor as for {@link #throughKernel}
     * @param add as for {@link #throughKernel}
     * @param signal as for {@link #throughKernel}
     */
    void normalizedHsic(SlotRows u, Span span, Kernel kernel, INDArray task, double factor, boolean add,
            INDArray signal);

    /**
     * The size below which the norm of a centred kernel matrix is rounding error and counts as 0: entries of a kernel are
     * about 1, so that each centred entry carries about one unit of the last place.
     *
     * @param n its rows
     * @param type of its values
     * @return above 0
     */
    static double rounding(long n, DataType type) {
        return n * (type == DataType.DOUBLE ? 1e-13 : 1e-5);
    }

    /**
     * Groups of units in place of single units (Pogodin and Latham 2020): contiguous groups of m units, each centred (q)
     * and read as {@code f = sqrt((sum of q^2 + 1) / m)}; f centred across the groups.
     *
     * @param u at least n rows
     * @param n how many of the first rows count
     * @param groups divides their width
     * @param sizes receives f: n x groups
     * @param values receives f, centred: n x groups
     */
    void group(INDArray u, int n, int groups, INDArray sizes, INDArray values);

    /**
     * Carries a derivative back through {@link #group}.
     *
     * @param u what was grouped
     * @param span which rows are current
     * @param sizes from {@code group}: N x groups
     * @param gradient the derivative with respect to the values of the current rows: current x groups
     * @param add whether the result is added to what the signal holds
     * @param signal receives the derivative with respect to the current rows: current x d
     */
    void ungroup(INDArray u, Span span, INDArray sizes, INDArray gradient, boolean add, INDArray signal);

    /**
     * The pre-activation of a dense layer: {@code input weights + bias}.
     *
     * @param input n x nIn
     * @param weights nIn x nOut
     * @param bias nOut values; null for none
     * @param preActivation receives n x nOut values, without gaps, by columns
     */
    void affine(INDArray input, INDArray weights, INDArray bias, INDArray preActivation);

    /**
     * The second factor of the rule: signal times postsynaptic slope.
     *
     * @param activation the layer's activation function f
     * @param preActivation a: what f was given; may be changed
     * @param signal the derivative with respect to f(a), of the same shape; may be changed
     * @return {@code signal o f'(a)}; may be one of the other two
     */
    INDArray slope(IActivation activation, INDArray preActivation, INDArray signal);

    /**
     * The pre-activation of a 2D convolution.
     *
     * @param images n x channels x height x width, of any strides
     * @param patches what it looks at
     * @param weights maps x channels x kernel height x kernel width, without gaps
     * @param bias a value for each map, without gaps; null for none
     * @param preActivation receives n x maps x (any height and width) values, without gaps; patches that lie wholly
     *     beyond the image count as zeros
     */
    void convolve(INDArray images, Patches patches, INDArray weights, INDArray bias, INDArray preActivation);

    /**
     * The gradient of a 2D convolution: its weights the sum over samples and positions of patch times delta, and the
     * bias the sums of delta.
     *
     * @param images presynaptic activity, as for {@link #convolve}
     * @param patches what it looks at
     * @param delta signal times slope: n x maps x height x width of the output, without gaps
     * @param weights receives maps x channels x kernel height x kernel width values, without gaps
     * @param bias receives a value for each map, without gaps; null for none
     */
    void convolutionGradient(INDArray images, Patches patches, INDArray delta, INDArray weights, INDArray bias);

    /**
     * The gradient of a dense layer: {@code weights = input' delta}, and the bias the sums of delta over the samples.
     *
     * @param input presynaptic activity: n x nIn
     * @param delta signal times slope: n x nOut
     * @param weights receives nIn x nOut values; any order
     * @param bias receives nOut values; null for none
     */
    void denseGradient(INDArray input, INDArray delta, INDArray weights, INDArray bias);

    /**
     * Mean and variance of each channel, over samples and positions.
     *
     * @param maps of rank 2 or 4
     * @param channelDimension which of its dimensions has the channels
     * @param mean receives a value for each channel, without gaps
     * @param variance receives the biased variance of each channel, without gaps
     */
    void moments(INDArray maps, int channelDimension, INDArray mean, INDArray variance);

    /**
     * Batch normalisation: {@code gain (x - mean) / sqrt(variance + epsilon) + offset} for each channel. Values for
     * channels are without gaps.
     *
     * @param maps x, of rank 2 or 4
     * @param channelDimension which of its dimensions has the channels
     * @param mean a value for each channel
     * @param variance a value for each channel
     * @param epsilon added to the variance
     * @param gain a value for each channel
     * @param offset a value for each channel
     * @param standardized receives the result, in the shape of the maps; without gaps, by rows (a matrix also by
     *     columns)
     */
    void standardize(INDArray maps, int channelDimension, INDArray mean, INDArray variance, double epsilon,
            INDArray gain, INDArray offset, INDArray standardized);

    /**
     * Carries a derivative back through {@link #standardize}, of which mean and variance are the {@link #moments} of
     * the maps: they are differentiated too. Values for channels are without gaps.
     *
     * @param maps what was standardised
     * @param channelDimension which of its dimensions has the channels
     * @param mean of the maps
     * @param variance of the maps
     * @param epsilon as it was then
     * @param gain as it was then
     * @param signal the derivative with respect to the result, in the shape of the maps
     * @param gainGradient receives the derivative with respect to the gain
     * @param offsetGradient receives the derivative with respect to the offset
     * @param derivative receives the derivative with respect to the maps, in their shape; without gaps, by rows (a
     *     matrix also by columns)
     */
    void standardizeGradient(INDArray maps, int channelDimension, INDArray mean, INDArray variance, double epsilon,
            INDArray gain, INDArray signal, INDArray gainGradient, INDArray offsetGradient, INDArray derivative);
}
