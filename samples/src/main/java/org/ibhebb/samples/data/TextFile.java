package org.ibhebb.samples.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ibhebb.samples.folder.DataException;

/** Files of text in UTF-8, plain or gzipped. */
public final class TextFile {

    /** What reads a text. */
    interface Reader<T> {
        T read(BufferedReader in) throws IOException;
    }

    private TextFile() {}

    /**
     * Reads a file.
     *
     * @throws DataException naming the file, if it can't be read, ends too early or is not in UTF-8
     */
    static <T> T read(Path file, Reader<T> reader) throws DataException {
        return Gunzip.read(file, in -> {
            try {
                return reader.read(decoded(in));
            } catch (CharacterCodingException e) {
                throw new DataException(file + " is not in UTF-8, as some byte of it shows: convert it", e);
            }
        });
    }

    /**
     * Opens a file, which is read bit by bit, as far as it is wanted.
     *
     * @throws DataException naming the file, if there is none, or it can't be read
     */
    public static BufferedReader open(Path file) throws DataException {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file + ": there is no such file");
        }
        try {
            return decoded(Gunzip.open(file));
        } catch (IOException e) {
            throw new DataException(file + " cannot be read (" + e + "): check that it is a readable file.", e);
        }
    }

    private static BufferedReader decoded(InputStream in) {
        // This decoder reports what is no UTF-8, in place of guessing.
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    }
}
