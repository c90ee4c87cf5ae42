package org.ibhebb.samples.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.ibhebb.IbHebb;
import org.ibhebb.ledger.Ledger;
import org.ibhebb.ledger.Training;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.data.ImageShape;
import org.ibhebb.samples.folder.Json;
import org.ibhebb.samples.folder.OutputFile;
import org.ibhebb.samples.option.ByName;
import org.ibhebb.samples.option.Limits;
import org.ibhebb.samples.report.Chart;
import org.ibhebb.samples.report.Page;
import org.ibhebb.samples.report.Spread;
import org.ibhebb.samples.training.EnergyCounters;
import org.ibhebb.samples.training.ModelSpec;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ibhebb ledger}: how much data a training step moves, by arithmetic. */
@Command(name = "ledger", sortOptions = false,
        description = "Says how much data a training step moves, by several ways of learning, by arithmetic on shapes:"
                + " nothing is trained. What is counted, and what not, is in docs/data-movement.md. 'lean' is a way"
                + " without what its implementation alone spends.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb ledger --model mlp:512,512 --batch 1",
            "  ibhebb ledger --model cnn:48,96 --shape 32,32,3 --report ledger"
        })
public final class LedgerCommand implements Callable<Integer> {

    /** Whose parameters move. */
    private enum Updater {
        LIBRARY,
        SGD,
        MOMENTUM,
        ADAM;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Sizes of caches: none, a core's second level, a desktop's last level, all. */
    private static final long[] CACHES = {0, 1L << 21, 1L << 25};
    private static final int PARTS = 4;
    /** What arrays hold, in as many parts as can be told apart by their colours. */
    private static final Map<String, Set<Ledger.Kind>> HOLDS = new LinkedHashMap<>();

    static {
        HOLDS.put("samples and memory", EnumSet.of(Ledger.Kind.DATA, Ledger.Kind.MEMORY));
        HOLDS.put("parameters", EnumSet.of(Ledger.Kind.PARAMETERS));
        HOLDS.put("gradients", EnumSet.of(Ledger.Kind.GRADIENT));
        HOLDS.put("state of updaters, gains and readouts", EnumSet.of(Ledger.Kind.STATE));
        HOLDS.put("activations, errors and signals", EnumSet.of(Ledger.Kind.ACTIVATION, Ledger.Kind.SIGNAL));
        HOLDS.put("scratch", EnumSet.of(Ledger.Kind.SCRATCH));
    }

    private static final double KIB = 1024;

    @Spec
    private CommandSpec command;

    @Option(names = "--model", paramLabel = "M", defaultValue = "mlp:512,512", converter = ModelSpec.Converter.class,
            order = 1, description = "The network, as for train. Default: ${DEFAULT-VALUE}.")
    private ModelSpec model;

    @Option(names = "--shape", paramLabel = "H,W,C", split = ",", defaultValue = "28,28,1", order = 2,
            description = "Height, width and channels of an image. Default: ${DEFAULT-VALUE}.")
    private int[] shape;

    @Option(names = "--classes", paramLabel = "N", defaultValue = "10", order = 3,
            description = "Outputs of the network. Default: ${DEFAULT-VALUE}.")
    private int classes;

    @Option(names = "--rule", paramLabel = "OBJECTIVE", converter = TrainOptions.ObjectiveByName.class, order = 4,
            description = "What hidden layers descend: ${COMPLETION-CANDIDATES}. Default: the library's default rule.")
    private Objective.Kind objective;

    @Option(names = "--updater", paramLabel = "U", converter = UpdaterByName.class, defaultValue = "library", order = 5,
            description = "Who turns gradients into steps, in all ways alike: ${COMPLETION-CANDIDATES}; with library,"
                    + " the rule's own under the rule, and Adam under back-propagation. Default: ${DEFAULT-VALUE}.")
    private Updater updater;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "128", order = 6,
            description = "Samples in a training step. Streaming is shown for 1 alone. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(names = "--active", paramLabel = "X,Y", split = ",", order = 7,
            description = "The shares of inputs and of hidden units that are not 0. Default: 1,1.")
    private double[] active = {1, 1};

    @Option(names = "--json", paramLabel = "FILE", order = 20,
            description = "Write every operation there, as JSON.")
    private Path json;

    @Option(names = "--report", paramLabel = "DIR", order = 21,
            description = "Write a page with a chart of where bytes go into that folder.")
    private Path report;

