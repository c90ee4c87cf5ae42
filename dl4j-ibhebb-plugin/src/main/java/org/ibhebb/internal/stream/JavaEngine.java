package org.ibhebb.internal.stream;

import java.util.Arrays;
import org.ibhebb.internal.stream.Plan.Activation;
import org.ibhebb.internal.stream.Plan.Common;
import org.ibhebb.internal.stream.Plan.Encoding;
import org.ibhebb.internal.stream.Plan.Kind;
import org.ibhebb.internal.stream.Plan.Layer;
import org.ibhebb.internal.stream.Plan.Similarity;
import org.ibhebb.internal.stream.Plan.Task;
import org.ibhebb.internal.stream.Plan.Term;
import org.ibhebb.internal.stream.Plan.View;

/** In plain Java, for any platform, and the oracle of {@link NativeEngine}: loops in double, near to the formulas. */
final class JavaEngine implements Engine {

    @Override
    public void learn(Contents contents, Batch batch, boolean predicts) {
        Walk walk = new Walk(contents, batch);
        for (int i = 0; i < batch.size(); i++) {
            Plan plan = contents.plan();
            boolean compares = plan.averages() && walk.compares();
            double[] prediction = null;
            if (compares || predicts && (plan.averages() || plan.settings().standardizes())) {
                // The parameters that learn see the sample when running means have moved.
                prediction = walk.predict(i, contents.predicting());
            }
            double[] latest = walk.learn(i, compares ? prediction : null);
            if (predicts) {
                batch.predictions().put((long) i * latest.length, prediction == null ? latest : prediction, 0,
                        latest.length);
            }
        }
    }

    @Override
    public void predict(Contents contents, Reals parameters, Batch batch) {
        Walk walk = new Walk(contents, batch);
        for (int i = 0; i < batch.size(); i++) {
            double[] prediction = walk.predict(i, parameters);
            batch.predictions().put((long) i * prediction.length, prediction, 0, prediction.length);
        }
    }

    @Override
    public int firstBad(Contents contents, Batch batch) {
        Plan plan = contents.plan();
        for (int i = 0; i < batch.size(); i++) {
            long from = batch.isSparse() ? batch.starts().get(i) : (long) i * plan.inputs();
            long to = batch.isSparse() ? batch.starts().get(i + 1) : from + plan.inputs();
            for (long k = from; k < to; k++) {
                double value = batch.values().get(k);
                if (Double.isInfinite(value) || Double.isNaN(value) && !plan.settings().missing()) {
                    return i;
                }
            }
            for (int k = 0; batch.hasLabelRows() && k < plan.outputs(); k++) {
                if (!Double.isFinite(batch.labels().get((long) i * plan.outputs() + k))) {
                    return i;
                }
            }
        }
        return ALL_FINE;
    }

    @Override
    public String toString() {
        return "java";
    }

    /** One walk through the network after the other. */
    private static final class Walk {

        private final Plan plan;
        private final Common settings;
        private final Contents contents;
        private final Batch batch;
        private final Reals state;
        private final Reals clock;
        /** Of the sample under way. */
        private double[] labels;
        /** What each task says of the newest sample and each that is remembered. */
        private final double[][] rows;
        private int slot;
        private int filled;
        /** Whether sums over matrices are not those of the sample before. */
        private boolean sumsAreOld;

        private Walk(Contents contents, Batch batch) {
            this.plan = contents.plan();
            this.settings = plan.settings();
            this.contents = contents;
            this.batch = batch;
            this.state = contents.state();
            this.clock = contents.clock();
            this.rows = new double[plan.tasks().size()][];
        }

        private double[] predict(int i, Reals by) {
            double[] p = input(raw(i));
            for (Layer layer : plan.hidden()) {
                p = forward(layer, by, p).out();
            }
            return answer(affine(plan.output(), by, p));
        }

        /** Whether the next sample is one by which the mean of the parameters and the latest ones are compared. */
        private boolean compares() {
            int every = settings.compareEvery();
            return every > 0 && (clock.get(Plan.LEARNT) + 1) % every == 0;
        }

        /** @param mean what the parameters said that predict, to be compared; null where it is not to be */
        private double[] learn(int i, double[] mean) {
            double t = clock.get(Plan.LEARNT) + 1;
            clock.put(Plan.LEARNT, t);
            clock.put(Plan.AGE, clock.get(Plan.AGE) + 1);
            readLabels(i);
            double[] raw = raw(i);
            double share = share(t, settings.horizon());
            followInputs(raw, share);
            followLabels(share);
            double[] p = input(raw);
            compare(p, t);
            double scheduled = factor(t);
            for (Layer layer : plan.hidden()) {
                Passed passed = forward(layer, contents.learning(), p);
                if (layer.learns()) {
                    learn(layer, p, passed, t, share, scheduled);
                }
                p = passed.out();
            }
            double[] prediction = answer(affine(plan.output(), contents.learning(), p));
            if (mean != null) {
                age(distance(mean, labels), distance(prediction, labels));
            }
            learnOutput(p, prediction, share, scheduled);
            average(t);
            return prediction;
        }

