package org.ibhebb.listeners;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.ibhebb.conf.layers.LocalLayer;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.Buffers;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.internal.convert.Units;
import org.ibhebb.internal.layers.Predictors;
import org.ibhebb.internal.state.GeneratorState;
import org.ibhebb.internal.term.window.Window;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.internal.view.Representation;
import org.ibhebb.internal.view.TimeSteps;
import org.ibhebb.listeners.InformationPlane.Record;
import org.ibhebb.listeners.Subject.Node;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures one network on one probe, through copies of it: the network itself is only read. Layers hold their inputs,
 * and working memory is found by the buffer of a network's parameters, so nothing less than a copy leaves both alone.
 */
final class Meter {

    /** Its kernels, with its default bandwidths, are those of HSIC here. */
    private static final Objective HSIC = Objective.hsic();
    /** Any number: copies that draw random numbers all draw the same. */
    private static final int SEED = 1;

    private final Subject subject;
    private final Probe probe;
    private final List<Unit> units;
    /** Whether each time step of a sequence counts as a sample, for each has a label. */
    private final boolean stepwise;
    /** Learns by back-propagation. */
    private final Subject stock;
    /** Learns as the network does, with room in its working memory for exactly the probe. */
    private final Subject local;
    private final Map<String, Labels> labels = new HashMap<>();
    private final CentredKernel inputKernel;
    private final CentredKernel labelKernel;
    /** What reaches the first local layers; null where no rule reads it. */
    private final @Nullable INDArray sources;
    /** By the outputs whose labels a signal knows; their kernels stay the same. */
    private final Map<List<Labels>, Window> windows = new HashMap<>();
    private @Nullable INDArray before;
    private int rememberedIn = -1;

    /**
     * @throws IllegalArgumentException if the probe does not fit the network
     */
    Meter(Subject subject, Probe probe) {
        this.subject = subject;
        this.probe = probe;
        this.units = Unit.of(subject);
        checkCount("features", probe.features(type()).length, subject.inputs());
        checkCount("labels", probe.labels(type()).length, subject.outputs().size());
        this.stepwise = subject.outputs().stream().anyMatch(id -> Units.inner(node(id).conf()) instanceof RnnOutputLayer);
        for (int output = 0; output < subject.outputs().size(); output++) {
            String id = subject.outputs().get(output);
            labels.put(id, labels(node(id), probe.labels(type())[output]));
        }
        stock = subject.copy(true, Meter::withoutNoise);
        local = units.stream().anyMatch(Unit::local)
                ? subject.copy(false, layer -> withMemory(withoutNoise(layer), samples()))
                : stock;
        boolean channelsLast = units.get(0).channelsLast();
        List<INDArray> features = Arrays.stream(probe.features(type())).map(array -> rows(array, channelsLast)).toList();
        checkSamples(features);
        inputKernel = CentredKernel.ofSamples(sideBySide(features), HSIC.sigmaX());
        labelKernel = CentredKernel.ofLabels(List.copyOf(labels.values()));
        Map<String, INDArray> activations = firstActivations();
        boolean read = units.stream().anyMatch(unit -> unit.local() && unit.rule().readsInput());
        sources = read ? sideBySide(sources().stream()
                .map(source -> rows(activations.get(source), channelsLast).castTo(signalType())).toList()) : null;
    }

    /** How many samples are compared: the probe's, or all their time steps. */
    private int samples() {
        return labels.values().iterator().next().rows().rows();
    }

    private INDArray rows(INDArray array, boolean channelsLast) {
        return stepwise && array.rank() == 3 ? TimeSteps.rows(array, channelsLast) : array;
    }

