package org.ibhebb.samples;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.regex.Pattern;
import org.ibhebb.samples.command.Bench;
import org.ibhebb.samples.command.Compare;
import org.ibhebb.samples.command.Export;
import org.ibhebb.samples.command.Import;
import org.ibhebb.samples.command.LedgerCommand;
import org.ibhebb.samples.command.PretrainMemory;
import org.ibhebb.samples.command.Quickstart;
import org.ibhebb.samples.command.ResultsPage;
import org.ibhebb.samples.command.Train;
import org.ibhebb.samples.experiment.Experiments;
import org.ibhebb.samples.folder.DataException;
import org.ibhebb.samples.stream.StreamCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code samples/ibhebb}: trains networks without back-propagation, and with it for comparison. */
@Command(name = "ibhebb",
        subcommands = {Quickstart.class, Train.class, Compare.class, PretrainMemory.class, Bench.class,
            Experiments.class, LedgerCommand.class, ResultsPage.class, StreamCommand.class, Export.class,
            Import.class},
        description = "Trains Deeplearning4j networks by an information-bottleneck Hebbian rule, in which every hidden"
                + " layer learns by itself, and by back-propagation for comparison.",
        footerHeading = "%nStart here:%n",
        footer = {
            "  ibhebb quickstart",
            "  ibhebb train --help"
        })
public final class Main implements Runnable {

    /** As native code and ND4J say it, in exceptions of any kind. */
    private static final Pattern TOO_LITTLE_MEMORY = Pattern.compile(
            "bad_alloc|(can't|cannot|failed to|unable to) allocate|allocation failed", Pattern.CASE_INSENSITIVE);

    @Spec
    private CommandSpec command;

    @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, order = 100,
            description = "Show this help.")
    private boolean help;

    private Main() {}

    /**
     * Runs the program; exits with 0 for success, 1 for a failure, 2 for a wrong command line.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    public static CommandLine commandLine() {
        return new CommandLine(new Main())
                // A file name that begins with @ is a file name.
                .setExpandAtFiles(false)
                .setExecutionStrategy(Main::execute)
                .setParameterExceptionHandler(Main::sayWhatIsWrong)
                .setExecutionExceptionHandler(Main::sayWhatFailed);
    }

    @Override
    public void run() {
        throw new ParameterException(
                command.commandLine(), "say what to do: quickstart, train, compare, pretrain-memory, bench, experiment,"
                        + " ledger, results, stream, export or import");
    }

    private static int sayWhatIsWrong(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("ibhebb: " + problem.getMessage() + " (see " + command.getCommandSpec().qualifiedName()
                + " --help)");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static int execute(CommandLine.ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (OutOfMemoryError e) {
            return sayTooLittleMemory(e, parsed.commandSpec().commandLine());
        }
    }

    private static int sayTooLittleMemory(Throwable problem, CommandLine command) {
        String details = problem.getMessage() == null ? "" : problem.getMessage().lines().findFirst().orElse("");
        PrintWriter err = command.getErr();
        err.println("ibhebb: there is not enough memory for that (" + details + "): use smaller layers, batches or"
                + " working memories, or less data");
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    /** One sentence for what a user can mend; anything else is a defect, whose stack trace we want to be sent. */
    private static int sayWhatFailed(Exception problem, CommandLine command, CommandLine.ParseResult arguments)
            throws Exception {
        if (problem.getMessage() != null && TOO_LITTLE_MEMORY.matcher(problem.getMessage()).find()) {
            return sayTooLittleMemory(problem, command);
        }
        if (!(problem instanceof IOException || problem instanceof IllegalArgumentException)) {
            throw problem;
        }
        PrintWriter err = command.getErr();
        err.println("ibhebb: " + (problem instanceof DataException || problem instanceof IllegalArgumentException
                ? problem.getMessage()
                : problem.toString()));
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }
}
