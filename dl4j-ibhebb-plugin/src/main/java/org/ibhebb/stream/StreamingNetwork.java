package org.ibhebb.stream;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.internal.stream.Batch;
import org.ibhebb.internal.stream.LayerChain;
import org.ibhebb.internal.stream.Learner;
import org.ibhebb.internal.stream.MiniBatches;
import org.ibhebb.internal.stream.Settings;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns on the fly: one sample at a time, forward only, each layer by itself as soon as its own output is known.
 *
 * <pre>{@code
 * StreamingNetwork stream = IbHebb.stream(net);
 * float[] prediction = stream.learn(x, label);    // first the prediction, then the lesson
 * }</pre>
 *
 * <p><b>What learns</b> are the parameters of the given network, in place: {@code net.output}, {@code ModelSerializer}
 * and {@code IbHebb.revert} see what has been learnt at any moment, by {@linkplain Rates#adaptive adaptive} rates
 * within the last 32 samples. While another thread learns, predict by this object, whose predictions come from one
 * state, and not by {@code net.output}. A converted layer learns by its rule; a stock one by the rule of the
 * {@linkplain Builder#rule builder}, prediction with a share of neighbourhood.
 *
 * <p><b>What takes part</b> of Deeplearning4j's configuration are layers, parameters, activation functions, the output
 * layer's loss and frozen layers. What does not are updaters and their rates ({@link Rates} stand in their place),
 * regularisation, dropout, weight noise, constraints, gradient normalisation, and listeners; {@link #toString} names
 * those that the configuration has.
 *
 * <p><b>Which networks</b>: dense layers and 2D convolutions (relu, leaky relu, tanh, sigmoid, identity), pooling by the
 * largest value or the mean, dense layers and 2D convolutions of spiking neurons, pooling and rates of their spikes
 * ({@code SpikingDenseLayer}, {@code SpikingConvolutionLayer}, {@code SpikePoolingLayer}, {@code SpikeRateLayer}),
 * activation and dropout layers between them, and an output layer of softmax and cross-entropy, sigmoid and binary
 * cross-entropy, or identity and squared error; a {@code MultiLayerNetwork}, or a {@code ComputationGraph} that is such
 * a chain; FLOAT or DOUBLE, on ND4J's CPU backend. Anything else is refused by the layer's name, with the reason.
 * Images are given flat, channel by channel and row by row, to a network built with {@code
 * setInputType(InputType.convolutionalFlat(height, width, channels))}.
 *
 * <p><b>Classes</b> are numbers from 0, and the output layer has a unit for each that may ever come: one that appears
 * late is learnt from its first sample on. A sample that is refused (of another length, not finite, of an unknown
 * class) changes nothing; if it is one of a block, nothing of the block is learnt.
 *
 * <p><b>Mini-batches</b> of a converted network may also be learnt together ({@link #fit(DataSetIterator, int)}), as its
 * own {@code fit} does.
 *
 * <p><b>Threads</b>: several may predict at the same time as one learns; those that learn take turns, a call each.
 * After the first few calls those that take an array for predictions allocate nothing.
 *
 * @see Rates
 */
public final class StreamingNetwork implements Predictor {

    private static final Logger LOG = LoggerFactory.getLogger(StreamingNetwork.class);
    private static final LearningRule RULE = LearningRule.builder()
            .objective(Objective.prediction().withRate(1))
            .plus(Objective.neighbourhood().withSigma(0.35).withWeight(0.3))
            .memory(64)
            .build();

    private final LayerChain chain;
    private final Learner learner;
    private final Reader reader;
    /** Of who learns. */
    private final Batch batch;
    /** Null until a mini-batch is learnt together. */
    private MiniBatches miniBatches;

    private StreamingNetwork(LayerChain chain, Learner learner) {
        this.chain = chain;
        this.learner = learner;
        this.reader = new Reader(learner);
        this.batch = learner.batch();
        LOG.debug("{}", this);
    }

    /**
     * Settings for a network.
     *
     * @param network converted or not; it learns in place
     * @return a builder
     * @throws IllegalArgumentException naming the layer and the reason, if the network can't learn on the fly
     */
    public static Builder builder(MultiLayerNetwork network) {
        return new Builder(LayerChain.of(network));
    }

    /**
     * Settings for a graph that is a chain of layers.
     *
     * @param network converted or not; it learns in place
     * @return a builder
     * @throws IllegalArgumentException naming the layer and the reason, if the network can't learn on the fly
     */
    public static Builder builder(ComputationGraph network) {
        return new Builder(LayerChain.of(network));
    }

    // ----------------------------------------------------------------------------------------------------------------
    // One sample
    // ----------------------------------------------------------------------------------------------------------------

    /**
     * Predicts a sample, then learns it.
     *
     * @param x as many values as the network has inputs
     * @param label the number of its class, from 0
     * @return what the network predicted before it learnt: one value for each output
     * @throws IllegalArgumentException if {@code x} is of another length, there is no such class, or the output layer
     *     does not tell classes apart
     * @throws ArithmeticException if a value is not finite
     */
    public synchronized float[] learn(float[] x, int label) {
        reader.length(x.length);
        category(label, 0);
        batch.inputs(x, 0, 1);
        batch.oneClass(label);
        return learnOne();
    }

    /**
     * Predicts a sample, then learns it.
     *
     * @param x as many values as the network has inputs
     * @param y one value for each output: probabilities, or values
     * @return what the network predicted before it learnt: one value for each output
     * @throws IllegalArgumentException if a length does not fit, or a probability is not in [0, 1]
     * @throws ArithmeticException if a value is not finite
     */
    public synchronized float[] learn(float[] x, float[] y) {
        reader.length(x.length);
        labels(y, 1);
        batch.inputs(x, 0, 1);
        batch.labels(y, 0);
        return learnOne();
    }

    /**
     * Predicts a sample, then learns it.
     *
     * @param x as many values as the network has inputs
     * @param label the number of its class, from 0
     * @return what the network predicted before it learnt: one value for each output
     * @throws IllegalArgumentException as {@link #learn(float[], int)}
     * @throws ArithmeticException if a value is not finite
     */
    public synchronized double[] learn(double[] x, int label) {
        reader.length(x.length);
        category(label, 0);
        batch.inputs(x, 0, 1);
        batch.oneClass(label);
        return learnOneInDouble();
    }

    /**
     * Predicts a sample, then learns it.
     *
     * @param x as many values as the network has inputs
     * @param y one value for each output: probabilities, or values
     * @return what the network predicted before it learnt: one value for each output
     * @throws IllegalArgumentException as {@link #learn(float[], float[])}
     * @throws ArithmeticException if a value is not finite
     */
    public synchronized double[] learn(double[] x, double[] y) {
        reader.length(x.length);
        labels(y, 1);
        batch.inputs(x, 0, 1);
        batch.labels(y, 0);
        return learnOneInDouble();
    }

    /**
     * Predicts a sample of which most inputs are 0, then learns it. Costs what the others cost.
     *
     * @param indices of the inputs that are not 0, from 0, each at most once
     * @param values of these, as many
     * @param label the number of its class, from 0
     * @return what the network predicted before it learnt: one value for each output
     * @throws IllegalArgumentException if there are not as many values as indices, an index is out of range, there is
     *     no such class, or the output layer does not tell classes apart
     * @throws ArithmeticException if a value is not finite
     */
    public synchronized float[] learn(int[] indices, float[] values, int label) {
        reader.elements(indices, values);
        category(label, 0);
        batch.inputs(indices, values);
        batch.oneClass(label);
        return learnOne();
    }

    /**
     * Predicts a sample of which most inputs are 0, then learns it. Costs what the others cost.
     *
     * @param indices of the inputs that are not 0, from 0, each at most once
     * @param values of these, as many
     * @param y one value for each output: probabilities, or values
     * @return what the network predicted before it learnt: one value for each output
     * @throws IllegalArgumentException if there are not as many values as indices, an index is out of range, or a
     *     probability is not in [0, 1]
     * @throws ArithmeticException if a value is not finite
     */
    public synchronized float[] learn(int[] indices, float[] values, float[] y) {
        reader.elements(indices, values);
        labels(y, 1);
        batch.inputs(indices, values);
        batch.labels(y, 0);
        return learnOne();
    }

    private float[] learnOne() {
        reader.finite(batch, 0);
        learner.learn(batch, true);
        float[] prediction = new float[learner.outputs()];
        batch.predictions(prediction, 0);
        return prediction;
    }

    private double[] learnOneInDouble() {
        reader.finite(batch, 0);
        learner.learn(batch, true);
        double[] prediction = new double[learner.outputs()];
        batch.predictions(prediction, 0);
        return prediction;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Blocks of samples
    // ----------------------------------------------------------------------------------------------------------------

    /**
     * Predicts and learns samples, strictly one after the other: as single calls, and faster.
     *
     * @param rows one sample after the other
     * @param labels the number of each sample's class, from 0
     * @param predictions receives what was predicted of each sample before it was learnt, one prediction after the
     *     other; null where none are wanted, which is faster by {@linkplain Rates#adaptive adaptive} rates
     * @throws IllegalArgumentException if a length does not fit, there is no such class, or the output layer does not
     *     tell classes apart
     * @throws ArithmeticException naming the sample, if a value is not finite
     */
    public synchronized void learn(float[] rows, int[] labels, float[] predictions) {
        int n = block(rows.length, labels.length, 1, predictions);
        for (int i = 0; i < n; i++) {
            category(labels[i], i);
        }
        if (n > Reader.AT_ONCE) {
            // All of the block is looked at before any of it is learnt.
            for (int first = 0; first < n; first += Reader.AT_ONCE) {
                take(rows, labels, first, n);
                reader.finite(batch, first);
            }
        }
        for (int first = 0; first < n; first += Reader.AT_ONCE) {
            take(rows, labels, first, n);
            learn(first, n, predictions);
        }
    }

    /**
     * Predicts and learns samples, strictly one after the other: as single calls, and faster.
     *
     * @param rows one sample after the other
     * @param labels one value for each output: probabilities, or values; one sample after the other
     * @param predictions receives what was predicted of each sample before it was learnt, one prediction after the
     *     other; null where none are wanted, which is faster by {@linkplain Rates#adaptive adaptive} rates
     * @throws IllegalArgumentException if a length does not fit, or a probability is not in [0, 1]
     * @throws ArithmeticException naming the sample, if a value is not finite
     */
    public synchronized void learn(float[] rows, float[] labels, float[] predictions) {
        int n = block(rows.length, labels.length, learner.outputs(), predictions);
        labels(labels, n);
        if (n > Reader.AT_ONCE) {
            for (int first = 0; first < n; first += Reader.AT_ONCE) {
                take(rows, labels, first, n);
                reader.finite(batch, first);
            }
        }
        for (int first = 0; first < n; first += Reader.AT_ONCE) {
            take(rows, labels, first, n);
            learn(first, n, predictions);
        }
    }

    /**
     * Predicts and learns samples, strictly one after the other.
     *
     * @param x a matrix, one row a sample
     * @param y one row a sample, with one value for each output; or, where the output layer tells classes apart, one
     *     number of a class a sample
     * @return what was predicted of each sample before it was learnt: one row a sample, of the type of {@code x}
     * @throws IllegalArgumentException if a shape does not fit, a probability is not in [0, 1], or there is no such
     *     class
     * @throws ArithmeticException naming the sample, if a value is not finite
     */
    public synchronized INDArray learn(INDArray x, INDArray y) {
        int n = reader.rows(x);
        boolean numbers = learner.hasClasses() && learner.outputs() > 1 && y.length() == n;
        if (!numbers && (y.rank() != 2 || y.size(0) != n || y.size(1) != learner.outputs())) {
            throw new IllegalArgumentException("labels of shape " + Arrays.toString(y.shape()) + " do not fit " + n
                    + " samples of " + learner.outputs() + " outputs");
        }
        if (x.dataType() == DataType.DOUBLE) {
            return inDouble(x, numbers ? oneHot(y, n) : y, n);
        }
        float[] predictions = new float[n * learner.outputs()];
        if (numbers) {
            learn(Reader.floats(x), classes(y, n), predictions);
        } else {
            learn(Reader.floats(x), Reader.floats(y), predictions);
        }
        return Nd4j.createFromArray(predictions).reshape(n, learner.outputs());
    }

    private INDArray inDouble(INDArray x, INDArray y, int n) {
        double[] rows = Reader.doubles(x);
        double[] labels = y.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        labels(labels, n);
        double[] predictions = new double[n * learner.outputs()];
        for (int first = 0; first < n; first += Reader.AT_ONCE) {
            take(rows, labels, first, n);
            reader.finite(batch, first);
        }
        for (int first = 0; first < n; first += Reader.AT_ONCE) {
            take(rows, labels, first, n);
            learner.learn(batch, true);
            batch.predictions(predictions, first);
        }
        return Nd4j.createFromArray(predictions).reshape(n, learner.outputs());
    }

    private INDArray oneHot(INDArray y, int n) {
        INDArray rows = Nd4j.zeros(DataType.DOUBLE, n, learner.outputs());
        int[] classes = classes(y, n);
        for (int i = 0; i < n; i++) {
            category(classes[i], i);
            rows.putScalar(i, classes[i], 1);
        }
        return rows;
    }

    private static int[] classes(INDArray y, int n) {
        int[] classes = new int[n];
        INDArray flat = y.reshape(n);
        for (int i = 0; i < n; i++) {
            double number = flat.getDouble(i);
            classes[i] = number == Math.rint(number) ? (int) number : -1;
        }
        return classes;
    }

    private void take(float[] rows, int[] labels, int first, int n) {
        batch.inputs(rows, first, Math.min(Reader.AT_ONCE, n - first));
        batch.classes(labels, first);
    }

    private void take(float[] rows, float[] labels, int first, int n) {
        batch.inputs(rows, first, Math.min(Reader.AT_ONCE, n - first));
        batch.labels(labels, first);
    }

    private void take(double[] rows, double[] labels, int first, int n) {
        batch.inputs(rows, first, Math.min(Reader.AT_ONCE, n - first));
        batch.labels(labels, first);
    }

    private void learn(int first, int n, float[] predictions) {
        if (n <= Reader.AT_ONCE) {
            reader.finite(batch, first);
        }
        learner.learn(batch, predictions != null);
        if (predictions != null) {
            batch.predictions(predictions, first);
        }
    }

    private int block(int values, int labels, int each, float[] predictions) {
        int n = reader.samples(values);
        if (labels != (long) n * each) {
            throw new IllegalArgumentException(n + " samples need " + (long) n * each + " labels, and there are "
                    + labels);
        }
        if (predictions != null) {
            reader.fits(predictions, n);
        }
        return n;
    }

    private void category(int label, int sample) {
        if (!learner.hasClasses()) {
            throw new IllegalArgumentException("the output layer does not tell classes apart (that takes softmax with"
                    + " MCXENT): give labels as one value for each of its " + learner.outputs() + " outputs");
        }
        if (label < 0 || label >= learner.outputs()) {
            throw new IllegalArgumentException("class " + label + " of sample " + sample + " must be a whole number"
                    + " from 0 to " + (learner.outputs() - 1) + ": build the network with a unit for each class that"
                    + " may come");
        }
    }

    private void labels(float[] y, int n) {
        labels(y.length, n);
        for (int i = 0; learner.hasProbabilities() && i < y.length; i++) {
            probability(y[i], i);
        }
    }

    private void labels(double[] y, int n) {
        labels(y.length, n);
        for (int i = 0; learner.hasProbabilities() && i < y.length; i++) {
            probability(y[i], i);
        }
    }

    private void labels(int length, int n) {
        if (length != (long) n * learner.outputs()) {
            throw new IllegalArgumentException("labels of " + n + " samples are " + (long) n * learner.outputs()
                    + " values, one for each output, and there are " + length);
        }
    }

    private void probability(double value, int i) {
        // What is not a number is for the check of all numbers to name.
        if (value < 0 || value > 1) {
            throw new IllegalArgumentException("label " + value + " of sample " + i / learner.outputs()
                    + " must be a probability, from 0 to 1");
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Samples that are learnt together
    // ----------------------------------------------------------------------------------------------------------------

    /**
     * Trains the network by mini-batches, as its own {@code fit} does and with the same numbers to rounding, but
     * without what Deeplearning4j's layers cost in each step: by each layer's rule, the network's own working memory,
     * readouts and gains, its updater and that one's state, of which all are as after {@code fit}, so that either goes
     * on where the other ended. Listeners are not told, and {@code score} is not computed.
     *
     * <p>What single samples have taught (gains, readouts, working memory and age of {@link #learn}) is kept apart from
     * that, and stays as it is; {@code learn} goes on from the parameters that mini-batches have left. Others may
     * predict meanwhile, between two mini-batches.
     *
     * @param data mini-batches without masks; gone through from its start, once an epoch
     * @param epochs how many times, at least 1
     * @throws IllegalArgumentException naming the layer and the reason, if the network's own {@code fit} would give
     *     something else: if it is not converted, or has dropout, weight noise, regularisation, constraints or gradient
     *     normalisation, or units of other layers than a convolution and the pooling behind it, or if inputs are to be
     *     standardised; if the iterator can't be reset for more than one epoch; if a mini-batch does not fit, and then
     *     those before it have been learnt
     * @throws ArithmeticException naming the sample, if a number is not finite; its mini-batch has changed nothing
     */
    public synchronized void fit(DataSetIterator data, int epochs) {
        if (epochs < 1) {
            throw new IllegalArgumentException("epochs (" + epochs + ") must be at least 1");
        }
        if (epochs > 1 && !data.resetSupported()) {
            throw new IllegalArgumentException("the data can't be gone through " + epochs + " times, for their iterator"
                    + " can't be reset: give one that can, or one epoch");
        }
        begin();
        for (int epoch = 0; epoch < epochs; epoch++) {
            if (data.resetSupported()) {
                data.reset();
            }
            while (data.hasNext()) {
                DataSet next = data.next();
                if (next.hasMaskArrays()) {
                    throw new IllegalArgumentException("a mini-batch has a mask, which a streaming network does not"
                            + " know: train this network by its own fit");
                }
                learner.otherwise(() -> miniBatches.learn(next.getFeatures(), next.getLabels()));
            }
            learner.otherwise(miniBatches::epochEnds);
        }
    }

    /**
     * Learns samples together, in one update: one mini-batch of {@link #fit(DataSetIterator, int)}.
     *
     * @param x a matrix, one row a sample
     * @param y labels as the network's output layer takes them, one row a sample
     * @throws IllegalArgumentException as {@link #fit(DataSetIterator, int)}; nothing has changed then
     * @throws ArithmeticException naming the sample, if a number is not finite; nothing has changed then
     */
    public synchronized void fit(INDArray x, INDArray y) {
        begin();
        learner.otherwise(() -> miniBatches.learn(x, y));
    }

    private void begin() {
        if (learner.settings().standardizes()) {
            throw new IllegalArgumentException("inputs are standardised by running statistics, which the network's own"
                    + " fit does not know: leave standardizeInputs out, and standardise the data before");
        }
        if (miniBatches == null) {
            miniBatches = new MiniBatches(chain);
        }
        miniBatches.begin();
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Predictions
    // ----------------------------------------------------------------------------------------------------------------

    @Override
    public float[] predict(float[] x) {
        return reader.predict(x);
    }

    @Override
    public double[] predict(double[] x) {
        return reader.predict(x);
    }

    @Override
    public float[] predict(int[] indices, float[] values) {
        return reader.predict(indices, values);
    }

    @Override
    public INDArray predict(INDArray x) {
        return reader.predict(x);
    }

    @Override
    public void predict(float[] rows, float[] predictions) {
        reader.predict(rows, predictions);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // What it knows
    // ----------------------------------------------------------------------------------------------------------------

    /**
     * What the network knows now, which it goes on to change.
     *
     * @return what predicts as the network does at this moment, for good
     */
    public Predictor snapshot() {
        return new Reader(learner.snapshot());
    }

    /**
     * How many samples have been learnt.
     *
     * @return since the network was first made a streaming one, those before it was saved included
     */
    public long learnt() {
        return learner.learnt();
    }

    /**
     * Writes what it takes to {@linkplain Builder#resume go on} as if nothing had happened: the network's parameters,
     * its working memory, readouts, gains, running means, and how old it is. The file is replaced whole, or not at all;
     * others may learn meanwhile, and the file holds one state, of which a copy is taken outside of Java's heap. It is
     * as large as what is remembered, whatever the working memory has room for. The network alone can be saved by
     * Deeplearning4j's {@code ModelSerializer}.
     *
     * @param file where to
     * @throws IOException if it can't be written, or there is no memory for the copy
     */
    public void save(Path file) throws IOException {
        learner.save(file);
    }

    /**
     * In words: the layers, what learns them, and what of their configuration takes no part.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return learner.inputs() + " inputs, " + learner.outputs() + " outputs, engine " + learner.engine()
                + (chain.ignored().isEmpty() ? "" : "; takes no part: " + String.join(", ", chain.ignored()));
    }

    /** Collects the settings of a {@link StreamingNetwork}. */
    public static final class Builder {

        private LayerChain chain;
        private LearningRule rule = RULE;
        private Rates rates = Rates.adaptive();
        private boolean standardizes;
        private boolean missing;
        private boolean inJava;

        private Builder(LayerChain chain) {
            this.chain = chain;
        }

        /**
         * How the hidden layers learn that carry no rule of their own, as converted ones do.
         *
         * @param rule prediction (rate 1) + 0.3 x neighbourhood (sigma 0.35) with a memory of 64 samples unless said
         *     otherwise. A rate of prediction above 1 counts as 1, which is what single samples want
         * @return this builder
         */
        public Builder rule(LearningRule rule) {
            this.rule = Objects.requireNonNull(rule, "rule");
            return this;
        }

        /**
         * How fast the network learns.
         *
         * @param rates {@link Rates#adaptive()} unless said otherwise
         * @return this builder
         */
        public Builder rates(Rates rates) {
            this.rates = Objects.requireNonNull(rates, "rates");
            return this;
        }

        /**
         * Whether each input is brought to mean 0 and variance 1 by its running mean and variance, over the latest
         * 10,000 samples or all of them, and cut off at 5 deviations. The statistics are the streaming network's, and
         * saved with it; {@code net.output} does not know of them.
         *
         * @param standardizes false unless said otherwise
         * @return this builder
         */
        public Builder standardizeInputs(boolean standardizes) {
            this.standardizes = standardizes;
            return this;
        }

        /**
         * Whether an input that is NaN is a missing value, which counts as the input's running mean, and not a reason
         * to refuse the sample. Takes {@link #standardizeInputs}.
         *
         * @param missing false unless said otherwise
         * @return this builder
         */
        public Builder missingValues(boolean missing) {
            this.missing = missing;
            return this;
        }

        /**
         * Makes samples sequences, which a network takes whose first layer is a spiking one. A sample has then a value
         * for each input and time step: all time steps of the first input, then those of the second, as rows of
         * Deeplearning4j's sequences have them (samples x inputs x time steps; such arrays are taken as they are).
         * Where a {@code SequenceToFramesPreProcessor} stands before a spiking convolution, inputs are an image's
         * pixels, and arrays of images in time (samples x channels x time steps x height x width) are taken, too.
         * Said of a network that is saved, it has to be said again where that goes on.
         *
         * @param timeSteps of every sample; 0, for vectors, unless said otherwise: a spiking layer takes a vector for a
         *     current that is the same at each of its own time steps
         * @return this builder
         * @throws IllegalArgumentException if it is below 0, or naming the layer, if the first one takes no sequences
         */
        public Builder timeSteps(int timeSteps) {
            if (timeSteps < 0) {
                throw new IllegalArgumentException("timeSteps (" + timeSteps + ") must be at least 1, or 0 for samples"
                        + " that are vectors");
            }
            chain = chain.withTimeSteps(timeSteps);
            return this;
        }

        /**
         * Whether to learn in Java even where the native library could: the same numbers to rounding, and much slower.
         *
         * @param inJava false unless said otherwise
         * @return this builder
         */
        public Builder inJava(boolean inJava) {
            this.inJava = inJava;
            return this;
        }

        /**
         * A streaming network that begins with the network's parameters.
         *
         * @return the streaming network
         * @throws IllegalArgumentException naming the layer and the reason, if one can't learn by its rule
         * @throws IllegalStateException if the rules' memory network can't be had
         */
        public StreamingNetwork build() {
            if (missing && !standardizes) {
                throw new IllegalArgumentException("missing values count as the mean of their input, which only a"
                        + " network that standardises its inputs knows: standardizeInputs(true)");
            }
            Settings settings = new Settings(rule, rates.schedule(), rates.length(), rates.hidden(), rates.output(),
                    rates.averages(), standardizes, missing);
            return new StreamingNetwork(chain, new Learner(chain, settings, inJava));
        }

        /**
         * A streaming network that goes on where another one was saved: the same bits as without the interruption.
         * Rule, rates and standardisation come from the file, and what was said of them here does not count.
         *
         * @param file what {@link StreamingNetwork#save} wrote, of a network with the same layers and rules; its
         *     parameters overwrite this network's
         * @return the streaming network
         * @throws IOException if the file can't be read, is damaged, or is of another network; nothing has changed then
         */
        public StreamingNetwork resume(Path file) throws IOException {
            return new StreamingNetwork(chain, Learner.resume(chain, file, inJava));
        }
    }
}
