package org.ibhebb.internal.arithmetic;

/**
 * The patches of an image that a 2D convolution looks at. What a patch has beyond the image's edges is 0.
 *
 * @param kernelHeight rows of a patch, at least 1
 * @param kernelWidth columns of a patch, at least 1
 * @param strideHeight rows from one patch to the next, at least 1
 * @param strideWidth columns from one patch to the next, at least 1
 * @param paddingTop rows of zeros above the image, at least 0
 * @param paddingLeft columns of zeros left of the image, at least 0
 * @param dilationHeight rows from one value of a patch to the next, at least 1
 * @param dilationWidth columns from one value of a patch to the next, at least 1
 */
public record Patches(
        int kernelHeight,
        int kernelWidth,
        int strideHeight,
        int strideWidth,
        int paddingTop,
        int paddingLeft,
        int dilationHeight,
        int dilationWidth) {

    /**
     * The patches of a convolution with these settings.
     *
     * @param kernelHeight as above
     * @param kernelWidth as above
     * @param strideHeight as above
     * @param strideWidth as above
     * @param paddingTop as above
     * @param paddingLeft as above
     * @param dilationHeight as above
     * @param dilationWidth as above
     * @throws IllegalArgumentException if a value is below its limit
     */
    public Patches {
        if (kernelHeight < 1 || kernelWidth < 1 || strideHeight < 1 || strideWidth < 1 || paddingTop < 0
                || paddingLeft < 0 || dilationHeight < 1 || dilationWidth < 1) {
            throw new IllegalArgumentException("kernel (" + kernelHeight + " x " + kernelWidth + "), stride ("
                    + strideHeight + " x " + strideWidth + ") and dilation (" + dilationHeight + " x " + dilationWidth
                    + ") must be at least 1, padding (" + paddingTop + ", " + paddingLeft + ") at least 0");
        }
    }
}
