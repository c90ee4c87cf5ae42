package org.ibhebb.samples.data;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.ibhebb.samples.folder.DataException;

/** Reads the idx files, plain or gzipped, in which MNIST and Fashion-MNIST are published. */
final class Idx {

    private static final int IMAGES = 0x00000803;
    private static final int LABELS = 0x00000801;
    /** Five times MNIST's training images; a damaged or malicious header may announce anything. */
    private static final int MOST_BYTES = 1 << 28;

    private Idx() {}

    /**
     * Reads an image file and the label file that goes with it.
     *
     * @throws DataException naming the file and what is wrong with it
     */
    static Images read(Path imageFile, Path labelFile, int classes) throws DataException {
        byte[] labels = readLabels(labelFile, classes);
        return Gunzip.read(imageFile, stream -> {
            DataInputStream in = new DataInputStream(stream);
            checkMagic(imageFile, in.readInt(), IMAGES, "image");
            int count = in.readInt();
            int rows = in.readInt();
            int columns = in.readInt();
            if (count < 1 || rows < 1 || columns < 1 || (double) count * rows * columns > MOST_BYTES) {
                throw new DataException(imageFile + " announces " + count + " images of " + rows + " x " + columns
                        + ", which no such data set has: fetch it again.");
            }
            if (count != labels.length) {
                throw new DataException(imageFile + " holds " + count + " images, but " + labelFile + " holds "
                        + labels.length + " labels: fetch both again from one place.");
            }
            byte[] pixels = Gunzip.bytes(in, count * rows * columns);
            checkEnd(imageFile, in);
            return new Images(new ImageShape(rows, columns, 1), pixels, labels);
        });
    }

    private static byte[] readLabels(Path file, int classes) throws DataException {
        return Gunzip.read(file, stream -> {
            DataInputStream in = new DataInputStream(stream);
            checkMagic(file, in.readInt(), LABELS, "label");
            int count = in.readInt();
            if (count < 1 || count > MOST_BYTES) {
                throw new DataException(file + " announces " + count + " labels: fetch it again.");
            }
            byte[] labels = Gunzip.bytes(in, count);
            checkEnd(file, in);
            for (int i = 0; i < count; i++) {
                int label = Byte.toUnsignedInt(labels[i]);
                if (label >= classes) {
                    throw new DataException(file + " gives image " + i + " the label " + label + ", but labels go from"
                            + " 0 to " + (classes - 1) + ": fetch it again.");
                }
            }
            return labels;
        });
    }

    private static void checkMagic(Path file, int magic, int expected, String content) throws DataException {
        if (magic != expected) {
            throw new DataException(String.format(
                    "%s is no idx %s file (it begins with %08x, not %08x): fetch it again.",
                    file, content, magic, expected));
        }
    }

    private static void checkEnd(Path file, DataInputStream in) throws IOException {
        if (in.read() >= 0) {
            throw new DataException(file + " holds more than it announces: fetch it again.");
        }
    }
}