        /** A hidden layer's lesson. */
        private void learn(Layer layer, double[] p, Passed passed, double t, double share, double scheduled) {
            Timing timing = layer.timing();
            double[] met = timing == null ? p : timing.overTime(p, layer.in());
            double square = clock.get(layer.clock() + Plan.PRESYNAPTIC);
            square += (squares(met) / layer.in() - square) * share;
            clock.put(layer.clock() + Plan.PRESYNAPTIC, square);
            double rate = layer.rate() * scheduled;
            double factor = square > 0 ? rate / Math.sqrt(square) : 0;
            double[][] signal = signal(layer, passed, share);
            if (timing == null || !timing.resolvesTime()) {
                double[] delta = product(signal[0], passed.fired() == null
                        ? slopes(layer, passed)
                        : passed.fired().meanSlopes());
                double[] e = product(delta, gains(layer, delta, t));
                update(layer, met, e, factor, timing == null ? rate : rate * timing.ofConstant());
                return;
            }
            double[][] deltas = timing.back(errorsInTime(layer, passed.fired(), signal, t), passed.fired());
            for (int step = 0; step < timing.steps(); step++) {
                update(layer, timing.now(p, layer.in(), step), deltas[step], factor, rate);
            }
        }

        /** Errors of rates, or of spikes at each time step, which each neuron divides by its own gain. */
        private double[][] errorsInTime(Layer layer, Timing.Fired fired, double[][] signal, double t) {
            Timing timing = layer.timing();
            if (timing.kind() != Timing.Kind.PER_STEP) {
                // By the gain that neurons have once a sample: where slopes are the same at all time steps, so is this.
                double[] gains = gains(layer, product(signal[0], fired.meanSlopes()), t);
                return new double[][] {product(signal[0], gains)};
            }
            double[][] errors = new double[timing.steps()][];
            for (int step = 0; step < errors.length; step++) {
                errors[step] = product(signal[step], fired.slopes()[step]);
                for (int j = 0; j < errors[step].length; j++) {
                    errors[step][j] *= timing.shareOfStep();
                }
            }
            // Time steps are to a gain what places are.
            double[] gains = gains(layer, timing.sequence(errors), t);
            for (int step = 0; step < errors.length; step++) {
                for (int j = 0; j < errors[step].length; j++) {
                    errors[step][j] *= gains[j * errors.length + step];
                }
            }
            return errors;
        }

        private static double[] product(double[] a, double[] b) {
            double[] product = new double[a.length];
            for (int i = 0; i < a.length; i++) {
                product[i] = a[i] * b[i];
            }
            return product;
        }

        // ------------------------------------------------------------------------------------------------------------
        // Input and labels
        // ------------------------------------------------------------------------------------------------------------

        private double[] raw(int i) {
            double[] x = new double[plan.inputs()];
            if (batch.isSparse()) {
                for (long k = batch.starts().get(i); k < batch.starts().get(i + 1); k++) {
                    x[batch.elements().get(k)] = batch.values().get(k);
                }
            } else {
                for (int k = 0; k < x.length; k++) {
                    x[k] = batch.values().get((long) i * x.length + k);
                }
            }
            return x;
        }

        private void readLabels(int i) {
            labels = new double[plan.outputs()];
            if (batch.hasClasses()) {
                labels[batch.classes().get(i)] = 1;
            } else {
                for (int k = 0; k < labels.length; k++) {
                    labels[k] = batch.labels().get((long) i * labels.length + k);
                }
            }
        }

        private double[] input(double[] raw) {
            if (!settings.standardizes()) {
                return raw;
            }
            double[] x = new double[raw.length];
            for (int k = 0; k < x.length; k++) {
                double deviation = Math.sqrt(state.get(plan.places().inputVariance() + k));
                double value = deviation > 0 ? (raw[k] - state.get(plan.places().inputMean() + k)) / deviation : 0;
                x[k] = Double.isNaN(value) ? 0 : Math.max(-Plan.LIMIT, Math.min(Plan.LIMIT, value));
            }
            return x;
        }

        private void followInputs(double[] raw, double share) {
            for (int k = 0; settings.standardizes() && k < raw.length; k++) {
                if (!Double.isNaN(raw[k])) {
                    follow(plan.places().inputMean() + k, plan.places().inputVariance() + k, raw[k], share);
                }
            }
        }

