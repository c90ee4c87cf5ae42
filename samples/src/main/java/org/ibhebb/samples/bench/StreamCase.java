package org.ibhebb.samples.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.ibhebb.samples.report.Progress;

/**
 * A network that learns and predicts one sample at a time.
 *
 * @param sizes of the input, the dense hidden layers and the output
 * @param maps of convolutions of 3 x 3 below those, each of which is pooled to half; none for a network of vectors
 * @param input what it reads
 * @param steps for how many time steps neurons see a sample that spike, as a constant current; 0 for others
 */
record StreamCase(List<Integer> sizes, List<Integer> maps, Input input, int steps) implements BenchCase {

    /** What samples are like, and how they are given. */
    enum Input {
        /** Raw images, in which most inputs are 0. */
        RAW,
        /** The same by indices and values of what is not 0, sample by sample. */
        SPARSE,
        /** Standardised ones, in which none is. */
        STANDARDISED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int PIXELS = 784;
    private static final int CLASSES = 10;
    private static final int SIDE = 28;
    private static final List<Integer> MAPS = List.of(16, 32);
    private static final int USUAL = 128;
    /** Of more hidden layers, which are all alike, the name says how many there are. */
    private static final int MOST_NAMED = 8;
    private static final List<Integer> WIDTHS = List.of(64, 256, 1024, 2048);
    private static final List<Integer> DEPTHS = List.of(1, 2, 4, 8, 64);

    StreamCase(List<Integer> sizes, Input input) {
        this(sizes, input, 0);
    }

    StreamCase(List<Integer> sizes, Input input, int steps) {
        this(sizes, List.of(), input, steps);
    }

    /** Convolutions of square images of one channel. */
    static StreamCase ofImages(Input input) {
        return new StreamCase(List.of(PIXELS, CLASSES), MAPS, input, 0);
    }

    /** Networks by their width, one hidden layer each, and by their depth, layers of one width; convolutions. */
    static List<StreamCase> ofAllSizes() {
        List<StreamCase> cases = new ArrayList<>();
        WIDTHS.forEach(width -> cases.add(new StreamCase(List.of(PIXELS, width, CLASSES), Input.RAW)));
        for (int depth : DEPTHS) {
            List<Integer> sizes = new ArrayList<>(Collections.nCopies(depth, USUAL));
            sizes.add(0, PIXELS);
            sizes.add(CLASSES);
            cases.add(new StreamCase(List.copyOf(sizes), Input.RAW));
        }
        cases.add(ofImages(Input.RAW));
        cases.add(ofImages(Input.STANDARDISED));
        return cases;
    }

    String network() {
        if (!maps.isEmpty()) {
            return maps.stream().map(String::valueOf).collect(Collectors.joining(",", "cnn:", ""));
        }
        int hidden = sizes.size() - 2;
        String named = hidden <= MOST_NAMED ? sizes.stream().map(String::valueOf).collect(Collectors.joining("-"))
                : sizes.get(0) + "-" + sizes.get(1) + "x" + hidden + "-" + sizes.get(hidden + 1);
        return named + (steps > 0 ? ".t" + steps : "");
    }

    MultiLayerConfiguration configure() {
        if (!maps.isEmpty()) {
            return StepRivals.configure(SIDE, maps, sizes.get(sizes.size() - 1));
        }
        return steps > 0 ? SpikingCase.configure(sizes, steps) : StepRivals.configure(sizes);
    }

    @Override
    public int rounds() {
        return StreamRates.ROUNDS;
    }

    @Override
    public BenchResult measure(double seconds, Machine machine, Progress progress) {
        StreamRates rates = new StreamRates(this);
        return new StreamResult(this, rates.measure(seconds, progress), machine.floor(rates.work()));
    }
}
