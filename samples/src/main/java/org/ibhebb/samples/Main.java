package org.ibhebb.samples;

import java.io.IOException;
import java.io.PrintWriter;
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
            Experiments.class, ResultsPage.class, StreamCommand.class},
        description = "Trains Deeplearning4j networks by an information-bottleneck Hebbian rule, in which every hidden"
                + " layer learns by itself, and by back-propagation for comparison.",
        footerHeading = "%nStart here:%n",
        footer = {
            "  ibhebb quickstart",
            "  ibhebb train --help"
        })
public final class Main implements Runnable {

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

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler(Main::sayWhatIsWrong)
                .setExecutionExceptionHandler(Main::sayWhatFailed);
    }

    @Override
    public void run() {
        throw new ParameterException(
                command.commandLine(), "say what to do: quickstart, train, compare, pretrain-memory, bench, experiment,"
                        + " results or stream");
    }

    private static int sayWhatIsWrong(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("ibhebb: " + problem.getMessage() + " (see " + command.getCommandSpec().qualifiedName()
                + " --help)");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    /** One sentence for what a user can mend; anything else is a defect, whose stack trace we want to be sent. */
    private static int sayWhatFailed(Exception problem, CommandLine command, CommandLine.ParseResult arguments)
            throws Exception {
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
