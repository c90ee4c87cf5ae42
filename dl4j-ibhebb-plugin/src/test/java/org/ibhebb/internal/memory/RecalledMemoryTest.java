package org.ibhebb.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.ibhebb.Fixtures;
import org.ibhebb.internal.state.State;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.memory.DelayLines;
import org.ibhebb.rule.LearningRule;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What is recalled by delay lines, which lose nothing, against what a ring holds; and projections. */
class RecalledMemoryTest {

    private static final Recaller EXACT = DelayLines.recaller(3, 9, 1 << 20);
    private static final Recaller TO_FOUR = DelayLines.recaller(4, 9, 4);
    private static final double CLOSE = 1e-5;

    /** Any number of blocks of columns, of which the last may be narrower; steps that count, and steps taken back. */
    @Property(tries = 100)
    void delayLinesShowWhatARingHolds(@ForAll long seed) {
        Random random = new Random(seed);
        assertLikeARing(random, () -> RecalledMemory.ofAnyWidth(EXACT, Sharpening::none), 1 + random.nextInt(10),
                rows -> Nd4j.rand(DataType.FLOAT, rows[0], rows[1]).subi(0.5));
    }

    /** One-hot ones, and, once one was soft, any. */
    @Property(tries = 50)
    void delayLinesShowTheLabelsThatARingHolds(@ForAll long seed) {
        Random random = new Random(seed);
        boolean soft = random.nextBoolean();
        assertLikeARing(random, () -> RecalledMemory.ofAnyWidth(EXACT, () -> Sharpening.of(Labels.Encoding.CLASSES)), 5,
                rows -> soft ? Nd4j.rand(DataType.FLOAT, rows[0], rows[1])
                        : Fixtures.oneHot(random.nextLong(), rows[0], rows[1]).castTo(DataType.FLOAT));
    }

    /** Inputs that are no wider than those that the network projects to. */
    @Property(tries = 50)
    void narrowInputsAreNotProjected(@ForAll long seed) {
        Random random = new Random(seed);
        assertLikeARing(random, () -> inputs(TO_FOUR), 1 + random.nextInt(4),
                rows -> Nd4j.rand(DataType.FLOAT, rows[0], rows[1]));
    }

    /** Makes samples of so many rows and columns. */
    @FunctionalInterface
    private interface Drawing {
        INDArray of(int... shape);
    }

    private static void assertLikeARing(Random random, Supplier<WorkingMemory> kind, int width, Drawing drawing) {
        WorkingMemory recalling = kind.get();
        WorkingMemory ring = RingBuffer.ofAnyWidth();
        // The network recalls eight, beside one that is there.
        Slots slots = new Slots(2 + random.nextInt(8));
        for (int step = 0; step < 20; step++) {
            int batch = 1 + random.nextInt(random.nextInt(4) == 0 ? 2 * slots.capacity() : 3);
            INDArray rows = drawing.of(batch, width);
            List<Placement> plan = slots.plan(batch);
            for (Placement placement : plan) {
                recalling.write(placement.part(rows), placement);
                ring.write(placement.part(rows), placement);
                INDArray recalled = recalling.window(placement).rows();
                INDArray held = ring.window(placement).rows();
                for (int slot = 0; slot < placement.window(); slot++) {
                    for (int column = 0; column < width; column++) {
                        assertThat(recalled.getDouble(slot, column))
                                .as("step %s, slot %s, column %s", step, slot, column)
                                .isEqualTo(held.getDouble(slot, column), within(CLOSE));
                    }
                }
            }
            if (random.nextInt(3) == 0) {
                recalling.rollback();
                ring.rollback();
            } else {
                recalling.commit();
                ring.commit();
                slots.commit(plan);
            }
        }
    }

