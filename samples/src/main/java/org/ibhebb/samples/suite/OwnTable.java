package org.ibhebb.samples.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ibhebb.samples.data.CsvFile;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.folder.Checksum;
import org.ibhebb.samples.folder.DataException;
import org.nd4j.linalg.activations.Activation;

/**
 * A file of comma-separated values that the user brings along, whose last column is the class; the suite learns it as it
 * learns its own tables.
 *
 * @param file where it is
 * @param content its checksum: what was learnt of another content is not this
 */
record OwnTable(String file, String content) {

    private static final double HELD = 0.3;
    private static final String NETWORK = "dense:64,32";
    private static final int BATCH = 32;
    private static final int EPOCHS = 40;
    private static final String UPDATER = "adam:0.001";

    /** @throws DataException if there is no such file */
    static OwnTable of(Path file) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new DataException("there is no file " + file + " that can be read: --table takes comma-separated"
                    + " values whose last column is the class");
        }
        return new OwnTable(file.toString(), Checksum.of(file));
    }

    /** A task of the suite. */
    Task task() {
        return new Task(name(), "your tables", new Task.Data(null, 0, 1, this), NETWORK, Activation.RELU, BATCH, EPOCHS,
                UPDATER, false, true);
    }

    /** The file's, in so far as it may be part of another file's. */
    private String name() {
        String name = Path.of(file).getFileName().toString();
        int end = name.lastIndexOf('.');
        return (end > 0 ? name.substring(0, end) : name).replaceAll("[^A-Za-z0-9_-]", "_");
    }

    /**
     * Its samples, of which some are held out, drawn at random.
     *
     * @throws DataException with what is wrong with the file
     */
    TaskData make(long seed) throws IOException {
        LearningTask task = CsvFile.load(Path.of(file), null, HELD, seed);
        return TaskData.of(task, task.evaluation(), new long[] {task.train().shape().size()});
    }

    @Override
    public String toString() {
        return Path.of(file).getFileName().toString();
    }
}
