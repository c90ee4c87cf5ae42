package org.ibhebb.samples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.ibhebb.samples.folder.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10Test {

    @TempDir
    private Path folder;

    @Test
    void readsPlainAndGzippedFilesInOrder() throws IOException {
        Path plain = Files.write(folder.resolve("1.bin"), DataFiles.cifar(3, 1));
        Path gzipped = DataFiles.gzip(folder.resolve("2.bin.gz"), DataFiles.cifar(9));
        Images read = Cifar10.read(List.of(plain, gzipped));
        assertThat(read.shape()).isEqualTo(new ImageShape(32, 32, 3));
        assertThat(read.labels()).containsExactly(3, 1, 9);
        assertThat(read.pixels()[0]).isEqualTo((byte) 3);
        assertThat(read.pixels()[3072]).isEqualTo((byte) 1);
        assertThat(read.pixels()[3 * 3072 - 1]).isEqualTo((byte) 9);
    }

    @Test
    void refusesAFileThatIsCutShort() throws IOException {
        Path file = Files.write(folder.resolve("1.bin"), Arrays.copyOf(DataFiles.cifar(3, 1), 5000));
        assertThatThrownBy(() -> Cifar10.read(List.of(file)))
                .isInstanceOf(DataException.class)
                .hasMessage(file + " is cut short: record 1 has 1927 of 3073 bytes; fetch it again.");
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> Cifar10.read(List.of(file))).hasMessageContaining("record 0 has 0 of 3073 bytes");
    }

    @Test
    void refusesALabelThatIsNoClass() throws IOException {
        Path file = Files.write(folder.resolve("1.bin"), DataFiles.cifar(3, 10));
        assertThatThrownBy(() -> Cifar10.read(List.of(file)))
                .hasMessageContaining("gives image 1 the label 10, but labels go from 0 to 9");
    }

    @Test
    void aBombIsNotUnpacked() throws IOException {
        Path file = folder.resolve("data_batch_1.bin");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            byte[] record = new byte[1 + 3 * 32 * 32];
            for (int i = 0; i <= 20_000; i++) {
                out.write(record);
            }
        }
        assertThatThrownBy(() -> Cifar10.read(List.of(file))).isInstanceOf(DataException.class)
                .hasMessageContaining(file.toString()).hasMessageContaining("more than 20000 images");
    }
}
