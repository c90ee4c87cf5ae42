package org.ibhebb.samples.folder;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Files that a command writes when it is done. */
public final class OutputFile {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private OutputFile() {}

    /** Refuses, before hours of training, a file that could not be written after them. */
    public static void check(CommandLine command, String flag, Path file) {
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

    /** Makes a folder unless it exists, before hours of training, and refuses one that can't be written to. */
    public static void makeFolder(CommandLine command, String flag, Path folder) {
        if (folder != null) {
            makeFolder(command, flag, folder, folder);
        }
    }

    /** The same for a folder inside the one that the flag gives. */
    public static void makeFolder(CommandLine command, String flag, Path folder, Path inside) {
        try {
            Files.createDirectories(inside);
            Files.delete(Files.createTempFile(inside, "writable", null));
        } catch (FileAlreadyExistsException e) {
            throw new ParameterException(
                    command, flag + " " + folder + ": " + e.getFile() + " is a file: name a folder", e);
        } catch (IOException e) {
            throw new ParameterException(
                    command, flag + " " + folder + ": can't write there (" + e + "): name another folder", e);
        }
    }

    /** Either all of the content is there in the end, or nothing has changed. */
    public static void writeJsonAtOnce(Path file, Object content) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        writeJson(unfinished, content);
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** @throws IOException if there is no such content in the file */
    static <T> T readJson(Path file, Class<T> type) throws IOException {
        T content = JSON.readValue(file.toFile(), type);
        if (content == null) {
            throw new IOException("it is empty");
        }
        return content;
    }

    /** On one line. */
    static String json(Object content) throws IOException {
        return JSON.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(content);
    }

    public static void writeJson(Path file, Object content) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(content) + System.lineSeparator());
    }
}
