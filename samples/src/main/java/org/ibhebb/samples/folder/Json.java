package org.ibhebb.samples.folder;

import java.io.IOException;
import java.nio.file.Path;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/** Records and maps as JSON. */
public final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Json() {}

    /** Everything on one line. */
    public static String of(Object content) throws IOException {
        return MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(content);
    }

    /** Writes a file, whole or not at all. */
    public static void write(Path file, Object content) throws IOException {
        WholeFile.write(file, MAPPER.writeValueAsString(content) + System.lineSeparator());
    }

    /** @throws IOException if there is no such content in the file */
    public static <T> T read(Path file, Class<T> type) throws IOException {
        T content = MAPPER.readValue(file.toFile(), type);
        if (content == null) {
            throw new IOException("it is empty");
        }
        return content;
    }
}
