package org.ibhebb.samples.data;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import org.ibhebb.samples.folder.DataException;

/** Reads CIFAR-10's binary files, plain or gzipped: records of one label byte and 3 x 32 x 32 pixels. */
final class Cifar10 {

    static final int CLASSES = 10;
    private static final ImageShape SHAPE = new ImageShape(32, 32, 3);
    private static final int RECORD = 1 + SHAPE.size();
    /** Twice as many as a file of CIFAR-10 has: a gzipped file may unpack to anything. */
    private static final int MOST_RECORDS = 20_000;

    private Cifar10() {}

    /**
     * Reads files one after another.
     *
     * @throws DataException naming the file and what is wrong with it
     */
    static Images read(List<Path> files) throws DataException {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        for (Path file : files) {
            Gunzip.read(file, in -> {
                for (int index = 0; ; index++) {
                    byte[] record = in.readNBytes(RECORD);
                    if (record.length == 0 && index > 0) {
                        return index;
                    }
                    if (record.length < RECORD) {
                        throw new DataException(file + " is cut short: record " + index + " has " + record.length
                                + " of " + RECORD + " bytes; fetch it again.");
                    }
                    if (index == MOST_RECORDS) {
                        throw new DataException(file + " holds more than " + MOST_RECORDS + " images, which no file of"
                                + " CIFAR-10 does: fetch CIFAR-10's binary version again.");
                    }
                    int label = Byte.toUnsignedInt(record[0]);
                    if (label >= CLASSES) {
                        throw new DataException(file + " gives image " + index + " the label " + label
                                + ", but labels go from 0 to " + (CLASSES - 1)
                                + ": fetch CIFAR-10's binary version again.");
                    }
                    labels.write(label);
                    pixels.write(record, 1, RECORD - 1);
                }
            });
        }
        return new Images(SHAPE, pixels.toByteArray(), labels.toByteArray());
    }
}
