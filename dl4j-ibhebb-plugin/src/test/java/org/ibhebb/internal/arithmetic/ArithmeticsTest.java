package org.ibhebb.internal.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** Which kernel is in use, and what is said of it: each time in a JVM of its own, for it is decided once. */
class ArithmeticsTest {

    @Test
    void anUnknownNameIsRefused() {
        assertThatThrownBy(() -> Arithmetic.named("fortran"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no kernel is called 'fortran': there are native and nd4j");
        assertThat(said("", "fortran", "FLOAT"))
                .contains("IllegalStateException: -Dibhebb.kernel=fortran: no kernel is called 'fortran'");
    }

    @Test
    void withoutALibraryTheOtherFormIsUsedAndOneLineSaysWhatToDo() {
        assertThat(said("native", null, "FLOAT"))
                .containsOnlyOnce("composed of ND4J's operations")
                .contains("no library for " + Loader.getPlatform() + " is on the class path: add the dependency"
                        + " dl4j-ibhebb-plugin with classifier " + Loader.getPlatform())
                .contains("in use: nd4j");
    }

    @Test
    void aRequiredKernelThatCantBeHadIsAnErrorWithItsCause() {
        assertThat(said("native", "native", "FLOAT"))
                .contains("IllegalStateException: -Dibhebb.kernel=native: the native kernel can't be had: no library")
                .contains("Caused by: java.lang.UnsatisfiedLinkError")
                .doesNotContain("in use");
    }

    @Test
    void aRequiredKernelIsUsed() {
        assertThat(said("", "nd4j", "FLOAT"))
                .containsOnlyOnce("Modulatory signals are computed by the nd4j kernel, as -Dibhebb.kernel requires")
                .contains("in use: nd4j");
    }

    @Test
    void otherTypesAreComposed() {
        assertThat(said("", null, "HALF")).contains("in use: nd4j");
    }

    /**
     * What a JVM prints that asks for a kernel.
     *
     * @param without leaves class path entries out whose names are this
     */
    private static String said(String without, String required, String type) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                "-Dorg.slf4j.simpleLogger.log.org.ibhebb=info",
                "-cp", Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> !new File(entry).getName().equals(without))
                        .collect(Collectors.joining(File.pathSeparator))));
        if (required != null) {
            command.add("-Dibhebb.kernel=" + required);
        }
        command.addAll(List.of(Asking.class.getName(), type));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks twice. */
    static final class Asking {

        private Asking() {}

        public static void main(String[] arguments) {
            Arithmetic.of(DataType.valueOf(arguments[0]));
            System.out.println("in use: " + Arithmetic.of(DataType.valueOf(arguments[0])).name());
        }
    }
}
