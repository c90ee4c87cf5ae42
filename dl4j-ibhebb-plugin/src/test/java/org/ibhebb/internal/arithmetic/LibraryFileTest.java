package org.ibhebb.internal.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.bytedeco.javacpp.Loader;
import org.ibhebb.ForAnyKernel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library that is not, byte for byte, what the build made is not loaded: it could end the JVM. */
@ForAnyKernel
class LibraryFileTest {

    private static final String NAME = System.mapLibraryName(NativeLibrary.LIBRARY);

    @TempDir
    Path folder;

    private byte[] library;
    private byte[] checksum;
    private Path file;

    @BeforeEach
    void copy() throws IOException {
        library = resource(NAME);
        checksum = resource(NAME + LibraryFile.CHECKSUM);
        assumeTrue(library.length > 0, "there is no native library to damage");
        file = folder.resolve("a folder of % and #").resolve(NAME);
        Files.createDirectory(file.getParent());
        Files.write(file, library);
        Files.write(file.resolveSibling(NAME + LibraryFile.CHECKSUM), checksum);
    }

    private static byte[] resource(String name) throws IOException {
        URL there = NativeLibrary.class.getResource(Loader.getPlatform() + "/" + name);
        return there == null ? new byte[0] : there.openStream().readAllBytes();
    }

    private URL url() throws IOException {
        return file.toUri().toURL();
    }

    @Test
    void whatTheBuildMadeIsTaken() {
        assertThatCode(() -> LibraryFile.check(url())).doesNotThrowAnyException();
    }

    @Test
    void whatIsCutOffIsRefusedAtAnyLength() throws IOException {
        int whole = library.length;
        for (int length : new int[] {0, 1, 63, 64, 4095, 4096, whole / 3, whole / 2, whole - 4096, whole - 1}) {
            Files.write(file, Arrays.copyOf(library, length));
            assertThatThrownBy(() -> LibraryFile.check(url())).as("%d bytes", length)
                    .isInstanceOf(UnsatisfiedLinkError.class)
                    .hasMessageContainingAll(file.toString(), "is damaged (" + length + " bytes", "delete it",
                            "classifier " + Loader.getPlatform());
        }
    }

    /** As a power cut leaves it: the length is right. */
    @Test
    void soIsOneWithAWrongBitOrWithoutItsEnd() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < 20; i++) {
            byte[] damaged = library.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            assertThatThrownBy(() -> LibraryFile.check(url())).hasMessageContaining("is damaged");
        }
        byte[] zeros = Arrays.copyOf(Arrays.copyOf(library, library.length / 2), library.length);
        Files.write(file, zeros);
        assertThatThrownBy(() -> LibraryFile.check(url())).hasMessageContaining("is damaged");
    }

    @Test
    void withoutAChecksumItIsOfAnotherRelease() throws IOException {
        Files.delete(file.resolveSibling(NAME + LibraryFile.CHECKSUM));
        assertThatThrownBy(() -> LibraryFile.check(url())).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContainingAll("another release", "of one version");
    }

    /** JavaCPP unpacks it, and looks at nothing but its length and its time when it finds it there. */
    @Test
    void whatWasUnpackedOfAJarIsChecked() throws IOException {
        Path jar = folder.resolve("native.jar");
        String entry = "org/ibhebb/internal/arithmetic/some-platform/" + NAME;
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(out)) {
            entries.putNextEntry(new JarEntry(entry));
            entries.write(library);
            entries.putNextEntry(new JarEntry(entry + LibraryFile.CHECKSUM));
            entries.write(checksum);
        }
        URL inJar = URI.create("jar:" + jar.toUri() + "!/" + entry).toURL();
        LibraryFile.check(inJar);

        Path unpacked = Loader.cacheResource(inJar).toPath();
        try {
            assertThat(unpacked).hasBinaryContent(library);
            var time = Files.getLastModifiedTime(unpacked);
            Files.write(unpacked, new byte[library.length]);
            Files.setLastModifiedTime(unpacked, time);
            assertThatThrownBy(() -> LibraryFile.check(inJar)).isInstanceOf(UnsatisfiedLinkError.class)
                    .hasMessageContainingAll(unpacked.toString(), "is damaged", "delete it");
            Files.delete(unpacked);
            LibraryFile.check(inJar);
        } finally {
            Files.deleteIfExists(unpacked);
        }
    }
}
