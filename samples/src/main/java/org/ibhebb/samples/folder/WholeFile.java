package org.ibhebb.samples.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes files whole or not at all. The content goes to a new file beside the target, whose name nobody else has, is
 * forced to the disk, and takes the target's place: whoever reads it sees the old content or the new one, even after a
 * crash. A symbolic link is replaced, never followed.
 *
 * <p>The library has a class of its own for this, which is internal to it. This one gives a path, for what writes
 * charts and networks goes by names of files, and says in a sentence what went wrong.
 */
public final class WholeFile {

    /** Endings that are no longer than this are kept, for some libraries go by them. */
    private static final int LONGEST_ENDING = 6;

    /** What makes the content. */
    public interface Content {

        /** @param unfinished an empty file, to be filled */
        void writeTo(Path unfinished) throws IOException;
    }

    private WholeFile() {}

    /**
     * Writes a text, as UTF-8.
     *
     * @throws DataException as for any content
     */
    public static void write(Path target, CharSequence text) throws DataException {
        write(target, unfinished -> Files.writeString(unfinished, text));
    }

    /**
     * Writes any content. A target that is no file but a pipe or a terminal gets it directly.
     *
     * @throws DataException naming the target, which is then as it was before
     */
    public static void write(Path target, Content content) throws DataException {
        try {
            if (isStream(target)) {
                content.writeTo(target);
            } else {
                replace(target, content);
            }
        } catch (IOException e) {
            throw new DataException(target + " can't be written (" + reason(e) + ") and is as it was before", e);
        }
    }

    /** Whether there is something that takes content but is no file: it can't be replaced. */
    static boolean isStream(Path target) {
        return Files.exists(target) && !Files.isRegularFile(target) && !Files.isDirectory(target);
    }

    /** A name beside the target that nobody else has. */
    static Path unfinished(Path target) {
        String name = target.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String ending = dot < 0 || name.length() - dot > LONGEST_ENDING ? "" : name.substring(dot);
        return target.resolveSibling(
                ".unfinished-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) + ending);
    }

    /** What went wrong, in words, without the names of files. */
    static String reason(IOException problem) {
        String name = problem.getClass().getSimpleName();
        if (problem instanceof FileSystemException file) {
            return file.getReason() == null ? words(name) : file.getReason();
        }
        return problem.getMessage() == null ? words(name) : problem.getMessage();
    }

    /** "AccessDeniedException" as "access denied". */
    private static String words(String exception) {
        return exception.replaceAll("Exception$", "").replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase();
    }

    private static void replace(Path target, Content content) throws IOException {
        Path unfinished = unfinished(target);
        // Fails where the name exists, be it as a link.
        Files.createFile(unfinished);
        try {
            content.writeTo(unfinished);
            try (FileChannel written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        forceFolder(target.toAbsolutePath().getParent());
    }

    /** Makes the new name last, where folders can be opened. */
    private static void forceFolder(Path folder) {
        try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
            opened.force(true);
        } catch (IOException e) {
            // The content is on the disk; Windows can't do more.
        }
    }
}
