package org.ibhebb.samples.training;

import org.nd4j.shade.jackson.annotation.JsonInclude;

/**
 * What one pass over the training images brought.
 *
 * @param epoch counted from 1
 * @param testAccuracy percent of the test images that are classified correctly after it; null where the network is
 *     evaluated on others
 * @param validationAccuracy the same of the validation images
 * @param trainSeconds time spent on training alone, without the evaluation
 * @param trainJoules what the whole machine's processors and memory used meanwhile; null where nobody counts it
 * @param evaluationSeconds time spent on that
 * @param samplesPerSecond training images a second
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EpochResult(
        int epoch,
        Double testAccuracy,
        Double validationAccuracy,
        double trainSeconds,
        Double trainJoules,
        double evaluationSeconds,
        double samplesPerSecond) {

    /** Percent of the images, whichever they are, that the network was evaluated on. */
    public double accuracy() {
        return testAccuracy != null ? testAccuracy : validationAccuracy;
    }
}
