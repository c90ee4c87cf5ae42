package org.ibhebb.samples.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ibhebb.samples.folder.DataException;

/**
 * A file in ARFF to be learnt, one of whose nominal attributes is the class. A numeric attribute is one input, and each
 * value of a nominal one is an input of its own, 1 where it stands and else 0. A number that is missing counts as the
 * mean of the training rows', and a nominal value that is missing has no input.
 */
public final class ArffFile {

    private ArffFile() {}

    /**
     * Reads it, and draws the rows to test on.
     *
     * @param classAttribute its name; null for the last
     * @param testShare of the rows, above 0 and below 1; one row is trained and one tested on at least
     * @param seed of the drawing
     * @throws DataException with the file and what is wrong with it, and with the line where it is one
     */
    public static LearningTask load(Path file, String classAttribute, double testShare, long seed)
            throws DataException {
        return TextFile.read(file, in -> {
            ArffReader reader = new ArffReader(file.toString(), in);
            int of = reader.classAttribute(classAttribute);
            Table all = table(file, reader, of);
            return LearningTask.drawing(file.getFileName().toString(), reader.attributes().get(of).values().size(),
                    all, testShare, seed);
        });
    }

    private static Table table(Path file, ArffReader reader, int of) throws IOException {
        List<ArffReader.Attribute> attributes = reader.attributes();
        List<Boolean> numeric = new ArrayList<>();
        for (int i = 0; i < attributes.size(); i++) {
            ArffReader.Attribute attribute = attributes.get(i);
            for (int k = 0; i != of && k < attribute.inputs(); k++) {
                numeric.add(attribute.isNumeric());
            }
        }
        int width = numeric.size();
        List<float[]> rows = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (double[] values = reader.next(); values != null; values = reader.next()) {
            rows.add(row(attributes, values, of, width));
            labels.add(reader.label(values, of));
            if ((long) rows.size() * width > CsvFile.MOST_VALUES) {
                throw new DataException(file + " becomes " + width + " inputs for each of " + rows.size() + " rows and"
                        + " more, which is too much: leave out attributes of many values, or use a part of it");
            }
        }
        if (rows.size() < 2) {
            throw new DataException(file + " has " + rows.size() + " rows: there must be one to train and one to test"
                    + " on at least");
        }
        boolean[] numbers = new boolean[width];
        for (int i = 0; i < width; i++) {
            numbers[i] = numeric.get(i);
        }
        return new Table(numbers, rows.toArray(float[][]::new), labels.stream().mapToInt(i -> i).toArray());
    }

    private static float[] row(List<ArffReader.Attribute> attributes, double[] values, int of, int width) {
        float[] row = new float[width];
        int place = 0;
        for (int i = 0; i < values.length; i++) {
            if (i == of) {
                continue;
            }
            if (attributes.get(i).isNumeric()) {
                row[place] = (float) values[i];
            } else if (!Double.isNaN(values[i])) {
                row[place + (int) values[i]] = 1;
            }
            place += attributes.get(i).inputs();
        }
        return row;
    }
}