        private void follow(long meanAt, long varianceAt, double value, double share) {
            double difference = value - state.get(meanAt);
            state.put(meanAt, state.get(meanAt) + share * difference);
            state.put(varianceAt, (1 - share) * (state.get(varianceAt) + share * difference * difference));
        }

        private void followLabels(double share) {
            if (settings.encoding() != Encoding.REAL) {
                return;
            }
            double squares = 0;
            for (int k = 0; k < labels.length; k++) {
                double difference = labels[k] - state.get(plan.places().labelMean() + k);
                state.put(plan.places().labelMean() + k, state.get(plan.places().labelMean() + k) + share * difference);
                squares += difference * difference;
            }
            clock.put(Plan.LABEL_VARIANCE, (1 - share) * (clock.get(Plan.LABEL_VARIANCE) + share * squares));
        }

        // ------------------------------------------------------------------------------------------------------------
        // Layers
        // ------------------------------------------------------------------------------------------------------------

        /**
         * What went through a layer.
         *
         * @param a pre-activations; null where there are none
         * @param z activations: of spiking neurons, how often each has fired
         * @param pooled null where there is no pooling
         * @param fired what spiking neurons have done; null for others
         */
        private record Passed(double[] a, double[] z, Geometry.Pooled pooled, Timing.Fired fired) {

            double[] out() {
                return fired != null ? fired.spikes() : pooled == null ? z : pooled.values();
            }
        }

        private static Passed forward(Layer layer, Reals by, double[] p) {
            Geometry geometry = layer.geometry();
            Timing timing = layer.timing();
            if (timing != null && timing.spikes()) {
                double[][] currents = new double[timing.series() ? timing.steps() : 1][];
                for (int step = 0; step < currents.length; step++) {
                    currents[step] = affine(layer, by, timing.now(p, layer.in(), step));
                }
                Timing.Fired fired = timing.fire(currents);
                return new Passed(null, fired.rates(), null, fired);
            }
            if (timing != null) {
                double[] out = timing.kind() == Timing.Kind.POOLS
                        ? pooledInTime(geometry, timing, p)
                        : timing.rates(p, layer.in());
                return new Passed(null, out, null, null);
            }
            boolean weighs = geometry == null || geometry.convolution() != null;
            double[] a = weighs ? affine(layer, by, p) : null;
            double[] z = weighs ? activate(layer, a) : p;
            return new Passed(a, z, geometry == null || geometry.pooling() == null ? null : geometry.pool(z), null);
        }

        private static double[] pooledInTime(Geometry geometry, Timing timing, double[] p) {
            double[][] pooled = new double[timing.steps()][];
            for (int step = 0; step < pooled.length; step++) {
                pooled[step] = geometry.pool(timing.now(p, p.length / timing.steps(), step)).values();
                for (int i = 0; i < pooled[step].length; i++) {
                    pooled[step][i] *= timing.scale();
                }
            }
            return timing.sequence(pooled);
        }

        private static double[] affine(Layer layer, Reals by, double[] p) {
            if (layer.geometry() != null) {
                return convolved(layer, by, p);
            }
            double[] a = new double[layer.out()];
            for (int j = 0; j < a.length; j++) {
                double sum = 0;
                for (int i = 0; i < p.length; i++) {
                    if (p[i] != 0) {
                        sum += p[i] * by.get(layer.weights() + (long) j * p.length + i);
                    }
                }
                a[j] = sum + (layer.bias() == Plan.NONE ? 0 : by.get(layer.bias() + j));
            }
            return a;
        }

        private static double[] convolved(Layer layer, Reals by, double[] p) {
            int places = layer.geometry().places();
            double[] a = new double[layer.neurons() * places];
            for (int k = 0; layer.bias() != Plan.NONE && k < a.length; k++) {
                a[k] = by.get(layer.bias() + k / places);
            }
            layer.geometry().convolve(p, by, layer.weights(), a);
            return a;
        }

        private void update(Layer layer, double[] p, double[] e, double factor, double biasFactor) {
            Reals w = contents.learning();
            if (layer.geometry() != null) {
                layer.geometry().move(p, e, factor, w, layer.weights());
                for (int k = 0; layer.bias() != Plan.NONE && k < e.length; k++) {
                    long at = layer.bias() + k / layer.geometry().places();
                    w.put(at, w.get(at) - biasFactor * e[k]);
                }
                return;
            }
            for (int j = 0; j < e.length; j++) {
                if (e[j] == 0) {
                    continue;
                }
                for (int i = 0; i < p.length; i++) {
                    if (p[i] != 0) {
                        long at = layer.weights() + (long) j * p.length + i;
                        w.put(at, w.get(at) - factor * p[i] * e[j]);
                    }
                }
                if (layer.bias() != Plan.NONE) {
                    w.put(layer.bias() + j, w.get(layer.bias() + j) - biasFactor * e[j]);
                }
            }
        }

