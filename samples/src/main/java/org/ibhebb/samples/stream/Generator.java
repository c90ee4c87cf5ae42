package org.ibhebb.samples.stream;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The published streams that this program generates itself, as {@code --data generated:NAME:SEED:DRIFT} names them. */
enum Generator {
    SEA(SeaStream::new),
    AGRAWAL(AgrawalStream::new),
    HYPERPLANE((seed, drift) -> new HyperplaneStream(seed)),
    RBF_FAST((seed, drift) -> new RadialBasisStream(seed, 0.001)),
    RBF_SLOW((seed, drift) -> new RadialBasisStream(seed, 0.0001)),
    LED((seed, drift) -> new LedStream(seed)),
    WAVEFORM((seed, drift) -> new WaveformStream(seed));

    static final String PREFIX = "generated:";
    private static final Pattern NAME = Pattern.compile(PREFIX + "([a-z-]+)(?::(\\d{1,18}))?(?::(\\d{1,18}))?");
    private static final long USUAL_DRIFT = 25_000;

    private final Maker maker;

    Generator(Maker maker) {
        this.maker = maker;
    }

    /** Makes a stream whose concept changes after {@code drift} samples, where it has two. */
    private interface Maker {
        Source make(long seed, long drift);
    }

    /**
     * The stream of such a name.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong with the name
     */
    static Source open(String data) {
        Matcher name = NAME.matcher(data);
        Generator generator = name.matches()
                ? Arrays.stream(values()).filter(each -> each.toString().equals(name.group(1))).findFirst().orElse(null)
                : null;
        if (generator == null) {
            throw new IllegalArgumentException("--data " + data + " is none of the streams that this program generates:"
                    + " it must be " + PREFIX + "NAME, NAME:SEED or NAME:SEED:DRIFT, of "
                    + Arrays.stream(values()).map(Generator::toString).collect(Collectors.joining(", ")));
        }
        return generator.maker.make(name.group(2) == null ? 1 : Long.parseLong(name.group(2)),
                name.group(3) == null ? USUAL_DRIFT : Long.parseLong(name.group(3)));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
