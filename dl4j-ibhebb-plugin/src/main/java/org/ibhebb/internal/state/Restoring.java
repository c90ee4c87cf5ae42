package org.ibhebb.internal.state;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ibhebb.internal.file.Quoted;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gives back what was saved, if it fits. */
final class Restoring implements Store {

    private static final String REMEDY = ": it is damaged, or of another network or a later version of the library";

    private final Map<String, Object> quantities;
    /** Of all arrays. */
    private final DataType type;
    private final Set<String> used;
    /** What the names of this part begin with. */
    private final String path;

    Restoring(Map<String, Object> quantities, DataType type) {
        this(quantities, type, new HashSet<>(), "");
    }

    private Restoring(Map<String, Object> quantities, DataType type, Set<String> used, String path) {
        this.quantities = quantities;
        this.type = type;
        this.used = used;
        this.path = path;
    }

    /** What nobody asked for belongs to something that is not there. */
    void checkAllUsed() {
        for (String name : quantities.keySet()) {
            if (!used.contains(name)) {
                throw new IllegalArgumentException("the saved state has a quantity " + Quoted.of(name)
                        + " that nothing here remembers" + REMEDY);
            }
        }
    }

    private <T> T take(String name, Class<T> kind) {
        Object value = quantities.get(path + name);
        if (!kind.isInstance(value)) {
            throw new IllegalArgumentException("the saved state has no '" + path + name + "'"
                    + (value == null ? "" : " that could be one") + REMEDY);
        }
        used.add(path + name);
        return kind.cast(value);
    }

    @Override
    public boolean restoring() {
        return true;
    }

    @Override
    public double number(String name, double now) {
        return take(name, Double.class);
    }

    @Override
    public long count(String name, long now, long least, long most) {
        long saved = take(name, Long.class);
        if (saved < least || saved > most) {
            throw new IllegalArgumentException("the saved state's '" + path + name + "' is " + saved
                    + ", and can be from " + least + " to " + most + REMEDY);
        }
        return saved;
    }

    @Override
    public boolean flag(String name, boolean now) {
        return count(name, 0, 0, 1) == 1;
    }

    @Override
    public String text(String name, String now) {
        return take(name, String.class);
    }

    @Override
    public List<String> names(String name, Collection<String> now) {
        List<?> list = take(name, List.class);
        List<String> saved = list.stream().map(String.class::cast).toList();
        require(new HashSet<>(saved).size() == saved.size(), "has the same name twice in '" + name + "'");
        return saved;
    }

    @Override
    public void fixed(String name, Object here) {
        String saved = take(name, String.class);
        if (!saved.equals(here.toString())) {
            throw new IllegalArgumentException("the saved state is of a network whose '" + path + name + "' is "
                    + Quoted.of(saved) + ", and this one's is " + here + ": use the state with the network that it was saved of");
        }
    }

    @Override
    public INDArray array(String name, INDArray now) {
        return numbers(name).array();
    }

    @Override
    public INDArray array(String name, INDArray now, long... shape) {
        if (now != null && now.dataType() != type) {
            // It was made by what other quantities say.
            throw new IllegalArgumentException("the saved state asks for a '" + path + name + "' of type "
                    + now.dataType() + " in place of " + type + REMEDY);
        }
        State.Numbers saved = numbers(name);
        if (!Arrays.equals(saved.shape(), shape)) {
            throw new IllegalArgumentException("the saved state's '" + path + name + "' has shape "
                    + Arrays.toString(saved.shape()) + " in place of " + Arrays.toString(shape) + REMEDY);
        }
        return saved.array();
    }

    private State.Numbers numbers(String name) {
        State.Numbers saved = take(name, State.Numbers.class);
        if (saved != State.Numbers.NONE && saved.type() != type) {
            throw new IllegalArgumentException("the saved state's '" + path + name + "' is of type " + saved.type()
                    + " in place of " + type + REMEDY);
        }
        return saved;
    }

    @Override
    public void floats(String name, float[] now) {
        Object saved = take(name, State.Numbers.class).values();
        if (!(saved instanceof float[] floats) || floats.length != now.length) {
            throw new IllegalArgumentException("the saved state's '" + path + name + "' does not have " + now.length
                    + " numbers of single precision" + REMEDY);
        }
        System.arraycopy(floats, 0, now, 0, now.length);
    }

    @Override
    public long numbers() {
        return quantities.values().stream()
                .filter(State.Numbers.class::isInstance)
                .mapToLong(array -> ((State.Numbers) array).length())
                .sum();
    }

    @Override
    public void part(String name, Stateful part) {
        part.state(new Restoring(quantities, type, used, path + name + "/"));
    }

    @Override
    public void require(boolean fits, String what) {
        if (!fits) {
            String part = path.isEmpty() ? "" : " of '" + path.substring(0, path.length() - 1) + "'";
            throw new IllegalArgumentException("the saved state" + part + " " + what + REMEDY);
        }
    }
}