    private void checkSamples(List<INDArray> features) {
        if (samples() > Probe.MOST) {
            throw new IllegalArgumentException("the probe has " + samples() + " time steps, each with a label, and must"
                    + " have at most " + Probe.MOST + ": its cost grows with their square. Take fewer or shorter"
                    + " sequences");
        }
        for (INDArray array : features) {
            if (array.size(0) != samples()) {
                throw new IllegalArgumentException("the probe has labels for " + samples() + " time steps and features"
                        + " of shape " + Arrays.toString(array.shape()) + ": each time step needs features of its own");
            }
        }
    }

    private static void checkCount(String what, int given, int expected) {
        if (given != expected) {
            throw new IllegalArgumentException("the probe has " + given + " arrays of " + what
                    + ", and the network takes " + expected);
        }
    }

    private Node node(String id) {
        return subject.layers().stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow(() ->
                new IllegalArgumentException("output '" + id + "' is no layer, so that no labels can be compared"));
    }

    private Labels labels(Node node, INDArray rows) {
        if (!(Units.inner(node.conf()) instanceof BaseOutputLayer output)) {
            throw new IllegalArgumentException("output layer '" + node.name() + "' is a "
                    + node.conf().getClass().getSimpleName() + ", and the probe's labels can be compared for an"
                    + " OutputLayer only");
        }
        boolean channelsLast = output instanceof RnnOutputLayer steps && steps.getRnnDataFormat() == RNNFormat.NWC;
        Labels known = Labels.of("output layer '" + node.name() + "', the probe's",
                rows(rows, channelsLast).castTo(signalType()),
                output.getLossFn(), output.getNOut());
        return new Labels(Predictors.nameOf(node.layer()), known.rows(), known.encoding());
    }

    private Map<String, INDArray> firstActivations() {
        try {
            return stock.activations(probe.features(type()));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("the probe's features, of shapes "
                    + Arrays.stream(probe.features(type())).map(INDArray::shape).map(Arrays::toString).toList()
                    + ", do not go through the network: " + e.getMessage(), e);
        }
    }

    /** Local layers take these for the network's input: the marked ones, and the first one in any case. */
    private List<String> sources() {
        List<String> sources = new ArrayList<>();
        for (Node node : subject.layers()) {
            if (node.conf() instanceof LocalLayer layer && (layer.isSource() || sources.isEmpty())) {
                sources.addAll(node.inputs());
            }
        }
        return sources;
    }

    private static INDArray sideBySide(List<INDArray> arrays) {
        INDArray[] flat = arrays.stream()
                .map(array -> array.dup('c').reshape('c', array.size(0), array.length() / array.size(0)))
                .toArray(INDArray[]::new);
        return flat.length == 1 ? flat[0] : Nd4j.concat(1, flat);
    }

    /** Dropout and noise on weights would hide small angles. */
    private static Layer withoutNoise(Layer layer) {
        layer.setIDropout(null);
        if (layer instanceof BaseLayer weights) {
            weights.setWeightNoise(null);
        } else if (layer instanceof FrozenLayer frozen) {
            withoutNoise(frozen.getLayer());
        } else if (layer instanceof BaseWrapperLayer wrapper) {
            // Clones of DL4J's wrappers share what they wrap, here with the network that is to be left alone.
            wrapper.setUnderlying(withoutNoise(wrapper.getUnderlying().clone()));
        }
        return layer;
    }

    private static Layer withMemory(Layer layer, int samples) {
        if (layer instanceof LocalLayer learner && learner.getRule() != null) {
            return learner.withRule(learner.getRule().toBuilder().memory(samples).build());
        }
        return layer;
    }

    private DataType type() {
        return subject.parameters().dataType();
    }

    private DataType signalType() {
        return Arithmetic.typeFor(type());
    }

    /** Whether this network is measured here. */
    boolean measures(Object model) {
        return subject.model() == model;
    }

    /** Whether the iteration under way is one of every so many. */
    boolean due(int every) {
        return subject.iteration() % every == 0;
    }

    /** Keeps the parameters as they are before the update of the iteration under way. */
    void remember() {
        before = before == null ? subject.parameters().dup() : before.assign(subject.parameters());
        rememberedIn = subject.iteration();
    }

