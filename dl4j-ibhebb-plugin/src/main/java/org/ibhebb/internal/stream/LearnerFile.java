package org.ibhebb.internal.stream;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.ibhebb.internal.file.Checksum;
import org.ibhebb.internal.file.Quoted;
import org.ibhebb.internal.file.WholeFile;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * The file of what a streaming network has learnt: eight bytes that say what it is, the length of the header (32 bits,
 * big-endian), the header as JSON, then, little-endian, the parameters that predict, those that learn (where they are
 * others), the state and the clock, and at last the SHA-256 of all that came before.
 */
final class LearnerFile {

    private static final byte[] MAGIC = "IBSTREAM".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int START = MAGIC.length + Integer.BYTES;
    /** A header is an object of objects of lists, and a rule's objectives are in one. */
    private static final int DEEPEST = 16;
    /** Beyond it a double does not count by ones. */
    private static final double MOST_SAMPLES = 1L << 53;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Header header;
    private final byte[] arrays;

    /**
     * The first part of the file.
     *
     * @param version of this format
     * @param type of parameters and state
     * @param settings how the network learns
     * @param plan {@link Plan#numbers}: what the network is, and where its parts lie
     */
    private record Header(int version, String type, Settings settings, double[] plan) {

        @JsonCreator
        static Header of(
                @JsonProperty(value = "version", required = true) int version,
                @JsonProperty(value = "type", required = true) String type,
                @JsonProperty(value = "settings", required = true) Settings settings,
                @JsonProperty(value = "plan", required = true) double[] plan) {
            return new Header(version, type, settings, plan);
        }
    }

    private LearnerFile(Header header, byte[] arrays) {
        this.header = header;
        this.arrays = arrays;
    }

    static LearnerFile of(Contents contents, Settings settings) {
        long bytes = parts(contents).stream().mapToLong(part -> part.length() * part.bytes()).sum();
        ByteBuffer arrays = ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        for (Reals part : parts(contents)) {
            for (long i = 0; i < part.length(); i++) {
                if (part.bytes() == Float.BYTES) {
                    arrays.putFloat((float) part.get(i));
                } else {
                    arrays.putDouble(part.get(i));
                }
            }
        }
        return new LearnerFile(
                new Header(VERSION, contents.type().toString(), settings, contents.plan().numbers()), arrays.array());
    }

    private static List<Reals> parts(Contents contents) {
        return contents.plan().averages()
                ? List.of(contents.predicting(), contents.learning(), contents.state(), contents.clock())
                : List.of(contents.predicting(), contents.state(), contents.clock());
    }

    Settings settings() {
        return header.settings();
    }

    void write(Path path) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(content);
        byte[] json = JSON.writeValueAsBytes(header);
        out.write(MAGIC);
        out.writeInt(json.length);
        out.write(json);
        out.write(arrays);
        byte[] bytes = content.toByteArray();
        WholeFile.write(path, whole -> {
            whole.write(bytes);
            whole.write(Checksum.of(bytes, bytes.length));
        });
    }

    /** @throws IOException with one sentence that says what is wrong */
    static LearnerFile read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + ": there is no such file");
        }
        try (InputStream start = Files.newInputStream(path)) {
            // Before all of a file is read that is none of ours.
            if (!Arrays.equals(start.readNBytes(MAGIC.length), MAGIC)) {
                throw new IOException(path + ": this is no file of what a streaming network has learnt");
            }
        }
        byte[] bytes = Files.readAllBytes(path);
        if (bytes.length < START + Checksum.BYTES) {
            throw new IOException(path + ": this is no file of what a streaming network has learnt");
        }
        int end = bytes.length - Checksum.BYTES;
        int length = ByteBuffer.wrap(bytes, MAGIC.length, Integer.BYTES).getInt();
        byte[] sum = Arrays.copyOfRange(bytes, end, bytes.length);
        if (length < 1 || length > end - START || !Arrays.equals(sum, Checksum.of(bytes, end))) {
            throw new IOException(path + ": the file was changed, damaged or cut off: its content does not have the"
                    + " checksum at its end");
        }
        byte[] json = Arrays.copyOfRange(bytes, START, START + length);
        try {
            checkDepth(path, json);
            JsonNode version = JSON.readTree(json).path("version");
            if (version.asInt() != VERSION) {
                throw new IOException(path + ": the file is of version " + Quoted.of(version.toString())
                        + ", and this release reads version " + VERSION + ": update the plugin");
            }
            return new LearnerFile(
                    JSON.readValue(json, Header.class), Arrays.copyOfRange(bytes, START + length, end));
        } catch (JsonProcessingException e) {
            throw new IOException(path + ": its header can't be read (" + Quoted.of(e.getOriginalMessage()) + ")", e);
        }
    }

    /** Whoever reads JSON that is nested deeply runs out of stack. */
    private static void checkDepth(Path path, byte[] json) throws IOException {
        int depth = 0;
        try (JsonParser tokens = JSON.getFactory().createParser(json)) {
            for (JsonToken token = tokens.nextToken(); token != null; token = tokens.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth > DEEPEST) {
                    throw new IOException(path + ": its header can't be read (it is nested more than " + DEEPEST
                            + " deep)");
                }
            }
        }
    }

    /** @throws IOException if the file is of another network, and then nothing has changed */
    void restore(Contents contents) throws IOException {
        long bytes = parts(contents).stream().mapToLong(part -> part.length() * part.bytes()).sum();
        if (!header.type().equals(contents.type().toString())
                || !Arrays.equals(header.plan(), contents.plan().numbers())
                || arrays.length != bytes) {
            throw new IOException("the file is of another network: its layers, their rules or their type ("
                    + header.type() + ") are not those of the given one (" + contents.type() + ")");
        }
        ByteBuffer from = ByteBuffer.wrap(arrays).order(ByteOrder.LITTLE_ENDIAN);
        // By this one the engines find the slot of the next sample: they trust it.
        double learnt = from.getDouble(arrays.length - (int) contents.clock().length() * Double.BYTES
                + Plan.LEARNT * Double.BYTES);
        if (!(learnt >= 0 && learnt <= MOST_SAMPLES && learnt == Math.rint(learnt))) {
            throw new IOException("the file is damaged: it says that " + learnt + " samples have been learnt");
        }
        for (Reals part : parts(contents)) {
            for (long i = 0; i < part.length(); i++) {
                part.put(i, part.bytes() == Float.BYTES ? from.getFloat() : from.getDouble());
            }
        }
    }
}
