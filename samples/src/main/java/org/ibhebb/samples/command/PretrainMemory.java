package org.ibhebb.samples.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.memory.MemoryPretrainer;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.fidelity.MemoryFiles;
import org.ibhebb.samples.fidelity.RecallMeter;
import org.ibhebb.samples.folder.OutputFile;
import org.ibhebb.samples.report.Progress;
import org.ibhebb.samples.training.ModelSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ibhebb pretrain-memory}: makes a memory network, or says how good one is. */
@Command(name = "pretrain-memory", sortOptions = false,
        description = "Pretrains a memory network, on synthetic streams alone, and writes it to a file: a working"
                + " memory that is a network itself. Or checks one. Either way it says how well each sample back is recalled,"
                + " and how close a layer's signal comes to that of an exact memory, on images that had no part in the"
                + " pretraining.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb pretrain-memory --out memory.ibmem",
            "  ibhebb pretrain-memory --units 2000 --recall 10 --label-width 10 --activity-width 128 --out big.ibmem",
            "  ibhebb pretrain-memory --check memory.ibmem --data mnist",
            "  ibhebb train --data mnist --model mlp:128,64 --batch 1 --epochs 1 --memory-network memory.ibmem"
        })
public final class PretrainMemory implements Callable<Integer> {

    private static final List<ModelSpec> MODELS = List.of(ModelSpec.parse("mlp:10"), ModelSpec.parse("mlp:64"));
    private static final int STEPS = 1000;
    private static final int PERCENT = 100;

    @Spec
    private CommandSpec command;

    @Option(names = "--out", paramLabel = "FILE", order = 1,
            description = "Where to write the memory network, .ibmem by custom.")
    private Path out;

    @Option(names = "--units", paramLabel = "N", order = 2,
            description = "Units of a reservoir. To recall N samples well takes 1.5 x N x the activity width."
                    + " Default: 768.")
    private Integer units;

    @Option(names = "--recall", paramLabel = "N", order = 3,
            description = "The largest working memory that it can stand for, in samples, the current one included."
                    + " Default: 16.")
    private Integer recall;

    @Option(names = "--activity-width", paramLabel = "N", order = 4,
            description = "So many columns of a layer have a reservoir to themselves; wider layers have several."
                    + " Default: 32.")
    private Integer activityWidth;

    @Option(names = "--label-width", paramLabel = "N", order = 5,
            description = "Classes of the labels among the synthetic streams; tasks may have others. Default: 10.")
    private Integer labelWidth;

    @Option(names = "--seed", paramLabel = "N", order = 6,
            description = "Fixes wiring and streams: the same seed gives the same file. Default: 1.")
    private Long seed;

    @Option(names = "--check", paramLabel = "FILE", order = 7,
            description = "Pretrain nothing; check this memory network.")
    private Path check;

    @Option(names = "--data", paramLabel = "SET", converter = DataSets.Converter.class, defaultValue = "digits",
            order = 8, description = "The images for the check: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private DataSets data;

    @Option(names = "--data-dir", paramLabel = "DIR", order = 9,
            description = "The folder with the data set's files, as for train.")
    private Path dataDir;

    @Override
    public Integer call() throws IOException {
        boolean sized = units != null || recall != null || activityWidth != null || labelWidth != null || seed != null;
        if ((out == null) == (check == null)) {
            throw new ParameterException(command.commandLine(), "give either --out, to pretrain a memory network, or"
                    + " --check, to check one");
        }
        if (check != null && sized) {
            throw new ParameterException(command.commandLine(), "--check takes no sizes and no --seed: the file has"
                    + " them");
        }
        OutputFile.check(command.commandLine(), "--out", out);
        PrintWriter print = command.commandLine().getOut();
        MemoryNetwork network = check == null ? pretrained(print) : MemoryFiles.read(check);
        describe(network, print);
        compare(network, print);
        return 0;
    }

    private MemoryNetwork pretrained(PrintWriter print) throws IOException {
        MemoryPretrainer pretrainer = pretrainer();
        long start = System.nanoTime();
        MemoryNetwork network;
        try (Progress progress = Progress.start("pretraining", STEPS)) {
            int[] shown = new int[1];
            network = pretrainer.pretrain(done -> {
                int step = (int) (STEPS * done);
                progress.step(step - shown[0]);
                shown[0] = step;
            });
        }
        network = MemoryFiles.write(network, out);
        print.printf(Locale.ROOT, "Pretrained in %.1f s; wrote %s%n", (System.nanoTime() - start) / 1e9, out);
        return network;
    }

    private MemoryPretrainer pretrainer() {
        MemoryPretrainer.Builder builder = MemoryPretrainer.builder();
        if (units != null) {
            builder.units(units);
        }
        if (recall != null) {
            builder.recall(recall);
        }
        if (activityWidth != null) {
            builder.activityWidth(activityWidth);
        }
        if (labelWidth != null) {
            builder.labelWidth(labelWidth);
        }
        if (seed != null) {
            builder.seed(seed);
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private static void describe(MemoryNetwork network, PrintWriter print) {
        print.printf(Locale.ROOT, "%d units for every %d columns, windows of up to %d samples, decay %.3f, seed %d,"
                        + " checksum %s%n",
                network.units(), network.width(), network.recall(), network.decay(), network.seed(),
                network.checksum());
        print.printf(Locale.ROOT, "On synthetic streams that it was not trained on: capacity %.2f of %d samples, cosine"
                        + " of the signal to an exact memory's %.4f%n",
                network.statistics().capacity(), network.recall() - 1, network.statistics().cosine());
        print.println("Recalled of each sample, % of its variance:");
        List<Double> recalled = network.statistics().recall();
        for (int back = 1; back <= recalled.size(); back++) {
            print.printf(Locale.ROOT, "%5d back %8.2f%n", back, PERCENT * recalled.get(back - 1));
        }
        print.flush();
    }

    private void compare(MemoryNetwork network, PrintWriter print) throws IOException {
        LearningTask task = data.load(dataDir, command.commandLine().getErr());
        List<RecallMeter> meters = new ArrayList<>();
        for (ModelSpec model : MODELS) {
            meters.add(new RecallMeter(task, model, 1));
        }
        print.printf("Cosine of the signal to an exact memory's, on %s, which it was not trained on:%n", task.name());
        print.printf("%5s", "N");
        for (Objective objective : RecallMeter.OBJECTIVES) {
            for (ModelSpec model : MODELS) {
                print.printf(" %22s", objective.kind() + " " + model);
            }
        }
        print.println();
        for (int capacity : RecallMeter.capacities(network)) {
            print.printf("%5d", capacity);
            for (Objective objective : RecallMeter.OBJECTIVES) {
                for (RecallMeter meter : meters) {
                    double cosine = meter.cosines(objective, network, capacity).get(0);
                    // With two samples the neighbourhood's signal is 0 by either memory.
                    print.printf(Locale.ROOT, " %22s",
                            Double.isNaN(cosine) ? "no signal" : String.format(Locale.ROOT, "%.4f", cosine));
                }
            }
            print.println();
            print.flush();
        }
    }
}
