package org.ibhebb.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Files that a command writes when it is done. */
final class OutputFile {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private OutputFile() {}

    /** Refuses, before hours of training, a file that could not be written after them. */
    static void check(CommandLine command, String flag, Path file) {
        if (file == null) {
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)) {
            throw new ParameterException(command, flag + " " + file + ": "
                    + (Files.isDirectory(file) ? "that is a folder: name a file in it" : "there is no folder " + folder
                            + ": create it first"));
        }
    }

    static void writeJson(Path file, Object content) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(content) + System.lineSeparator());
    }
}
