package org.ibhebb.samples.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The small tables that come with this program, all of numbers and a class (UCI; see tables-LICENSE.txt). */
public enum Tables {
    /** 150 flowers of three kinds by four lengths. */
    IRIS("iris.csv"),
    /** 178 wines of three cultivars by 13 quantities. */
    WINE("wine.csv"),
    /** 569 tumours, benign or malignant, by 30 quantities. */
    BREAST_CANCER("breast-cancer.csv.gz");

    private final String file;

    Tables(String file) {
        this.file = file;
    }

    /**
     * A table in memory.
     *
     * @param inputs a line a sample
     * @param labels the class of each, counted from 0 in the order in which they occur
     */
    public record Content(List<double[]> inputs, List<Integer> labels) {}

    /** Reads it, in the order of its file. */
    public Content read() throws IOException {
        List<double[]> inputs = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<String> classes = new ArrayList<>();
        try (InputStream raw = new BufferedInputStream(Tables.class.getResourceAsStream(file));
                InputStream in = file.endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                CsvReader reader = new CsvReader(file, new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String[] fields = reader.next(); fields != null; fields = reader.next()) {
                double[] input = new double[fields.length - 1];
                for (int i = 0; i < input.length; i++) {
                    input[i] = Double.parseDouble(fields[i]);
                }
                inputs.add(input);
                String label = fields[input.length];
                if (!classes.contains(label)) {
                    classes.add(label);
                }
                labels.add(classes.indexOf(label));
            }
        }
        return new Content(inputs, labels);
    }
}