        private static double[] activate(Layer layer, double[] a) {
            double[] z = new double[a.length];
            for (int j = 0; j < a.length; j++) {
                z[j] = switch (layer.activation()) {
                    case IDENTITY -> a[j];
                    case RECTIFIED -> a[j] > 0 ? a[j] : layer.slope() * a[j];
                    case TANH -> Math.tanh(a[j]);
                    case LOGISTIC -> logistic(a[j]);
                };
            }
            return z;
        }

        private static double slope(Layer layer, double a, double z) {
            Activation activation = layer.activation();
            return switch (activation) {
                case IDENTITY -> 1;
                case RECTIFIED -> a > 0 ? 1 : layer.slope();
                case TANH -> 1 - z * z;
                case LOGISTIC -> z * (1 - z);
            };
        }

        private static double logistic(double a) {
            return 1 / (1 + Math.exp(-a));
        }

        private double[] answer(double[] a) {
            double[] said = new double[a.length];
            double most = Arrays.stream(a).max().orElse(0);
            double sum = 0;
            for (int k = 0; k < a.length; k++) {
                said[k] = switch (settings.encoding()) {
                    case CLASSES -> Math.exp(a[k] - most);
                    case INDEPENDENT -> logistic(a[k]);
                    case REAL -> a[k];
                };
                sum += said[k];
            }
            for (int k = 0; settings.encoding() == Encoding.CLASSES && k < a.length; k++) {
                said[k] /= sum;
            }
            return said;
        }

        private void learnOutput(double[] p, double[] prediction, double share, double scheduled) {
            Layer layer = plan.output();
            if (!layer.learns()) {
                return;
            }
            double square = clock.get(Plan.OUTPUT_SQUARE);
            square += (squares(p) - square) * share;
            clock.put(Plan.OUTPUT_SQUARE, square);
            double rate = Math.min(layer.rate() * eagerness(), settings.outputCap() / (1 + square)) * scheduled;
            double[] error = new double[labels.length];
            for (int k = 0; k < error.length; k++) {
                error[k] = prediction[k] - labels[k];
            }
            update(layer, p, error, rate, rate);
        }

        // ------------------------------------------------------------------------------------------------------------
        // What a hidden layer learns by
        // ------------------------------------------------------------------------------------------------------------

        /**
         * The derivative of the layer's objective by its activations: by rates of spiking neurons, or by the running
         * rates of each time step.
         */
        private double[][] signal(Layer layer, Passed passed, double share) {
            Geometry geometry = layer.geometry();
            double[][] rows = layer.timing() != null && layer.timing().kind() == Timing.Kind.PER_STEP
                    ? layer.timing().running(passed.fired().spikes())
                    : new double[][] {geometry != null && geometry.through() ? passed.out() : passed.z()};
            for (int row = 0; geometry != null && row < rows.length; row++) {
                rows[row] = geometry.look(rows[row]);
            }
            double[][] derivatives = derivatives(layer, rows, share);
            for (int row = 0; geometry != null && row < rows.length; row++) {
                derivatives[row] = geometry.back(derivatives[row], passed.pooled());
            }
            return derivatives;
        }

        private static double[] slopes(Layer layer, Passed passed) {
            double[] slopes = new double[passed.a().length];
            for (int j = 0; j < slopes.length; j++) {
                slopes[j] = slope(layer, passed.a()[j], passed.z()[j]);
            }
            return slopes;
        }

