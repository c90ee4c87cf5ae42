package org.ibhebb.internal.convert;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.ibhebb.rule.RuleUpdater;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The updaters with a rule that a layer configuration carries. DL4J's layers keep their updaters in fields of various
 * classes (base, SameDiff, wrapped layers), so these are found by type.
 */
final class Updaters {

    private Updaters() {}

    /** The layer's updater with a rule; null if it has another or none. */
    static @Nullable RuleUpdater carriedBy(Layer layer) {
        RuleUpdater[] found = new RuleUpdater[1];
        fields(layer, Layer.class, (field, inner) -> {
            RuleUpdater carried = carriedBy((Layer) inner);
            found[0] = carried == null ? found[0] : carried;
        });
        fields(layer, IUpdater.class,
                (field, updater) -> found[0] = updater instanceof RuleUpdater own ? own : found[0]);
        return found[0];
    }

    /**
     * Puts what is inside each updater with a rule in its place, and copies of wrapped layers in theirs.
     *
     * @param layer the configuration of a layer or of another vertex; is changed
     */
    static void unwrap(Object layer) {
        inside(layer, inner -> {
            unwrap(inner);
            return inner;
        });
        fields(layer, IUpdater.class, (field, updater) -> {
            if (updater instanceof RuleUpdater carried) {
                field.set(layer, carried.getUpdater().clone());
            }
        });
    }

    /**
     * Puts others in the place of wrapped layers.
     *
     * @param layer the configuration of a layer or of another vertex; is changed
     * @param change is given copies: a clone of DL4J's wrappers shares what they wrap with the user's own configuration
     */
    static void inside(Object layer, UnaryOperator<Layer> change) {
        fields(layer, Layer.class, (field, inner) -> field.set(layer, change.apply(((Layer) inner).clone())));
    }

    private interface Visitor {
        void visit(Field field, Object value) throws IllegalAccessException;
    }

    /** The values, but for nulls, of the fields of this type. */
    private static void fields(Object layer, Class<?> wanted, Visitor visitor) {
        for (Class<?> type = layer.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) || !wanted.isAssignableFrom(field.getType())) {
                    continue;
                }
                try {
                    field.setAccessible(true);
                    Object value = field.get(layer);
                    if (value != null) {
                        visitor.visit(field, value);
                    }
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException("could not read or write " + field, e);
                }
            }
        }
    }
}