    private static WorkingMemory inputs(Recaller network) {
        return new ProjectedMemory(network, RecalledMemory.ofAnyWidth(network, Sharpening::none));
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Projected inputs
    // ----------------------------------------------------------------------------------------------------------------

    private static INDArray projected(WorkingMemory memory, INDArray rows) {
        Placement all = new Slots(rows.rows()).plan(rows.rows()).get(0);
        memory.write(rows, all);
        memory.commit();
        return memory.window(all).rows().dup();
    }

    /** A projection is linear, and the same each time it is made. */
    @Test
    void wideInputsAreProjected() {
        INDArray rows = Fixtures.noise(3, 9, 40).castTo(DataType.FLOAT);
        INDArray shown = projected(inputs(TO_FOUR), rows);
        assertThat(shown.shape()).containsExactly(9, 4);
        assertThat(projected(inputs(TO_FOUR), rows)).isEqualTo(shown);
        INDArray sums = rows.getRows(0, 1, 2).add(rows.getRows(3, 4, 5).mul(2));
        INDArray expected = shown.getRows(0, 1, 2).add(shown.getRows(3, 4, 5).mul(2));
        assertThat(projected(inputs(TO_FOUR), sums).equalsWithEps(expected, CLOSE)).isTrue();
        assertThat(shown.getRow(0).equalsWithEps(shown.getRow(1), 0.1)).isFalse();
    }

    /** The mean square over the columns stays what it is, on average: 4 x 400 weights are off by a few per cent. */
    @Test
    void projectedInputsAreAsLargeAsTheyWere() {
        INDArray rows = Fixtures.noise(4, 300, 400).castTo(DataType.FLOAT);
        double before = Transforms.pow(rows, 2).meanNumber().doubleValue();
        double after = Transforms.pow(projected(inputs(TO_FOUR), rows), 2).meanNumber().doubleValue();
        assertThat(after / before).isCloseTo(1, within(0.15));
    }

    /** Once nothing of the others remains. */
    @Test
    void inputsOfAnotherWidthOrTypeHaveAProjectionOfTheirOwn() {
        INDArray rows = Fixtures.noise(5, 6, 40);
        for (INDArray others : List.of(
                Fixtures.noise(6, 6, 30), rows.castTo(DataType.FLOAT), Fixtures.noise(7, 6, 3))) {
            WorkingMemory memory = inputs(TO_FOUR);
            projected(memory, rows);
            INDArray shown = projected(memory, others);
            assertThat(shown.dataType()).isEqualTo(others.dataType());
            assertThat(shown).isEqualTo(projected(inputs(TO_FOUR), others));
            memory.rollback();
            assertThat(projected(memory, rows)).isEqualTo(projected(inputs(TO_FOUR), rows));
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Of rules
    // ----------------------------------------------------------------------------------------------------------------

    @Test
    void rulesSayWhichKindOfMemoryThereIs() {
        LearningRule exact = LearningRule.builder().memory(9).build();
        LearningRule recalled = LearningRule.builder().memory(DelayLines.recalling(3, 9), 9).build();
        INDArray wide = Fixtures.noise(8, 2, 5);
        for (LearningRule rule : List.of(exact, recalled)) {
            for (WorkingMemory memory : List.of(WorkingMemory.ofActivations(rule), WorkingMemory.ofInputs(rule),
                    WorkingMemory.ofLabels(rule, Labels.Encoding.CLASSES))) {
                Slots slots = new Slots(9);
                List<Placement> plan = slots.plan(2);
                memory.write(wide, plan.get(0));
                memory.commit();
                slots.commit(plan);
                Placement next = slots.plan(1).get(0);
                memory.write(wide.getRows(0), next);
                // Kept exactly, or recalled, which alone has nothing to say of inner products.
                assertThat(memory.window(next).products() == null).isEqualTo(rule == recalled);
            }
        }
    }

    @Test
    void whatIsNoLabelAnyMoreIsNotSharpened() {
        WorkingMemory memory = WorkingMemory.ofLabels(
                LearningRule.builder().memory(DelayLines.recalling(3, 9), 9).build(), Labels.Encoding.CLASSES);
        Slots slots = new Slots(9);
        INDArray soft = Nd4j.createFromArray(new double[][] {{0.25, 0.75, 0}});
        memory.write(soft, slots.plan(1).get(0));
        memory.rollback();
        // What was taken back has not been seen: recalled labels are one-hot ones again.
        memory.write(Nd4j.createFromArray(new double[][] {{0, 1, 0}}), slots.plan(1).get(0));
        memory.commit();
        slots.commit(slots.plan(1));
        memory.write(Nd4j.createFromArray(new double[][] {{1, 0, 0}}), slots.plan(1).get(0));
        assertThat(memory.window(slots.plan(1).get(0)).rows().getRow(0).toDoubleVector()).containsExactly(0, 1, 0);
    }

    /** Recall is never quite exact: here it has faded to 0.7. */
    @Test
    void faintLabelsAreMadeLabels() {
        Recollection recollection = Recollection.ofLabels(EXACT, Labels.Encoding.CLASSES, 5);
        recollection.take(new float[] {0, 0, 1, 0, 0});
        recollection.take(new float[] {1, 0, 0, 0, 0});
        for (int i = 0; i < recollection.states().length; i++) {
            recollection.states()[i] *= 0.7f;
        }
        float[] recalled = recollection.recall(2);
        assertThat(recalled).containsExactly(1, 0, 0, 0, 0, 0, 0, 1, 0, 0);
        assertThat(recollection.recall(2)).isSameAs(recalled);
        assertThat(recollection.seenOnlyPlain()).isTrue();
        recollection.take(new float[] {0.5f, 0.5f, 0, 0, 0});
        assertThat(recollection.seenOnlyPlain()).isFalse();
        assertThat(recollection.recall(2)[5]).isCloseTo(0.7f, within((float) CLOSE));
    }

    /** Into one that has been at something else: there is nothing of that to go back to. */
    @Test
    void whatIsRestoredIsNotTakenBack() {
        RecalledMemory memory = new RecalledMemory(EXACT, Sharpening.none(), DataType.FLOAT, 4);
        Placement first = new Slots(4).plan(1).get(0);
        memory.write(Nd4j.ones(DataType.FLOAT, 1, 4), first);
        memory.commit();
        State state = State.of(store -> memory.state(store, 1));
        memory.write(Nd4j.zeros(DataType.FLOAT, 1, 4), first);
        memory.commit();
        memory.write(Nd4j.zeros(DataType.FLOAT, 1, 4), first);
        state.into(store -> memory.state(store, 1), DataType.FLOAT);
        memory.rollback();
        assertThat(State.of(store -> memory.state(store, 1))).isEqualTo(state);
    }

    @Test
    void aSampleThatIsNotThereCannotBeRecalled() {
        Recollection recollection = Recollection.ofActivations(EXACT, 4);
        assertThat(recollection.states()).hasSize(2 * EXACT.units());
        recollection.take(new float[] {1, 2, 3, 4});
        recollection.take(new float[] {5, 6, 7, 8});
        float[] recalled = recollection.recall(2);
        assertThat(recalled).containsExactly(new float[] {5, 6, 7, 8, 1, 2, 3, 4}, within((float) CLOSE));
        assertThat(recollection.recall(1)).startsWith(recalled[0], recalled[1]).isSameAs(recalled);
        assertThatThrownBy(() -> new RecalledMemory(EXACT, Sharpening.none(), DataType.FLOAT, 4)
                .write(Nd4j.ones(DataType.FLOAT, 1, 5), new Slots(4).plan(1).get(0)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
