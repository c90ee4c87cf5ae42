package org.ibhebb.internal.state;

import java.util.Collection;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a {@link Stateful} goes through its quantities with: it takes each one by a name. While state is saved the value
 * is noted and comes back as it is; while state is brought back the saved value comes in its place.
 */
public interface Store {

    /**
     * Whether state is being brought back.
     *
     * @return false while it is saved
     */
    boolean restoring();

    /**
     * A number, exact to the bit.
     *
     * @param name of the quantity
     * @param now its value
     * @return the value, or the saved one
     */
    double number(String name, double now);

    /**
     * A whole number.
     *
     * @param name of the quantity
     * @param now its value
     * @param least what a saved one is at least
     * @param most what a saved one is at most
     * @return the value, or the saved one
     */
    long count(String name, long now, long least, long most);

    /**
     * Yes or no.
     *
     * @param name of the quantity
     * @param now its value
     * @return the value, or the saved one
     */
    boolean flag(String name, boolean now);

    /**
     * A text.
     *
     * @param name of the quantity
     * @param now its value
     * @return the value, or the saved one
     */
    String text(String name, String now);

    /**
     * Names, in their order.
     *
     * @param name of the list
     * @param now the names
     * @return the names, or the saved ones; no two of these are the same
     */
    List<String> names(String name, Collection<String> now);

    /**
     * What a network has by its configuration: it is saved so that state of another network is told apart.
     *
     * @param name of the quantity
     * @param here its value
     * @throws IllegalArgumentException if a saved one differs
     */
    void fixed(String name, Object here);

    /**
     * An array, exact to the bit.
     *
     * @param name of the quantity
     * @param now its value; null for none
     * @return the value, or the saved one as a fresh array outside all workspaces
     */
    INDArray array(String name, INDArray now);

    /**
     * An array whose size is known.
     *
     * @param name of the quantity
     * @param now its value
     * @param shape of a saved one
     * @return the value, or the saved one
     * @throws IllegalArgumentException if a saved one has another shape, or is missing
     */
    INDArray array(String name, INDArray now, long... shape);

    /**
     * Numbers, whose count is known.
     *
     * @param name of the quantity
     * @param now read, or overwritten by the saved ones
     * @throws IllegalArgumentException if there are more or fewer saved ones
     */
    void floats(String name, float[] now);

    /**
     * How many numbers all saved arrays have together: what allocates by a saved size asks before it does.
     *
     * @return no limit while state is saved
     */
    long numbers();

    /**
     * A part with names of its own.
     *
     * @param name of the part
     * @param part goes through it
     */
    void part(String name, Stateful part);

    /**
     * Refuses a saved value.
     *
     * @param fits whether it can be one
     * @param what is wrong with it if it can't
     * @throws IllegalArgumentException if it can't, with the name of this part
     */
    void require(boolean fits, String what);
}
