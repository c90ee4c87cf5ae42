package org.ibhebb.samples;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ibhebb train}: one network, one training rule. */
@Command(name = "train", sortOptions = false,
        description = "Trains one network and tests it after every epoch.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb train --data digits --model mlp:64,32 --epochs 20",
            "  ibhebb train --data mnist --model mlp:128,64 --json mnist.json",
            "  ibhebb train --data mnist --model mlp:128,64 --batch 1 --memory 64 --epochs 1",
            "  ibhebb train --data fashion-mnist --model cnn:16,32 --rule backprop"
        })
final class Train implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private TrainOptions options;

    @Option(names = "--rule", paramLabel = "RULE", defaultValue = "ibhebb", converter = ByName.OfRule.class,
            order = 4,
            description = "Who trains the hidden layers. ibhebb: each of them itself, by a local objective, without"
                    + " back-propagation. backprop: back-propagation. frozen: nobody, they keep their random weights."
                    + " Default: ${DEFAULT-VALUE}.")
    private TrainingRule rule;

    @Option(names = "--json", paramLabel = "FILE", order = 20,
            description = "Write settings and results there, as a JSON object; accuracies are percentages, 0 to 100.")
    private Path json;

    @Option(names = "--save", paramLabel = "FILE", order = 21,
            description = "Write the trained network there, as DL4J's MultiLayerNetwork.load reads it (or, for a model with"
                    + " +all, ComputationGraph.load). A network trained by ibhebb opens where the plugin is on the class path; IbHebb.revert turns it into a"
                    + " stock one.")
    private Path save;

    @Override
    public Integer call() throws IOException {
        OutputFile.check(command.commandLine(), "--json", json);
        OutputFile.check(command.commandLine(), "--save", save);
        PrintWriter out = command.commandLine().getOut();
        Trainer trainer = options.trainer();
        out.println(ResultTable.EPOCH_HEADER);
        Trained trained = trainer.train(rule, epoch -> {
            out.println(ResultTable.line(epoch));
            out.flush();
        });
        if (json != null) {
            OutputFile.writeJson(json, trained.result());
        }
        if (save != null) {
            trained.network().save(save.toFile());
        }
        return 0;
    }
}
