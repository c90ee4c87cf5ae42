package org.ibhebb.internal.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;
import org.ibhebb.rule.Kernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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

    /** As servlet containers, Spark, OSGi and notebooks load a plugin: apart from the libraries that it uses. */
    @Test
    void inAClassLoaderOfItsOwnTheOtherFormIsUsed() {
        for (String without : List.of("", "native")) {
            assertThat(run(without, List.of(), List.of(), Apart.class.getName()))
                    .as("without '" + without + "'")
                    .contains("in use: nd4j")
                    .contains("why: ")
                    .contains("signal: 3 x 2")
                    .doesNotContain("Exception in thread");
        }
    }

    /** What is cut off in its code loads, and ends the JVM at the first look at what is missing. */
    @Test
    void aDamagedLibraryIsReportedAsSuchAndTheOtherFormIsUsed(@TempDir Path folder) throws IOException {
        Path damaged = copyOfLibrary(folder);
        byte[] bytes = Files.readAllBytes(damaged);
        byte[] withoutHeader = bytes.clone();
        Arrays.fill(withoutHeader, 0, 64, (byte) 7);
        for (byte[] content : List.of(withoutHeader, new byte[0], Arrays.copyOf(bytes, bytes.length / 2))) {
            Files.write(damaged, content);
            assertThat(run("native", List.of(), List.of(folder.toString()), Asking.class.getName(), "FLOAT"))
                    .contains("in use: nd4j")
                    .contains("its library for " + Loader.getPlatform() + " does not load: ")
                    .contains(damaged + " is damaged (" + content.length + " bytes")
                    .doesNotContain("no library");
        }
        assertThat(run("native", List.of("-Dibhebb.kernel=native"), List.of(folder.toString()),
                Asking.class.getName(), "FLOAT"))
                .contains("IllegalStateException: -Dibhebb.kernel=native: the native kernel can't be had: its library")
                .contains(damaged + " is damaged (")
                .doesNotContain("in use");

        Files.write(damaged, bytes);
        assertThat(run("native", List.of(), List.of(folder.toString()), Asking.class.getName(), "FLOAT"))
                .contains("in use: native");
    }

    /** With its checksum beside it. */
    private static Path copyOfLibrary(Path folder) throws IOException {
        String name = System.mapLibraryName(NativeLibrary.LIBRARY);
        Path copy = folder.resolve("org/ibhebb/internal/arithmetic/" + Loader.getPlatform()).resolve(name);
        Files.createDirectories(copy.getParent());
        for (String each : List.of(name, name + LibraryFile.CHECKSUM)) {
            URL resource = NativeLibrary.class.getResource(Loader.getPlatform() + "/" + each);
            assumeTrue(resource != null, "there is no native library to damage");
            try (InputStream in = resource.openStream()) {
                Files.copy(in, copy.resolveSibling(each));
            }
        }
        return copy;
    }

    @Test
    void theCodeOfALesserProcessorIsUsedWhereItIsAskedFor() {
        assertThat(run("", List.of("-Dibhebb.processor=baseline"), List.of(), Asking.class.getName(), "FLOAT"))
                .containsAnyOf("by the native kernel (baseline)", "in use: nd4j");
        assertThat(run("", List.of("-Dibhebb.processor=mmx"), List.of(), Asking.class.getName(), "FLOAT"))
                .contains("IllegalArgumentException: -Dibhebb.processor=mmx: no kind of processor is called 'mmx':"
                        + " there are [baseline, avx2, avx512]")
                .doesNotContain("in use");
    }

    /** The entry points as they were when the number was given. If this fails, raise it, in base.hpp too. */
    @Test
    void theInterfaceHasANewNumberWheneverAnEntryPointChanges() throws NoSuchAlgorithmException {
        String entryPoints = Arrays.stream(NativeLibrary.class.getDeclaredMethods())
                .filter(method -> Modifier.isNative(method.getModifiers()))
                .map(Object::toString)
                .sorted()
                .collect(Collectors.joining("\n"));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(entryPoints.getBytes(StandardCharsets.UTF_8));
        assertThat(NativeLibrary.INTERFACE + " " + HexFormat.of().formatHex(digest, 0, 8))
                .isEqualTo("8 767810da62e274cb");
    }

    @Test
    void decoratedArithmeticIsWhatEveryoneGets() {
        List<String> asked = new ArrayList<>();
        Arithmetic plain = Arithmetic.of(DataType.FLOAT);
        Arithmetics.decorate(each -> (Arithmetic) Proxy.newProxyInstance(
                Arithmetic.class.getClassLoader(), new Class<?>[] {Arithmetic.class}, (proxy, method, arguments) -> {
                    asked.add(method.getName());
                    return method.invoke(each, arguments);
                }));
        try {
            assertThat(Arithmetic.allFinite(Nd4j.ones(DataType.FLOAT, 3))).isTrue();
            assertThat(asked).containsExactly("isFinite");
        } finally {
            Arithmetics.decorate(UnaryOperator.identity());
        }
        assertThat(Arithmetic.of(DataType.FLOAT)).isSameAs(plain);
    }

    @Test
    void theChoiceIsAValueWithItsReason() {
        String required = System.getProperty("ibhebb.kernel");
        Choice choice = Arithmetic.choice();
        assertThat(choice.name()).isEqualTo(Arithmetic.of(DataType.FLOAT).name());
        assertThat(choice.why()).isNotBlank();
        if (required != null) {
            assertThat(choice).isEqualTo(new Choice(required, "-Dibhebb.kernel requires it"));
        }
        assertThat(said("native", null, "FLOAT")).contains("why: no library for ");
    }

    /**
     * What a JVM prints that asks for a kernel.
     *
     * @param without leaves class path entries out whose names are this
     */
    private static String said(String without, String required, String type) {
        List<String> options = required == null ? List.of() : List.of("-Dibhebb.kernel=" + required);
        return run(without, options, List.of(), Asking.class.getName(), type);
    }

    private static String run(String without, List<String> options, List<String> with, String... main) {
        List<String> classPath = new ArrayList<>(with);
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !new File(entry).getName().equals(without))
                .forEach(classPath::add);
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                "-Dorg.slf4j.simpleLogger.log.org.ibhebb=info",
                "-cp", String.join(File.pathSeparator, classPath)));
        command.addAll(options);
        command.addAll(List.of(main));
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
            System.out.println("why: " + Arithmetic.choice().why());
        }
    }

    /** Asks in a class loader that has the plugin alone, above one that has all the rest. */
    static final class Apart {

        private Apart() {}

        public static void main(String[] arguments) throws Exception {
            List<URL> plugin = new ArrayList<>();
            List<URL> rest = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                (new File(entry).isDirectory() ? plugin : rest).add(new File(entry).toURI().toURL());
            }
            ClassLoader below = new URLClassLoader(rest.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
            ClassLoader own = new URLClassLoader(plugin.toArray(URL[]::new), below);
            Thread.currentThread().setContextClassLoader(own);
            own.loadClass(Computing.class.getName()).getMethod("compute").invoke(null);
        }
    }

    /** Asks, and has something computed. */
    public static final class Computing {

        private Computing() {}

        public static void compute() {
            System.out.println("in use: " + Arithmetic.of(DataType.FLOAT).name());
            System.out.println("why: " + Arithmetic.choice().why());
            INDArray signal = Nd4j.create(DataType.FLOAT, 3, 2);
            Arithmetic.of(DataType.FLOAT).neighbourhood(SlotRows.of(Nd4j.rand(DataType.FLOAT, 3, 2)),
                    new Span(0, 3, 3), Kernel.gaussian(1), Nd4j.ones(DataType.FLOAT, 3, 3), 1, false, signal);
            System.out.println("signal: " + signal.rows() + " x " + signal.columns());
        }
    }
}
