package org.ibhebb.internal.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;

/**
 * What a streaming network is and where its parts lie, as both engines read it. {@link #forEngine} is the same for
 * {@code stream.hpp}, which reads the fields in this order.
 *
 * @param hidden the hidden layers, from the input on
 * @param output the output layer, whose objective is the network's loss
 * @param tasks what layers compare their activations with
 * @param terms the objectives of windows, layer by layer
 * @param settings what holds for all layers
 * @param places where the network's own arrays lie
 * @param recall by what earlier samples are recalled; null where they are remembered exactly
 */
record Plan(List<Layer> hidden, Layer output, List<Task> tasks, List<Term> terms, Common settings, Places places,
        Recall recall) {

    /** A layer's activation function; a leaky one's slope is {@link Layer#slope}. */
    enum Activation { IDENTITY, RECTIFIED, TANH, LOGISTIC }

    /** How labels are to be read. */
    enum Encoding { CLASSES, INDEPENDENT, REAL }

    /** What a signal sees of a layer's output. */
    enum View { AS_IT_IS, ACROSS_UNITS, ONE_SCALAR }

    /** Which objective of a window. */
    enum Kind { HSIC_OF_INPUT, HSIC_OF_ITSELF, ALIGNMENT, NEIGHBOURS }

    /** How alike two labels are. */
    enum Similarity { SAME_LABEL, GAUSSIAN_LABELS, MEDIAN_LABELS }

    /** Where nothing lies. */
    static final long NONE = -1;

    /** Scalars of the network, in the clock. */
    static final int LEARNT = 0;
    static final int AGE = 1;
    static final int OUTPUT_SQUARE = 2;
    static final int LABEL_VARIANCE = 3;
    static final int BEHIND = 4;
    static final int COMPARED = 5;
    static final int WRONG = 6;
    static final int TICKS = 7;

    /** Scalars of a layer, from {@link Layer#clock} on. */
    static final int PRESYNAPTIC = 0;
    static final int VARIANCE = 1;
    static final int READOUT_LOSS = 2;
    static final int SCALARS = 3;

    /** Of the kernel, of its products with the task's and of both kernels' squares. */
    private static final int TABLES_OF_ALIGNMENT = 4;

    /** Standardised inputs lie within so many deviations. */
    static final double LIMIT = 5;
    /** Below what any variance is. */
    static final double TINY = 1e-12;
    /** By so much worse, relative to its loss, may the mean predict by chance. */
    static final double MARGIN = 0.05;
    /** By how much the first step of an output layer is larger, relative to its rate, where rates are adaptive. */
    static final double EAGERNESS = 4;
    /** After so many samples it is half of that. */
    static final double EAGER_FOR = 200;
    /** The share of a readout's rate at which its bias learns. */
    static final double BIAS_SHARE = 0.1;

    /**
     * A dense layer, or one that reads images.
     *
     * @param in inputs
     * @param out values that it passes on: of a dense layer, one a neuron
     * @param weights where they start among the parameters, those of one neuron contiguous
     * @param bias where it starts among the parameters; {@link #NONE} for none
     * @param slope of a rectifier's negative half
     * @param rate at the start
     * @param prediction the weight of the prediction objective; 0 for none
     * @param readoutRate of the layer's own readout, relative to the squared length of what it reads
     * @param readout where it starts in the state: a row of {@code out} for each label, then one bias for each
     * @param gain where each neuron's running mean square lies in the state
     * @param centre where each neuron's running mean lies in the state
     * @param memory where what is remembered of the layer lies in the state, a row a sample
     * @param clock where its scalars lie in the clock
     * @param firstTerm its first objective of a window
     * @param terms how many it has
     * @param geometry how it reads images; null for a dense layer
     * @param timing what it does in time; null for a layer that knows none
     */
    record Layer(int in, int out, long weights, long bias, Activation activation, double slope, boolean learns,
            double rate, View view, double prediction, double readoutRate, long readout, long gain, long centre,
            long memory, int clock, int firstTerm, int terms, Geometry geometry, Timing timing) {

        /** How many have a gain of their own: the neurons of a dense layer, the feature maps of a convolution. */
        int neurons() {
            return geometry == null ? out : geometry.maps();
        }

        /** How many numbers its signal sees. */
        int seen() {
            return geometry == null ? out : geometry.seen();
        }

        /** Values of a sample that it reads: those of all time steps, where what comes in has such. */
        int values() {
            return timing == null ? in : timing.values(in);
        }

        private int widest() {
            return geometry == null ? out : Math.max(Math.max(out, seen()), geometry.maps() * geometry.places());
        }

        private double[] numbers() {
            return new double[] {in, out, weights, bias, activation.ordinal(), slope, learns ? 1 : 0, rate,
                view.ordinal(), prediction, readoutRate, readout, gain, centre, memory, clock, firstTerm, terms};
        }
    }

    /**
     * What layers compare their activations with.
     *
     * @param sigma of a Gaussian kernel on labels
     * @param input whether inputs are compared too, by a Gaussian kernel of {@code sigmaX}, less {@code gamma} labels
     * @param matrix where all comparisons lie in the state; {@link #NONE} where the newest sample's are enough
     */
    record Task(Similarity similarity, double sigma, boolean input, double sigmaX, double gamma, long matrix) {

        private double[] numbers() {
            return new double[] {similarity.ordinal(), sigma, input ? 1 : 0, sigmaX, gamma, matrix};
        }
    }

    /**
     * An objective of a window.
     *
     * @param cosine whether activations are compared by their cosine, and else by a Gaussian kernel of {@code sigma}
     * @param gamma task against compression
     * @param task with what it compares
     * @param gram where the kernel of all that is remembered lies in the state; {@link #NONE} where none is needed
     */
    record Term(Kind kind, double weight, boolean cosine, double sigma, double gamma, int task, long gram) {

        private double[] numbers() {
            return new double[] {kind.ordinal(), weight, cosine ? 1 : 0, sigma, gamma, task, gram};
        }
    }

    /**
     * What holds for all layers.
     *
     * @param memory samples that are remembered, the newest included; 0 for none
     * @param standardizes whether inputs are standardised by their running means and variances
     * @param missing whether an input that is not a number counts as its mean
     * @param scheduleLength in samples
     * @param averageEvery after how many samples the parameters that predict follow those that learn; 0 if they are the
     *     same
     * @param averageShare the mean is one over the latest 1/averageShare or so of the past, in steps
     * @param averageLeast the least share of the latest parameters in a step of the mean
     * @param compareEvery every how many samples the mean and the latest parameters are compared
     * @param compareHorizon over how many comparisons
     * @param youngerBy by what the network's age is multiplied where the mean predicts worse
     * @param gainDecay of a neuron's running mean square
     * @param gainFloor in units of the mean over the layer's neurons
     * @param horizon of all other running means, in samples
     * @param epsilon of layer normalisation, in units of the running mean variance
     * @param fadeFloor below which other objectives do not fade
     * @param outputCap of the output layer's rate times the squared length of its input
     */
    record Common(int memory, Encoding encoding, boolean standardizes, boolean missing, Schedule schedule,
            double scheduleLength, int averageEvery, double averageShare, double averageLeast, int compareEvery,
            double compareHorizon, double youngerBy, double gainDecay, double gainFloor, double horizon,
            double epsilon, double fadeFloor, double outputCap) {}

    /**
     * Where the network's own arrays lie in the state, {@link #NONE} for those that are not needed.
     *
     * @param parameters how many there are
     * @param state its length
     */
    record Places(long parameters, long state, long inputMean, long inputVariance, long labelRows, long inputRows,
            long labelMean) {}

    /**
     * A memory network in place of an exact memory: before each sample, those before it are recalled into their places.
     *
     * @param network which one, by its checksum
     * @param labels where the states of labels lie
     * @param layers where those of the hidden layers lie; {@link #NONE} for a layer that compares nothing
     * @param plain where it lies whether all labels so far were plain
     */
    record Recall(String network, long labels, List<Long> layers, long plain) {

        /** The beginning of a checksum, as a number that a double holds. */
        private double[] numbers() {
            double[] numbers = new double[3 + layers.size()];
            numbers[0] = Long.parseLong(network.substring(0, 12), 16);
            numbers[1] = labels;
            numbers[2] = plain;
            for (int i = 0; i < layers.size(); i++) {
                numbers[3 + i] = layers.get(i);
            }
            return numbers;
        }
    }

    /** A part of the state. */
    record Span(long start, long length) {}

    /** What keeps something of each sample that is remembered: a row, or a row and a column. */
    private record Rows(long start, long width, boolean square) {}

    /**
     * The parts of the state that can hold something: all but the rooms of samples that have not come yet, which are 0.
     *
     * @param learnt how many samples have come
     * @return without overlaps, in the order of the state
     */
    List<Span> filled(double learnt) {
        int memory = settings.memory();
        long rows = (long) Math.min(learnt, memory);
        List<Span> spans = new ArrayList<>();
        long place = 0;
        for (Rows each : ofSamples()) {
            add(spans, place, each.start() - place);
            if (each.square() && rows < memory) {
                for (long row = 0; row < rows; row++) {
                    add(spans, each.start() + row * memory, rows);
                }
            } else {
                add(spans, each.start(), rows * each.width());
            }
            place = each.start() + memory * each.width();
        }
        add(spans, place, places.state() - place);
        return spans;
    }

    private static void add(List<Span> spans, long start, long length) {
        if (length > 0) {
            spans.add(new Span(start, length));
        }
    }

    private List<Rows> ofSamples() {
        List<Rows> all = new ArrayList<>();
        if (settings.memory() > 0) {
            all.add(new Rows(places.labelRows(), outputs(), false));
            all.add(new Rows(places.inputRows(), inputs(), false));
            for (Layer layer : hidden) {
                all.add(new Rows(layer.memory(), layer.seen(), false));
            }
            tasks.forEach(task -> all.add(new Rows(task.matrix(), settings.memory(), true)));
            terms.forEach(term -> all.add(new Rows(term.gram(), settings.memory(), true)));
        }
        return all.stream().filter(each -> each.start() != NONE).sorted(Comparator.comparingLong(Rows::start)).toList();
    }

    int inputs() {
        return first().values();
    }

    /** How many time steps a sample has; 0 for vectors. */
    int timeSteps() {
        Timing timing = first().timing();
        return timing != null && timing.series() ? timing.steps() : 0;
    }

    private Layer first() {
        return hidden.isEmpty() ? output : hidden.get(0);
    }

    int outputs() {
        return output.out();
    }

    int widest() {
        return hidden.stream().mapToInt(Layer::widest).max().orElse(0);
    }

    /** Whether a layer reads images. */
    boolean readsImages() {
        return hidden.stream().anyMatch(layer -> layer.geometry() != null);
    }

    /** Whether a layer has time steps. */
    boolean hasTime() {
        return hidden.stream().anyMatch(layer -> layer.timing() != null);
    }

    /** Whether a layer does in time what none did at first: convolves, pools, or learns at each time step. */
    boolean doesMoreInTime() {
        return hidden.stream().anyMatch(layer -> layer.timing() != null
                && (layer.geometry() != null || layer.timing().resolvesTime()));
    }

    /** How many scalars there are. */
    int clock() {
        return TICKS + SCALARS * hidden.size();
    }

    /**
     * How many sums over matrices there are: behind the clock, first how many samples they are of, then those of tasks,
     * then those of objectives. They follow from the state, and are not saved.
     */
    long sums() {
        return settings.memory() == 0 ? 0 : sumsOfTerm(terms.size());
    }

    /** Where the sums over a task's matrix lie among all sums. */
    long sumsOfTask(int task) {
        long tables = tasks.stream().limit(task).filter(each -> each.matrix() != NONE).count();
        return 1 + tables * RowSums.numbers(settings.memory());
    }

    /** Where the sums over an objective's kernel lie among all sums, and behind them those of alignment's products. */
    long sumsOfTerm(int term) {
        long tables = terms.stream().limit(term).filter(each -> each.gram() != NONE)
                .mapToLong(each -> each.kind() == Kind.ALIGNMENT ? TABLES_OF_ALIGNMENT : 1).sum();
        return sumsOfTask(tasks.size()) + tables * RowSums.numbers(settings.memory());
    }

    /** How many numbers of the state predictions read: the statistics of inputs, which {@link Drawing} puts first. */
    int readByPredictions() {
        return settings.standardizes() ? 2 * inputs() : 0;
    }

    boolean averages() {
        return settings.averageEvery() > 0;
    }

    /**
     * This plan for {@code stream.hpp}: {@link #numbers}, and before them at which of those the geometries begin, and
     * at which the timings, 0 for none.
     */
    double[] forEngine() {
        double[] numbers = numbers();
        int timings = numbers.length - ofRecall().length - ofTimings().length;
        double[] all = new double[2 + numbers.length];
        all[0] = readsImages() ? timings - ofGeometries().length : 0;
        all[1] = hasTime() ? timings : 0;
        System.arraycopy(numbers, 0, all, 2, numbers.length);
        return all;
    }

    /** The largest patch, the most feature maps, and then each layer's. */
    private double[] ofGeometries() {
        if (!readsImages()) {
            return new double[0];
        }
        List<Geometry> there = hidden.stream().map(Layer::geometry).filter(Objects::nonNull).toList();
        return DoubleStream.concat(
                DoubleStream.of(there.stream().mapToInt(Geometry::patch).max().orElse(0),
                        there.stream().mapToInt(Geometry::maps).max().orElse(0)),
                hidden.stream().flatMapToDouble(layer -> Arrays.stream(Geometry.numbers(layer.geometry())))).toArray();
    }

    /** Room for the most time steps, the most values in time, and then each layer's, and the weights of time steps. */
    private double[] ofTimings() {
        if (!hasTime()) {
            return new double[0];
        }
        int weights = 2 + hidden.size() * Timing.count();
        int steps = 0;
        int values = 0;
        DoubleStream layers = DoubleStream.empty();
        DoubleStream all = DoubleStream.empty();
        for (Layer layer : hidden) {
            Timing timing = layer.timing();
            layers = DoubleStream.concat(layers, Arrays.stream(Timing.numbers(timing, weights)));
            if (timing != null) {
                steps = Math.max(steps, timing.room());
                values = Math.max(values, Math.max(timing.series() ? layer.in() : 0, layer.out()));
                weights += timing.room();
                all = DoubleStream.concat(all, Arrays.stream(timing.roomOfWeights()));
            }
        }
        return DoubleStream.concat(DoubleStream.of(steps, values), DoubleStream.concat(layers, all)).toArray();
    }

    private double[] ofRecall() {
        return recall == null ? new double[0] : recall.numbers();
    }

    /** This plan, by which a file of what was learnt is known to be of this network. */
    double[] numbers() {
        Common s = settings;
        double[] header = {hidden.size(), inputs(), outputs(), widest(), s.memory(), tasks.size(), places.parameters(),
            s.encoding().ordinal(), s.standardizes() ? 1 : 0, s.missing() ? 1 : 0, s.schedule().ordinal(),
            s.scheduleLength(), s.averageEvery(), s.averageShare(), s.averageLeast(), s.gainDecay(), s.gainFloor(),
            s.horizon(), s.epsilon(), s.fadeFloor(), s.outputCap(), places.inputMean(), places.inputVariance(),
            places.labelRows(), places.inputRows(), places.labelMean(), s.compareEvery(), s.compareHorizon(),
            s.youngerBy()};
        double[][] parts = new double[1 + hidden.size() + 1 + tasks.size() + terms.size() + 3][];
        int next = 0;
        parts[next++] = header;
        for (Layer layer : hidden) {
            parts[next++] = layer.numbers();
        }
        parts[next++] = output.numbers();
        for (Task task : tasks) {
            parts[next++] = task.numbers();
        }
        for (Term term : terms) {
            parts[next++] = term.numbers();
        }
        parts[next++] = ofGeometries();
        parts[next++] = ofTimings();
        // Engines do not read what is behind the others.
        parts[next] = ofRecall();
        return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
    }
}
