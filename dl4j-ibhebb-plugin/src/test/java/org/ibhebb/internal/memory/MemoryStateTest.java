package org.ibhebb.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.internal.state.State;
import org.ibhebb.internal.state.Stateful;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A memory that was saved and brought back shows what the other one does, to the bit; what can't be one is refused. */
class MemoryStateTest extends EveryWorkingMemory {

    @Override
    void check(long seed, Supplier<WorkingMemory> kind) {
        Random random = new Random(seed);
        Slots slots = new Slots(2 + random.nextInt(7));
        WorkingMemory memory = kind.get();
        DataType type = random.nextBoolean() ? DataType.FLOAT : DataType.DOUBLE;
        int width = 2 + random.nextInt(4);
        boolean soft = random.nextInt(3) == 0;
        int before = random.nextInt(12);
        for (int step = 0; step < before; step++) {
            write(memory, slots, rows(random, slots, type, width, soft), random.nextInt(3) > 0);
        }
        // A step that does not count leaves nothing of itself in what is saved.
        State quiet = stateOf(memory, slots);
        if (random.nextBoolean()) {
            INDArray looked = rows(random, slots, type, width, soft);
            List<Placement> plan = slots.plan(looked.rows());
            plan.forEach(placement -> {
                memory.write(placement.part(looked), placement);
                memory.window(placement).products();
            });
            memory.rollback();
            assertThat(quantities(stateOf(memory, slots))).isEqualTo(quantities(quiet));
        }
        State state = stateOf(memory, slots);
        WorkingMemory restored = kind.get();
        Slots itsSlots = new Slots(slots.capacity());
        state.into(store -> {
            store.part("slots", itsSlots);
            store.part("memory", part -> restored.state(part, itsSlots.filled()));
        }, type);
        assertThat(stateOf(restored, itsSlots)).isEqualTo(state);
        assertThat(itsSlots.filled()).isEqualTo(slots.filled());
        // What is taken back is taken back to what was restored.
        INDArray looked = rows(random, slots, type, width, soft);
        itsSlots.plan(looked.rows()).forEach(placement -> restored.write(placement.part(looked), placement));
        restored.rollback();
        for (int step = 0; step < 8; step++) {
            INDArray rows = rows(random, slots, type, width, soft);
            boolean asks = random.nextBoolean();
            assertThat(write(restored, itsSlots, rows, asks)).isEqualTo(write(memory, slots, rows, asks));
        }
    }

    /** But for the room that there is, which is made again when it is needed. */
    private static List<String> quantities(State state) {
        List<String> lines = new ArrayList<>();
        for (String name : state.names()) {
            Object value = state.get(name);
            if (!name.endsWith("/slots") && !name.endsWith("/compared") && !name.endsWith("/products")) {
                lines.add(name + value
                        + (value instanceof State.Numbers numbers ? Arrays.toString(numbers.toDoubles()) : ""));
            }
        }
        return lines;
    }

    private static State stateOf(WorkingMemory memory, Slots slots) {
        return State.of(store -> {
            store.part("slots", slots);
            store.part("memory", part -> memory.state(part, slots.filled()));
        });
    }

    private static INDArray rows(Random random, Slots slots, DataType type, int width, boolean soft) {
        int batch = 1 + random.nextInt(random.nextInt(4) == 0 ? 2 * slots.capacity() : 3);
        INDArray rows = Nd4j.create(type, batch, width);
        for (int i = 0; i < batch; i++) {
            for (int column = 0; soft && column < width; column++) {
                rows.putScalar(i, column, random.nextFloat());
            }
            rows.putScalar(i, random.nextInt(width), 1);
        }
        return rows;
    }

    /** What the memory shows after each write, which counts. */
    private static List<List<Double>> write(WorkingMemory memory, Slots slots, INDArray rows, boolean asks) {
        List<List<Double>> shown = new ArrayList<>();
        List<Placement> plan = slots.plan(rows.rows());
        for (Placement placement : plan) {
            memory.write(placement.part(rows), placement);
            SlotRows window = memory.window(placement);
            shown.add(values(window.rows(), placement.window(), window.rows().columns()));
            INDArray products = asks ? window.products() : null;
            if (products != null) {
                shown.add(values(products, placement.window(), placement.window()));
            }
        }
        memory.commit();
        slots.commit(plan);
        return shown;
    }

