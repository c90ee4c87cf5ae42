package org.ibhebb.samples.data;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ibhebb.samples.folder.DataException;
import org.ibhebb.samples.option.ByName;

/** The data sets that the command line names, and where each is looked for. */
public enum DataSets {
    /** Comes with this program. */
    DIGITS("digits", "") {
        @Override
        Images train(Path dataDir, PrintWriter notes) throws IOException {
            return Digits.train();
        }

        @Override
        Images test(Path dataDir, PrintWriter notes) throws IOException {
            return Digits.test();
        }
    },

    /** In {@code dataDir}, or where DL4J keeps it, downloaded there if need be. */
    MNIST("mnist", "give --data-dir the folder with MNIST's four idx files, plain or gzipped") {
        @Override
        Images train(Path dataDir, PrintWriter notes) throws IOException {
            return idxTrain(folder(dataDir, notes));
        }

        @Override
        Images test(Path dataDir, PrintWriter notes) throws IOException {
            return idxTest(folder(dataDir, notes));
        }

        private Path folder(Path dataDir, PrintWriter notes) throws IOException {
            if (dataDir != null) {
                return dataDir;
            }
            Path directory = MnistDownload.directory();
            if (IDX_FILES.stream().anyMatch(name -> find(directory, name) == null)) {
                try {
                    MnistDownload.run(notes);
                } catch (IOException e) {
                    throw new DataException("mnist is not in " + directory + " and could not be downloaded (" + e
                            + "): " + remedy + ".", e);
                }
            }
            return directory;
        }
    },

    /** In {@code dataDir}, or where Debian's package puts it. */
    FASHION_MNIST("fashion-mnist", "install Debian's package dataset-fashion-mnist, or give --data-dir the folder with"
            + " the four idx files of https://github.com/zalandoresearch/fashion-mnist") {
        @Override
        Images train(Path dataDir, PrintWriter notes) throws IOException {
            return idxTrain(folder(dataDir));
        }

        @Override
        Images test(Path dataDir, PrintWriter notes) throws IOException {
            return idxTest(folder(dataDir));
        }

        private Path folder(Path dataDir) {
            return dataDir != null ? dataDir : Path.of("/usr/share/datasets/fashion-mnist");
        }
    },

    /** In {@code dataDir}. */
    CIFAR10("cifar10", "give --data-dir the folder to which https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
            + " unpacks") {
        @Override
        Images train(Path dataDir, PrintWriter notes) throws IOException {
            if (dataDir == null) {
                throw new DataException("cifar10 does not come with this program: " + remedy + ".");
            }
            List<Path> train = new ArrayList<>();
            for (String name : CIFAR10_TRAIN_FILES) {
                Path file = find(dataDir, name);
                if (file != null) {
                    train.add(file);
                }
            }
            if (train.isEmpty()) {
                throw missing(dataDir, CIFAR10_TRAIN_FILES.get(0));
            }
            if (train.size() < CIFAR10_TRAIN_FILES.size()) {
                notes.println("cifar10: found " + train.size() + " of " + CIFAR10_TRAIN_FILES.size()
                        + " training files; training on those.");
            }
            return Cifar10.read(train);
        }

        @Override
        Images test(Path dataDir, PrintWriter notes) throws IOException {
            return Cifar10.read(List.of(require(dataDir, "test_batch.bin")));
        }
    };

    private static final List<String> IDX_FILES = List.of(
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
    /** Of every data set there is. */
    private static final int CLASSES = 10;
    private static final List<String> CIFAR10_TRAIN_FILES = List.of(
            "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin");

    private final String label;
    /** What to do when files are missing: the second half of a sentence. */
    final String remedy;

    DataSets(String label, String remedy) {
        this.label = label;
        this.remedy = remedy;
    }

    /**
     * Reads the data set, to train and to test on.
     *
     * @param dataDir the folder with its files, or the parent of a folder of the data set's name; null to look where
     *     they usually are
     * @param notes gets a line for each thing that the user should know
     * @throws IOException with a sentence that says what to do, if files are missing or damaged
     */
    public LearningTask load(Path dataDir, PrintWriter notes) throws IOException {
        Images train = train(dataDir, notes);
        Images test = test(dataDir, notes);
        if (!train.shape().equals(test.shape())) {
            throw new DataException("the training images of " + this + " are " + train.shape()
                    + ", the test images " + test.shape() + ": fetch both again from one place.");
        }
        return new LearningTask(label, CLASSES, train, test, HeldOut.TEST);
    }

    /**
     * Reads the training images alone, of which some are held out for validation: the test images are not even read.
     *
     * @param dataDir as for {@link #load}
     * @param notes as for {@link #load}
     */
    public LearningTask loadForValidation(Path dataDir, PrintWriter notes) throws IOException {
        return LearningTask.validating(label, CLASSES, train(dataDir, notes));
    }

    abstract Images train(Path dataDir, PrintWriter notes) throws IOException;

    abstract Images test(Path dataDir, PrintWriter notes) throws IOException;

    @Override
    public String toString() {
        return label;
    }

    Images idxTrain(Path directory) throws DataException {
        return idx(directory, IDX_FILES.get(0), IDX_FILES.get(1));
    }

    Images idxTest(Path directory) throws DataException {
        return idx(directory, IDX_FILES.get(2), IDX_FILES.get(3));
    }

    private Images idx(Path directory, String images, String labels) throws DataException {
        return Idx.read(require(directory, images), require(directory, labels), CLASSES);
    }

    /** The file, plain or gzipped, in the folder or in its subfolder of the data set's name; null if there is none. */
    Path find(Path directory, String name) {
        for (Path folder : List.of(directory, directory.resolve(label), directory.resolve("cifar-10-batches-bin"))) {
            for (String ending : List.of("", ".gz")) {
                Path file = folder.resolve(name + ending);
                if (Files.isRegularFile(file)) {
                    return file;
                }
            }
        }
        return null;
    }

    Path require(Path directory, String name) throws DataException {
        Path file = find(directory, name);
        if (file == null) {
            throw missing(directory, name);
        }
        return file;
    }

    DataException missing(Path directory, String name) {
        String lack = Files.isDirectory(directory)
                ? "there is neither " + name + " nor " + name + ".gz in " + directory
                : "there is no folder " + directory;
        return new DataException(lack + ": " + remedy + ".");
    }

    /** Reads one by its name. */
    public static final class Converter extends ByName<DataSets> {
        public Converter() {
            super(DataSets.class);
        }
    }
}
