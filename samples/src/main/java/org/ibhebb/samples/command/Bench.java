package org.ibhebb.samples.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.samples.bench.BenchCase;
import org.ibhebb.samples.bench.BenchPart;
import org.ibhebb.samples.bench.BenchReport;
import org.ibhebb.samples.bench.BenchResult;
import org.ibhebb.samples.bench.Machine;
import org.ibhebb.samples.folder.Json;
import org.ibhebb.samples.folder.OutputFile;
import org.ibhebb.samples.folder.Provenance;
import org.ibhebb.samples.option.Limits;
import org.ibhebb.samples.report.Progress;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ibhebb bench}: how fast the rule is on this machine, beside what it is measured against. */
@Command(name = "bench", sortOptions = false,
        description = "Measures how fast the rule is on this machine: one layer's signal by the native kernel and by"
                + " ND4J's operations, whole training steps by the rule and by back-propagation, of spiking networks"
                + " too, and one sample at a time. Both sides of a comparison are timed in turn, several times; a ratio is"
                + " the other side's time to ours, so that above 1 the native kernel, or the rule, is faster. The floor is the time that the"
                + " matrix products and the memory traffic of our side would take at the machine's own rates; that of"
                + " one sample at a time counts the weights of units that are not silent, and nothing else that the"
                + " rule computes. The launcher lets it run on one BLAS thread, unless OMP_NUM_THREADS says otherwise."
                + " Takes about seven minutes.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb bench",
            "  ibhebb bench --only step --json step.json",
            "  ibhebb bench --only spiking",
            "  ibhebb bench --only stream"
        })
public final class Bench implements Callable<Integer> {

    private static final double SECONDS = 2;
    private static final double QUICK_SECONDS = 0.3;
    /** One of each objective. */
    private static final int WARM_UP_CASES = 5;

    @Spec
    private CommandSpec command;

    @Option(names = "--only", paramLabel = "PART", converter = BenchPart.Converter.class, order = 1,
            description = "Measure one part alone: ${COMPLETION-CANDIDATES}.")
    private BenchPart only;

    @Option(names = "--quick", order = 2,
            description = "A few of the comparisons, and briefly: shows that it works, not how fast it is.")
    private boolean quick;

    @Option(names = "--seconds", paramLabel = "X", order = 3,
            description = "How long to measure each comparison. Default: " + SECONDS + ", with --quick "
                    + QUICK_SECONDS + ".")
    private Double seconds;

    @Option(names = "--json", paramLabel = "FILE", order = 20,
            description = "Write the results there, as a JSON object of names and numbers such as"
                    + " step.784-512-512-10.b128.ratio.")
    private Path json;

    @Override
    public Integer call() throws IOException {
        OutputFile.check(command.commandLine(), "--json", json);
        double each = seconds();
        PrintWriter out = command.commandLine().getOut();
        List<BenchPart> parts = parts(out);
        Provenance run = Provenance.here();
        out.println(BenchReport.of(run));
        Machine machine = Machine.measure(each / 4);
        out.println(BenchReport.of(machine));
        List<BenchResult> results = new ArrayList<>();
        for (BenchPart part : parts) {
            out.println();
            out.println(part.description());
            out.println(BenchReport.header(part));
            out.flush();
            measure(part, each, machine, results, out);
        }
        if (json != null) {
            Json.write(json, BenchReport.json(run, machine, results));
        }
        return 0;
    }

    private void measure(BenchPart part, double each, Machine machine, List<BenchResult> results, PrintWriter out) {
        List<BenchCase> cases = part.cases(quick);
        // Some cases for nothing, so that the first ones do not pay for the JVM's start: all of ND4J is compiled only
        // after ten seconds or so.
        for (BenchCase discarded : cases.subList(0, Math.min(WARM_UP_CASES, cases.size()))) {
            measure(discarded, part + " warm-up", each, machine);
        }
        for (int i = 0; i < cases.size(); i++) {
            BenchCase next = cases.get(i);
            BenchResult result = measure(next, part + " " + (i + 1) + "/" + cases.size(), each, machine);
            out.println(result.line());
            out.flush();
            results.add(result);
        }
    }

    private static BenchResult measure(BenchCase next, String name, double each, Machine machine) {
        try (Progress progress = Progress.start(name, next.rounds())) {
            return next.measure(each, machine, progress);
        } finally {
            // The workspaces of a case are of no use to the next one.
            Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
        }
    }

    private double seconds() {
        if (seconds == null) {
            return quick ? QUICK_SECONDS : SECONDS;
        }
        Limits.positive(command, "--seconds", seconds);
        return seconds;
    }

    /** The parts that can be measured; says why one can't. */
    private List<BenchPart> parts(PrintWriter out) {
        List<BenchPart> parts = new ArrayList<>(only == null ? List.of(BenchPart.values()) : List.of(only));
        if (parts.contains(BenchPart.KERNEL)) {
            try {
                Arithmetic.named("native");
            } catch (IllegalStateException e) {
                if (only == BenchPart.KERNEL) {
                    throw new IllegalArgumentException("there is nothing to compare: " + e.getMessage(), e);
                }
                out.println("Kernels are not compared: " + e.getMessage());
                parts.remove(BenchPart.KERNEL);
            }
        }
        return parts;
    }
}
