package org.ibhebb.samples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.ibhebb.spiking.SpikeEncoder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class TemporalTaskTest {

    private static final int COUNT = 20_000;

    /** What is known of a sample from one time step alone, the best guess is right half of the time. */
    @ParameterizedTest
    @EnumSource
    void noSingleTimeStepSaysAnything(TemporalTask task) {
        Random random = new Random(3);
        Map<String, int[]> seen = new HashMap<>();
        Map<String, int[]> whole = new HashMap<>();
        for (int sample = 0; sample < COUNT; sample++) {
            int label = sample % 2;
            int[] times = task.times(random, label);
            for (int step = 0; step < TemporalTask.STEPS; step++) {
                int now = step;
                String groups = Arrays.toString(Arrays.stream(times).map(time -> time == now ? 1 : 0).toArray());
                seen.computeIfAbsent(step + groups, first -> new int[2])[label]++;
            }
            whole.computeIfAbsent(Arrays.toString(times), first -> new int[2])[label]++;
        }
        for (int step = 0; step < TemporalTask.STEPS; step++) {
            String prefix = step + "[";
            int right = seen.entrySet().stream().filter(each -> each.getKey().startsWith(prefix))
                    .mapToInt(each -> Math.max(each.getValue()[0], each.getValue()[1])).sum();
            // Four standard deviations of so many tosses.
            assertThat((double) right / COUNT).as("time step %d", step).isLessThan(0.5 + 4 * 0.5 / Math.sqrt(COUNT));
        }
        // All time steps together say everything.
        assertThat(whole.values()).allMatch(counts -> counts[0] == 0 || counts[1] == 0);
    }

    /** In the order of spikes alone how often each input spikes is the same in both classes. */
    @ParameterizedTest
    @EnumSource
    void samplesAreSpikesAtTheirTimes(TemporalTask task) {
        LearningTask drawn = task.draw(500, 300, 7);
        Images train = (Images) drawn.train();
        assertThat(train.count()).isEqualTo(500);
        assertThat(drawn.evaluation().count()).isEqualTo(300);
        assertThat(Arrays.equals(train.pixels(), ((Images) task.draw(500, 300, 7).train()).pixels())).isTrue();
        assertThat(Arrays.equals(train.pixels(), ((Images) task.draw(500, 300, 8).train()).pixels())).isFalse();

        int[] order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        INDArray spikes = SpikeEncoder.latency(TemporalTask.STEPS).encode(
                new Batches(drawn, true, true).inputs(train, order, 0, order.length));
        for (int sample = 0; sample < order.length; sample++) {
            assertThat(spikes.getDouble(sample, 0, 0)).isEqualTo(1);
            int groups = (train.shape().size() - 1 - TemporalTask.NOISE) / TemporalTask.GROUP;
            int spiking = 0;
            for (int group = 0; group < groups; group++) {
                // All inputs of a group that spike do so at one time step, once.
                double most = 0;
                double all = 0;
                for (int step = 0; step < TemporalTask.STEPS; step++) {
                    double count = 0;
                    for (int input = 0; input < TemporalTask.GROUP; input++) {
                        count += spikes.getDouble(sample, 1 + group * TemporalTask.GROUP + input, step);
                    }
                    most = Math.max(most, count);
                    all += count;
                }
                assertThat(most).isEqualTo(all);
                spiking += all > 0 ? 1 : 0;
            }
            assertThat(spiking).isEqualTo(2);
        }
        if (task == TemporalTask.ORDER) {
            double[] counts = new double[2];
            double[] samples = new double[2];
            for (int sample = 0; sample < 500; sample++) {
                samples[train.label(sample)]++;
                int first = sample * train.shape().size() + 1;
                for (int input = first; input < first + TemporalTask.GROUP; input++) {
                    counts[train.label(sample)] += train.pixels()[input] != 0 ? 1 : 0;
                }
            }
            assertThat(counts[0] / samples[0]).isEqualTo(counts[1] / samples[1], within(0.5));
        }
    }
}
