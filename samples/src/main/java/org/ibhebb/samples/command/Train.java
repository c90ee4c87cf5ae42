package org.ibhebb.samples.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.ibhebb.listeners.InformationPlane;
import org.ibhebb.samples.folder.Json;
import org.ibhebb.samples.folder.OutputFile;
import org.ibhebb.samples.folder.WholeFile;
import org.ibhebb.samples.option.Limits;
import org.ibhebb.samples.training.Trained;
import org.ibhebb.samples.training.Trainer;
import org.ibhebb.samples.training.TrainingRule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ibhebb train}: one network, one training rule. */
@Command(name = "train", sortOptions = false,
        description = "Trains one network and tests it after every epoch.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb train --data digits --model mlp:64,32 --epochs 20",
            "  ibhebb train --data csv:flowers.csv --class kind --model mlp:16,16 --batch 16 --epochs 50",
            "  ibhebb train --data mnist --model mlp:128,64 --json mnist.json",
            "  ibhebb train --data mnist --model mlp:128,64 --batch 1 --memory 64 --epochs 1",
            "  ibhebb train --data fashion-mnist --model cnn:16,32 --rule backprop",
            "  ibhebb train --data mnist --model snn:128,64 --steps 16 --report spikes",
            "  ibhebb train --data mnist --model mlp:128,64 --information-plane plane"
        })
public final class Train implements Callable<Integer> {

    /** Enough for a steady estimate, and few enough for the square of it to be cheap. */
    private static final int PROBE = 256;
    private static final int RECORDINGS = 100;
    /** Samples whose spikes a report shows. */
    private static final int RASTERS = 3;

    @Spec
    private CommandSpec command;

    @Mixin
    private TrainOptions options;

    @Option(names = "--rule", paramLabel = "RULE", defaultValue = "ibhebb", converter = TrainingRule.Converter.class,
            order = 4,
            description = "Who trains the hidden layers. ibhebb: each of them itself, by a local objective, without"
                    + " back-propagation. backprop: back-propagation. frozen: nobody, they keep their random weights."
                    + " Default: ${DEFAULT-VALUE}.")
    private TrainingRule rule;

    @Option(names = "--json", paramLabel = "FILE", order = 20,
            description = "Write settings and results there, as a JSON object; accuracies are percentages, 0 to 100.")
    private Path json;

    @Option(names = "--save", paramLabel = "FILE", order = 21,
            description = "Write the trained network there, as DL4J's MultiLayerNetwork.load reads it (or, for a model"
                    + " with +all, ComputationGraph.load). Unless trained by backprop, it opens where the plugin is on"
                    + " the class path; IbHebb.revert turns it into a stock one.")
    private Path save;

    @Option(names = "--report", paramLabel = "DIR", order = 22,
            description = "Write a page of charts there that needs nothing else, index.html, and the charts as PNG and"
                    + " SVG: accuracy over training, and of a spiking network which neurons fire when, for a few of the"
                    + " test samples, how often each does, and what that costs.")
    private Path report;

    @Option(names = "--information-plane", paramLabel = "DIR", order = 22,
            description = "Record what each layer knows of the input and of the labels while it learns, and write it"
                    + " there: index.html, a page of charts that needs nothing else, the charts as PNG and SVG, and"
                    + " plane.csv with every number. Measured on up to " + PROBE + " of the test images, which no"
                    + " layer trains on; the network learns the same, and training takes longer.")
    private Path informationPlane;

    @Option(names = "--every", paramLabel = "K", order = 23,
            description = "Record every K-th training step under --information-plane; each record takes the time of"
                    + " some training steps. Default: about " + RECORDINGS + " times in all.")
    private Integer every;

    @Override
    public Integer call() throws IOException {
        OutputFile.check(command.commandLine(), "--json", json);
        OutputFile.check(command.commandLine(), "--save", save);
        Limits.atLeastOne(command, "--every", every);
        if (every != null && informationPlane == null) {
            throw new ParameterException(command.commandLine(), "--every says how often --information-plane DIR"
                    + " records: give that, too");
        }
        OutputFile.makeFolder(command.commandLine(), "--report", report);
        OutputFile.makeFolder(command.commandLine(), "--information-plane", informationPlane);
        PrintWriter out = command.commandLine().getOut();
        Trainer trainer = options.trainer();
        out.println(ResultTable.EPOCH_HEADER);
        InformationPlane plane = informationPlane == null ? null : plane(trainer);
        Trained trained = trainer.train(rule, rule.toString(), epoch -> {
            out.println(ResultTable.line(epoch));
            out.flush();
        }, plane == null ? new TrainingListener[0] : new TrainingListener[] {plane});
        if (trained.result().firing() != null) {
            out.println(trained.result().firing());
        }
        if (json != null) {
            Json.write(json, trained.result());
        }
        if (save != null) {
            trained.network().save(save);
        }
        if (report != null) {
            new RunReport(trained.result(), trained.result().firing() == null
                    ? List.of()
                    : trainer.spikes(trained.network(), RASTERS)).write(report);
        }
        if (plane != null) {
            WholeFile.write(informationPlane.resolve("plane.csv"), plane.toCsv());
            new PlaneReport(trained.result(), plane.records()).write(informationPlane);
        }
        return 0;
    }

    private InformationPlane plane(Trainer trainer) {
        return new InformationPlane(
                trainer.unseen(PROBE), every == null ? Math.max(1, trainer.steps() / RECORDINGS) : every);
    }
}
