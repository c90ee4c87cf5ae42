package org.ibhebb.internal.archive;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataBuffer.AllocationMode;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Looks at the bytes of an array as ND4J writes them, before ND4J reads them: it believes the sizes in them, allocates
 * by those, and makes arrays that claim more memory than they have.
 */
final class SavedArray {

    private static final Set<DataType> NUMBERS =
            Set.of(DataType.DOUBLE, DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16);
    private static final Set<DataType> SIZES = Set.of(DataType.INT64, DataType.INT32);
    private static final int MOST_DIMENSIONS = 32;
    /** Words of a shape beside its sizes and strides: how many dimensions there are first, and three last. */
    private static final int OTHERS = 4;

    /** The forms that ND4J wrote first, with shorter sizes. */
    private static final int OLDER = 3;

    private SavedArray() {}

    /**
     * Checks an array's bytes: the shape's and the numbers', each with a header of its own.
     *
     * @param bytes of a whole entry; none stand for no parameters
     * @throws IOException if they are no array that has as many numbers as its shape asks for
     */
    static void check(byte[] bytes) throws IOException {
        if (bytes.length == 0) {
            return;
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Header sizes = header(in, SIZES);
            if (sizes.length < OTHERS + 2 || sizes.length > OTHERS + 2 * MOST_DIMENSIONS) {
                throw new IOException("a shape of " + sizes.length + " words");
            }
            long[] words = new long[(int) sizes.length];
            for (int i = 0; i < words.length; i++) {
                words[i] = sizes.type == DataType.INT64 ? in.readLong() : in.readInt();
            }
            Header numbers = header(in, NUMBERS);
            if (numbers.length < 1 || numbers.length > in.available() / numbers.type.width()) {
                throw new IOException(numbers.length + " numbers in " + in.available() + " bytes");
            }
            checkShape(words, numbers.length);
        } catch (EOFException | UTFDataFormatException | IllegalArgumentException e) {
            throw new IOException("it is cut off, or no array", e);
        }
    }

    /** The last element must be one of the numbers. */
    private static void checkShape(long[] words, long numbers) throws IOException {
        long rank = words[0];
        if (rank < 1 || OTHERS + 2 * rank != words.length) {
            throw new IOException("a shape of " + rank + " dimensions in " + words.length + " words");
        }
        long last = 0;
        for (int i = 1; i <= rank; i++) {
            long size = words[i];
            long stride = words[i + (int) rank];
            if (size < 1 || size > numbers || stride < 0 || stride > numbers) {
                throw new IOException("a size of " + size + " and a stride of " + stride + " for " + numbers
                        + " numbers");
            }
            // No more than 2^62, and at most 2^31 before.
            last += (size - 1) * stride;
            if (last >= numbers) {
                throw new IOException("a shape of more than its " + numbers + " numbers");
            }
        }
    }

    private static Header header(DataInputStream in, Set<DataType> types) throws IOException {
        AllocationMode mode = AllocationMode.valueOf(in.readUTF());
        long length = mode.ordinal() < OLDER ? in.readInt() : in.readLong();
        DataType type = DataType.valueOf(in.readUTF());
        if (!types.contains(type)) {
            throw new IOException("an array of type " + type);
        }
        return new Header(length, type);
    }

    private record Header(long length, DataType type) {}
}
