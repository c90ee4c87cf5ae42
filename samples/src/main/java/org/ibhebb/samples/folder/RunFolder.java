package org.ibhebb.samples.folder;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import picocli.CommandLine;

/**
 * The folder of an experiment, with a file for each outcome. A file's name follows from all settings that led to its
 * content: what is there need not be done again, and what was done with other settings is never taken for it. While it
 * is open no other process can open it.
 */
public final class RunFolder implements AutoCloseable {

    private static final int HASH_LENGTH = 10;
    private static final String LOCK = ".lock";

    private final Path folder;
    private final Path runs;
    private final PrintWriter notes;
    /** Holds the lock, which ends with it, or with this process. */
    private final FileChannel lock;

    private RunFolder(Path folder, Path runs, PrintWriter notes, FileChannel lock) {
        this.folder = folder;
        this.runs = runs;
        this.notes = notes;
        this.lock = lock;
    }

    /**
     * Makes the folder, unless it exists.
     *
     * @param command of which it is the --out, and which is told of files that can't be used
     * @throws DataException if another experiment is at work in it
     */
    public static RunFolder open(CommandLine command, Path folder) throws DataException {
        Path runs = folder.resolve("runs");
        OutputFile.makeFolder(command, "--out", folder, runs);
        return new RunFolder(folder, runs, command.getErr(), lock(folder));
    }

    private static FileChannel lock(Path folder) throws DataException {
        Path file = folder.resolve(LOCK);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
            if (isLocked(channel)) {
                return channel;
            }
            channel.close();
        } catch (IOException e) {
            throw new DataException(file + " can't be opened (" + WholeFile.reason(e) + "), by which a folder is kept"
                    + " for one experiment at a time: remove it, or name another folder", e);
        }
        throw new DataException("another experiment is at work in " + folder + ": wait until it is done, or name"
                + " another folder");
    }

    /** Whether the lock is ours now. */
    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Another experiment of this very process.
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    public Path path() {
        return folder;
    }

    /** The outcome of such settings, if all of it is there. */
    public <T extends Kept<T>> Optional<T> find(T settings, Class<T> type) throws IOException {
        return read(file(settings), type).filter(found -> found.coversAll() && found.settings().equals(settings));
    }

    public <T extends Kept<T>> void keep(T outcome) throws IOException {
        Json.write(file(outcome.settings()), outcome);
    }

    /**
     * The outcome of such settings: what is there already, or else what is measured now, and kept.
     *
     * @param again whether to measure whatever is there
     */
    public <T extends Kept<T>> T outcome(T settings, Class<T> type, boolean again, Measurement<T> measurement)
            throws IOException {
        Optional<T> known = again ? Optional.empty() : find(settings, type);
        if (known.isPresent()) {
            return known.get();
        }
        T measured = measurement.of(settings);
        keep(measured);
        return measured;
    }

    /** Measures what settings lead to. */
    public interface Measurement<T> {
        T of(T settings) throws IOException;
    }

    /** What was kept under a name of its own, beside the outcomes. */
    public <T> Optional<T> find(String name, Class<T> type) {
        return read(folder.resolve(name), type);
    }

    /** Keeps something under a name of its own, beside the outcomes. */
    public void keep(String name, Object content) throws IOException {
        Json.write(folder.resolve(name), content);
    }

    private <T> Optional<T> read(Path file, Class<T> type) {
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(file, type));
        } catch (IOException e) {
            notes.println(file + " can't be read and is made anew (" + e.getMessage().lines().findFirst().orElse("")
                    + ")");
            notes.flush();
            return Optional.empty();
        }
    }

    private <T extends Kept<T>> Path file(T settings) throws IOException {
        String readable = settings.prefix().replaceAll("[^A-Za-z0-9.]+", "-");
        return runs.resolve(readable + "-" + Checksum.of(Json.of(settings)).substring(0, HASH_LENGTH) + ".json");
    }
}
