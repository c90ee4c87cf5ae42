package org.ibhebb.internal.stream;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ibhebb.internal.stream.LayerChain.Link;
import org.ibhebb.internal.stream.Plan.Common;
import org.ibhebb.internal.stream.Plan.Encoding;
import org.ibhebb.internal.stream.Plan.Kind;
import org.ibhebb.internal.stream.Plan.Layer;
import org.ibhebb.internal.stream.Plan.Places;
import org.ibhebb.internal.stream.Plan.Similarity;
import org.ibhebb.internal.stream.Plan.Task;
import org.ibhebb.internal.stream.Plan.Term;
import org.ibhebb.internal.stream.Plan.View;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.LabelKernel;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.MemoryFile;
import org.ibhebb.rule.Objective;

/** Draws the plan of a streaming network, and finds a place in the state for all that it needs. */
final class Drawing {

    /** The objectives over a window that a streaming network knows, and as what it knows them. */
    private static final Map<Objective.Kind, Kind> WINDOWS = new EnumMap<>(Map.of(
            Objective.Kind.HSIC, Kind.HSIC_OF_INPUT,
            Objective.Kind.HSIC_ZZ, Kind.HSIC_OF_ITSELF,
            Objective.Kind.NORMALIZED_HSIC, Kind.ALIGNMENT,
            Objective.Kind.NEIGHBOURHOOD, Kind.NEIGHBOURS));
    /** Numbers of which no more could be addressed, in bytes. */
    private static final long MOST = Long.MAX_VALUE / Double.BYTES;
    /** From this width on a sample is normalised across a layer's units; below, that would hide its magnitude. */
    private static final int WIDE = 16;
    /** A readout that learns from single samples wants no more. */
    private static final double READOUT_RATE = 1;

    /** How often the parameters that predict follow, which costs a pass over all parameters. */
    private static final int AVERAGE_EVERY = 32;
    private static final double AVERAGE_SHARE = 8;
    private static final int COMPARE_EVERY = 8;
    private static final double COMPARE_HORIZON = 256;
    private static final double YOUNGER_BY = 0.9;
    private static final double GAIN_DECAY = 0.999;
    private static final double GAIN_FLOOR = 0.3;
    private static final double HORIZON = 10_000;
    private static final double EPSILON = 0.01;
    private static final double FADE_FLOOR = 0.1;
    /** Squared errors keep their curvature, so that a step must be normalised; cross-entropy's vanishes. */
    private static final double CAP_OF_SQUARES = 0.5;
    /** A step that is normalised may be larger. */
    private static final double RATE_OF_SQUARES = 20;
    private static final double NO_CAP = 1e300;

    private final LayerChain chain;
    private final Settings settings;
    private final List<Task> tasks = new ArrayList<>();
    private final List<Term> terms = new ArrayList<>();
    /** Tasks that differ in no setting are one. */
    private final Map<Task, Integer> numbers = new LinkedHashMap<>();
    private int memory;
    /** Null where samples are remembered as they are. */
    private MemoryFile network;
    private long state;

    private Drawing(LayerChain chain, Settings settings) {
        this.chain = chain;
        this.settings = settings;
    }

    /** The memory network by which the layers of a network remember; null if they remember exactly, or nothing. */
    static MemoryFile memoryNetwork(LayerChain chain, Settings settings) {
        return chain.links().stream()
                .limit(chain.links().size() - 1L)
                .filter(Link::learns)
                .map(link -> link.rule() == null ? settings.rule() : link.rule())
                .filter(Drawing::comparesSamples)
                .map(LearningRule::memoryNetwork)
                .filter(Objects::nonNull)
                .findFirst().orElse(null);
    }

    static Plan of(LayerChain chain, Settings settings) {
        return new Drawing(chain, settings).plan();
    }