        /** The derivatives of the layer's objective by what its signal sees: one row, or one for each time step. */
        private double[][] derivatives(Layer layer, double[][] rows, double share) {
            int d = rows[0].length;
            double[][] u = new double[rows.length][d];
            double[] inverse = new double[rows.length];
            Arrays.fill(inverse, 1);
            double variance = clock.get(layer.clock() + Plan.VARIANCE);
            if (layer.view() == View.ACROSS_UNITS) {
                double[] own = new double[rows.length];
                for (int row = 0; row < rows.length; row++) {
                    double mean = Arrays.stream(rows[row]).average().orElse(0);
                    for (int j = 0; j < d; j++) {
                        u[row][j] = rows[row][j] - mean;
                        own[row] += u[row][j] * u[row][j] / d;
                    }
                }
                variance += (Arrays.stream(own).average().orElse(0) - variance) * share;
                for (int row = 0; row < rows.length; row++) {
                    inverse[row] = 1 / Math.sqrt(own[row] + settings.epsilon() * variance + Plan.TINY);
                }
            } else if (layer.view() == View.ONE_SCALAR) {
                double own = 0;
                for (int j = 0; j < d; j++) {
                    int unit = j;
                    double latest = Arrays.stream(rows).mapToDouble(row -> row[unit]).average().orElse(0);
                    long at = layer.centre() + j;
                    double centre = state.get(at) + share * (latest - state.get(at));
                    state.put(at, centre);
                    for (int row = 0; row < rows.length; row++) {
                        // Not as it is kept: the first sample has no distance from itself, be it of rounding.
                        u[row][j] = rows[row][j] - centre;
                        own += u[row][j] * u[row][j] / d / rows.length;
                    }
                }
                variance += (own - variance) * share;
                Arrays.fill(inverse, 1 / Math.sqrt(variance + Plan.TINY));
            } else {
                u = rows;
            }
            clock.put(layer.clock() + Plan.VARIANCE, variance);
            double[][] derivatives = new double[rows.length][];
            for (int row = 0; row < rows.length; row++) {
                for (int j = 0; layer.view() != View.AS_IT_IS && j < d; j++) {
                    u[row][j] *= inverse[row];
                }
                // Samples are compared once, as their last time step leaves them.
                double ofWindows = row == rows.length - 1 ? rows.length : 0;
                derivatives[row] = derivative(layer, u[row], inverse[row], ofWindows, share);
            }
            return derivatives;
        }

        /**
         * The derivative of the layer's objective by what its signal sees.
         *
         * @param u that, normalised
         * @param inverse by what it was multiplied
         * @param ofWindows the weight of what compares samples; 0 where they are not compared
         */
        private double[] derivative(Layer layer, double[] u, double inverse, double ofWindows, double share) {
            int d = u.length;
            double[] xi = new double[d];
            double fade = layer.prediction() > 0 ? predictLabels(layer, u, xi, share) : 1;
            if (layer.terms() > 0 && ofWindows > 0) {
                state.put(layer.memory() + (long) slot * d, u, 0, d);
                // As it is remembered.
                double[][] memory = new double[filled][d];
                for (int q = 0; q < filled; q++) {
                    state.get(layer.memory() + (long) q * d, memory[q], 0, d);
                }
                for (int k = layer.firstTerm(); k < layer.firstTerm() + layer.terms(); k++) {
                    addWindow(k, memory, plan.terms().get(k).weight() * fade * ofWindows, xi);
                }
            }
            double first = Arrays.stream(xi).sum() / d;
            double second = dot(xi, u) / d;
            double[] g = new double[d];
            for (int j = 0; j < d; j++) {
                g[j] = switch (layer.view()) {
                    case AS_IT_IS -> xi[j];
                    case ACROSS_UNITS -> inverse * (xi[j] - first - u[j] * second);
                    case ONE_SCALAR -> inverse * xi[j];
                };
            }
            return g;
        }

        /** @return by what other objectives fade as the layer's readout learns */
        private double predictLabels(Layer layer, double[] u, double[] xi, double share) {
            int d = u.length;
            int c = labels.length;
            long bias = layer.readout() + (long) c * d;
            double[] said = new double[c];
            for (int k = 0; k < c; k++) {
                said[k] = state.get(bias + k);
                for (int j = 0; j < d; j++) {
                    said[k] += u[j] * state.get(layer.readout() + (long) k * d + j);
                }
            }
            said = answer(said);
            double length = layer.view() == View.ACROSS_UNITS ? d : Math.max(d, squares(u));
            double loss = 0;
            for (int k = 0; k < c; k++) {
                double error = said[k] - labels[k];
                loss += error * error;
                for (int j = 0; j < d; j++) {
                    long at = layer.readout() + (long) k * d + j;
                    double weight = state.get(at);
                    xi[j] += layer.prediction() * error * weight;
                    state.put(at, weight - layer.readoutRate() / length * error * u[j]);
                }
                state.put(bias + k, state.get(bias + k) - Plan.BIAS_SHARE * layer.readoutRate() * error);
            }
            int at = layer.clock() + Plan.READOUT_LOSS;
            double running = clock.get(at);
            running += (loss - running) * share;
            clock.put(at, running);
            double unknowing = switch (settings.encoding()) {
                case CLASSES -> 1 - 1.0 / c;
                case INDEPENDENT -> 0.25 * c;
                case REAL -> clock.get(Plan.LABEL_VARIANCE);
            };
            return unknowing > 0 ? Math.max(settings.fadeFloor(), Math.min(1, running / unknowing)) : 1;
        }

