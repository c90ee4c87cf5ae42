package org.ibhebb.samples.command;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.ibhebb.samples.training.EpochResult;
import org.ibhebb.samples.training.Result;

/** Results as text for people. */
final class ResultTable {

    static final String EPOCH_HEADER =
            String.format(Locale.ROOT, "%5s %15s %10s %14s", "epoch", "test accuracy", "seconds", "samples/second");

    private ResultTable() {}

    /** The training rules side by side. */
    static String of(List<Result> results) {
        return results.stream()
                .map(result -> String.format(Locale.ROOT, "%-10s %13.2f %% %10.1f",
                        result.rule(), result.accuracy(), result.seconds()))
                .collect(Collectors.joining(
                        System.lineSeparator(),
                        String.format(Locale.ROOT, "%-10s %15s %10s%n", "rule", "test accuracy", "seconds"),
                        ""));
    }

    /** A line below {@link #EPOCH_HEADER}. */
    static String line(EpochResult epoch) {
        return String.format(Locale.ROOT, "%5d %13.2f %% %10.1f %14.0f",
                epoch.epoch(), epoch.accuracy(), epoch.trainSeconds(), epoch.samplesPerSecond())
                + (epoch.trainJoules() == null ? "" : String.format(Locale.ROOT, " %10.0f J", epoch.trainJoules()));
    }
}
