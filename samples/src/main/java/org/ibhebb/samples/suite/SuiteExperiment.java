package org.ibhebb.samples.suite;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.folder.DataException;
import org.ibhebb.samples.folder.Json;
import org.ibhebb.samples.folder.Provenance;
import org.ibhebb.samples.folder.RunFolder;
import org.ibhebb.samples.folder.WholeFile;
import org.ibhebb.samples.option.Limits;
import org.ibhebb.samples.option.TypedCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ibhebb experiment suite}: whether the default learns whatever it is given. */
@Command(name = "suite", sortOptions = false,
        description = "Learns many small tasks of every kind (images, tables, generated shapes, real values,"
                + " autoencoders, sequences, narrow, wide and deep networks, odd mini-batches), each by a stock"
                + " configuration after IbHebb.convert(conf) with nothing else changed, by back-propagation with the"
                + " same updater, by back-propagation tuned on validation samples, and with frozen hidden layers. Says"
                + " where the default is level with tuned back-propagation, and where it is no better than frozen"
                + " layers. Resumable.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb experiment suite --quick --out quick",
            "  ibhebb experiment suite --rows xor,moons,digits --seeds 1 --out some",
            "  ibhebb experiment suite --data-dir ~/data --objectives --out suite",
            "  ibhebb experiment suite --data-dir ~/data --out suite --again",
            "  ibhebb experiment suite --table mine.csv,other.csv --out mine",
            "  ibhebb experiment suite --list"
        })
public final class SuiteExperiment implements Callable<Integer> {

    private static final int SEEDS = 3;

    @Spec
    private CommandSpec command;

    @Option(names = "--out", paramLabel = "DIR", order = 1,
            description = "The folder for everything that comes out; made where there is none. Runs that are there"
                    + " already are not repeated.")
    private Path out;

    @Option(names = "--data-dir", paramLabel = "DIR", order = 2,
            description = "The folder with the image data sets' files, as for train. Tasks whose data are not there are"
                    + " left out.")
    private Path dataDir;

    @Option(names = "--seeds", paramLabel = "N", order = 3,
            description = "Runs of everything. Default: " + SEEDS + ", with --quick 1.")
    private Integer seeds;

    @Option(names = "--quick", order = 4, description = "Some of the tasks, and fewer rates to tune back-propagation by:"
            + " about ten minutes.")
    private boolean quick;

    @Option(names = "--rows", paramLabel = "NAMES", split = ",", order = 5,
            description = "These tasks alone, by the names that --list has.")
    private List<String> rows;

    @Option(names = "--table", paramLabel = "FILE", split = ",", order = 6,
            description = "Tables of your own in place of the suite's tasks: comma-separated values below a line of column"
                    + " names, the class in the last column. Each is learnt by dense layers of 64 and 32, batches of 32,"
                    + " 40 epochs.")
    private List<Path> tables = List.of();

    @Option(names = "--objectives", order = 7, description = "Try each of the objectives alone, too.")
    private boolean objectives;

    @Option(names = "--rule", paramLabel = "FILE", split = ",", order = 8,
            description = "Try the learning rules in these JSON files, too, as LearningRule.toJson writes them.")
    private List<Path> rules = List.of();

    @Option(names = "--again", order = 9,
            description = "Repeat what is trained by the rule, for the library has changed; other runs are kept.")
    private boolean again;

    @Option(names = "--list", order = 10, description = "List the tasks, and do nothing.")
    private boolean list;

    @Override
    public Integer call() throws IOException {
        PrintWriter print = command.commandLine().getOut();
        List<Task> tasks = tasks();
        if (list) {
            tasks.forEach(task -> print.println(line(task)));
            return 0;
        }
        Limits.atLeastOne(command, "--seeds", seeds);
        if (out == null) {
            throw new ParameterException(command.commandLine(), "Missing required option: '--out=DIR'");
        }
        List<Way> judged = judged();
        try (RunFolder folder = RunFolder.open(command.commandLine(), out)) {
            carryOut(folder, tasks, judged, print);
        }
        return 0;
    }

    private void carryOut(RunFolder folder, List<Task> tasks, List<Way> judged, PrintWriter print) throws IOException {
        int runs = seeds == null ? quick ? 1 : SEEDS : seeds;
        Provenance provenance = Provenance.here();
        List<String> candidates = quick ? Way.FEW_CANDIDATES : Way.CANDIDATES;
        Suite suite = new Suite(folder, dataDir, print, command.commandLine().getErr(),
                again ? Set.of(Outcome.Kind.LOCAL) : Set.of(), candidates);
        List<Finding> findings = suite.carryOut(tasks, judged, runs);
        SuitePage page = new SuitePage(findings, judged, candidates, suite.skipped());
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("experiment", command.name());
        results.put("title", "The suite");
        results.put("command", TypedCommand.of(command));
        results.put("provenance", provenance);
        results.put("seeds", runs);
        results.putAll(page.json());
        Json.write(folder.path().resolve("results.json"), results);
        WholeFile.write(folder.path().resolve("results.csv"), page.csv());
        page.page(TypedCommand.of(command), provenance, runs).write(folder.path());
        judged.forEach(way -> page.counts(way).forEach(print::println));
        print.println("Wrote " + folder.path().resolve("index.html"));
        print.flush();
    }

    private List<Task> tasks() throws IOException {
        List<Task> all = tables.isEmpty() ? Tasks.all() : ownTables();
        List<String> names = all.stream().map(Task::name).toList();
        if (rows != null) {
            for (String row : rows) {
                if (!names.contains(row)) {
                    throw new ParameterException(command.commandLine(), "--rows: there is no task '" + row
                            + "': --list has their names");
                }
            }
        }
        return all.stream()
                .filter(task -> rows == null || rows.contains(task.name()))
                .filter(task -> rows != null || !quick || task.quick())
                .toList();
    }

    private List<Task> ownTables() throws IOException {
        Map<String, Task> tasks = new LinkedHashMap<>();
        for (Path table : tables) {
            Task task = OwnTable.of(table).task();
            if (tasks.put(task.name(), task) != null) {
                throw new ParameterException(command.commandLine(), "--table: two files are called '" + task.name()
                        + "': rename one of them");
            }
        }
        return List.copyOf(tasks.values());
    }

    private static String line(Task task) {
        return String.format(Locale.ROOT, "%-24s %-24s %-26s %-8s batch %d, %d epochs, %s%s%s", task.name(),
                task.data(), task.network(), task.activation().name().toLowerCase(Locale.ROOT), task.batch(),
                task.epochs(), task.updater(), task.sorted() ? ", sorted by class" : "",
                task.quick() ? " (quick)" : "");
    }

    private List<Way> judged() throws DataException {
        List<Way> judged = new ArrayList<>(List.of(Way.DEFAULT));
        if (objectives) {
            for (Objective.Kind kind : Objective.Kind.values()) {
                judged.add(Way.local(kind.toString(), LearningRule.builder().objective(Objective.of(kind)).build()));
            }
        }
        for (Path file : rules) {
            try {
                judged.add(Way.local(file.getFileName().toString(), LearningRule.fromJson(Files.readString(file))));
            } catch (IOException | IllegalArgumentException e) {
                throw new DataException("--rule " + file + " can't be read as a learning rule ("
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ")", e);
            }
        }
        return judged;
    }
}
