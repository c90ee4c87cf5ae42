package org.ibhebb.samples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ibhebb.samples.folder.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSetsTest {

    @TempDir
    private Path folder;

    private final StringWriter noted = new StringWriter();
    private final PrintWriter notes = new PrintWriter(noted);

    @Test
    void digitsAreAlwaysSplitInTheSameWay() throws IOException {
        LearningTask digits = DataSets.DIGITS.load(null, notes);
        assertThat(digits.train().count()).isEqualTo(1347);
        assertThat(digits.evaluation().count()).isEqualTo(450);
        assertThat(digits.train().shape()).isEqualTo(new ImageShape(8, 8, 1));
        assertThat(images(digits.train()).pixels())
                .isEqualTo(images(DataSets.DIGITS.load(null, notes).train()).pixels());
        assertThat(images(digits.evaluation()).labels()).contains(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void idxFilesAreFoundInTheFolderAndInASubfolderOfTheDataSetsName() throws IOException {
        Path subfolder = Files.createDirectory(folder.resolve("mnist"));
        writeIdx(subfolder, 4);
        for (Path directory : new Path[] {folder, subfolder}) {
            LearningTask task = DataSets.MNIST.load(directory, notes);
            assertThat(task.name()).isEqualTo("mnist");
            assertThat(task.train().count()).isEqualTo(2);
            assertThat(task.evaluation().count()).isEqualTo(1);
        }
    }

    @Test
    void trainingAndTestImagesMustBeOfOneSize() throws IOException {
        writeIdx(folder, 5);
        assertThatThrownBy(() -> DataSets.FASHION_MNIST.load(folder, notes))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("are 4 x 4, the test images 4 x 5");
    }

    @Test
    void aMissingFileIsNamedWithItsRemedy() {
        assertThatThrownBy(() -> DataSets.MNIST.load(folder, notes))
                .isInstanceOf(DataException.class)
                .hasMessage("there is neither train-images-idx3-ubyte nor train-images-idx3-ubyte.gz in " + folder
                        + ": give --data-dir the folder with MNIST's four idx files, plain or gzipped.");
        Path nowhere = folder.resolve("nowhere");
        assertThatThrownBy(() -> DataSets.FASHION_MNIST.load(nowhere, notes))
                .hasMessageStartingWith("there is no folder " + nowhere)
                .hasMessageContaining("dataset-fashion-mnist");
        assertThatThrownBy(() -> DataSets.CIFAR10.load(null, notes))
                .hasMessageStartingWith("cifar10 does not come with this program: give --data-dir");
        assertThatThrownBy(() -> DataSets.CIFAR10.load(folder, notes)).hasMessageContaining("data_batch_1.bin");
    }

    @Test
    void partOfCifar10IsEnoughButSaid() throws IOException {
        Files.write(folder.resolve("data_batch_2.bin"), DataFiles.cifar(1, 2));
        DataFiles.gzip(folder.resolve("test_batch.bin.gz"), DataFiles.cifar(3));
        assertThat(images(DataSets.CIFAR10.load(folder, notes).train()).labels()).containsExactly(1, 2);
        assertThat(noted.toString()).isEqualToIgnoringNewLines(
                "cifar10: found 1 of 5 training files; training on those.");
    }

    @Test
    void theLastSixthValidatesAndTestImagesAreNotEvenRead() throws IOException {
        Files.write(folder.resolve("train-images-idx3-ubyte"), DataFiles.idxImages(13, 4, 4));
        Files.write(folder.resolve("train-labels-idx1-ubyte"),
                DataFiles.idxLabels(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2));
        LearningTask task = DataSets.MNIST.loadForValidation(folder, notes);
        assertThat(task.heldOut()).isEqualTo(HeldOut.VALIDATION);
        assertThat(images(task.train()).labels()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0);
        assertThat(images(task.evaluation()).labels()).containsExactly(1, 2);
        assertThat(images(task.evaluation()).pixels()[0]).isEqualTo((byte) (11 * 16));
    }

    private static Images images(Examples samples) {
        return (Images) samples;
    }

    private static void writeIdx(Path folder, int testColumns) throws IOException {
        DataFiles.gzip(folder.resolve("train-images-idx3-ubyte.gz"), DataFiles.idxImages(2, 4, 4));
        DataFiles.gzip(folder.resolve("train-labels-idx1-ubyte.gz"), DataFiles.idxLabels(0, 1));
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), DataFiles.idxImages(1, 4, testColumns));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), DataFiles.idxLabels(1));
    }
}
