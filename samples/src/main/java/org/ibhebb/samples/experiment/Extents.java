package org.ibhebb.samples.experiment;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Says how much was trained, and how much of that was cut. */
final class Extents {

    private Extents() {}

    /** @param plan null where nothing can have been cut */
    static List<String> sentences(List<Part> parts, Scale scale, Plan plan) {
        Scale asked = plan == null ? scale : plan.asked();
        Stream<String> sizes = IntStream.range(0, parts.size()).mapToObj(part -> String.format(Locale.ROOT,
                "%s: trained on %,d of %,d images for %s with %s; accuracy is that on %,d %s images.",
                parts.get(part).task().name(),
                scale.sizes().get(part).trainSamples(),
                parts.get(part).task().train().count(),
                some(scale.sizes().get(part).epochs(), asked.sizes().get(part).epochs(), "epoch"),
                some(scale.seeds(), asked.seeds(), "seed") + (scale.seedsOf(true) == scale.seeds()
                        ? "" : " (back-propagation and frozen with " + count(scale.seedsOf(true), "seed") + ")"),
                parts.get(part).task().evaluation().count(),
                parts.get(part).task().heldOut()));
        Stream<String> time = plan == null ? Stream.of() : Stream.of(String.format(Locale.ROOT,
                "This is to fit %s minutes, of which it was thought to take %.1f%s.",
                BigDecimal.valueOf(plan.budgetMinutes()).stripTrailingZeros().toPlainString(),
                plan.estimatedMinutes(),
                plan.estimatedMinutes() > plan.budgetMinutes() ? ", for there is nothing left to cut" : ""));
        // Parts that differ in the network alone say the same.
        return Stream.concat(sizes.distinct(), time).toList();
    }

    private static String some(int chosen, int asked, String of) {
        return (chosen == asked ? "" : chosen + " of ") + count(asked, of);
    }

    private static String count(int number, String of) {
        return number + " " + of + (number == 1 ? "" : "s");
    }
}
