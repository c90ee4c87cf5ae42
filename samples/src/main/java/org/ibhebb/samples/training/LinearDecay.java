package org.ibhebb.samples.training;

import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A learning rate that falls linearly to 0. It is made of Deeplearning4j's stairs, a hundred of them, so that a saved
 * network opens without this program (Deeplearning4j's own {@code PolySchedule} rises instead of falling).
 */
public final class LinearDecay {

    private static final int STAIRS = 100;

    private LinearDecay() {}

    public static ISchedule from(double first, int steps) {
        int stairs = Math.min(STAIRS, steps);
        Map<Integer, Double> rates = new TreeMap<>();
        for (int stair = 0; stair < stairs; stair++) {
            int step = (int) ((long) stair * steps / stairs);
            rates.put(step, first * (1 - (double) step / steps));
        }
        return new MapSchedule(ScheduleType.ITERATION, rates);
    }
}
