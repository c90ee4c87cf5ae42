package org.ibhebb.samples.folder;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Files and folders that a command writes when it is done: what could not be written is refused before it begins. */
public final class OutputFile {

    private OutputFile() {}

    /**
     * Refuses, before hours of training, a file that could not be written after them.
     *
     * @param file null passes: the flag was not given
     */
    public static void check(CommandLine command, String flag, Path file) {
        if (file == null || WholeFile.isStream(file)) {
            return;
        }
        String objection = objection(file);
        if (objection != null) {
            throw new ParameterException(command, flag + " " + file + ": " + objection);
        }
    }

    /** Null where there is none. */
    private static String objection(Path file) {
        if (file.toString().isEmpty()) {
            return "that is no name: name a file";
        }
        if (Files.isDirectory(file)) {
            return "that is a folder: name a file in it";
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return "there is no folder " + folder + ": create it first";
        }
        if (Files.isSymbolicLink(file)) {
            return "that is a symbolic link, which would be replaced: name the file itself";
        }
        try {
            // Refuses names that no file can have, too long ones among them.
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            // Nothing is in the way.
        } catch (IOException e) {
            return "no file can have that name (" + WholeFile.reason(e) + "): choose another";
        }
        try {
            tryToWrite(folder);
            return null;
        } catch (IOException e) {
            return "can't write to " + folder + " (" + WholeFile.reason(e) + "): name a file in another folder";
        }
    }

    private static void tryToWrite(Path folder) throws IOException {
        Path tried = WholeFile.unfinished(folder.resolve("tried"));
        Files.createFile(tried);
        Files.delete(tried);
    }

    /**
     * Makes a folder unless it exists, before hours of training, and refuses one that can't be written to.
     *
     * @param folder null passes: the flag was not given
     */
    public static void makeFolder(CommandLine command, String flag, Path folder) {
        if (folder != null) {
            makeFolder(command, flag, folder, folder);
        }
    }

    /** The same for a folder inside the one that the flag gives. */
    public static void makeFolder(CommandLine command, String flag, Path folder, Path inside) {
        if (folder.toString().isEmpty()) {
            throw new ParameterException(command, flag + " is empty: name a folder, such as . for this one");
        }
        if (!inside.equals(folder) && Files.isSymbolicLink(inside)) {
            throw new ParameterException(
                    command, flag + " " + folder + ": " + inside + " is a symbolic link: name another folder");
        }
        try {
            Files.createDirectories(inside);
            tryToWrite(inside);
        } catch (FileAlreadyExistsException e) {
            throw new ParameterException(
                    command, flag + " " + folder + ": " + e.getFile() + " is a file: name a folder", e);
        } catch (IOException e) {
            throw new ParameterException(
                    command, flag + " " + folder + ": can't write there (" + e + "): name another folder", e);
        }
    }
}
