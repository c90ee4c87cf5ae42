package org.ibhebb;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of the tests in a JVM of their own, with this one's class path and kernel. */
final class AnotherJvm {

    private AnotherJvm() {}

    /**
     * A program to be started.
     *
     * @param options of the JVM
     * @param program has a main method
     * @param arguments of it
     * @return with errors among what it prints
     */
    static ProcessBuilder running(List<String> options, Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        String kernel = System.getProperty("ibhebb.kernel");
        if (kernel != null) {
            command.add("-Dibhebb.kernel=" + kernel);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }
}
