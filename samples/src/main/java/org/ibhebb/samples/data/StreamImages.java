package org.ibhebb.samples.data;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import org.ibhebb.samples.folder.DataException;

/** The image data sets as {@code ibhebb stream} reads them: rows of numbers, and classes. */
public final class StreamImages {

    /** What pixels are divided by that are standardised, and in what their moments are. */
    public static final int LARGEST = 255;

    private StreamImages() {}

    /**
     * A data set.
     *
     * @param classes how many there are
     * @param shape of a sample
     * @param train samples to learn, unsigned bytes
     * @param trainLabels their classes
     * @param test other samples
     * @param testLabels their classes
     */
    public record Loaded(int classes, ImageShape shape, byte[] train, byte[] trainLabels, byte[] test,
            byte[] testLabels) {

        /**
         * How long a sample is.
         *
         * @return values a sample
         */
        public int inputs() {
            return shape.size();
        }
    }

    /**
     * Whether there is a data set of that name.
     *
     * @param name as on the command line
     * @return false if it is something else that is to be learnt
     */
    public static boolean exists(String name) {
        return Arrays.stream(DataSets.values()).anyMatch(each -> each.toString().equals(name));
    }

    /**
     * Reads a data set.
     *
     * @param name as on the command line
     * @param dataDir the folder with its files; null to look where they usually are
     * @param notes gets a line for each thing that the user should know
     * @return the images
     * @throws IOException with a sentence that says what to do, if files are missing or damaged
     */
    public static Loaded load(String name, Path dataDir, PrintWriter notes) throws IOException {
        DataSets set = Arrays.stream(DataSets.values()).filter(each -> each.toString().equals(name)).findFirst()
                .orElseThrow();
        LearningTask task = set.load(dataDir, notes);
        if (!(task.train() instanceof Images train) || !(task.evaluation() instanceof Images test)) {
            throw new IllegalStateException(name + " has no images");
        }
        return new Loaded(task.classes(), train.shape(), train.pixels(), train.labels(), test.pixels(),
                test.labels());
    }

    /**
     * What is wrong with the user's data.
     *
     * @param sentence what, and what to do
     * @return the exception that the program reports by that sentence alone
     */
    public static IOException problem(String sentence) {
        return new DataException(sentence);
    }

    /**
     * The brightest pixel: that of digits is 16, that of others 255.
     *
     * @param pixels unsigned bytes
     * @return at least 1
     */
    public static int brightest(byte[] pixels) {
        int brightest = 1;
        for (byte pixel : pixels) {
            brightest = Math.max(brightest, pixel & 0xFF);
        }
        return brightest;
    }

    /**
     * The mean and the standard deviation of pixels in [0, 1].
     *
     * @param pixels unsigned bytes
     * @return both
     */
    public static double[] moments(byte[] pixels) {
        double sum = 0;
        double squares = 0;
        for (byte pixel : pixels) {
            double value = (pixel & 0xFF) / (double) LARGEST;
            sum += value;
            squares += value * value;
        }
        double mean = sum / pixels.length;
        return new double[] {mean, Math.sqrt(squares / pixels.length - mean * mean)};
    }
}