    @Override
    public Integer call() throws IOException {
        OutputFile.check(command.commandLine(), "--json", json);
        if (report != null) {
            OutputFile.makeFolder(command.commandLine(), "--report", report, report);
        }
        List<Ledger> ledgers = ledgers();
        PrintWriter out = command.commandLine().getOut();
        out.println(model + ", images of " + image() + ", " + classes + " classes, " + batch
                + (batch == 1 ? " sample" : " samples") + " a step; KiB a step");
        out.println(table(header(), rows(ledgers)));
        out.println("Energy by published figures, in microjoules a step: arithmetic on the table above, no measurement");
        out.println(table(energyHeader(), energy(ledgers)));
        for (EnergyTable table : EnergyTable.all()) {
            out.println(table.name() + ": " + table.source() + "; near memory is " + table.near() + ", far memory "
                    + table.far());
        }
        out.println(EnergyCounters.ofMachine());
        out.flush();
        if (json != null) {
            Json.write(json, ledgers.stream().map(LedgerCommand::json).toList());
        }
        if (report != null) {
            page(ledgers).write(report);
        }
        return 0;
    }

    private ImageShape image() {
        if (shape.length != 3 || Arrays.stream(shape).anyMatch(size -> size < 1)) {
            throw new ParameterException(command.commandLine(), "--shape must be three whole numbers of at least 1, height,"
                    + " width and channels");
        }
        return new ImageShape(shape[0], shape[1], shape[2]);
    }

    private List<Ledger> ledgers() {
        Limits.atLeastOne(command, "--batch", batch);
        Limits.atLeastOne(command, "--classes", classes);
        if (active.length != 2) {
            throw new ParameterException(command.commandLine(), "--active must be two shares, such as 0.2,0.5");
        }
        if (model.readsAllLayers()) {
            throw new ParameterException(command.commandLine(), "--model " + model + ": the ledger is of networks whose"
                    + " output layer reads the last layer: leave +all out");
        }
        IUpdater given = switch (updater) {
            case SGD -> new Sgd(0.1);
            case MOMENTUM -> new Nesterovs(0.1, 0.9);
            case ADAM, LIBRARY -> new Adam(1e-3);
        };
        InputType input = model.input(image());
        MultiLayerConfiguration stock = model.configure(image(), classes, 1, given, given);
        LearningRule.Builder rule = LearningRule.builder();
        if (objective != null) {
            rule.objective(Objective.of(objective));
        }
        if (updater != Updater.LIBRARY) {
            rule.updaters(LearningRule.Updaters.CONFIGURED);
        }
        MultiLayerConfiguration local = IbHebb.convert(stock, rule.build());
        List<Ledger> all = new ArrayList<>();
        Training back = with(Training.backPropagation());
        all.add(IbHebb.ledger(stock, batch, back, input));
        all.add(IbHebb.ledger(stock, batch, back.lean(), input));
        if (batch % PARTS == 0) {
            all.add(IbHebb.ledger(stock, batch, back.lean().accumulating(batch / PARTS), input));
        }
        all.add(IbHebb.ledger(stock, batch, back.lean().checkpointing(2), input));
        all.add(IbHebb.ledger(stock, batch, with(Training.frozen()), input));
        all.add(IbHebb.ledger(local, batch, with(Training.asConfigured()), input));
        all.add(IbHebb.ledger(local, batch, with(Training.asConfigured()).lean(), input));
        if (model.streamsBatches()) {
            all.add(IbHebb.ledger(local, batch, with(Training.streamingFit()), input));
        }
        if (batch == 1 && model.streams()) {
            Training stream = with(Training.streaming());
            all.add(IbHebb.ledger(objective == null ? stock : local, 1,
                    updater == Updater.LIBRARY ? stream : stream.with(new Sgd(0.1)), input));
        }
        return all;
    }

    private Training with(Training way) {
        try {
            return way.withActivity(active[0], active[1]);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--active: " + e.getMessage(), e);
        }
    }

    private static List<String> header() {
        return List.of("way", "read", "written", "both", "%", "through 2 MiB of cache", "through 32 MiB",
                "MMAC", "of them effective", "by spikes", "activations, least", "held", "state", "update path",
                "latency");
    }

