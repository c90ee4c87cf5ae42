package org.ibhebb.internal.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.UUID;

/**
 * Files that are there whole or not at all: the content goes to a new file beside the target, is forced to the disk, and
 * takes the target's place. A full disk, a kill or a power cut leaves the old file or the new one.
 */
public final class WholeFile {

    /** What files end in whose content is not complete yet. */
    public static final String UNFINISHED = ".unfinished";

    /** Of a file, in bytes, on any system. */
    private static final int LONGEST_NAME = 255;

    /** What writes the content. */
    @FunctionalInterface
    public interface Content {

        /**
         * Writes all of it; called once more where an interruption got in between.
         *
         * @param out not to be closed
         * @throws IOException if it can't be written
         */
        void writeTo(OutputStream out) throws IOException;
    }

    private WholeFile() {}

    /**
     * Writes a text, as UTF-8.
     *
     * @param target as for any content
     * @param text the content
     * @throws IOException as for any content
     */
    public static void write(Path target, String text) throws IOException {
        write(target, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes bytes.
     *
     * @param target as for any content
     * @param bytes the content
     * @throws IOException as for any content
     */
    public static void write(Path target, byte[] bytes) throws IOException {
        write(target, out -> out.write(bytes));
    }

    /**
     * Writes the content beside the target and puts it in the target's place.
     *
     * @param target replaced if it exists; of a link, what it points to. Devices and pipes are written to
     * @param content writes it
     * @throws IOException naming the target, if it can't be written; it is as it was, and nothing is left beside it
     */
    public static void write(Path target, Content content) throws IOException {
        try {
            replaceUninterrupted(target, content);
        } catch (IOException e) {
            throw new IOException(target + " can't be written (" + reason(e) + "), and is as it was before", e);
        }
    }

    /**
     * An interruption closes the channel that its thread writes to. The file is written all the same, and the thread
     * finds that it has been interrupted afterwards.
     */
    private static void replaceUninterrupted(Path target, Content content) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    replace(target, content);
                    return;
                } catch (IOException e) {
                    if (!Thread.interrupted()) {
                        throw e;
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void replace(Path target, Content content) throws IOException {
        Path file = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            try (OutputStream out = Files.newOutputStream(file)) {
                content.writeTo(out);
            }
            return;
        }
        Path unfinished = beside(file);
        try {
            try (FileChannel channel =
                    FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        forceFolder(file.getParent());
    }

    /**
     * Nobody can have planted a file of that name, and two writers do not meet. It is not a temporary file of Java's,
     * which nobody but its owner may read.
     */
    private static Path beside(Path file) {
        String name = String.valueOf(file.getFileName());
        String own = "." + UUID.randomUUID() + UNFINISHED;
        boolean fits = name.getBytes(StandardCharsets.UTF_8).length + own.length() <= LONGEST_NAME;
        return file.resolveSibling(fits ? name + own : own);
    }

    /** What went wrong, in words: file systems say it apart from the names of files. */
    private static String reason(IOException problem) {
        if (problem instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        if (!(problem instanceof FileSystemException) && problem.getMessage() != null) {
            return problem.getMessage();
        }
        // "AccessDeniedException" as "access denied".
        String name = problem.getClass().getSimpleName().replaceAll("Exception$", "");
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    /** Makes the new name last, where folders can be opened. */
    private static void forceFolder(Path folder) {
        try (FileChannel opened = FileChannel.open(folder, StandardOpenOption.READ)) {
            opened.force(true);
        } catch (IOException e) {
            // The content is on the disk, under one name or the other; Windows can't do more.
        }
    }
}
