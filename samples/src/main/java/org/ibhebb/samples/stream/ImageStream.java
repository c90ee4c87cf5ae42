package org.ibhebb.samples.stream;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.ibhebb.samples.data.StreamImages;
import org.ibhebb.samples.option.Limits;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What experiments learn on the fly: one pass of a data set's images, by which perceptron. */
final class ImageStream {

    @Option(names = "--data", paramLabel = "NAME", defaultValue = "mnist", order = 2,
            description = "digits, mnist, fashion-mnist or cifar10. Default: ${DEFAULT-VALUE}.")
    private String data;

    @Option(names = "--data-dir", paramLabel = "DIR", order = 3,
            description = "The folder with the data set's files, as for train.")
    private Path dataDir;

    @Option(names = "--model", paramLabel = "MODEL", defaultValue = "mlp:128,64", order = 4,
            description = "mlp:A,B,...: dense layers of those sizes. Default: ${DEFAULT-VALUE}.")
    private String model;

    @Option(names = "--limit", paramLabel = "N", order = 5,
            description = "Learn the first N samples of the order alone.")
    private Integer limit;

    /** Refuses what can't be learnt. */
    void check(CommandSpec command) {
        Limits.atLeastOne(command, "--limit", limit);
        Perceptron.check(command, model);
        if (!StreamImages.exists(data)) {
            throw new ParameterException(command.commandLine(), "--data '" + data + "' is none of digits, mnist,"
                    + " fashion-mnist, cifar10");
        }
    }

    StreamImages.Loaded load(CommandSpec command) throws IOException {
        PrintWriter notes = command.commandLine().getErr();
        StreamImages.Loaded images = StreamImages.load(data, dataDir, notes);
        notes.flush();
        return images;
    }

    /** How many of them are learnt. */
    int samples(StreamImages.Loaded images) {
        int all = images.trainLabels().length;
        return limit == null ? all : Math.min(limit, all);
    }

    String data() {
        return data;
    }

    String model() {
        return model;
    }

    @Override
    public String toString() {
        return model + " on " + data;
    }
}
