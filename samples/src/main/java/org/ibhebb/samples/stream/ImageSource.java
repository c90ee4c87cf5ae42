package org.ibhebb.samples.stream;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.ibhebb.samples.data.ImageShape;
import org.ibhebb.samples.data.StreamImages;

/** Images in an order of their own in each pass, which the seed decides. */
final class ImageSource implements Source {

    private final StreamImages.Loaded images;
    private final float largest;
    private final float mean;
    private final float deviation;
    private final int passes;
    private final Random random;
    private final int[] order;
    private int pass;
    private int next;

    /**
     * @param standardized by the mean and the deviation of all pixels; else pixels lie in [0, 1], of which 1 is the
     *     brightest one, and most are 0
     */
    ImageSource(StreamImages.Loaded images, boolean standardized, int passes, long seed) {
        double[] moments = standardized ? StreamImages.moments(images.train()) : new double[] {0, 1};
        this.images = images;
        this.largest = standardized ? StreamImages.LARGEST : StreamImages.brightest(images.train());
        this.mean = (float) moments[0];
        this.deviation = (float) moments[1];
        this.passes = passes;
        this.random = new Random(seed);
        this.order = inPlace(images.trainLabels().length);
        shuffle(order, random);
    }

    /** The order of so many images in the first pass. */
    static int[] order(int images, long seed) {
        int[] order = inPlace(images);
        shuffle(order, new Random(seed));
        return order;
    }

    private static int[] inPlace(int images) {
        return IntStream.range(0, images).toArray();
    }

    private static void shuffle(int[] order, Random random) {
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
    }

    @Override
    public int inputs() {
        return images.inputs();
    }

    @Override
    public ImageShape shape() {
        return images.shape();
    }

    @Override
    public List<Column> columns() {
        return Column.numbers(images.inputs());
    }

    @Override
    public int classes() {
        return images.classes();
    }

    @Override
    public int next(float[] x, int first) {
        if (next == order.length) {
            pass++;
            next = 0;
            shuffle(order, random);
        }
        if (pass == passes) {
            return -1;
        }
        int image = order[next++];
        read(images.train(), image, x, first);
        return images.trainLabels()[image];
    }

    private void read(byte[] pixels, int image, float[] x, int first) {
        int start = image * images.inputs();
        for (int k = 0; k < images.inputs(); k++) {
            // Among other images there may be a brighter pixel.
            x[first + k] = (Math.min(1, (pixels[start + k] & 0xFF) / largest) - mean) / deviation;
        }
    }

    @Override
    public Held test() {
        int count = images.testLabels().length;
        float[] rows = new float[count * images.inputs()];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            read(images.test(), i, rows, i * images.inputs());
            labels[i] = images.testLabels()[i];
        }
        return new Held(rows, labels);
    }

    @Override
    public boolean isUnscaled() {
        return false;
    }

    @Override
    public void close() {}
}
