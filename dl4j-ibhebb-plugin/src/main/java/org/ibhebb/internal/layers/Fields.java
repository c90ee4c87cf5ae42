package org.ibhebb.internal.layers;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Makes one layer configuration of another by copying its fields. DL4J's builders can't be given a finished
 * configuration, and a list of setters would lose what a later version adds.
 */
public final class Fields {

    private Fields() {}

    /**
     * Copies every field that both configurations have.
     *
     * @param from not changed; its values are those of a clone
     * @param to of the same class, a subclass or a superclass, or of one with a common superclass
     * @param <T> its class
     * @return the one that was copied to
     */
    public static <T extends Layer> T copy(Layer from, T to) {
        Layer values = from.clone();
        for (Class<?> type = from.getClass(); type != Object.class; type = type.getSuperclass()) {
            if (!type.isInstance(to)) {
                continue;
            }
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())) {
                    continue;
                }
                try {
                    field.setAccessible(true);
                    field.set(to, field.get(values));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException("could not copy " + field, e);
                }
            }
        }
        return to;
    }
}