        /** By what errors are multiplied, so that each neuron's have the size of its own running root mean square. */
        private double[] gains(Layer layer, double[] delta, double t) {
            double[] size = new double[layer.neurons()];
            int places = delta.length / size.length;
            for (int j = 0; j < size.length; j++) {
                double square = 0;
                for (int place = 0; place < places; place++) {
                    square += delta[j * places + place] * delta[j * places + place] / places;
                }
                long at = layer.gain() + j;
                state.put(at, settings.gainDecay() * state.get(at) + (1 - settings.gainDecay()) * square);
                size[j] = Math.sqrt(state.get(at) / (1 - Math.pow(settings.gainDecay(), t)));
            }
            double floor = settings.gainFloor() * Arrays.stream(size).average().orElse(0) + Float.MIN_NORMAL;
            double[] gains = new double[delta.length];
            for (int j = 0; j < gains.length; j++) {
                gains[j] = 1 / (size[j / places] + floor) / Math.sqrt(places);
            }
            return gains;
        }

        // ------------------------------------------------------------------------------------------------------------
        // Objectives of a window
        // ------------------------------------------------------------------------------------------------------------

        private void compare(double[] p, double t) {
            if (plan.tasks().isEmpty()) {
                return;
            }
            // Another program may have learnt until here.
            sumsAreOld = contents.sums().get(0) != t - 1;
            contents.sums().put(0, t);
            int n = settings.memory();
            slot = (int) ((t - 1) % n);
            filled = (int) Math.min(n, t);
            int outputs = labels.length;
            state.put(plan.places().labelRows() + (long) slot * outputs, labels, 0, outputs);
            double[][] labelRows = new double[filled][outputs];
            for (int q = 0; q < filled; q++) {
                state.get(plan.places().labelRows() + (long) q * outputs, labelRows[q], 0, outputs);
            }
            long inputRows = plan.places().inputRows();
            if (inputRows != Plan.NONE) {
                state.put(inputRows + (long) slot * p.length, p, 0, p.length);
            }
            for (int k = 0; k < rows.length; k++) {
                Task task = plan.tasks().get(k);
                double[] row = similarities(task, labelRows);
                double[] x = new double[p.length];
                for (int q = 0; task.input() && q < filled; q++) {
                    state.get(inputRows + (long) q * p.length, x, 0, p.length);
                    double square = task.sigmaX() * task.sigmaX() * p.length;
                    row[q] = Math.exp(-distance(p, x) / (2 * square)) - task.gamma() * row[q];
                }
                if (task.matrix() != Plan.NONE) {
                    remember(row, task.matrix());
                    add(sumsOfTask(k), task.matrix());
                }
                rows[k] = row;
            }
        }

        private double[] similarities(Task task, double[][] labelRows) {
            double[] row = new double[filled];
            double[] y = labelRows[slot];
            for (int q = 0; q < filled; q++) {
                double[] other = labelRows[q];
                if (task.similarity() != Similarity.SAME_LABEL) {
                    row[q] = distance(y, other);
                } else if (settings.encoding() == Encoding.INDEPENDENT) {
                    for (int k = 0; k < y.length; k++) {
                        row[q] += (y[k] * other[k] + (1 - y[k]) * (1 - other[k])) / y.length;
                    }
                } else {
                    row[q] = dot(y, other);
                }
            }
            if (task.similarity() != Similarity.SAME_LABEL) {
                double square = task.sigma() * task.sigma()
                        * (task.similarity() == Similarity.MEDIAN_LABELS ? median(row) : y.length);
                for (int q = 0; q < filled; q++) {
                    row[q] = square > 0 ? Math.exp(-row[q] / (2 * square)) : 1;
                }
            }
            return row;
        }

        private double median(double[] row) {
            double[] others = new double[row.length - 1];
            System.arraycopy(row, 0, others, 0, slot);
            System.arraycopy(row, slot + 1, others, slot, others.length - slot);
            if (others.length == 0) {
                return 0;
            }
            Arrays.sort(others);
            return (others[(others.length - 1) / 2] + others[others.length / 2]) / 2;
        }

        private void remember(double[] row, long matrix) {
            for (int q = 0; q < filled; q++) {
                state.put(matrix + (long) slot * settings.memory() + q, row[q]);
                state.put(matrix + (long) q * settings.memory() + slot, row[q]);
            }
        }

