package org.ibhebb.internal.stream;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * How a layer reads images: a convolution, a convolution whose feature maps are pooled, or pooling alone. Images lie as
 * Deeplearning4j has them, channel by channel and row by row; so do the weights of a feature map.
 *
 * @param channels of the images that it reads, at least 1
 * @param maps how many feature maps come out, at least 1
 * @param convolution what each place of a feature map reads; null for pooling alone
 * @param pooling what each place of a pooled map reads; null for a convolution alone
 * @param average whether pooling takes the mean, and else the largest
 * @param countsPadding whether the mean counts what lies outside of a map, as 0
 * @param through whether the layer's signal sees what has been pooled, so that pooling is part of its slope
 * @param grid to so many cells along each side, at most, the signal averages feature maps; at least 1
 */
record Geometry(int channels, int maps, Window convolution, Window pooling, boolean average, boolean countsPadding,
        boolean through, int grid) {

    /** How many numbers native code reads of each layer. */
    private static final int NUMBERS = 28;
    private static final int WINDOW = 10;

    /**
     * A window that slides over a plane.
     *
     * @param inHeight rows of the plane
     * @param inWidth columns of the plane
     * @param height of the window
     * @param width of the window
     * @param strideHeight rows from one place to the next one below
     * @param strideWidth columns from one place to the next one
     * @param top rows above the plane where the first place begins
     * @param left columns before the plane where the first place begins
     * @param outHeight places in a column
     * @param outWidth places in a row
     */
    record Window(int inHeight, int inWidth, int height, int width, int strideHeight, int strideWidth, int top,
            int left, int outHeight, int outWidth) {

        int places() {
            return outHeight * outWidth;
        }

        int taps() {
            return height * width;
        }

        /** The row of the plane, which may lie outside, that one of the window's rows falls on. */
        int row(int place, int tap) {
            return place / outWidth * strideHeight - top + tap / width;
        }

        int column(int place, int tap) {
            return place % outWidth * strideWidth - left + tap % width;
        }

        /** Where a tap of the window falls in the plane; -1 for outside. */
        int at(int place, int tap) {
            int row = row(place, tap);
            int column = column(place, tap);
            return row < 0 || row >= inHeight || column < 0 || column >= inWidth ? -1 : row * inWidth + column;
        }

        private DoubleStream numbers() {
            return DoubleStream.of(inHeight, inWidth, height, width, strideHeight, strideWidth, top, left, outHeight,
                    outWidth);
        }
    }

    /** What has been pooled: values, and where the largest ones came from; those are null for means. */
    record Pooled(double[] values, int[] from) {}

    Geometry pooled(Window by, boolean mean, boolean counts, boolean signalAbove) {
        return new Geometry(channels, maps, convolution, by, mean, counts, signalAbove, grid);
    }

    Geometry withGrid(int cells) {
        return new Geometry(channels, maps, convolution, pooling, average, countsPadding, through, cells);
    }

    /** Values that come out. */
    int out() {
        return maps * last().places();
    }

    private Window last() {
        return pooling == null ? convolution : pooling;
    }

    int outHeight() {
        return last().outHeight();
    }

    int outWidth() {
        return last().outWidth();
    }

    /** Places of a feature map before it is pooled; 0 where there is no convolution. */
    int places() {
        return convolution == null ? 0 : convolution.places();
    }

    /** What one place of a feature map reads. */
    int patch() {
        return convolution == null ? 0 : channels * convolution.taps();
    }

    private Window seenFrom() {
        return through || convolution == null ? last() : convolution;
    }

    private int cellsHigh() {
        return Math.min(grid, seenFrom().outHeight());
    }

    private int cellsWide() {
        return Math.min(grid, seenFrom().outWidth());
    }

    /** How many numbers the signal sees. */
    int seen() {
        return maps * cellsHigh() * cellsWide();
    }

    /** What native code reads of a layer; zeros for a dense one, which has none. */
    static double[] numbers(Geometry geometry) {
        return geometry == null ? new double[NUMBERS] : geometry.numbers();
    }

    private double[] numbers() {
        return Stream.of(DoubleStream.of(channels, maps), numbers(convolution), numbers(pooling),
                        DoubleStream.of(average ? 1 : 0, countsPadding ? 1 : 0, through ? 1 : 0, cellsHigh(),
                                cellsWide(), seen()))
                .flatMapToDouble(part -> part).toArray();
    }

    private static DoubleStream numbers(Window window) {
        return window == null ? Arrays.stream(new double[WINDOW]) : window.numbers();
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Values, and the way back, by the definitions
    // ----------------------------------------------------------------------------------------------------------------

    /** The value that a tap of a feature map's place reads. */
    private double read(double[] image, int place, int tap) {
        int taps = convolution.taps();
        int at = convolution.at(place, tap % taps);
        return at < 0 ? 0 : image[tap / taps * convolution.inHeight() * convolution.inWidth() + at];
    }

    /** Adds what the weights read of an image to each place of each feature map. */
    void convolve(double[] image, Reals weights, long start, double[] sums) {
        for (int map = 0; map < maps; map++) {
            for (int place = 0; place < places(); place++) {
                for (int tap = 0; tap < patch(); tap++) {
                    sums[map * places() + place] +=
                            weights.get(start + (long) map * patch() + tap) * read(image, place, tap);
                }
            }
        }
    }

    /** Moves the weights by what each place reads, times its error. */
    void move(double[] image, double[] errors, double factor, Reals weights, long start) {
        for (int map = 0; map < maps; map++) {
            for (int tap = 0; tap < patch(); tap++) {
                double sum = 0;
                for (int place = 0; place < places(); place++) {
                    sum += errors[map * places() + place] * read(image, place, tap);
                }
                long at = start + (long) map * patch() + tap;
                weights.put(at, weights.get(at) - factor * sum);
            }
        }
    }

    /** @param values of each map, place by place */
    Pooled pool(double[] values) {
        int plane = pooling.inHeight() * pooling.inWidth();
        double[] pooled = new double[out()];
        int[] from = average ? null : new int[out()];
        for (int i = 0; i < pooled.length; i++) {
            double sum = 0;
            int count = 0;
            int largest = -1;
            for (int tap = 0; tap < pooling.taps(); tap++) {
                int at = pooling.at(i % pooling.places(), tap);
                if (at >= 0) {
                    int place = i / pooling.places() * plane + at;
                    sum += values[place];
                    count++;
                    largest = largest < 0 || values[place] > values[largest] ? place : largest;
                }
            }
            if (average) {
                pooled[i] = sum / (countsPadding ? pooling.taps() : Math.max(1, count));
            } else {
                pooled[i] = largest < 0 ? 0 : values[largest];
                from[i] = largest;
            }
        }
        return new Pooled(pooled, from);
    }

    /** The share of a place in each cell of a grid: 0 outside of it. */
    private static double share(int position, int cell, int cells, int length) {
        int from = cell * length / cells;
        int to = ((cell + 1) * length + cells - 1) / cells;
        return position < from || position >= to ? 0 : 1.0 / (to - from);
    }

    /** Feature maps as the signal sees them, a cell after the other. */
    double[] look(double[] values) {
        double[] seen = new double[seen()];
        forEachShare((place, cell, share) -> seen[cell] += share * values[place]);
        return seen;
    }

    /**
     * The derivative by the activations of the feature maps.
     *
     * @param derivative by what the signal sees
     * @param pooled what came of pooling; not read where the signal does not go through it
     */
    double[] back(double[] derivative, Pooled pooled) {
        double[] byActivations = new double[maps * places()];
        forEachShare((place, cell, share) -> {
            int at = through ? pooled.from()[place] : place;
            if (at >= 0) {
                byActivations[at] += share * derivative[cell];
            }
        });
        return byActivations;
    }

    private interface Share {
        void is(int place, int cell, double share);
    }

    private void forEachShare(Share each) {
        int height = seenFrom().outHeight();
        int width = seenFrom().outWidth();
        for (int cell = 0; cell < seen(); cell++) {
            int ofMap = cell % (cellsHigh() * cellsWide());
            int map = cell / (cellsHigh() * cellsWide());
            for (int place = 0; place < height * width; place++) {
                double share = share(place / width, ofMap / cellsWide(), cellsHigh(), height)
                        * share(place % width, ofMap % cellsWide(), cellsWide(), width);
                if (share != 0) {
                    each.is(map * height * width + place, cell, share);
                }
            }
        }
    }
}
