package org.ibhebb.samples.folder;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import picocli.CommandLine;

/**
 * The folder of an experiment, with a file for each outcome. A file's name follows from all settings that led to its
 * content: what is there need not be done again, and what was done with other settings is never taken for it.
 */
public final class RunFolder {

    private static final int HASH_LENGTH = 10;

    private final Path folder;
    private final Path runs;
    private final PrintWriter notes;

    private RunFolder(Path folder, PrintWriter notes) {
        this.folder = folder;
        this.runs = folder.resolve("runs");
        this.notes = notes;
    }

    /**
     * Makes the folder, unless it exists.
     *
     * @param command of which it is the --out, and which is told of files that can't be used
     */
    public static RunFolder open(CommandLine command, Path folder) {
        RunFolder opened = new RunFolder(folder, command.getErr());
        OutputFile.makeFolder(command, "--out", folder, opened.runs);
        return opened;
    }

    public Path path() {
        return folder;
    }

    /** The outcome of such settings, if all of it is there. */
    public <T extends Kept<T>> Optional<T> find(T settings, Class<T> type) throws IOException {
        return read(file(settings), type).filter(found -> found.coversAll() && found.settings().equals(settings));
    }

    public <T extends Kept<T>> void keep(T outcome) throws IOException {
        OutputFile.writeJsonAtOnce(file(outcome.settings()), outcome);
    }

    /** What was kept under a name of its own, beside the outcomes. */
    public <T> Optional<T> find(String name, Class<T> type) {
        return read(folder.resolve(name), type);
    }

    /** Keeps something under a name of its own, beside the outcomes. */
    public void keep(String name, Object content) throws IOException {
        OutputFile.writeJsonAtOnce(folder.resolve(name), content);
    }

    private <T> Optional<T> read(Path file, Class<T> type) {
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(OutputFile.readJson(file, type));
        } catch (IOException e) {
            notes.println(file + " can't be read and is made anew (" + e.getMessage().lines().findFirst().orElse("")
                    + ")");
            notes.flush();
            return Optional.empty();
        }
    }

    private <T extends Kept<T>> Path file(T settings) throws IOException {
        String readable = settings.prefix().replaceAll("[^A-Za-z0-9.]+", "-");
        return runs.resolve(readable + "-" + hash(OutputFile.json(settings)) + ".json");
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
