package org.ibhebb;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.ibhebb.internal.layers.Remembered;
import org.ibhebb.internal.state.State;
import org.jspecify.annotations.Nullable;

/**
 * What a network that learns locally remembers at one moment, beside its parameters and its updater's state: the samples
 * in its working memory (or the state of its memory network), each layer's readouts of the labels, gains, gradient sizes
 * and running moments. {@link IbHebb#state} takes it, {@link IbHebb#save} writes it with the model. It can be looked into
 * and compared: two are equal if all of their numbers have the same bits. Immutable.
 */
public final class NetworkState {

    private final State state;

    private NetworkState(State state) {
        this.state = state;
    }

    static NetworkState of(Model network) {
        // As Deeplearning4j's fit does.
        synchronized (network) {
            return new NetworkState(Remembered.of(network));
        }
    }

    /**
     * The names of what is remembered, such as {@code slots/filled} or {@code layer 0/gain/squares}. They may change from
     * one version to the next.
     *
     * @return the names, in the order in which they are saved
     */
    public List<String> names() {
        return state.names();
    }

    /**
     * The numbers of one quantity.
     *
     * @param name as {@link #names} has it
     * @return a copy: the elements of an array, by its own order; a single number; none for a text, and for an array that
     *     there is not yet
     * @throws IllegalArgumentException if there is no quantity of that name
     */
    public double[] numbers(String name) {
        Object value = state.get(name);
        if (value instanceof State.Numbers numbers) {
            return numbers.toDoubles();
        }
        return value instanceof Number number ? new double[] {number.doubleValue()} : new double[0];
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NetworkState that && state.equals(that.state);
    }

    @Override
    public int hashCode() {
        return state.hashCode();
    }

    /**
     * What is remembered, one quantity a line: numbers and texts as they are, of arrays the type and the shape.
     *
     * @return the lines
     */
    @Override
    public String toString() {
        return state.toString();
    }
}
