package org.ibhebb.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Random sequences of writes, of which some are taken back, against a memory that only saw those that were committed: the
 * same to the bit.
 */
class RollbackTest extends EveryWorkingMemory {

    @Override
    void check(long seed, Supplier<WorkingMemory> kind) {
        Random random = new Random(seed);
        Slots slots = new Slots(2 + random.nextInt(7));
        WorkingMemory tried = kind.get();
        WorkingMemory committed = kind.get();
        int width = 3;
        for (int step = 0; step < 25; step++) {
            // As many as the memory holds now and then, so that nothing remains and another width may come.
            int batch = 1 + random.nextInt(random.nextInt(4) == 0 ? 3 * slots.capacity() : 3);
            List<Placement> plan = slots.plan(batch);
            int stepWidth = plan.get(0).remembered() == 0 && random.nextInt(3) == 0 ? 2 + random.nextInt(3) : width;
            boolean rare = random.nextInt(8) == 0;
            INDArray rows = Nd4j.create(DataType.FLOAT, batch, stepWidth);
            for (int i = 0; i < batch; i++) {
                if (rare) {
                    for (int column = 0; column < stepWidth; column++) {
                        rows.putScalar(i, column, random.nextFloat());
                    }
                } else {
                    rows.putScalar(i, random.nextInt(stepWidth), 1);
                }
            }
            boolean asks = random.nextInt(4) > 0;
            List<List<Float>> seen = write(tried, plan, rows, asks);
            if (random.nextInt(3) == 0) {
                tried.rollback();
                continue;
            }
            tried.commit();
            slots.commit(plan);
            width = stepWidth;
            assertThat(seen).as("step " + step).isEqualTo(write(committed, plan, rows, asks));
            committed.commit();
        }
    }

    /** What the memory shows after each write. */
    private static List<List<Float>> write(WorkingMemory memory, List<Placement> plan, INDArray rows, boolean asks) {
        List<List<Float>> shown = new ArrayList<>();
        for (Placement placement : plan) {
            memory.write(placement.part(rows), placement);
            SlotRows window = memory.window(placement);
            shown.add(values(window.rows(), placement.window()));
            INDArray products = asks ? window.products() : null;
            if (products != null) {
                shown.add(values(products, placement.window()));
            }
        }
        return shown;
    }

    private static List<Float> values(INDArray matrix, int rows) {
        List<Float> values = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < Math.min(rows, matrix.columns()); column++) {
                values.add(matrix.getFloat(row, column));
            }
        }
        return values;
    }

    /** One after the other without a commit between them, as no plan of a mini-batch has it. */
    @Test
    void severalStepsAreTakenBackAtOnce() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            Slots slots = new Slots(5);
            WorkingMemory tried = RingBuffer.ofAnyWidth();
            WorkingMemory committed = RingBuffer.ofAnyWidth();
            for (int step = 0; step < 3 + random.nextInt(4); step++) {
                List<Placement> plan = slots.plan(1 + random.nextInt(3));
                INDArray rows = Nd4j.rand(DataType.FLOAT, plan.get(0).count(), 40);
                write(tried, plan, rows, true);
                write(committed, plan, rows, true);
                slots.commit(plan);
            }
            tried.commit();
            committed.commit();
            Slots ahead = new Slots(5);
            ahead.commit(List.of(new Placement(0, 0, slots.plan(1).get(0).slot(), slots.filled(), 5)));
            for (int step = 0; step < 4; step++) {
                List<Placement> plan = ahead.plan(1 + random.nextInt(4));
                write(tried, plan, Nd4j.rand(DataType.FLOAT, plan.get(0).count(), 40), random.nextBoolean());
                ahead.commit(plan);
            }
            tried.rollback();
            List<Placement> plan = slots.plan(2);
            INDArray rows = Nd4j.rand(DataType.FLOAT, 2, 40);
            assertThat(write(tried, plan, rows, true)).isEqualTo(write(committed, plan, rows, true));
        }
    }

    /** More than there is: the size, and what to do about it. */
    @Test
    void whatMemoryCantHoldIsNamed() {
        assertThatThrownBy(() -> SlotStore.create(DataType.FLOAT, 1L << 30, 1L << 20))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("[1073741824, 1048576]", "FLOAT", "GB", "smaller memory");
        assertThatThrownBy(() -> new StepBuffers().get("window", DataType.DOUBLE, 'c', 1L << 20, 1L << 20))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("GB", "smaller memory");
    }

    /** A large capacity costs nothing before it is used. */
    @Test
    void ringsGrowWithUse() {
        Slots slots = new Slots(Integer.MAX_VALUE);
        WorkingMemory ring = RingBuffer.ofAnyWidth();
        for (int step = 0; step < 100; step++) {
            List<Placement> plan = slots.plan(7);
            ring.write(Nd4j.valueArrayOf(new long[] {7, 8}, step, DataType.FLOAT), plan.get(0));
            slots.commit(plan);
            ring.commit();
        }
        INDArray rows = ring.window(slots.plan(1).get(0)).rows();
        assertThat(rows.rows()).isBetween(700, 1400);
        for (int row = 0; row < 700; row++) {
            assertThat(rows.getDouble(row, 7)).isEqualTo(row / 7);
        }
    }
}