    private static List<Double> values(INDArray matrix, int rows, int columns) {
        List<Double> values = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                values.add(matrix.getDouble(row, column));
            }
        }
        return values;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Refused
    // ----------------------------------------------------------------------------------------------------------------

    private static void refused(Stateful saved, Stateful into, String... words) {
        State state = State.of(saved);
        assertThatThrownBy(() -> state.into(into, DataType.FLOAT)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words);
    }

    private static Stateful slots(long capacity, long next, long filled) {
        return store -> {
            store.fixed("capacity", capacity);
            store.count("next", next, 0, 0);
            store.count("filled", filled, 0, 0);
        };
    }

    @Test
    void slotsThatCannotBeAreRefused() {
        refused(slots(6, 0, 0), new Slots(5), "'capacity'", "6", "5");
        refused(slots(5, 5, 5), new Slots(5), "'next'", "5", "from 0 to 4");
        refused(slots(5, -1, 5), new Slots(5), "'next'", "-1");
        refused(slots(5, 0, 6), new Slots(5), "'filled'", "6", "from 0 to 5");
        refused(slots(5, 0, -1), new Slots(5), "'filled'", "-1");
        refused(slots(5, 3, 2), new Slots(5), "goes on in slot 3 while 2 are filled");
        for (Stateful can : List.of(slots(5, 0, 0), slots(5, 4, 4), slots(5, 0, 5), slots(5, 4, 5), slots(5, 2, 5))) {
            assertThatCode(() -> State.of(can).into(new Slots(5), DataType.FLOAT)).doesNotThrowAnyException();
        }
    }

    /** As a file may have it, of which only the form is right. */
    private static Stateful ring(String type, long width, long slots, int filled, DataType of, boolean compared) {
        return store -> {
            store.flag("empty", false);
            store.text("type", type);
            store.count("width", width, 0, 0);
            store.count("slots", slots, 0, 0);
            store.array("rows", Nd4j.ones(of, filled, Math.max(1, width)));
            store.flag("compared", compared);
            if (compared) {
                store.array("products", Nd4j.ones(of, filled, filled));
            }
        };
    }

    @Test
    void ringsThatCannotBeAreRefused() {
        Stateful three = store -> RingBuffer.ofAnyWidth().state(store, 3);
        assertThatCode(() -> State.of(ring("FLOAT", 2, 3, 3, DataType.FLOAT, true)).into(three, DataType.FLOAT))
                .doesNotThrowAnyException();
        assertThatCode(() -> State.of(ring("FLOAT", 2, 6, 3, DataType.FLOAT, false)).into(three, DataType.FLOAT))
                .doesNotThrowAnyException();
        refused(ring("HALF", 2, 3, 3, DataType.FLOAT, false), three, "another type than FLOAT and DOUBLE");
        refused(ring("FLOAT", 0, 3, 3, DataType.FLOAT, false), three, "'width'", "0");
        refused(ring("FLOAT", 2, 2, 3, DataType.FLOAT, false), three, "'slots'", "2", "from 3 to 6");
        refused(ring("FLOAT", 2, 7, 3, DataType.FLOAT, false), three, "'slots'", "7");
        refused(ring("FLOAT", 2, 4, 4, DataType.FLOAT, false), three, "'rows'", "[4, 2]", "[3, 2]");
        refused(ring("DOUBLE", 2, 3, 3, DataType.FLOAT, false), three, "another type than it says");
        refused(ring("FLOAT", 2, 3, 3, DataType.DOUBLE, false), three, "'rows'", "DOUBLE", "FLOAT");
        Stateful none = store -> RingBuffer.ofAnyWidth().state(store, 0);
        refused(store -> {
            store.flag("empty", false);
            store.text("type", "FLOAT");
            store.count("width", 2, 0, 0);
            store.count("slots", 0, 0, 0);
            store.flag("compared", true);
        }, none, "comparisons of no rows");
    }

    /** A width is not believed before there are as many numbers as its reservoirs have. */
    @Test
    void recalledMemoriesThatCannotBeAreRefused() {
        Stateful recalled = store -> RecalledMemory.ofAnyWidth(RECALLING, Sharpening::none).state(store, 1);
        refused(store -> {
            store.flag("empty", false);
            store.text("type", "FLOAT");
            store.count("width", Integer.MAX_VALUE, 0, 0);
        }, recalled, "too few numbers", String.valueOf(Integer.MAX_VALUE));
        int units = RECALLING.units();
        refused(recalled(units - 1, RECALLING.checksum()), recalled, "too few numbers");
        refused(recalled(units + 1, RECALLING.checksum()), recalled, "'states'", String.valueOf(units));
        refused(recalled(units, "another"), recalled, "'network'", "another");
        assertThatCode(() -> State.of(recalled(units, RECALLING.checksum())).into(recalled, DataType.FLOAT))
                .doesNotThrowAnyException();
    }

    private static Stateful recalled(int states, String network) {
        return store -> {
            store.flag("empty", false);
            store.text("type", "FLOAT");
            store.count("width", RECALLING.width(), 0, 0);
            store.fixed("network", network);
            store.floats("states", new float[states]);
            store.flag("onlyPlain", true);
        };
    }

    @Test
    void rowsOfAnotherWidthAreRefusedWhileOthersAreRemembered() {
        for (WorkingMemory memory : List.of(RingBuffer.ofAnyWidth(),
                RecalledMemory.ofAnyWidth(RECALLING, Sharpening::none))) {
            Slots slots = new Slots(4);
            write(memory, slots, Nd4j.ones(DataType.FLOAT, 2, 3), false);
            Placement next = slots.plan(1).get(0);
            assertThatThrownBy(() -> memory.write(Nd4j.ones(DataType.FLOAT, 1, 2), next))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("width 3 and type FLOAT", "width 2 and type FLOAT", "keep one shape");
            assertThatThrownBy(() -> memory.write(Nd4j.ones(DataType.DOUBLE, 1, 3), next))
                    .hasMessageContainingAll("width 3 and type FLOAT", "width 3 and type DOUBLE");
            memory.rollback();
            // As many as the memory holds leave no room for others.
            assertThat(write(memory, slots, Nd4j.ones(DataType.DOUBLE, 4, 2), false).get(0)).hasSize(8);
        }
        for (WorkingMemory memory : List.of(new RingBuffer(DataType.FLOAT, 3),
                new RecalledMemory(RECALLING, Sharpening.none(), DataType.FLOAT, 3))) {
            assertThatThrownBy(() -> memory.write(Nd4j.ones(DataType.FLOAT, 1, 2), new Slots(4).plan(1).get(0)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("another width or type");
        }
    }

    @Test
    void buffersAreUsedAgainWhereTheyFit() {
        StepBuffers buffers = new StepBuffers();
        INDArray first = buffers.get("a", DataType.FLOAT, 'c', 3, 4);
        assertThat(first.shape()).containsExactly(3, 4);
        first.assign(7);
        assertThat(buffers.get("a", DataType.FLOAT, 'c', 3, 4)).isSameAs(first);
        assertThat(buffers.get("b", DataType.FLOAT, 'c', 3, 4).sumNumber().doubleValue()).isZero();
        // The same memory up to twice the length, in any order and shape.
        INDArray turned = buffers.get("a", DataType.FLOAT, 'f', 4, 6);
        assertThat(turned.ordering()).isEqualTo('f');
        assertThat(turned.shape()).containsExactly(4, 6);
        assertThat(turned.sumNumber().doubleValue()).isEqualTo(7 * 12);
        assertThat(buffers.get("a", DataType.FLOAT, 'c', 5, 5).sumNumber().doubleValue()).isZero();
        assertThat(buffers.get("a", DataType.DOUBLE, 'c', 5, 5).dataType()).isEqualTo(DataType.DOUBLE);
    }

    @Test
    void windowsOfAMiniBatchAreInOrder() {
        Slots slots = new Slots(4);
        assertThat(slots.plan(3)).containsExactly(new Placement(0, 3, 0, 0, 4));
        slots.commit(slots.plan(3));
        // Nine of them in a memory of four that holds three: four, four, and one beside three.
        List<Placement> plan = slots.plan(9);
        assertThat(plan).containsExactly(new Placement(0, 4, 0, 3, 4), new Placement(4, 4, 0, 4, 4),
                new Placement(8, 1, 0, 4, 4));
        assertThat(plan.get(0).remembered()).isZero();
        assertThat(plan.get(2).remembered()).isEqualTo(3);
        assertThat(plan.get(2).window()).isEqualTo(4);
        slots.commit(plan);
        assertThat(slots.filled()).isEqualTo(4);
        Placement around = slots.plan(3).get(0);
        assertThat(around).isEqualTo(new Placement(0, 3, 1, 4, 4));
        assertThat(around.wraps()).isFalse();
        slots.commit(List.of(around));
        Placement further = slots.plan(2).get(0);
        assertThat(further.slot()).isZero();
        assertThat(new Placement(0, 3, 2, 4, 4).beforeEnd()).isEqualTo(2);
        assertThat(new Placement(0, 3, 2, 4, 4).wraps()).isTrue();
    }

    @Test
    void aMemoryNetworkSaysWhatItIs() {
        assertThat(RECALLING.blocks(RECALLING.width())).isEqualTo(1);
        assertThat(RECALLING.blocks(RECALLING.width() + 1)).isEqualTo(2);
        assertThat(RECALLING.blocks(2 * RECALLING.width())).isEqualTo(2);
        assertThat(RECALLING).hasToString(RECALLING.reference().toString());
        assertThat(RECALLING.reference().checksum()).isEqualTo(RECALLING.checksum()).hasSize(64);
        assertThat(RECALLING.recall()).isEqualTo(RECALLING.header().recall());
        assertThat(RECALLING.decay()).isEqualTo(RECALLING.header().decay()).isBetween(0.0, 1.0);
        assertThat(RECALLING.inputWidth()).isEqualTo(RECALLING.header().inputWidth()).isPositive();
        assertThat(RECALLING.seed()).isEqualTo(RECALLING.header().seed());
        assertThat(RECALLING.measured()).isEqualTo(RECALLING.header().statistics());
    }
}
