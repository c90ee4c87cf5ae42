package org.ibhebb.samples.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.option.Limits;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The flags that all experiments share. */
final class ExperimentOptions {

    /** Unless the user or the experiment says otherwise. */
    static final int SEEDS = 3;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--out", required = true, paramLabel = "DIR", order = 1,
            description = "The folder for everything that comes out; made where there is none. Runs that are there"
                    + " already are not repeated, so that an interrupted experiment goes on when it is started again.")
    private Path out;

    @Option(names = "--data", paramLabel = "SET", converter = DataSets.Converter.class, order = 2,
            description = "What to learn, in place of the experiment's own: ${COMPLETION-CANDIDATES}.")
    private DataSets data;

    @Option(names = "--data-dir", paramLabel = "DIR", order = 3,
            description = "The folder with the data sets' files, as for train.")
    private Path dataDir;

    @Option(names = "--seeds", paramLabel = "N", order = 4,
            description = "Runs of everything, each with other initial weights and another order of the images."
                    + " Default: " + SEEDS + ".")
    private Integer seeds;

    @Option(names = "--control-seeds", paramLabel = "N", order = 4,
            description = "Runs of back-propagation and of frozen hidden layers, where fewer will do: back-propagation"
                    + " takes most of the time of a convolutional network. Default: as --seeds.")
    private Integer controlSeeds;

    @Option(names = "--epochs", paramLabel = "N", order = 5,
            description = "Passes over the training images, in place of the experiment's own number.")
    private Integer epochs;

    @Option(names = "--train-limit", paramLabel = "N", order = 6,
            description = "Train on the first N images only, in place of the experiment's own number.")
    private Integer trainLimit;

    @Option(names = "--budget-minutes", paramLabel = "M", order = 7,
            description = "Fit everything into so many minutes: on fewer training images first, but not on fewer than "
                    + Budget.LEAST_IMAGES + "; then with fewer seeds, then for fewer epochs. Speeds are measured"
                    + " first. The page says what was cut.")
    private Double budgetMinutes;

    void check() {
        Limits.atLeastOne(command, "--seeds", seeds);
        Limits.atLeastOne(command, "--control-seeds", controlSeeds);
        Limits.atLeastOne(command, "--epochs", epochs);
        Limits.atLeastOne(command, "--train-limit", trainLimit);
        Limits.positive(command, "--budget-minutes", budgetMinutes);
    }

    Path out() {
        return out;
    }

    /** What to learn. */
    DataSets data(DataSets own) {
        return data == null ? own : data;
    }

    boolean givesData() {
        return data != null;
    }

    Path dataDir() {
        return dataDir;
    }

    /** So much of each part, with as many seeds as the user says, or else the experiment. */
    Scale scale(List<Part.Size> sizes, int ownSeeds) {
        int all = seeds == null ? ownSeeds : seeds;
        return new Scale(sizes, all, controlSeeds == null ? all : controlSeeds);
    }

    /** Null without a budget. */
    Double budgetMinutes() {
        return budgetMinutes;
    }

    /** How much of a data set to train on, if there is time for it. */
    Part.Size size(LearningTask task, int ownImages, int ownEpochs) {
        int images = trainLimit == null ? ownImages : trainLimit;
        return new Part.Size(Math.min(images, task.train().count()), epochs == null ? ownEpochs : epochs);
    }

    /** The flags that carry out the same again with a data set, whatever the defaults and the time. */
    List<String> arguments(String data, Part.Size size, Scale scale) {
        List<String> arguments = new ArrayList<>(List.of("--data", data));
        if (dataDir != null) {
            arguments.addAll(List.of("--data-dir", dataDir.toString()));
        }
        arguments.addAll(arguments(size, scale));
        return arguments;
    }

    /** The same where samples are no data set's. */
    List<String> arguments(Part.Size size, Scale scale) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("--seeds", String.valueOf(scale.seeds())));
        if (scale.seedsOf(true) < scale.seeds()) {
            arguments.addAll(List.of("--control-seeds", String.valueOf(scale.controlSeeds())));
        }
        arguments.addAll(List.of("--epochs", String.valueOf(size.epochs()),
                "--train-limit", String.valueOf(size.trainSamples())));
        return arguments;
    }
}
