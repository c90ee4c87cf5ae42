package org.ibhebb.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.ibhebb.internal.state.State;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The ring against a queue. */
class RingBufferTest {

    /** Some steps count, and others are taken back; whoever asks for inner products gets what the rows have. */
    @Property(tries = 200)
    void remembersTheLastSamples(
            @ForAll @IntRange(min = 2, max = 9) int capacity,
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 25) Integer> batches,
            @ForAll long seed) {
        Random random = new Random(seed);
        Slots slots = new Slots(capacity);
        WorkingMemory ring = RingBuffer.ofAnyWidth();
        Deque<Double> counted = new ArrayDeque<>();
        int samples = 0;
        double next = 0;
        for (int batch : batches) {
            Deque<Double> queue = new ArrayDeque<>(counted);
            INDArray rows = Nd4j.create(DataType.DOUBLE, batch, 2);
            for (int i = 0; i < batch; i++) {
                rows.putScalar(i, 0, next);
                rows.putScalar(i, 1, -next);
                next++;
            }
            List<Placement> plan = slots.plan(batch);
            for (Placement placement : plan) {
                INDArray current = placement.part(rows);
                while (queue.size() > capacity - placement.count()) {
                    queue.removeFirst();
                }
                ring.write(current, placement);
                assertThat(placement.window()).isEqualTo(placement.count() + queue.size());
                List<Double> remembered = new ArrayList<>();
                INDArray held = ring.window(placement).rows();
                for (int slot = 0; slot < placement.window(); slot++) {
                    assertThat(held.getDouble(slot, 1)).isEqualTo(-held.getDouble(slot, 0));
                    remembered.add(held.getDouble(slot, 0));
                }
                for (int row = 0; row < placement.count(); row++) {
                    double sample = current.getDouble(row, 0);
                    assertThat(remembered.get((placement.slot() + row) % placement.window())).isEqualTo(sample);
                    queue.addLast(sample);
                }
                assertThat(remembered).containsExactlyInAnyOrderElementsOf(queue);
                if (random.nextInt(3) > 0) {
                    assertProducts(ring.window(placement).products(), remembered);
                }
            }
            if (random.nextInt(3) == 0) {
                ring.rollback();
                continue;
            }
            ring.commit();
            slots.commit(plan);
            counted = queue;
            samples += batch;
            assertThat(slots.filled()).isEqualTo(Math.min(capacity, samples));
        }
    }

    /** Of rows that hold a value and its opposite. */
    private static void assertProducts(INDArray products, List<Double> values) {
        for (int i = 0; i < values.size(); i++) {
            for (int j = 0; j < values.size(); j++) {
                assertThat(products.getDouble(i, j)).as("%s, %s of %s", i, j, values)
                        .isEqualTo(2 * values.get(i) * values.get(j), within(1e-9));
            }
        }
    }

    private static Placement write(WorkingMemory ring, Slots slots, double... values) {
        List<Placement> plan = slots.plan(values.length);
        INDArray rows = Nd4j.createFromArray(values).reshape(values.length, 1);
        ring.write(rows, plan.get(0));
        slots.commit(plan);
        return plan.get(0);
    }

    /** They cost as much as the window is large, and only those of new rows are formed at each step. */
    @Test
    void productsOfRowsThatStayAreKept() {
        Slots slots = new Slots(6);
        WorkingMemory ring = RingBuffer.ofAnyWidth();
        Placement first = write(ring, slots, 2, 3);
        assertThat(ring.window(first).products().getDouble(0, 1)).isEqualTo(6);
        // What nothing does: whoever forms products of it anew sees it.
        ring.window(first).rows().putScalar(0, 0, 10);
        Placement second = write(ring, slots, 5, 7);
        INDArray products = ring.window(second).products();
        assertThat(products.getDouble(0, 1)).as("kept").isEqualTo(6);
        assertThat(products.getDouble(3, 2)).isEqualTo(35);
        assertThat(products.getDouble(2, 0)).isEqualTo(50);
        // Two writes that nobody asked after.
        write(ring, slots, 1);
        Placement last = write(ring, slots, 4);
        products = ring.window(last).products();
        assertThat(products.getDouble(0, 1)).as("formed anew").isEqualTo(30);
        assertThat(products.getDouble(4, 5)).isEqualTo(4);
    }

    /** Of what was looked at and taken back, after a commit or after it has been restored. */
    @Test
    void productsAreKeptWhereAStepIsTakenBack() {
        for (boolean restored : new boolean[] {false, true}) {
            Slots slots = new Slots(6);
            WorkingMemory first = RingBuffer.ofAnyWidth();
            first.window(write(first, slots, 2, 3)).products();
            first.commit();
            WorkingMemory ring = restored ? RingBuffer.ofAnyWidth() : first;
            if (restored) {
                stateOf(first, slots).into(store -> ring.state(store, slots.filled()), DataType.DOUBLE);
            }
            Placement looked = slots.plan(2).get(0);
            ring.write(Nd4j.createFromArray(5.0, 7.0).reshape(2, 1), looked);
            ring.window(looked).products();
            ring.rollback();
            ring.window(looked).rows().putScalar(0, 0, 10);
            INDArray products = ring.window(write(ring, slots, 11)).products();
            assertThat(products.getDouble(0, 1)).as("kept").isEqualTo(6);
            assertThat(products.getDouble(2, 1)).isEqualTo(33);
        }
    }

    /** A step of the size of those before it allocates nothing. */
    @Test
    void slotsAndProductsAreUsedAgain() {
        Slots slots = new Slots(4);
        WorkingMemory ring = RingBuffer.ofAnyWidth();
        Placement full = write(ring, slots, 1, 2, 3, 4);
        INDArray rows = ring.window(full).rows();
        INDArray products = ring.window(full).products();
        assertThat(rows.rows()).isEqualTo(4);
        Placement next = write(ring, slots, 5);
        assertThat(ring.window(next).rows()).isSameAs(rows);
        assertThat(ring.window(next).products()).isSameAs(products);
    }

    /** Formed of a few rows at a time, they could differ in the last bit from those of all rows at once. */
    @Test
    void productsAreSavedWhereThereAreAny() {
        Slots slots = new Slots(4);
        WorkingMemory ring = RingBuffer.ofAnyWidth();
        Placement last = write(ring, slots, 2, 3);
        ring.commit();
        assertThat(stateOf(ring, slots).names()).doesNotContain("products");
        ring.window(last).products();
        ring.commit();
        State state = stateOf(ring, slots);
        assertThat(((State.Numbers) state.get("products")).toDoubles()).containsExactly(4, 6, 6, 9);
        write(ring, slots, 5);
        ring.commit();
        assertThat(stateOf(ring, slots).names()).as("older than the rows").doesNotContain("products");

        // Into a memory that has been at something else.
        WorkingMemory used = RingBuffer.ofAnyWidth();
        Slots its = new Slots(4);
        write(used, its, 7, 8, 9);
        used.commit();
        used.window(write(used, its, 1)).products();
        state.into(store -> used.state(store, 2), DataType.DOUBLE);
        used.rollback();
        Slots two = new Slots(4);
        two.commit(two.plan(2));
        assertThat(stateOf(used, two)).isEqualTo(state);
        assertThat(used.window(write(used, two, 5)).products().getDouble(2, 1)).isEqualTo(15);
    }

    private static State stateOf(WorkingMemory ring, Slots slots) {
        return State.of(store -> ring.state(store, slots.filled()));
    }

    @Test
    void whatWasPutBackIsNotPutBackOnceMore() {
        INDArray matrix = Nd4j.createFromArray(new double[][] {{1, 2}, {3, 4}});
        Overwritten overwritten = new Overwritten();
        overwritten.save(matrix, 1, 1);
        matrix.putScalar(1, 0, 7);
        overwritten.putBack(matrix, false);
        assertThat(matrix.getDouble(1, 0)).isEqualTo(3);
        matrix.putScalar(1, 0, 8);
        overwritten.putBack(matrix, false);
        assertThat(matrix.getDouble(1, 0)).isEqualTo(8);
    }
}
