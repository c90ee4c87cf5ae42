package org.ibhebb.listeners;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.ibhebb.ConversionReport.Learning;
import org.ibhebb.internal.file.WholeFile;
import org.ibhebb.internal.layers.Predictors;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Records where each layer stands in the information plane, and what it learns: every so many iterations, on a fixed
 * set of samples, the <em>probe</em>.
 *
 * <pre>{@code
 * InformationPlane plane = new InformationPlane(testIterator.next(), 100);
 * network.addListeners(plane);
 * network.fit(mnist, 10);
 * plane.writeCsv(Path.of("plane.csv"));
 * }</pre>
 *
 * <p>It takes multi-layer networks and computation graphs: converted ones, and stock ones for comparison. One record a
 * layer with weights, of any kind; batch normalisation, activation and max-pooling layers right behind a layer belong
 * to it, as they do in a local unit, and the layer's activations are those at the end. Iterations are counted as
 * Deeplearning4j does, from 0, and iterations 0, k, 2k and so on are recorded, each after its update: the first record
 * already shows one update.
 *
 * <p>What is measured of a layer's activations Z (in inference: no dropout, running statistics in batch normalisation)
 * is what the modulatory signal sees of them: pooled and normalised as the layer's rule says, or, for layers that do
 * not learn by a signal, as that of the network's first local layer does (the default rule in a stock network). Kernels
 * are the same for all layers, whatever their rules' objectives: Gaussian with sigma 0.5 on Z and on the network's
 * input X, and on the labels Y the one that fits the output layer's loss; with several outputs the mean of theirs.
 *
 * <p>The alignment is the cosine between two gradients of the layer's trained parameters at the same parameters, both
 * formed in training mode on the whole probe: the one that the layer learns by, with no sample in working memory but
 * the probe's, and the one of the network's loss. Dropout and noise on weights are left out of both; batch
 * normalisation takes the probe's own statistics in both. Regularisation, clipping and the updater come later and are
 * in neither.
 *
 * <p>The network trains to the same bits with and without this listener. Measuring happens on copies: expect memory for
 * three more sets of parameters and two of gradients. <b>Cost</b>, every k-th iteration only: two training steps
 * (forward and backward) and a forward pass on the probe, and for each layer kernels of the square of the probe's size.
 * With 256 samples and a 784-128-64-10 perceptron that is the time of about 8 training steps on 128 samples: 8 % at
 * k = 100. The other iterations cost nothing. A record takes about a hundred bytes.
 *
 * <p>A listener records one network, on the thread that trains it; {@link #records}, {@link #toCsv},
 * {@link #writeCsv} and {@link #sendTo} may be called on any thread, at any time. A second network, replicas of a
 * ParallelWrapper included, is refused by {@link IllegalStateException}. A probe that does not fit is refused by
 * {@link IllegalArgumentException} in the first iteration, before its update.
 */
public final class InformationPlane extends BaseTrainingListener {

    /**
     * One layer at one iteration. Measures are NaN where there is nothing to measure, and all of them are once a
     * network's parameters are not finite.
     *
     * @param iteration Deeplearning4j's count, from 0; the measures are of the parameters after its update
     * @param epoch Deeplearning4j's count, from 0
     * @param layer its name, as {@link org.ibhebb.ConversionReport} gives it
     * @param learning how it learns
     * @param inputHsic HSIC(X;Z), the biased estimate tr(Kx H Kz H) / (N-1)^2, 0 or more; NaN for a layer on single
     *     time steps, as are the next three
     * @param labelHsic HSIC(Y;Z), the same with the labels
     * @param inputDependence HSIC(X;Z) / sqrt(HSIC(X;X) HSIC(Z;Z)), from 0 (independent, or Z does not vary) to 1
     *     (kernels equal up to scale): comparable between layers
     * @param labelDependence the same with the labels
     * @param signalNorm the root of the mean over the samples of the squared length of the modulatory signal xi, a row
     *     a sample, at the layer's activations; NaN for layers that do not learn by one
     * @param alignment the cosine between the layer's own gradient and that of the network's loss, from -1 to 1: 1 for
     *     a back-propagated layer and the readout; NaN for frozen layers, and where either gradient is 0
     * @param updateRatio the length of the iteration's update relative to that of the parameters before it, batch
     *     normalisation's statistics left out; without constraints, which Deeplearning4j applies later; NaN if all
     *     were 0
     */
    public record Record(
            int iteration,
            int epoch,
            String layer,
            Learning learning,
            double inputHsic,
            double labelHsic,
            double inputDependence,
            double labelDependence,
            double signalNorm,
            double alignment,
            double updateRatio) {}

    private static final String HEADER = "iteration,epoch,layer,learning,input_hsic,label_hsic,input_dependence,"
            + "label_dependence,signal_norm,alignment,update_ratio\n";

    private final Probe probe;
    private final int every;
    /** Guarded by itself. */
    private final List<Record> records = new ArrayList<>();
    private final List<Consumer<? super List<Record>>> receivers = new CopyOnWriteArrayList<>();
    private Meter meter;

    /**
     * For networks with one input and one output.
     *
     * @param probe 2 to 512 samples with labels and without masks, copied; the same for all recorded iterations. A
     *     few hundred that training does not see say most
     * @param every k, at least 1: records iterations 0, k, 2k, ...
     * @throws IllegalArgumentException if the probe is too small, too large, masked, or not finite, or k is below 1
     */
    public InformationPlane(DataSet probe, int every) {
        this(probe.toMultiDataSet(), every);
    }

    /**
     * For networks with any number of inputs and outputs.
     *
     * @param probe as above, in the order of the network's inputs and outputs
     * @param every k, at least 1: records iterations 0, k, 2k, ...
     * @throws IllegalArgumentException as above
     */
    public InformationPlane(MultiDataSet probe, int every) {
        if (every < 1) {
            throw new IllegalArgumentException("every (" + every + ") must be at least 1 iteration");
        }
        this.probe = new Probe(probe);
        this.every = every;
    }

    /**
     * Hands records on as they come: to Deeplearning4j's user interface, for example, by
     * {@link org.ibhebb.ui.StatsStorageSink}.
     *
     * @param receiver given, from now on, the records of each recorded iteration at once, one a layer in the order of
     *     the forward pass, in a list that does not change; on the thread that trains, which waits for it. What it
     *     throws ends the training, after the iteration's update, and the records themselves are kept
     * @return this listener
     */
    public InformationPlane sendTo(Consumer<? super List<Record>> receiver) {
        receivers.add(Objects.requireNonNull(receiver, "receiver"));
        return this;
    }

    /**
     * What has been recorded so far.
     *
     * @return a copy: iterations in order, and for each the layers in the order of the forward pass
     */
    public List<Record> records() {
        synchronized (records) {
            return List.copyOf(records);
        }
    }

    /**
     * The records as comma-separated values: a header and a line a record, with '.' in numbers, NaN for what there is
     * not, and quotes around layer names where they need them. Numbers are exact: they read back as the same double.
     *
     * @return the text, every line ended by a line feed
     */
    public String toCsv() {
        StringBuilder csv = new StringBuilder(HEADER);
        for (Record at : records()) {
            csv.append(at.iteration()).append(',').append(at.epoch()).append(',')
                    .append(quoted(at.layer())).append(',').append(at.learning());
            for (double value : new double[] {at.inputHsic(), at.labelHsic(), at.inputDependence(),
                at.labelDependence(), at.signalNorm(), at.alignment(), at.updateRatio()}) {
                csv.append(',').append(value);
            }
            csv.append('\n');
        }
        return csv.toString();
    }

    private static String quoted(String name) {
        boolean plain = name.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    /**
     * Writes {@link #toCsv} to a file, in UTF-8.
     *
     * @param file replaced if it exists; its folder must exist
     * @throws UncheckedIOException naming the file and the reason, if it can't be written
     */
    public void writeCsv(Path file) {
        try {
            WholeFile.write(file.toAbsolutePath(), toCsv());
        } catch (IOException e) {
            throw new UncheckedIOException("the information plane: " + e.getMessage() + ": does its folder exist, and"
                    + " may you write there?", e);
        }
    }

    /** Called by Deeplearning4j, before the update of each iteration. */
    @Override
    public void onGradientCalculation(Model model) {
        Meter own = meter(model);
        if (own.due(every)) {
            own.remember();
        }
    }

    /** Called by Deeplearning4j, after the update of each iteration. */
    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        Meter own = meter(model);
        if (iteration % every == 0) {
            Predictors.applied(model);
            List<Record> measured;
            try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                measured = List.copyOf(own.measure(iteration, epoch));
            }
            synchronized (records) {
                records.addAll(measured);
            }
            receivers.forEach(receiver -> receiver.accept(measured));
        }
    }

    private Meter meter(Model model) {
        if (meter == null) {
            OptimizationAlgorithm algorithm = model.conf().getOptimizationAlgo();
            if (algorithm != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT) {
                throw new IllegalArgumentException("an InformationPlane records STOCHASTIC_GRADIENT_DESCENT, one update"
                        + " an iteration, not " + algorithm);
            }
            try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                meter = new Meter(Subject.of(model), probe);
            }
        } else if (!meter.measures(model)) {
            throw new IllegalStateException("this InformationPlane records another network already: give each network a"
                    + " listener of its own, and train it without a ParallelWrapper");
        }
        return meter;
    }
}
