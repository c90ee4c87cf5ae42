package org.ibhebb.samples.experiment;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.ibhebb.samples.training.Speed;

/**
 * Fits an experiment into a given time. It trains on fewer images first, but not on fewer than {@value #LEAST_IMAGES};
 * where that does not do, with fewer seeds; where one seed is still too much, for fewer epochs.
 */
final class Budget {

    static final int LEAST_IMAGES = 2_000;
    /** Numbers of images are cut to multiples of this, for people. */
    private static final int ROUND = 100;
    /** The steps by which images and epochs are cut, as parts of the whole. */
    private static final int SHARES = 10_000;

    private final Scale asked;
    private final List<PartCost> costs;

    /**
     * What a run of a row costs.
     *
     * @param warmUp images that it trains on in vain, to begin with
     * @param control whether the row is one
     */
    record RowCost(Speed speed, int warmUp, boolean control) {

        double seconds(Part.Size size, int evaluated) {
            double images = (double) size.trainSamples() * size.epochs() + warmUp;
            return images / speed.training() + (double) evaluated * size.epochs() / speed.evaluation();
        }
    }

    /**
     * What the runs of a part cost.
     *
     * @param evaluated images on which each epoch is evaluated
     */
    record PartCost(int evaluated, List<RowCost> rows) {

        double seconds(Part.Size size, Scale scale) {
            return rows.stream()
                    .mapToDouble(row -> scale.seedsOf(row.control()) * row.seconds(size, evaluated))
                    .sum();
        }
    }

    /** @param costs one for each part of the scale that is asked for */
    Budget(Scale asked, List<PartCost> costs) {
        this.asked = asked;
        this.costs = costs;
    }

    /** The most that fits into the time; the least that there is where not even that does. */
    Scale fit(double seconds) {
        for (int seeds = asked.seeds(); seeds >= 1; seeds--) {
            int tried = seeds;
            Optional<Scale> fewerImages = largest(share -> withImages(tried, share), seconds);
            if (fewerImages.isPresent()) {
                return fewerImages.get();
            }
        }
        Scale least = withImages(1, 0);
        return largest(share -> withEpochs(least, share), seconds).orElseGet(() -> withEpochs(least, 0));
    }

    /** Seconds that so much would take. */
    double seconds(Scale scale) {
        return IntStream.range(0, costs.size())
                .mapToDouble(part -> costs.get(part).seconds(scale.sizes().get(part), scale))
                .sum();
    }

    private Optional<Scale> largest(IntFunction<Scale> ofShare, double seconds) {
        return IntStream.iterate(SHARES, share -> share >= 0, share -> share - 1)
                .mapToObj(ofShare)
                .filter(scale -> seconds(scale) <= seconds)
                .findFirst();
    }

    private Scale withImages(int seeds, int share) {
        return new Scale(asked.sizes().stream()
                .map(size -> new Part.Size(images(size.trainSamples(), share), size.epochs()))
                .toList(), seeds, Math.min(seeds, asked.controlSeeds()));
    }

    private static int images(int all, int share) {
        if (share == SHARES) {
            return all;
        }
        int some = (int) ((long) all * share / SHARES / ROUND * ROUND);
        return Math.max(Math.min(all, LEAST_IMAGES), some);
    }

    private static Scale withEpochs(Scale scale, int share) {
        return new Scale(scale.sizes().stream()
                .map(size -> new Part.Size(size.trainSamples(), Math.max(1, size.epochs() * share / SHARES)))
                .toList(), scale.seeds(), scale.controlSeeds());
    }
}
