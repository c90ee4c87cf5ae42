package org.ibhebb.samples.stream;

import java.util.List;
import java.util.Locale;

/**
 * A stream that learners are compared on.
 *
 * @param name on the command line and in files
 * @param title for people
 * @param data as {@code --data} names it; with %1$d for the seed and %2$d for the place of a drift, where it has them
 */
record NamedStream(String name, String title, String data) {

    /** Published ones, by MOA's generators; those of two concepts change from one to the other in the middle. */
    private static final List<NamedStream> BY_MOA = List.of(
            moa("sea", "SEA, function 1, then 4", "ConceptDriftStream -s (generators.SEAGenerator -f 1 -i %1$d)"
                    + " -d (generators.SEAGenerator -f 4 -i %1$d) -p %2$d -w 1 -r %1$d"),
            moa("agrawal", "Agrawal, function 1, then 4",
                    "ConceptDriftStream -s (generators.AgrawalGenerator -f 1 -i %1$d)"
                    + " -d (generators.AgrawalGenerator -f 4 -i %1$d) -p %2$d -w 1 -r %1$d"),
            moa("hyperplane", "hyperplane, moving", "generators.HyperplaneGenerator -k 10 -t 0.001 -i %1$d"),
            moa("rbf-fast", "radial basis, .001",
                    "generators.RandomRBFGeneratorDrift -s 0.001 -k 50 -c 5 -i %1$d -r %1$d"),
            moa("rbf-slow", "radial basis, .0001",
                    "generators.RandomRBFGeneratorDrift -s 0.0001 -k 50 -c 5 -i %1$d -r %1$d"),
            moa("led", "LED, 7 drifting", "generators.LEDGeneratorDrift -d 7 -i %1$d"),
            moa("waveform", "waveform", "generators.WaveformGenerator -i %1$d"));

    /** Their names. */
    static List<String> published() {
        return BY_MOA.stream().map(NamedStream::name).toList();
    }

    /**
     * Published ones.
     *
     * @param moa whether MOA generates them; else this program does, after the same definitions
     */
    static List<NamedStream> published(boolean moa) {
        return moa ? BY_MOA : BY_MOA.stream().map(stream -> new NamedStream(stream.name(), stream.title(),
                Generator.PREFIX + stream.name() + ":%1$d:%2$d")).toList();
    }

    private static NamedStream moa(String name, String title, String description) {
        return new NamedStream(name, title, Sources.MOA + ":(" + description + ")");
    }

    /** One of the user's, in the one order that it has. */
    static NamedStream given(String data) {
        return new NamedStream(data, data, data.replace("%", "%%"));
    }

    /** As {@code --data} names it, of so many samples. */
    String data(long seed, long samples) {
        return String.format(Locale.ROOT, data, seed, samples / 2);
    }
}
