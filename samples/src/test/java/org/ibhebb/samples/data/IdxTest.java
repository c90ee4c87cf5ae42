package org.ibhebb.samples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.ibhebb.samples.folder.DataException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {

    @TempDir
    private Path folder;

    private Path images;
    private Path labels;

    @BeforeEach
    void writeTwoGoodFiles() throws IOException {
        images = Files.write(folder.resolve("images"), DataFiles.idxImages(3, 2, 4));
        labels = Files.write(folder.resolve("labels"), DataFiles.idxLabels(7, 0, 9));
    }

    @Test
    void readsPlainFiles() throws IOException {
        Images read = Idx.read(images, labels, 10);
        assertThat(read.shape()).isEqualTo(new ImageShape(2, 4, 1));
        assertThat(read.pixels()).isEqualTo(DataFiles.counting(24));
        assertThat(read.labels()).containsExactly(7, 0, 9);
    }

    @Test
    void readsGzippedFilesWhateverTheirName() throws IOException {
        DataFiles.gzip(images, DataFiles.idxImages(3, 2, 4));
        DataFiles.gzip(labels, DataFiles.idxLabels(7, 0, 9));
        assertThat(Idx.read(images, labels, 10).labels()).containsExactly(7, 0, 9);
    }

    @Test
    void refusesAnotherKindOfFile() {
        assertThatThrownBy(() -> Idx.read(labels, labels, 10))
                .isInstanceOf(DataException.class)
                .hasMessage(labels + " is no idx image file (it begins with 00000801, not 00000803): fetch it again.");
    }

    @Test
    void refusesAFileThatIsCutShort() throws IOException {
        byte[] whole = DataFiles.idxImages(3, 2, 4);
        for (int length : new int[] {0, 3, 15, 16, whole.length - 1}) {
            Files.write(images, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Idx.read(images, labels, 10))
                    .isInstanceOf(DataException.class)
                    .hasMessage(images + " is cut short: fetch it again.");
        }
    }

    @Test
    void refusesAGzippedFileThatIsCutShortOrDamaged() throws IOException {
        byte[] packed = Files.readAllBytes(DataFiles.gzip(images, DataFiles.idxImages(3, 2, 4)));
        Files.write(images, Arrays.copyOf(packed, packed.length - 12));
        assertThatThrownBy(() -> Idx.read(images, labels, 10)).hasMessageEndingWith("is cut short: fetch it again.");

        byte[] damaged = packed.clone();
        damaged[damaged.length - 7] ^= 1;
        Files.write(images, damaged);
        assertThatThrownBy(() -> Idx.read(images, labels, 10))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(images + " is damaged")
                .hasMessageEndingWith("fetch it again.");
    }

    @Test
    void refusesAFileThatIsTooLong() throws IOException {
        Files.write(images, Arrays.copyOf(DataFiles.idxImages(3, 2, 4), 41));
        assertThatThrownBy(() -> Idx.read(images, labels, 10))
                .hasMessage(images + " holds more than it announces: fetch it again.");
    }

    @Test
    void refusesSizesThatNoDataSetHas() throws IOException {
        Files.write(images, DataFiles.idx(new byte[0], DataFiles.IMAGE_MAGIC, Integer.MAX_VALUE, 28, 28));
        assertThatThrownBy(() -> Idx.read(images, labels, 10))
                .hasMessageContaining("announces 2147483647 images of 28 x 28");
        // What a small gzipped file could unpack to.
        Files.write(images, DataFiles.idx(new byte[0], DataFiles.IMAGE_MAGIC, 1_000_000, 28, 28));
        assertThatThrownBy(() -> Idx.read(images, labels, 10)).hasMessageContaining("which no such data set has");
        Files.write(images, DataFiles.idx(new byte[0], DataFiles.IMAGE_MAGIC, 3, -1, 4));
        assertThatThrownBy(() -> Idx.read(images, labels, 10)).hasMessageContaining("announces 3 images of -1 x 4");
    }

    @Test
    void refusesImagesAndLabelsThatDoNotGoTogether() throws IOException {
        Files.write(labels, DataFiles.idxLabels(1, 2));
        assertThatThrownBy(() -> Idx.read(images, labels, 10))
                .hasMessage(images + " holds 3 images, but " + labels + " holds 2 labels: fetch both again from one"
                        + " place.");
    }

    @Test
    void refusesALabelThatIsNoClass() throws IOException {
        Files.write(labels, DataFiles.idxLabels(1, 10, 2));
        assertThatThrownBy(() -> Idx.read(images, labels, 10))
                .hasMessage(labels + " gives image 1 the label 10, but labels go from 0 to 9: fetch it again.");
    }
}
