package org.ibhebb.internal.state;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Where ND4J's random generator of one thread stands, from which dropout and weight noise are drawn: each thread has a
 * generator of its own, which all networks share that train in it.
 */
public final class GeneratorState {

    private final long seed;
    private final long root;
    private final long node;

    private GeneratorState(long seed, long root, long node) {
        this.seed = seed;
        this.root = root;
        this.node = node;
    }

    /**
     * That of the calling thread's generator.
     *
     * @return a copy
     */
    public static GeneratorState now() {
        Random random = Nd4j.getRandom();
        return new GeneratorState(random.getSeed(), random.rootState(), random.nodeState());
    }

    /** Makes the calling thread's generator go on from here. */
    public void resume() {
        Random random = Nd4j.getRandom();
        // Seeding moves the generator to its start.
        random.setSeed(seed);
        random.setStates(root, node);
    }

    /**
     * The same as a state to be saved.
     *
     * @return its quantities
     */
    public State toState() {
        return State.of(this::state);
    }

    /**
     * What {@link #toState} made.
     *
     * @param state saved
     * @return where the generator stood
     * @throws IllegalArgumentException with one sentence that says what does not fit
     */
    public static GeneratorState of(State state) {
        GeneratorState[] read = new GeneratorState[1];
        state.into(store -> read[0] = new GeneratorState(0, 0, 0).state(store), DataType.FLOAT);
        return read[0];
    }

    private GeneratorState state(Store store) {
        return new GeneratorState(any(store, "seed", seed), any(store, "root", root), any(store, "node", node));
    }

    private static long any(Store store, String name, long now) {
        return store.count(name, now, Long.MIN_VALUE, Long.MAX_VALUE);
    }
}