    private static List<List<String>> rows(List<Ledger> ledgers) {
        double first = ledgers.get(0).bytes();
        return ledgers.stream().map(ledger -> List.of(ledger.title(), kib(ledger.bytesRead()),
                kib(ledger.bytesWritten()), kib(ledger.bytes()), number(100 * ledger.bytes() / first),
                kib(ledger.traffic(CACHES[1])), kib(ledger.traffic(CACHES[2])), number(ledger.macs() / 1e6),
                number(ledger.effectiveMacs() / 1e6), number(ledger.effectiveAcs() / 1e6),
                kib(ledger.peakActivations()), kib(ledger.heldActivations()), kib(ledger.learningState()),
                String.valueOf(ledger.distances().stream().mapToInt(Ledger.Distance::updatePath).max().orElse(0)),
                String.valueOf(ledger.distances().stream().mapToInt(Ledger.Distance::latency).max().orElse(0))))
                .toList();
    }

    private static List<String> energyHeader() {
        return List.of("way", "table", "arithmetic", "operands nearby", "far memory without a cache",
                "with 2 MiB of it", "with 32 MiB");
    }

    private static List<List<String>> energy(List<Ledger> ledgers) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (Ledger ledger : ledgers) {
            for (EnergyTable table : EnergyTable.all()) {
                rows.add(List.of(ledger.title(), table.name(), number(table.arithmetic(ledger)),
                        number(table.nearby(ledger)), number(table.movement(ledger, CACHES[0])),
                        number(table.movement(ledger, CACHES[1])), number(table.movement(ledger, CACHES[2]))));
            }
        }
        return rows;
    }

    /** In Markdown, with columns of one width. */
    private static String table(List<String> header, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>(rows);
        all.add(0, header);
        int[] widths = new int[header.size()];
        all.forEach(row -> Arrays.setAll(widths, i -> Math.max(widths[i], row.get(i).length())));
        all.add(1, Arrays.stream(widths).mapToObj("-"::repeat).toList());
        StringBuilder text = new StringBuilder();
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                text.append("| ").append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 1));
            }
            text.append("|\n");
        }
        return text.toString();
    }

    private static String kib(long bytes) {
        return number(bytes / KIB);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
    }

    private static Map<String, Object> json(Ledger ledger) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("way", ledger.title());
        all.put("samples", ledger.samples());
        all.put("bytesRead", ledger.bytesRead());
        all.put("bytesWritten", ledger.bytesWritten());
        all.put("macs", ledger.macs());
        all.put("effectiveMacs", ledger.effectiveMacs());
        all.put("effectiveAcs", ledger.effectiveAcs());
        all.put("synapticOperations", ledger.synapticOperations());
        all.put("peakActivations", ledger.peakActivations());
        all.put("heldActivations", ledger.heldActivations());
        all.put("learningState", ledger.learningState());
        all.put("distances", ledger.distances());
        all.put("lifetimes", ledger.lifetimes());
        all.put("rows", ledger.rows());
        return all;
    }

    private static double bytes(Ledger ledger, Set<Ledger.Kind> kinds) {
        return kinds.stream().mapToLong(kind -> ledger.bytesByKind().getOrDefault(kind, 0L)).sum();
    }

    /** Where the whole one would take the place of the chart. */
    private static String shortTitle(Ledger ledger) {
        return ledger.title().replace("back-propagation", "BP").replace("accumulating over parts", "parts")
                .replaceFirst("a checkpoint every \\d+ layers", "checkpoints");
    }

    private Page page(List<Ledger> ledgers) throws IOException {
        Page page = new Page("Where bytes go: " + model + ", " + batch + " a step");
        page.paragraph("By arithmetic on shapes; docs/data-movement.md says what is counted, and what not. KiB a step.");
        page.table(header(), rows(ledgers));
        List<Chart.Series> series = HOLDS.entrySet().stream().map(part -> new Chart.Series(
                part.getKey(), Chart.Look.STACKED, ledgers.stream()
                        .map(ledger -> new Spread(bytes(ledger, part.getValue()) / KIB, null, 1))
                        .toList())).toList();
        page.figure(new Chart("bytes", "Bytes a step by what arrays hold", "way of learning", "KiB a step",
                Chart.Scale.LINEAR, ledgers.stream().map(LedgerCommand::shortTitle).toList(), series),
                "What each way reads and writes, by what the arrays hold. BP is back-propagation.");
        page.heading("Energy by published figures");
        page.paragraph("Microjoules a step: arithmetic on the table above, no measurement.");
        page.table(energyHeader(), energy(ledgers));
        for (EnergyTable table : EnergyTable.all()) {
            page.paragraph(table.name() + ": " + table.source() + "; near memory is " + table.near()
                    + ", far memory " + table.far() + ".");
        }
        return page;
    }

    /** Reads an updater by its name. */
    static final class UpdaterByName extends ByName<Updater> {
        UpdaterByName() {
            super(Updater.class);
        }
    }
}
