package org.ibhebb.internal.state;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Notes what it is given. */
final class Saving implements Store {

    private final Map<String, Object> quantities;
    /** What the names of this part begin with. */
    private final String path;

    Saving() {
        this(new LinkedHashMap<>(), "");
    }

    private Saving(Map<String, Object> quantities, String path) {
        this.quantities = quantities;
        this.path = path;
    }

    Map<String, Object> quantities() {
        return quantities;
    }

    private void note(String name, Object value) {
        if (quantities.put(path + name, value) != null) {
            throw new IllegalStateException("two quantities are called '" + path + name + "'");
        }
    }

    @Override
    public boolean restoring() {
        return false;
    }

    @Override
    public double number(String name, double now) {
        note(name, now);
        return now;
    }

    @Override
    public long count(String name, long now, long least, long most) {
        note(name, now);
        return now;
    }

    @Override
    public boolean flag(String name, boolean now) {
        note(name, now ? 1L : 0L);
        return now;
    }

    @Override
    public String text(String name, String now) {
        note(name, now);
        return now;
    }

    @Override
    public List<String> names(String name, Collection<String> now) {
        List<String> names = List.copyOf(now);
        note(name, names);
        return names;
    }

    @Override
    public void fixed(String name, Object here) {
        note(name, here.toString());
    }

    @Override
    public INDArray array(String name, INDArray now) {
        note(name, State.Numbers.of(now));
        return now;
    }

    @Override
    public INDArray array(String name, INDArray now, long... shape) {
        return array(name, now);
    }

    @Override
    public void floats(String name, float[] now) {
        note(name, State.Numbers.of(now));
    }

    @Override
    public long numbers() {
        return Long.MAX_VALUE;
    }

    @Override
    public void part(String name, Stateful part) {
        part.state(new Saving(quantities, path + name + "/"));
    }

    @Override
    public void require(boolean fits, String what) {}
}
