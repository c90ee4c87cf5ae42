package org.ibhebb.samples.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Makes tiny data files, good and bad. */
final class DataFiles {

    static final int IMAGE_MAGIC = 0x803;
    static final int LABEL_MAGIC = 0x801;

    private DataFiles() {}

    /** The big-endian numbers of a header, then {@code body}. */
    static byte[] idx(byte[] body, int... header) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * header.length + body.length);
        for (int number : header) {
            buffer.putInt(number);
        }
        return buffer.put(body).array();
    }

    static byte[] idxImages(int count, int rows, int columns) {
        return idx(counting(count * rows * columns), IMAGE_MAGIC, count, rows, columns);
    }

    static byte[] idxLabels(int... labels) {
        return idx(bytes(labels), LABEL_MAGIC, labels.length);
    }

    /** CIFAR-10 records whose pixels are all the label's number. */
    static byte[] cifar(int... labels) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int label : labels) {
            for (int i = 0; i < 1 + 3 * 32 * 32; i++) {
                records.write(label);
            }
        }
        return records.toByteArray();
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** 0, 1, 2, ... */
    static byte[] counting(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    static Path gzip(Path file, byte[] content) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(content);
        }
        return file;
    }
}