    private Plan plan() {
        chain.checkSamples();
        List<Link> links = chain.links();
        List<Link> below = links.subList(0, links.size() - 1);
        Link last = links.get(links.size() - 1);
        int inputs = below.get(0).values();
        int outputs = last.out();
        boolean readsInput = false;
        String asked = null;
        for (Link link : below) {
            LearningRule rule = rule(link);
            check(link, rule);
            if (link.learns() && comparesSamples(rule)) {
                if (memory != 0 && memory != rule.memory()) {
                    throw new IllegalArgumentException("a network has one working memory, and its layers ask for"
                            + " several: layer '" + asked + "' for " + memory + " samples, layer '" + link.name()
                            + "' for "
                            + rule.memory());
                }
                if (asked != null && !Objects.equals(checksum(network), checksum(rule.memoryNetwork()))) {
                    throw new IllegalArgumentException("a network has one working memory, and its layers ask for"
                            + " several: layer '" + asked + "' for one of "
                            + inWords(network) + ", layer '" + link.name() + "' for one of "
                            + inWords(rule.memoryNetwork()));
                }
                memory = rule.memory();
                network = rule.memoryNetwork();
                asked = link.name();
                readsInput |= rule.readsInput();
            }
        }
        boolean standardizes = settings.standardizes();
        if (standardizes && inputs != below.get(0).in()) {
            throw new IllegalArgumentException("layer '" + below.get(0).name() + "': inputs are sequences, of which"
                    + " standardizeInputs would take each time step for an input of its own: leave it out, and scale"
                    + " the data before");
        }
        long inputMean = standardizes ? take(inputs) : Plan.NONE;
        long inputVariance = standardizes ? take(inputs) : Plan.NONE;
        long labelRows = memory > 0 ? take((long) memory * outputs) : Plan.NONE;
        long inputRows = readsInput ? take((long) memory * inputs) : Plan.NONE;
        long labelMean = chain.encoding() == Encoding.REAL ? take(outputs) : Plan.NONE;
        List<Layer> hidden = new ArrayList<>();
        for (Link link : below) {
            hidden.add(layer(link, outputs, Plan.TICKS + Plan.SCALARS * hidden.size()));
        }
        Layer output = new Layer(last.in(), outputs, last.weights(), last.bias(), last.activation(), 0, last.learns(),
                chain.encoding() == Encoding.REAL ? RATE_OF_SQUARES * settings.output() : settings.output(),
                View.AS_IT_IS, 0, 0, Plan.NONE, Plan.NONE, Plan.NONE, Plan.NONE, 0, 0, 0, null, null);
        Common common = new Common(memory, chain.encoding(), standardizes, settings.missing(), settings.schedule(),
                settings.schedule() == Schedule.CONSTANT ? 1 : settings.length(),
                settings.averages() ? AVERAGE_EVERY : 0, AVERAGE_SHARE, 0,
                settings.averages() ? COMPARE_EVERY : 0, COMPARE_HORIZON, YOUNGER_BY, GAIN_DECAY, GAIN_FLOOR, HORIZON,
                EPSILON, FADE_FLOOR, chain.encoding() == Encoding.REAL ? CAP_OF_SQUARES : NO_CAP);
        Plan.Recall recall = recall(hidden, outputs);
        return new Plan(List.copyOf(hidden), output, List.copyOf(tasks), List.copyOf(terms), common,
                new Places(chain.parameters().length(), state, inputMean, inputVariance, labelRows, inputRows,
                        labelMean), recall);
    }

    private Plan.Recall recall(List<Layer> hidden, int outputs) {
        if (network == null) {
            return null;
        }
        long labels = take(states(outputs));
        List<Long> layers = new ArrayList<>();
        for (Layer layer : hidden) {
            layers.add(layer.memory() == Plan.NONE ? Plan.NONE : take(states(layer.seen())));
        }
        return new Plan.Recall(network.checksum(), labels, List.copyOf(layers), take(1));
    }

    /** Of the reservoirs that a quantity of so many columns drives. */
    private long states(long columns) {
        return (columns + network.width() - 1) / network.width() * network.units();
    }

    private static String inWords(MemoryFile of) {
        return of == null ? "samples as they are" : "samples that " + of + " recalls";
    }

    private static String checksum(MemoryFile of) {
        return of == null ? null : of.checksum();
    }

    private LearningRule rule(Link link) {
        return link.rule() == null ? settings.rule() : link.rule();
    }

    private long take(long length) {
        long place = state;
        if (length > MOST - state) {
            throw new IllegalArgumentException("the network would remember more numbers than can be counted, with a"
                    + " working memory of " + memory + " samples: give the rules a smaller memory"
                    + " (LearningRule.Builder.memory)");
        }
        state += length;
        return place;
    }

    private static boolean comparesSamples(LearningRule rule) {
        return rule.objectives().stream().anyMatch(objective -> objective.kind().readsWindow());
    }

