package org.ibhebb.samples.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.fidelity.MemoryFiles;
import org.ibhebb.samples.option.ByName;
import org.ibhebb.samples.option.Limits;
import org.ibhebb.samples.training.ModelSpec;
import org.ibhebb.samples.training.Settings;
import org.ibhebb.samples.training.SpikingOptions;
import org.ibhebb.samples.training.Trainer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The flags that {@code train} and {@code compare} share. */
final class TrainOptions {

    private static final double TEST_SHARE = 0.2;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--data", required = true, paramLabel = "SET", converter = LearntData.Converter.class,
            order = 1,
            description = "What to learn: digits, mnist, fashion-mnist, cifar10, csv:FILE, a file of comma-separated"
                    + " values whose first line names the columns, or arff:FILE, one of Weka's or MOA's. Numbers are"
                    + " standardised by the mean and the standard deviation of the training samples; each other text in"
                    + " a column is an input of its own.")
    private LearntData data;

    @Option(names = "--class", paramLabel = "COLUMN", order = 1,
            description = "The column of csv:FILE or arff:FILE that is to be told from the others. Default: the last.")
    private String classColumn;

    @Option(names = "--test-share", paramLabel = "X", order = 1,
            description = "The share of the rows of csv:FILE or arff:FILE that is tested on, drawn at random. Default: "
                    + TEST_SHARE + ".")
    private Double testShare;

    @Option(names = "--split-seed", paramLabel = "N", order = 1,
            description = "Fixes which rows of csv:FILE or arff:FILE these are. Default: 1.")
    private Long splitSeed;

    @Option(names = "--data-dir", paramLabel = "DIR", order = 2,
            description = "The folder with the data set's files (or the parent of a folder of its name): idx files for"
                    + " mnist and fashion-mnist, binary files for cifar10, plain or gzipped. digits comes with this"
                    + " program; mnist is else downloaded by DL4J to ~/.deeplearning4j; fashion-mnist is else taken"
                    + " from Debian's package dataset-fashion-mnist.")
    private Path dataDir;

    @Option(names = "--model", paramLabel = "MODEL", defaultValue = "mlp:512,512",
            converter = ModelSpec.Converter.class, order = 3,
            description = "mlp:A,B,...: dense layers of those sizes. cnn:A,B,...: 3x3 convolutions with so many feature"
                    + " maps, each followed by a pooling that halves the image. cnn-bn:A,B,...: the same with batch"
                    + " normalisation after each convolution. snn:A,B,...: dense layers of spiking neurons."
                    + " scnn:A,B,...: spiking 3x3 convolutions with so many feature maps, each followed by a pooling"
                    + " that averages and halves the image. In all of these Ax3 is three such layers, behind which the"
                    + " image is halved once. lenet: two 5x5 convolutions and a dense layer. An output layer with one unit for each class is added; with +all behind the model it"
                    + " reads every hidden layer, not the last one alone. Default: ${DEFAULT-VALUE}.")
    private ModelSpec model;

    @Mixin
    private SpikingOptions spiking;

    @Option(names = "--objective", paramLabel = "NAME", converter = ObjectiveByName.class, order = 5,
            description = "What each hidden layer descends under ibhebb: ${COMPLETION-CANDIDATES}. Default: what the"
                    + " library does by default, which is prediction + 0.3 x neighbourhood that fades.")
    private Objective.Kind objective;

    @Option(names = "--sigma", paramLabel = "X", order = 6,
            description = "Width of the objective's Gaussian kernel, relative to the square root of the layer's width."
                    + " Default: 0.25 for neighbourhood, 0.5 for the others; normalized-hsic has a cosine kernel unless"
                    + " this is given.")
    private Double sigma;

    @Option(names = "--gamma", paramLabel = "X", order = 7,
            description = "Task against compression in hsic, hsic-zz and reference. Default: 2.")
    private Double gamma;

    @Option(names = "--groups", paramLabel = "N", order = 8,
            description = "Let the kernel compare N groups of units instead of single units; N divides the width of"
                    + " every hidden layer. Default: 0, single units.")
    private Integer groups;

    @Option(names = "--memory", paramLabel = "N", order = 9,
            description = "Samples that working memory holds under ibhebb, the current batch included."
                    + " Default: 128, or what --memory-network recalls.")
    private Integer memory;

    @Option(names = "--memory-network", paramLabel = "FILE", order = 9,
            description = "Let this pretrained memory network recall the samples before the current batch, in place of"
                    + " an exact memory. pretrain-memory makes one.")
    private Path memoryNetwork;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "128", order = 10,
            description = "Samples in a training step. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(names = "--epochs", paramLabel = "N", defaultValue = "10", order = 11,
            description = "Passes over the training samples. Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(names = "--lr", paramLabel = "X", defaultValue = "0.001", order = 12,
            description = "Adam's learning rate at the first step; it falls linearly to 0. Default: ${DEFAULT-VALUE}."
                    + " Under ibhebb the library's own updater learns, of which Adam's rate says nothing but how it"
                    + " falls; if this is given, Adam learns there too.")
    private double lr;

    @Option(names = "--lr-hidden", paramLabel = "X", order = 13,
            description = "The same for the hidden layers under ibhebb; Adam learns there if it is given. Default: 3 x --lr from batches of 30 on; in"
                    + " proportion less for smaller ones, which is --lr / 10 for a single sample.")
    private Double lrHidden;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", order = 14,
            description = "Fixes the initial weights and the order of the samples. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--train-limit", paramLabel = "N", order = 15,
            description = "Train on the first N samples only. Default: all.")
    private Integer trainLimit;

    @Option(names = "--flip", order = 16,
            description = "Mirror training images left to right, each at a chance of one half every time it is shown:"
                    + " for pictures of things, not for digits.")
    private boolean flip;

    /** The trainer that these flags describe. */
    Trainer trainer() throws IOException {
        Settings settings = settings();
        PrintWriter notes = command.commandLine().getErr();
        LearningTask task = data.isFile() ? file() : data.set().load(dataDir, notes);
        notes.flush();
        if (trainLimit != null) {
            task = task.trainingOnFirst(trainLimit);
        }
        return new Trainer(task, settings);
    }

    private LearningTask file() throws IOException {
        return data.load(classColumn, testShare == null ? TEST_SHARE : testShare,
                splitSeed == null ? 1 : splitSeed);
    }

    /** Refuses flags that do not go together. */
    private void checkData() {
        if (!data.isFile()) {
            refuse(classColumn != null, "--class is for --data csv:FILE or arff:FILE");
            refuse(testShare != null, "--test-share is for --data csv:FILE or arff:FILE");
            refuse(splitSeed != null, "--split-seed is for --data csv:FILE or arff:FILE");
        } else {
            refuse(dataDir != null, "--data-dir is for data sets: csv:FILE and arff:FILE name their own folders");
            refuse(!model.takesVectors(), "--model " + model + " is for images: rows take mlp:A,B,...");
            refuse(flip, "--flip is for images");
            refuse(testShare != null && !(testShare > 0 && testShare < 1),
                    "--test-share must be above 0 and below 1, not " + testShare);
        }
    }

    private void refuse(boolean wrong, String sentence) {
        if (wrong) {
            throw new ParameterException(command.commandLine(), sentence);
        }
    }

    private Settings settings() throws IOException {
        checkData();
        Limits.atLeastOne(command, "--batch", batch);
        Limits.atLeastOne(command, "--epochs", epochs);
        Limits.atLeastOne(command, "--train-limit", trainLimit);
        Limits.positive(command, "--lr", lr);
        double hidden = lrHidden == null ? Settings.usualHiddenRate(lr, batch) : lrHidden;
        Limits.positive(command, "--lr-hidden", hidden);
        return new Settings(model(), learningRule(), batch, epochs, lr, hidden, flip, seed);
    }

    private ModelSpec model() {
        try {
            ModelSpec encoded = spiking.of(model);
            refuse(data.isFile() && encoded.encoding() != ModelSpec.Encoding.CURRENT, "--model " + encoded
                    + " is for images, whose pixels are from 0 to 1: rows of files are standardised, and spiking"
                    + " neurons see them as --encode current");
            return encoded;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private LearningRule learningRule() throws IOException {
        try {
            List<Objective> objectives =
                    objective == null ? model.defaultRule().objectives() : List.of(Objective.of(objective));
            Objective descended = objectives.get(0);
            if (sigma != null) {
                descended = descended.withSigma(sigma);
            }
            if (gamma != null) {
                descended = descended.withGamma(gamma);
            }
            if (groups != null) {
                descended = descended.withGroups(groups);
            }
            LearningRule.Builder rule = LearningRule.builder().objective(descended);
            if (isGiven("--lr") || isGiven("--lr-hidden")) {
                rule.updaters(LearningRule.Updaters.CONFIGURED);
            }
            objectives.subList(1, objectives.size()).forEach(rule::plus);
            if (memoryNetwork != null) {
                MemoryNetwork network = MemoryFiles.read(memoryNetwork);
                rule.memory(network, memory == null ? network.recall() : memory);
            } else if (memory != null) {
                rule.memory(memory);
            }
            return rule.build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private boolean isGiven(String flag) {
        return command.commandLine().getParseResult().hasMatchedOption(flag);
    }

    /** Reads an objective by its name. */
    static final class ObjectiveByName extends ByName<Objective.Kind> {
        ObjectiveByName() {
            super(Objective.Kind.class);
        }
    }
}
