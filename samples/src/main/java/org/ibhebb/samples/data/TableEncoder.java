package org.ibhebb.samples.data;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Rows of numbers as a network's input: each numeric column standardised as it is among the training rows. A number
 * that is missing counts as the mean of those that are not.
 */
final class TableEncoder {

    private final double[] means;
    private final double[] deviations;

    TableEncoder(Table train) {
        int columns = train.numeric().length;
        means = new double[columns];
        deviations = new double[columns];
        for (int column = 0; column < columns; column++) {
            deviations[column] = 1;
            if (train.numeric()[column]) {
                standardise(train.rows(), column);
            }
        }
    }

    private void standardise(float[][] rows, int column) {
        double sum = 0;
        int known = 0;
        for (float[] row : rows) {
            sum += Float.isNaN(row[column]) ? 0 : row[column];
            known += Float.isNaN(row[column]) ? 0 : 1;
        }
        if (known == 0) {
            // Whatever the rows to be tested on have there, nothing was learnt of it.
            return;
        }
        double mean = sum / known;
        double squares = 0;
        for (float[] row : rows) {
            squares += Float.isNaN(row[column]) ? 0 : (row[column] - mean) * (row[column] - mean);
        }
        means[column] = mean;
        // A column that never varies carries nothing: its values all become 0.
        deviations[column] = squares > 0 ? Math.sqrt(squares / known) : 1;
    }

    /** The rows number {@code order[from]} up to, but without, {@code order[to]}. */
    INDArray inputs(Table table, int[] order, int from, int to) {
        float[] batch = new float[(to - from) * means.length];
        int position = 0;
        for (int i = from; i < to; i++) {
            float[] row = table.rows()[order[i]];
            for (int column = 0; column < row.length; column++) {
                batch[position++] = Float.isNaN(row[column])
                        ? 0
                        : (float) ((row[column] - means[column]) / deviations[column]);
            }
        }
        return Nd4j.create(batch, new int[] {to - from, means.length});
    }
}
