package org.ibhebb.samples.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * The 1,797 handwritten digits of 8 x 8 pixels that come with this program (UCI Optical Recognition of Handwritten
 * Digits, Alpaydin and Kaynak 1998). They are shuffled once, always in the same way: the first 1,347 train, the other
 * 450 test.
 */
public final class Digits {

    static final int TRAIN = 1347;
    private static final long SPLIT_SEED = 1998;
    private static final ImageShape SHAPE = new ImageShape(8, 8, 1);

    private Digits() {}

    public static Images train() throws IOException {
        return parse(lines().subList(0, TRAIN));
    }

    public static Images test() throws IOException {
        List<String> lines = lines();
        return parse(lines.subList(TRAIN, lines.size()));
    }

    private static List<String> lines() throws IOException {
        List<String> lines;
        try (InputStream packed = Digits.class.getResourceAsStream("digits.csv.gz");
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.US_ASCII))) {
            lines = reader.lines().collect(Collectors.toList());
        }
        Collections.shuffle(lines, new Random(SPLIT_SEED));
        return lines;
    }

    private static Images parse(List<String> lines) {
        byte[] pixels = new byte[lines.size() * SHAPE.size()];
        byte[] labels = new byte[lines.size()];
        int pixel = 0;
        for (int i = 0; i < labels.length; i++) {
            String[] values = lines.get(i).split(",");
            for (int j = 0; j < SHAPE.size(); j++) {
                pixels[pixel++] = Byte.parseByte(values[j]);
            }
            labels[i] = Byte.parseByte(values[SHAPE.size()]);
        }
        return new Images(SHAPE, pixels, labels);
    }
}
