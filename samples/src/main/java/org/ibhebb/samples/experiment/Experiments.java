package org.ibhebb.samples.experiment;

import org.ibhebb.samples.stream.PeersExperiment;
import org.ibhebb.samples.stream.StreamCapacityExperiment;
import org.ibhebb.samples.stream.StreamExperiment;
import org.ibhebb.samples.suite.SuiteExperiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ibhebb experiment}: many runs, one page. */
@Command(name = "experiment",
        subcommands = {PaperExperiment.class, BestExperiment.class, CapacityExperiment.class,
            ObjectivesExperiment.class, MemoryExperiment.class, DepthExperiment.class, SpikingExperiment.class,
            SuiteExperiment.class, StreamExperiment.class, StreamCapacityExperiment.class, PeersExperiment.class},
        description = "Trains many networks with several seeds each, and writes a folder: index.html, a page with"
                + " tables and charts that needs nothing else; the charts as PNG and SVG; every number in results.json"
                + " and results.csv. Interrupted, it goes on where it was when it is started again.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb experiment paper --part mnist --out paper",
            "  ibhebb experiment best --part mnist-wide --out best",
            "  ibhebb experiment capacity --out capacity --budget-minutes 10",
            "  ibhebb experiment memory --out memory --budget-minutes 20",
            "  ibhebb experiment objectives --out objectives --budget-minutes 60",
            "  ibhebb experiment depth --out depth",
            "  ibhebb experiment spiking --out spiking --quick",
            "  ibhebb experiment suite --out suite --quick",
            "  ibhebb experiment stream --out stream",
            "  ibhebb experiment stream-capacity --out stream-capacity",
            "  ibhebb experiment stream-peers --out stream-peers"
        })
public final class Experiments implements Runnable {

    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "say which experiment: paper, best, capacity,"
                + " objectives, memory, depth, spiking, suite, stream, stream-capacity or stream-peers");
    }
}