    private static void check(Link link, LearningRule rule) {
        if (!link.learns()) {
            return;
        }
        String who = "layer '" + link.name() + "': ";
        for (Objective objective : rule.objectives()) {
            if (objective.kind() != Objective.Kind.PREDICTION && !WINDOWS.containsKey(objective.kind())) {
                throw new IllegalArgumentException(who + "a streaming network does not know the objective '"
                        + objective.kind() + "': it knows prediction, " + WINDOWS.keySet());
            }
            if (!rule.remembersExactly() && objective.kind() != Objective.Kind.PREDICTION
                    && objective.kind() != Objective.Kind.NEIGHBOURHOOD) {
                throw new IllegalArgumentException(who + "the objective '" + objective.kind() + "' compares all samples"
                        + " that are remembered with each other, which a memory network recalls anew at each sample;"
                        + " with one, a streaming network knows prediction and neighbourhood: use those, an exact"
                        + " memory, or train this network by fit");
            }
            if (objective.groups() != 0) {
                throw new IllegalArgumentException(who + "the objective " + objective + " compares groups of units,"
                        + " which a streaming network does not: withGroups(0)");
            }
            if (objective.kind() != Objective.Kind.PREDICTION
                    && objective.kernel().type() == Kernel.Type.MEDIAN_GAUSSIAN) {
                throw new IllegalArgumentException(who + "the objective " + objective + " takes its bandwidth from the"
                        + " median of all distances in the window, which a single sample does not form: use"
                        + " Kernel.gaussian");
            }
        }
    }

    private Layer layer(Link link, int outputs, int clock) {
        LearningRule rule = rule(link);
        Geometry geometry = link.geometry() == null ? null : link.geometry().withGrid(rule.pooling());
        int d = geometry == null ? link.out() : geometry.seen();
        View view = rule.normalization() == LearningRule.Normalization.NONE ? View.AS_IT_IS
                : d >= WIDE ? View.ACROSS_UNITS
                : View.ONE_SCALAR;
        int firstTerm = terms.size();
        double prediction = 0;
        double rate = 0;
        if (link.learns()) {
            for (Objective objective : rule.objectives()) {
                if (objective.kind() == Objective.Kind.PREDICTION) {
                    prediction = objective.weight();
                    rate = Math.min(READOUT_RATE, objective.rate());
                } else {
                    terms.add(term(objective));
                }
            }
        }
        int count = terms.size() - firstTerm;
        return new Layer(link.in(), link.out(), link.weights(), link.bias(), link.activation(), link.slope(),
                link.learns(), rate(link.timing()), view, prediction,
                // The squared error is curved more than cross-entropy.
                chain.encoding() == Encoding.REAL ? rate / 2 : rate,
                prediction > 0 ? take((long) outputs * d + outputs) : Plan.NONE,
                link.learns() ? take(geometry == null ? d : geometry.maps()) : Plan.NONE,
                view == View.ONE_SCALAR && link.learns() ? take(d) : Plan.NONE,
                count > 0 ? take((long) memory * d) : Plan.NONE, clock, firstTerm, count, geometry,
                link.timing());
    }

    /**
     * Of a layer. What a neuron's membrane keeps adds up over time, so that the same step moves it by as much more as
     * the mean trace of an input is larger than the input.
     */
    private double rate(Timing timing) {
        return timing == null ? settings.hidden() : settings.hidden() / timing.ofConstant();
    }

    private Term term(Objective objective) {
        Kind kind = WINDOWS.get(objective.kind());
        boolean input = kind == Kind.HSIC_OF_INPUT;
        boolean gram = kind == Kind.HSIC_OF_ITSELF || kind == Kind.ALIGNMENT;
        boolean cosine = objective.kernel().type() == Kernel.Type.COSINE;
        LabelKernel labels = labels(objective.labels());
        // Without a place, to find its like; matrices of tasks that differ in one setting differ.
        Task task = new Task(similarity(labels), labels.sigma(), input, input ? objective.sigmaX() : 1,
                input ? objective.gamma() : 0, kind == Kind.NEIGHBOURS ? Plan.NONE : 0);
        int number = numbers.computeIfAbsent(task, wanted -> {
            tasks.add(new Task(wanted.similarity(), wanted.sigma(), input, wanted.sigmaX(), wanted.gamma(),
                    wanted.matrix() == Plan.NONE ? Plan.NONE : take((long) memory * memory)));
            return tasks.size() - 1;
        });
        return new Term(kind, objective.weight(), cosine, cosine ? 1 : objective.kernel().sigma(), objective.gamma(),
                number, gram ? take((long) memory * memory) : Plan.NONE);
    }

    private LabelKernel labels(LabelKernel given) {
        if (given.type() != LabelKernel.Type.AUTO) {
            return given;
        }
        return chain.encoding() == Encoding.REAL ? LabelKernel.medianGaussian(1) : LabelKernel.sameLabel();
    }

    private static Similarity similarity(LabelKernel labels) {
        return switch (labels.type()) {
            case GAUSSIAN -> Similarity.GAUSSIAN_LABELS;
            case MEDIAN_GAUSSIAN -> Similarity.MEDIAN_LABELS;
            case SAME_LABEL, AUTO -> Similarity.SAME_LABEL;
        };
    }
}
