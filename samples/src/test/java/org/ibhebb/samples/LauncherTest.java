package org.ibhebb.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in checkouts of its own, with a Java and a Maven that only say what they were asked. */
@EnabledOnOs(OS.LINUX)
class LauncherTest {

    @TempDir
    private Path folder;

    private Path tools;
    private Path library;

    @BeforeEach
    void makeTools() throws IOException {
        // The path is the longer way round, as macOS has it.
        folder = folder.toRealPath();
        tools = Files.createDirectory(folder.resolve("tools"));
        program(tools.resolve("java"), """
                if [ "$1" = -version ]; then echo 'openjdk version "17.0.1"' >&2; exit; fi
                printf '%s\\n' "$@" "in $PWD"
                """);
        program(tools.resolve("mvn"), "echo \"mvn $*\" >&2; exit 1\n");
        library = Files.createFile(folder.resolve("foreign.jar"));
    }

    private static Path program(Path file, String text) throws IOException {
        Files.writeString(file, "#!/usr/bin/env bash\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    /** As Maven leaves it. */
    private Path built(String name) throws IOException {
        Path root = folder.resolve(name);
        for (String inside : List.of("samples/src/main", "samples/target/classes", "samples/target/lib",
                "dl4j-ibhebb-plugin/src/main")) {
            Files.createDirectories(root.resolve(inside));
        }
        Path launcher = root.resolve("samples/ibhebb");
        Files.copy(Path.of("ibhebb"), launcher, StandardCopyOption.COPY_ATTRIBUTES);
        for (String file : List.of("pom.xml", "samples/pom.xml", "dl4j-ibhebb-plugin/pom.xml",
                "samples/target/lib/dl4j-ibhebb-plugin.jar")) {
            Files.createFile(root.resolve(file));
        }
        Files.writeString(root.resolve("samples/target/classpath.txt"), library.toString());
        return root;
    }

    private String run(Path from, String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of("bash"));
        all.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(all).directory(from.toFile()).redirectErrorStream(true);
        builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("CDPATH", folder.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return said;
    }

    @Test
    void startsFromAnyFolder() throws Exception {
        Path root = built("checkout");
        String classPath = root + "/samples/target/classes:" + root + "/samples/target/lib/dl4j-ibhebb-plugin.jar:"
                + root + "/dl4j-ibhebb-plugin/target/native:" + library;
        assertThat(run(root, "samples/ibhebb", "train", "a b")).contains("\n" + classPath + "\n")
                .contains("\ntrain\na b\nin " + root);
        assertThat(run(folder, "checkout/samples/ibhebb")).contains("\n" + classPath + "\n").contains("in " + folder);
        assertThat(run(root.resolve("samples"), "ibhebb")).contains("\n" + classPath + "\n");
        Path link = Files.createSymbolicLink(tools.resolve("ibhebb"), root.resolve("samples/ibhebb"));
        assertThat(run(folder, link.toString())).contains("\n" + classPath + "\n");
    }

    @Test
    void bringsMoaWhereItIsBuilt() throws Exception {
        Path root = built("checkout");
        Path classes = Files.createDirectories(root.resolve("samples/moa/target/classes"));
        Files.createDirectories(root.resolve("samples/moa/src/main"));
        Files.createFile(root.resolve("samples/moa/pom.xml"));
        assertThat(run(root, "samples/ibhebb")).doesNotContain("moa/target", "building");
        Path other = Files.createFile(folder.resolve("moa.jar"));
        Files.writeString(root.resolve("samples/moa/target/classpath.txt"), other.toString());
        assertThat(run(root, "samples/ibhebb")).contains(":" + library + ":" + classes + ":" + other + "\n")
                .doesNotContain("building");
        Files.delete(other);
        assertThat(run(root, "samples/ibhebb")).contains("building", "-Pmoa -pl samples,samples/moa");
    }

    @Test
    void aMovedOrCopiedCheckoutBringsItsOwnPlugin() throws Exception {
        Path root = built("old");
        Path moved = Files.move(root, folder.resolve("new place"));
        assertThat(run(moved, "samples/ibhebb")).contains("\n" + moved + "/samples/target/classes:" + moved
                + "/samples/target/lib/dl4j-ibhebb-plugin.jar:").doesNotContain(root + "/");
        Path copy = folder.resolve("copy");
        try (Stream<Path> files = Files.walk(moved)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(moved.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        assertThat(run(copy, "samples/ibhebb")).contains("\n" + copy + "/samples/target/classes:" + copy
                + "/samples/target/lib/dl4j-ibhebb-plugin.jar:").doesNotContain(moved + "/");
    }

    @Test
    void saysWhyItCannotStart() throws Exception {
        assertThat(run(built("a:b"), "samples/ibhebb")).startsWith("ibhebb: Java can't run what lies in")
                .contains("':' separates").hasLineCount(1);
        Path root = built("checkout");
        Files.delete(library);
        assertThat(run(root, "samples/ibhebb"))
                .contains("its sources or its libraries have changed", "mvn -q -B", "the build failed");
    }

    @Test
    void buildsWhenTheCopyOfThePluginIsMissing() throws Exception {
        Path root = built("checkout");
        Files.delete(root.resolve("samples/target/lib/dl4j-ibhebb-plugin.jar"));
        assertThat(run(root, "samples/ibhebb")).contains("building").contains("-pl samples -am");
    }
}