        private void addWindow(int index, double[][] memory, double weight, double[] xi) {
            Term term = plan.terms().get(index);
            // The first sample has nothing to be compared with, and yet is remembered.
            if (filled < 2 && term.gram() == Plan.NONE) {
                return;
            }
            double[] own = memory[slot];
            int d = own.length;
            double square = term.sigma() * term.sigma() * d;
            if (term.kind() == Kind.NEIGHBOURS) {
                addNeighbours(rows[term.task()], memory, square, weight, xi);
                return;
            }
            double[] kernel = new double[filled];
            for (int q = 0; q < filled; q++) {
                kernel[q] = term.cosine() ? cosine(own, memory[q]) : Math.exp(-distance(own, memory[q]) / (2 * square));
            }
            double[] sensitivity = sensitivity(index, term, kernel);
            double length = Math.sqrt(squares(own));
            for (int q = 0; q < filled; q++) {
                double other = Math.sqrt(squares(memory[q]));
                if (q == slot || term.cosine() && !(length * other > 0)) {
                    continue;
                }
                for (int j = 0; j < d; j++) {
                    double derivative = term.cosine()
                            ? (memory[q][j] / other - kernel[q] * own[j] / length) / length
                            : -kernel[q] * (own[j] - memory[q][j]) / square;
                    xi[j] += weight * 2 * sensitivity[q] * derivative;
                }
            }
        }

        private void addNeighbours(double[] same, double[][] memory, double square, double weight, double[] xi) {
            double[] exponents = new double[filled];
            double most = Double.NEGATIVE_INFINITY;
            double mostAlike = Double.NEGATIVE_INFINITY;
            for (int q = 0; q < filled; q++) {
                exponents[q] = -distance(memory[slot], memory[q]) / (2 * square);
                if (q != slot) {
                    most = Math.max(most, exponents[q]);
                    mostAlike = same[q] > 0 ? Math.max(mostAlike, exponents[q]) : mostAlike;
                }
            }
            if (mostAlike == Double.NEGATIVE_INFINITY) {
                return;
            }
            double[] all = new double[filled];
            double[] alike = new double[filled];
            double sum = 0;
            double sumAlike = 0;
            for (int q = 0; q < filled; q++) {
                if (q != slot) {
                    all[q] = Math.exp(exponents[q] - most);
                    alike[q] = same[q] > 0 ? same[q] * Math.exp(exponents[q] - mostAlike) : 0;
                    sum += all[q];
                    sumAlike += alike[q];
                }
            }
            for (int q = 0; q < filled; q++) {
                for (int j = 0; j < xi.length; j++) {
                    xi[j] += weight / square * (all[q] / sum - alike[q] / sumAlike) * memory[q][j];
                }
            }
        }

        /** The newest sample's row of the derivative of HSIC or centred kernel alignment by the kernel. */
        private double[] sensitivity(int index, Term term, double[] kernel) {
            long matrix = plan.tasks().get(term.task()).matrix();
            RowSums ofLabels = sumsOfTask(term.task());
            double[] labels = centred(matrix, ofLabels);
            double pairs = (filled - 1.0) * (filled - 1.0);
            double[] row = new double[filled];
            if (term.kind() == Kind.HSIC_OF_INPUT) {
                for (int q = 0; q < filled; q++) {
                    row[q] = labels[q] / pairs;
                }
                return row;
            }
            remember(kernel, term.gram());
            RowSums ofGram = sums(plan.sumsOfTerm(index));
            add(ofGram, term.gram());
            double[] gram = centred(term.gram(), ofGram);
            if (term.kind() == Kind.HSIC_OF_ITSELF) {
                for (int q = 0; q < filled; q++) {
                    row[q] = (2 * gram[q] - term.gamma() * labels[q]) / pairs;
                }
                return row;
            }
            long table = RowSums.numbers(settings.memory());
            RowSums products = sums(plan.sumsOfTerm(index) + table);
            RowSums squaresOfLabels = sums(plan.sumsOfTerm(index) + 2 * table);
            RowSums squaresOfGram = sums(plan.sumsOfTerm(index) + 3 * table);
            addProducts(products, matrix, term.gram());
            addProducts(squaresOfLabels, matrix, matrix);
            addProducts(squaresOfGram, term.gram(), term.gram());
            double product = centredProduct(products, ofLabels, ofGram);
            double lengthLabels = centredProduct(squaresOfLabels, ofLabels, ofLabels);
            double lengthGram = centredProduct(squaresOfGram, ofGram, ofGram);
            // Two samples are as aligned as can be, whatever they are: what is left is rounding.
            if (filled > 2 && lengthLabels > 0 && lengthGram > 0) {
                for (int q = 0; q < filled; q++) {
                    row[q] = -(labels[q] - product / lengthGram * gram[q])
                            / (Math.sqrt(lengthLabels) * Math.sqrt(lengthGram));
                }
            }
            return row;
        }

        private RowSums sumsOfTask(int task) {
            return sums(plan.sumsOfTask(task));
        }

