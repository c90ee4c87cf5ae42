package org.ibhebb.internal.memory;

import java.io.BufferedInputStream;
import java.io.CharConversionException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.ibhebb.internal.file.Checksum;
import org.ibhebb.internal.file.JsonText;
import org.ibhebb.internal.file.Quoted;
import org.ibhebb.internal.file.WholeFile;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * The file of a memory network: eight bytes that say what it is, the length of the header (32 bits, big-endian), the
 * header as JSON, and the arrays, little-endian without gaps: for each unit the column that it hears (int32), for each
 * unit the sign with which (float32), and the readout (float32, a line a unit). Nothing comes after.
 */
final class MemoryNetworkFile {

    private static final byte[] MAGIC = "IBMEMORY".getBytes(StandardCharsets.US_ASCII);
    private static final int START = MAGIC.length + Integer.BYTES;
    private static final int LONGEST_HEADER = 1 << 20;
    /** A header is an object that holds an object that holds a list. */
    private static final int DEEPEST = 3;
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private MemoryNetworkFile() {}

    static void write(Path path, Recaller network) throws IOException {
        byte[] header = json(network.header());
        WholeFile.write(path, out -> {
            out.write(MAGIC);
            out.write(ByteBuffer.allocate(Integer.BYTES).putInt(header.length).array());
            out.write(header);
            out.write(arrays(network.reservoir(), network.readout()));
        });
    }

    /** The checksum of a memory network that has none yet. */
    static String checksum(MemoryHeader header, Reservoir reservoir, float[] readout) {
        return checksum(header, arrays(reservoir, readout));
    }

    private static String checksum(MemoryHeader header, byte[] arrays) {
        MessageDigest digest = Checksum.begun();
        digest.update(json(header.with(header.statistics(), null)));
        return HexFormat.of().formatHex(digest.digest(arrays));
    }

    private static byte[] json(MemoryHeader header) {
        try {
            return JSON.writeValueAsBytes(header);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the header of a memory network could not be written as JSON", e);
        }
    }

    private static byte[] arrays(Reservoir reservoir, float[] readout) {
        int units = reservoir.units();
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(4, Math.addExact(2 * units, readout.length)))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(reservoir.columns());
        bytes.position(4 * units).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(reservoir.signs());
        bytes.position(8 * units).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(readout);
        return bytes.array();
    }

    /** @throws IOException with one sentence that says what is wrong */
    static Recaller read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + ": there is no such file");
        }
        long size = Files.size(path);
        try (InputStream stream = Files.newInputStream(path);
                DataInputStream in = new DataInputStream(new BufferedInputStream(stream))) {
            if (size < START || !Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                throw new IOException(path + ": this is no memory network (.ibmem) file");
            }
            int length = in.readInt();
            if (length < 1 || length > LONGEST_HEADER || START + (long) length > size) {
                throw new IOException(path + ": the file is damaged or cut off: its header can't be " + length
                        + " bytes long in a file of " + size);
            }
            MemoryHeader header = header(path, in.readNBytes(length));
            long expected = START + length + arraysLength(path, header);
            if (size != expected) {
                throw new IOException(path + ": the file is " + (size < expected ? "cut off" : "damaged")
                        + ": its header asks for " + expected + " bytes, and it has " + size);
            }
            byte[] arrays = in.readNBytes((int) (size - START - length));
            if (!checksum(header, arrays).equals(header.checksum())) {
                throw new IOException(path + ": the file was changed or damaged: its content does not have the checksum"
                        + " that its header gives");
            }
            return network(path, header, arrays);
        }
    }

    private static MemoryHeader header(Path path, byte[] json) throws IOException {
        try {
            checkText(json);
            JsonNode version = JSON.readTree(json).path("version");
            if (version.isInt() && version.intValue() != MemoryHeader.VERSION) {
                throw new IOException(path + ": the file is of version " + version.intValue() + ", and this release"
                        + " reads version " + MemoryHeader.VERSION + ": update the plugin, or pretrain again");
            }
            return JSON.readValue(json, MemoryHeader.class);
        } catch (JsonProcessingException e) {
            throw new IOException(path + ": the file is damaged: its header can't be read ("
                    + Quoted.of(e.getOriginalMessage()) + ")", e);
        } catch (CharConversionException | NoHeader e) {
            throw new IOException(
                    path + ": the file is damaged: its header can't be read (" + e.getMessage() + ")", e);
        }
    }

    private static void checkText(byte[] json) throws IOException {
        try (JsonParser tokens = JSON.getFactory().createParser(json)) {
            if (tokens.nextToken() != JsonToken.START_OBJECT) {
                throw new NoHeader("it is no JSON object");
            }
            String fault = JsonText.fault(tokens, DEEPEST);
            if (fault != null) {
                throw new NoHeader(fault);
            }
        }
    }

    /** Says what is wrong with a header, but not of which file. */
    private static final class NoHeader extends IOException {

        NoHeader(String what) {
            super(what);
        }
    }

    /** Before anything is allocated. */
    private static long arraysLength(Path path, MemoryHeader header) throws IOException {
        try {
            long length = Math.multiplyExact(4, Math.addExact(2L * header.units(), header.weights()));
            Math.toIntExact(length);
            return length;
        } catch (ArithmeticException e) {
            throw new IOException(path + ": the file is damaged: its header gives sizes (" + header.units()
                    + " units, width " + header.width() + ", recall " + header.recall() + ") beyond all limits", e);
        }
    }

    private static Recaller network(Path path, MemoryHeader header, byte[] arrays) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(arrays).order(ByteOrder.LITTLE_ENDIAN);
        int[] columns = new int[header.units()];
        float[] signs = new float[header.units()];
        float[] readout = new float[(int) header.weights()];
        bytes.asIntBuffer().get(columns);
        bytes.position(4 * columns.length).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(signs);
        bytes.position(8 * columns.length).slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(readout);
        for (int column : columns) {
            if (column < 0 || column >= header.width()) {
                throw new IOException(path + ": the file is damaged: a unit hears column " + column + ", and there are "
                        + header.width());
            }
        }
        for (float sign : signs) {
            if (sign != 1 && sign != -1) {
                throw new IOException(path + ": the file is damaged: a unit's sign is " + sign + ", not 1 or -1");
            }
        }
        for (float weight : readout) {
            if (!Float.isFinite(weight)) {
                throw new IOException(path + ": the file is damaged: a weight of its readout is " + weight);
            }
        }
        return new Recaller(header, new Reservoir(columns, signs, header.decay()), readout,
                path.toAbsolutePath().normalize().toString());
    }
}
