package org.ibhebb.samples.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ibhebb.samples.folder.Json;
import org.ibhebb.samples.folder.OutputFile;
import org.ibhebb.samples.training.Result;
import org.ibhebb.samples.training.Trained;
import org.ibhebb.samples.training.Trainer;
import org.ibhebb.samples.training.TrainingRule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ibhebb compare}: the same network by every training rule. */
@Command(name = "compare", sortOptions = false,
        description = "Trains the same network, from the same initial weights on the same batches, by back-propagation,"
                + " with frozen hidden layers and by the local rule, and prints one table.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb compare --data digits --model mlp:64,32 --epochs 20",
            "  ibhebb compare --data fashion-mnist --model mlp:128,64 --objective normalized-hsic --json fashion.json"
        })
public final class Compare implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private TrainOptions options;

    @Option(names = "--json", paramLabel = "FILE", order = 20,
            description = "Write settings and results there, as a JSON array of the three runs; accuracies are"
                    + " percentages, 0 to 100.")
    private Path json;

    @Option(names = "--save", paramLabel = "FILE", order = 21,
            description = "Write the three trained networks there, each with its rule in the name: net.zip becomes"
                    + " net-backprop.zip, net-frozen.zip and net-ibhebb.zip.")
    private Path save;

    @Override
    public Integer call() throws IOException {
        OutputFile.check(command.commandLine(), "--json", json);
        if (save != null) {
            for (TrainingRule rule : TrainingRule.values()) {
                OutputFile.check(command.commandLine(), "--save", named(save, rule));
            }
        }
        Trainer trainer = options.trainer();
        List<Result> results = new ArrayList<>();
        for (TrainingRule rule : TrainingRule.values()) {
            Trained trained = trainer.train(rule, epoch -> {});
            results.add(trained.result());
            if (save != null) {
                trained.network().save(named(save, rule));
            }
        }
        command.commandLine().getOut().println(ResultTable.of(results));
        results.stream().filter(result -> result.firing() != null)
                .map(result -> result.rule() + ": " + result.firing())
                .forEach(command.commandLine().getOut()::println);
        if (json != null) {
            Json.write(json, results);
        }
        return 0;
    }

    private static Path named(Path file, TrainingRule rule) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        return file.resolveSibling(stem + "-" + rule + name.substring(stem.length()));
    }
}
