package org.ibhebb.internal.state;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ibhebb.internal.file.Checksum;
import org.ibhebb.internal.file.Quoted;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * State as bytes: eight that say what it is, the version (32 bits), how many quantities there are (32 bits), and the
 * quantities; at last the SHA-256 of all that came before. A quantity is its name, a letter for its kind, and its value:
 * N a number (64 bits), C a whole number (64 bits), T a text, L a list of texts (their count in 32 bits), A an array: a
 * letter for its type (F, D or H), one for its order (c or f), the number of its dimensions (8 bits), their sizes (64
 * bits each), and its numbers (32 bits each, 64 of D). Texts are their length in bytes (32 bits) and UTF-8. All of it is
 * little-endian, without gaps.
 */
public final class StateBytes {

    private static final byte[] MAGIC = "IBHSTATE".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int START = MAGIC.length + 2 * Integer.BYTES;
    /** More than any array here has. */
    private static final int MOST_DIMENSIONS = 4;

    private StateBytes() {}

    /**
     * Writes a state.
     *
     * @param state not changed
     * @return its bytes
     */
    public static byte[] of(State state) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.write(MAGIC);
            out.write(number(Integer.BYTES).putInt(VERSION).array());
            out.write(number(Integer.BYTES).putInt(state.quantities().size()).array());
            for (Map.Entry<String, Object> quantity : state.quantities().entrySet()) {
                text(out, quantity.getKey());
                value(out, quantity.getValue());
            }
            byte[] content = bytes.toByteArray();
            out.write(Checksum.of(content, content.length));
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("an array of bytes can't fail", e);
        }
    }

    private static ByteBuffer number(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(number(Integer.BYTES).putInt(bytes.length).array());
        out.write(bytes);
    }

    private static void value(DataOutputStream out, Object value) throws IOException {
        if (value instanceof Double number) {
            out.writeByte('N');
            out.write(number(Double.BYTES).putDouble(number).array());
        } else if (value instanceof Long count) {
            out.writeByte('C');
            out.write(number(Long.BYTES).putLong(count).array());
        } else if (value instanceof String text) {
            out.writeByte('T');
            text(out, text);
        } else if (value instanceof List<?> names) {
            out.writeByte('L');
            out.write(number(Integer.BYTES).putInt(names.size()).array());
            for (Object name : names) {
                text(out, (String) name);
            }
        } else {
            out.writeByte('A');
            array(out, (State.Numbers) value);
        }
    }

    private static void array(DataOutputStream out, State.Numbers numbers) throws IOException {
        out.writeByte(numbers.type() == DataType.DOUBLE ? 'D' : numbers.type() == DataType.FLOAT ? 'F' : 'H');
        out.writeByte(numbers.order());
        out.writeByte(numbers.shape().length);
        for (long size : numbers.shape()) {
            out.write(number(Long.BYTES).putLong(size).array());
        }
        ByteBuffer bytes;
        if (numbers.values() instanceof double[] doubles) {
            bytes = number(Math.multiplyExact(Double.BYTES, doubles.length));
            bytes.asDoubleBuffer().put(doubles);
        } else {
            float[] floats = (float[]) numbers.values();
            bytes = number(Math.multiplyExact(Float.BYTES, floats.length));
            bytes.asFloatBuffer().put(floats);
        }
        out.write(bytes.array());
    }

    /**
     * Reads a state. No size is believed before as many bytes are there.
     *
     * @param bytes what {@link #of} wrote
     * @return the state
     * @throws IOException with one sentence that says what is wrong
     */
    public static State read(byte[] bytes) throws IOException {
        if (bytes.length < START + Checksum.BYTES || !Arrays.equals(Arrays.copyOf(bytes, MAGIC.length), MAGIC)) {
            throw new IOException("the saved state is cut off, or none");
        }
        int end = bytes.length - Checksum.BYTES;
        ByteBuffer content = ByteBuffer.wrap(bytes, MAGIC.length, end - MAGIC.length).order(ByteOrder.LITTLE_ENDIAN);
        int version = content.getInt();
        if (version != VERSION) {
            throw new IOException("the saved state is of version " + version + ", and this release reads version "
                    + VERSION + ": update the plugin");
        }
        if (!Arrays.equals(Arrays.copyOfRange(bytes, end, bytes.length), Checksum.of(bytes, end))) {
            throw new IOException("the saved state was changed, damaged or cut off: its content does not have the"
                    + " checksum at its end");
        }
        try {
            return read(content);
        } catch (BufferUnderflowException | CharacterCodingException e) {
            throw new IOException("the saved state is damaged: a size or a text in it can't be", e);
        }
    }

    private static State read(ByteBuffer content) throws IOException {
        int quantities = content.getInt();
        Map<String, Object> read = new LinkedHashMap<>();
        for (int i = 0; i < quantities; i++) {
            String name = text(content);
            if (read.put(name, value(content)) != null) {
                throw new IOException("the saved state is damaged: it has " + Quoted.of(name) + " twice");
            }
        }
        if (quantities < 0 || content.hasRemaining()) {
            throw new IOException("the saved state is damaged: it has more in it than its " + quantities
                    + " quantities");
        }
        return new State(read);
    }

    private static String text(ByteBuffer content) throws IOException {
        ByteBuffer bytes = part(content, content.getInt());
        CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(bytes);
        return text.toString();
    }

    /** So many bytes, if they are there. */
    private static ByteBuffer part(ByteBuffer content, long length) {
        if (length < 0 || length > content.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer part = content.slice(content.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
        content.position(content.position() + (int) length);
        return part;
    }

    private static Object value(ByteBuffer content) throws IOException {
        char kind = (char) content.get();
        return switch (kind) {
            case 'N' -> content.getDouble();
            case 'C' -> content.getLong();
            case 'T' -> text(content);
            case 'L' -> {
                int count = content.getInt();
                List<String> names = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    names.add(text(content));
                }
                yield List.copyOf(names);
            }
            case 'A' -> array(content);
            default -> throw new IOException("the saved state is damaged: there is no kind of quantity " + (int) kind);
        };
    }

    private static State.Numbers array(ByteBuffer content) throws IOException {
        char type = (char) content.get();
        char order = (char) content.get();
        int dimensions = content.get();
        if ("FDH".indexOf(type) < 0 || "cf".indexOf(order) < 0 || dimensions < 0 || dimensions > MOST_DIMENSIONS) {
            throw new IOException("the saved state is damaged: an array in it can't be of type " + (int) type + ", order "
                    + (int) order + " and " + dimensions + " dimensions");
        }
        long[] shape = new long[dimensions];
        long length = dimensions == 0 ? 0 : 1;
        for (int i = 0; i < dimensions; i++) {
            shape[i] = content.getLong();
            // An array here has at least one element; so many that the product overflows are not there.
            if (shape[i] < 1 || shape[i] > content.remaining()) {
                throw new BufferUnderflowException();
            }
            length *= shape[i];
            if (length > content.remaining()) {
                throw new BufferUnderflowException();
            }
        }
        Object values;
        if (type == 'D') {
            ByteBuffer bytes = part(content, length * Double.BYTES);
            double[] doubles = new double[(int) length];
            bytes.asDoubleBuffer().get(doubles);
            values = doubles;
        } else {
            ByteBuffer bytes = part(content, length * Float.BYTES);
            float[] floats = new float[(int) length];
            bytes.asFloatBuffer().get(floats);
            values = floats;
        }
        return State.Numbers.of(type == 'D' ? DataType.DOUBLE : type == 'F' ? DataType.FLOAT : DataType.FLOAT16, order,
                shape, values);
    }
}