    /** Measures all layers. */
    List<Record> measure(int iteration, int epoch) {
        INDArray parameters = subject.parameters();
        if (!Arithmetic.of(type()).isFinite(parameters)) {
            // The next training step says so in better words.
            return units.stream().map(unit -> new Record(iteration, epoch, unit.name(), unit.learning(), Double.NaN,
                    Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN)).toList();
        }
        GeneratorState drawn = GeneratorState.now();
        try {
            INDArray backPropagated = gradient(stock);
            INDArray own = local == stock ? backPropagated : gradient(local);
            Map<String, INDArray> activations = stock.activations(probe.features(type()));
            List<Record> records = new ArrayList<>();
            for (Unit unit : units) {
                double ratio = rememberedIn == iteration
                        ? Vectors.relativeChange(unit.of(before), unit.of(parameters))
                        : Double.NaN;
                double alignment = switch (unit.learning()) {
                    case LOCAL, READOUT, BACK_PROPAGATED ->
                        Vectors.cosine(unit.of(own), unit.of(backPropagated));
                    case FROZEN, NO_WEIGHTS -> Double.NaN;
                };
                records.add(record(iteration, epoch, unit, activations.get(unit.end()), alignment, ratio));
            }
            return records;
        } finally {
            drawn.resume();
        }
    }

    private INDArray gradient(Subject copy) {
        copy.parameters().assign(subject.parameters());
        Object known = Predictors.copy(subject.model(), copy.model());
        Nd4j.getRandom().setSeed(SEED);
        INDArray gradient = copy.gradient(probe.features(type()), probe.labels(type()));
        Reference.reachabilityFence(known);
        return gradient;
    }

    private Record record(int iteration, int epoch, Unit unit, INDArray given, double alignment, double ratio) {
        INDArray activations = rows(given, unit.channelsLast()).castTo(signalType());
        if (activations.size(0) != samples()) {
            // A row a time step, of samples with one label: nothing to compare sample by sample.
            return new Record(iteration, epoch, unit.name(), unit.learning(), Double.NaN, Double.NaN, Double.NaN,
                    Double.NaN, Double.NaN, alignment, ratio);
        }
        Representation.View view =
                new Representation(unit.rule(), unit.channelsLast(), Buffers.fresh()).of(activations);
        CentredKernel kernel = CentredKernel.ofSamples(view.rows(), HSIC.kernel().sigma());
        return new Record(iteration, epoch, unit.name(), unit.learning(),
                kernel.hsic(inputKernel), kernel.hsic(labelKernel),
                kernel.normalized(inputKernel), kernel.normalized(labelKernel),
                unit.local() ? signalNorm(unit, view) : Double.NaN, alignment, ratio);
    }

    private double signalNorm(Unit unit, Representation.View view) {
        INDArray rows = view.rows();
        INDArray signal = Nd4j.createUninitialized(rows.dataType(), rows.shape(), 'c');
        LearningRule rule = unit.rule();
        window(unit).signal(rule, SlotRows.of(rows), signal);
        rule.prediction().ifPresent(prediction -> Predictors.copyOf(subject.model(), node(unit.end()).layer(),
                prediction).addSignal(rows, knownTo(unit), prediction.weight(), signal));
        return view.backward(signal).norm2Number().doubleValue() / Math.sqrt(samples());
    }

    private Window window(Unit unit) {
        return windows.computeIfAbsent(knownTo(unit), known -> new Window(samples(), sources, known));
    }

    /** The backward pass has reached the outputs that stand behind a layer when the layer asks for labels. */
    private List<Labels> knownTo(Unit unit) {
        List<String> order = subject.layers().stream().map(Node::id).toList();
        return subject.outputs().stream()
                .filter(output -> order.indexOf(output) > order.indexOf(unit.end()))
                .map(labels::get)
                .toList();
    }
}
