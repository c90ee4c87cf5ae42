package org.ibhebb.internal.arithmetic;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.bytedeco.javacpp.Loader;
import org.ibhebb.internal.file.Checksum;

/**
 * A native library's file, looked at before it is loaded: the system checks little of it, and one that is cut off, or
 * damaged in its code, ends the JVM. The build writes a checksum beside each.
 */
final class LibraryFile {

    /** What a checksum's name has more than that of its library. */
    static final String CHECKSUM = ".sha256";

    private LibraryFile() {}

    /**
     * Checks what JavaCPP is going to load: the file itself where it is one, and what is unpacked of a jar.
     *
     * @param library on the class path
     * @throws UnsupportedOperationException if there is no checksum beside it, which every library of this release has
     * @throws UnsatisfiedLinkError if it can't be read, or is not what the build made; the message names the file
     */
    static void check(URL library) {
        try {
            String path = library.getPath();
            String expected = text(new URL(library, path.substring(path.lastIndexOf('/') + 1) + CHECKSUM));
            if (expected == null) {
                throw new UnsupportedOperationException("its library is of another release than the plugin (there is no"
                        + " checksum beside it)" + NativeLibrary.bothJars());
            }
            File file = library.getProtocol().equals("file")
                    ? new File(library.toURI())
                    : Loader.cacheResource(library);
            String actual = checksum(file);
            if (!actual.equals(expected)) {
                throw new UnsatisfiedLinkError(file + " is damaged (" + file.length() + " bytes, whose SHA-256 is "
                        + actual + ", not " + expected + "): delete it, and where that does not help get the jar anew,"
                        + " dl4j-ibhebb-plugin with the classifier " + Loader.getPlatform());
            }
        } catch (IOException | URISyntaxException e) {
            throw (UnsatisfiedLinkError) new UnsatisfiedLinkError(library + " can't be read: " + e).initCause(e);
        }
    }

    private static String text(URL resource) throws IOException {
        try (InputStream in = resource.openStream()) {
            return new String(in.readNBytes(2 * Checksum.BYTES), StandardCharsets.US_ASCII);
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    private static String checksum(File file) throws IOException {
        MessageDigest digest = Checksum.begun();
        Files.copy(file.toPath(), new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return HexFormat.of().formatHex(digest.digest());
    }
}
