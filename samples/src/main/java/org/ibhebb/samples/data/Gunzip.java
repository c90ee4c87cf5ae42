package org.ibhebb.samples.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.ibhebb.samples.folder.DataException;

/** Opens data files that may be gzipped. */
final class Gunzip {

    /** What reads a file's content once it is unpacked. */
    interface Reader<T> {
        T read(InputStream in) throws IOException;
    }

    private Gunzip() {}

    /**
     * Reads a file, unpacking it if its first bytes say that it is gzipped (its name may say anything).
     *
     * @throws DataException naming the file, if it can't be read or ends too early
     */
    static <T> T read(Path file, Reader<T> reader) throws DataException {
        try (InputStream in = open(file)) {
            return reader.read(in);
        } catch (DataException e) {
            throw e;
        } catch (EOFException e) {
            throw new DataException(file + " is cut short: fetch it again.", e);
        } catch (ZipException e) {
            throw new DataException(file + " is damaged (" + e.getMessage() + "): fetch it again.", e);
        } catch (IOException e) {
            throw new DataException(file + " cannot be read (" + e + "): check that it is a readable file.", e);
        }
    }

    /** Opens a file, which is unpacked as it is read if its first bytes say that it is gzipped. */
    static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            raw.mark(2);
            boolean gzipped = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            return gzipped ? new GZIPInputStream(raw, 1 << 16) : raw;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** Exactly so many bytes; {@link EOFException} if there are fewer. */
    static byte[] bytes(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }
}
