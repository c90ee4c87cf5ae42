package org.ibhebb.samples.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.training.ModelSpec;
import org.ibhebb.samples.training.Result;
import org.ibhebb.samples.training.Settings;
import org.ibhebb.samples.training.Trainer;
import org.ibhebb.samples.training.TrainingRule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ibhebb quickstart}: the local rule beside its two controls, in a minute and without a download. */
@Command(name = "quickstart",
        description = "Trains a small network on the handwritten digits that come with this program: by"
                + " back-propagation, with frozen hidden layers and by the local rule. Prints one table, and the line"
                + " of code that makes the difference. Needs no download and no settings.")
public final class Quickstart implements Callable<Integer> {

    private static final Settings SETTINGS =
            new Settings(ModelSpec.parse("mlp:64,32"), LearningRule.defaults(), 32, 20, 5e-3, 3e-3, false, 1);

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = command.commandLine().getOut();
        Trainer trainer = new Trainer(DataSets.DIGITS.load(null, out), SETTINGS);
        List<Result> results = new ArrayList<>();
        for (TrainingRule rule : TrainingRule.values()) {
            results.add(trainer.train(rule, epoch -> {}).result());
        }
        out.println(ResultTable.of(results));
        out.println();
        out.println("The line that switched it:  conf = IbHebb.convert(conf);");
        return 0;
    }
}
