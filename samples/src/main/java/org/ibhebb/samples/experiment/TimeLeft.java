package org.ibhebb.samples.experiment;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.ibhebb.samples.training.Row;

/** Estimates how long the runs that are left will take, from those that are over. */
final class TimeLeft {

    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;

    private final Map<Row, Taken> ofRow = new HashMap<>();
    private Taken ofAll = new Taken(0, 0);

    private record Taken(double seconds, double images) {

        Taken plus(Taken other) {
            return new Taken(seconds + other.seconds, images + other.images);
        }

        double secondsFor(double more) {
            return more * seconds / images;
        }
    }

    /** A run of a row is over. */
    void took(Row row, Part.Size size, double seconds) {
        Taken taken = new Taken(seconds, images(size));
        ofRow.merge(row, taken, Taken::plus);
        ofAll = ofAll.plus(taken);
    }

    /** Seconds for these, at each row's own speed, or at the mean of all where a row has none yet. */
    OptionalDouble seconds(List<Run> runs) {
        if (ofAll.images() == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(runs.stream()
                .mapToDouble(run -> ofRow.getOrDefault(run.row(), ofAll).secondsFor(images(run.size())))
                .sum());
    }

    private static double images(Part.Size size) {
        return (double) size.trainSamples() * size.epochs();
    }

    /** A time in words. */
    static String words(double seconds) {
        if (seconds < 2 * MINUTE) {
            return String.format(Locale.ROOT, "%.0f s", seconds);
        }
        return seconds < 2 * HOUR
                ? String.format(Locale.ROOT, "%.0f min", seconds / MINUTE)
                : String.format(Locale.ROOT, "%.1f h", seconds / HOUR);
    }
}
