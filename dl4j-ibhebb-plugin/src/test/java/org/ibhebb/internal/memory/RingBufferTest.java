package org.ibhebb.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The ring against a queue. */
class RingBufferTest {

    @Property(tries = 200)
    void remembersTheLastSamples(
            @ForAll @IntRange(min = 2, max = 9) int capacity,
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 25) Integer> batches) {
        Slots slots = new Slots(capacity);
        WorkingMemory ring = RingBuffer.ofAnyWidth();
        Deque<Double> queue = new ArrayDeque<>();
        double next = 0;
        for (int batch : batches) {
            INDArray rows = Nd4j.create(DataType.DOUBLE, batch, 2);
            for (int i = 0; i < batch; i++) {
                rows.putScalar(i, 0, next);
                rows.putScalar(i, 1, -next);
                next++;
            }
            List<Placement> plan = slots.plan(batch);
            for (Placement placement : plan) {
                INDArray current = rows.get(
                        NDArrayIndex.interval(placement.from(), placement.from() + placement.count()),
                        NDArrayIndex.all());
                while (queue.size() > capacity - placement.count()) {
                    queue.removeFirst();
                }
                ring.write(current, placement);
                assertThat(placement.window()).isEqualTo(placement.count() + queue.size());
                List<Double> remembered = new ArrayList<>();
                for (int slot = 0; slot < placement.window(); slot++) {
                    assertThat(ring.window(placement).rows().getDouble(slot, 1)).isEqualTo(-ring.window(placement).rows().getDouble(slot, 0));
                    remembered.add(ring.window(placement).rows().getDouble(slot, 0));
                }
                for (int row = 0; row < placement.count(); row++) {
                    double sample = current.getDouble(row, 0);
                    assertThat(remembered.get((placement.slot() + row) % placement.window())).isEqualTo(sample);
                    queue.addLast(sample);
                }
                assertThat(remembered).containsExactlyInAnyOrderElementsOf(queue);
            }
            slots.commit(plan);
            assertThat(slots.filled()).isEqualTo(Math.min(capacity, (int) next));
        }
    }
}