        private RowSums sums(long place) {
            return new RowSums(contents.sums(), place, settings.memory());
        }

        private double element(long matrix, int p, int q) {
            return state.get(matrix + (long) p * settings.memory() + q);
        }

        /** Takes the newest sample's row and column into the sums over a matrix. */
        private void add(RowSums sums, long matrix) {
            sums.refresh(slot, sumsAreOld, filled, (p, q) -> element(matrix, p, q));
        }

        /** The same for the products of two kernels, both less 1, which centring takes away again. */
        private void addProducts(RowSums sums, long first, long second) {
            sums.refresh(slot, sumsAreOld, filled, (p, q) -> (element(first, p, q) - 1) * (element(second, p, q) - 1));
        }

        /** The newest sample's row of the kernel that starts there in the state, less the means of rows and columns. */
        private double[] centred(long matrix, RowSums sums) {
            double[] row = new double[filled];
            for (int q = 0; q < filled; q++) {
                row[q] = element(matrix, slot, q) - (sums.row(slot) + sums.row(q)) / filled
                        + sums.total() / filled / filled;
            }
            return row;
        }

        /** The inner product of two centred kernels, from the products of both less 1. */
        private double centredProduct(RowSums products, RowSums first, RowSums second) {
            double n = filled;
            double ofRows = 0;
            for (int p = 0; p < filled; p++) {
                ofRows += (first.row(p) - n) * (second.row(p) - n);
            }
            return products.total() - 2 / n * ofRows + (first.total() - n * n) / n * ((second.total() - n * n) / n);
        }

        // ------------------------------------------------------------------------------------------------------------
        // Rates and averaging
        // ------------------------------------------------------------------------------------------------------------

        private static double share(double t, double horizon) {
            return Math.max(1 / t, 1 / horizon);
        }

        /** An output layer that knows nothing yet takes larger steps, if nobody has said how large. */
        private double eagerness() {
            return settings.schedule() == Schedule.FALLING
                    ? 1 + Plan.EAGERNESS / (1 + clock.get(Plan.LEARNT) / Plan.EAGER_FOR)
                    : 1;
        }

        private double factor(double t) {
            return switch (settings.schedule()) {
                case CONSTANT -> 1;
                case LINEAR -> Math.max(0, 1 - (t - 1) / settings.scheduleLength());
                case FALLING -> 1 / Math.sqrt(1 + clock.get(Plan.AGE) / settings.scheduleLength());
            };
        }

        /** The past that still holds is all of it, until the mean of it predicts worse than the latest parameters. */
        private void age(double mean, double latest) {
            double compared = clock.get(Plan.COMPARED) + 1;
            clock.put(Plan.COMPARED, compared);
            double behind = clock.get(Plan.BEHIND);
            double wrong = clock.get(Plan.WRONG);
            double share = share(compared, settings.compareHorizon());
            behind += (mean - latest - behind) * share;
            wrong += (mean - wrong) * share;
            clock.put(Plan.BEHIND, behind);
            clock.put(Plan.WRONG, wrong);
            if (behind > Plan.MARGIN * wrong) {
                clock.put(Plan.AGE, clock.get(Plan.AGE) * settings.youngerBy());
            }
        }

        /**
         * How often the mean of the parameters moves where sample t is: after every sample at first, for there is much
         * to be learnt from few; after every eighth of them later, until that is as many as are planned.
         */
        private int averageEvery(double t) {
            int every = 1;
            while (every < settings.averageEvery() && 16 * every <= t) {
                every *= 2;
            }
            return every;
        }

        private void average(double t) {
            if (!plan.averages()) {
                return;
            }
            int every = averageEvery(t);
            if (t % every != 0) {
                return;
            }
            double latest = settings.averageShare() * every;
            double ofMean = Math.min(1, latest / (clock.get(Plan.AGE) - every + latest));
            double share = Math.max(settings.averageLeast(), ofMean);
            Reals mean = contents.predicting();
            for (long k = 0; k < mean.length(); k++) {
                mean.put(k, mean.get(k) + share * (contents.learning().get(k) - mean.get(k)));
            }
        }

        private static double dot(double[] a, double[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += a[i] * b[i];
            }
            return sum;
        }

        private static double squares(double[] a) {
            return dot(a, a);
        }

        private static double distance(double[] a, double[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += (a[i] - b[i]) * (a[i] - b[i]);
            }
            return sum;
        }

        private static double cosine(double[] a, double[] b) {
            double lengths = Math.sqrt(squares(a)) * Math.sqrt(squares(b));
            return lengths > 0 ? dot(a, b) / lengths : 0;
        }
    }
}
