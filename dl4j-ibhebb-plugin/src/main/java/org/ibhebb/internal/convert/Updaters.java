package org.ibhebb.internal.convert;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.ibhebb.updater.ScheduleFree;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;

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
        replace(layer, updater -> !(updater instanceof RuleUpdater carried)
                ? updater
                : carried.getUpdater() == null ? new Adam() : carried.getUpdater().clone());
    }

    /**
     * Puts the library's updater in the place of each that learns.
     *
     * @param layer is changed
     * @param librarys makes it of the one whose place it takes
     */
    static void takeLibrarys(Layer layer, UnaryOperator<IUpdater> librarys) {
        replace(layer, updater -> updater instanceof ScheduleFree || updater instanceof NoOp
                ? updater
                : librarys.apply(updater));
    }

    /**
     * Puts back those whose place the library's took.
     *
     * @param layer is changed
     */
    static void takeConfigured(Object layer) {
        replace(layer, updater -> !(updater instanceof ScheduleFree average)
                ? updater
                : average.getConfigured() == null ? new Adam() : average.getConfigured().clone());
    }

    private static void replace(Object layer, UnaryOperator<IUpdater> change) {
        inside(layer, inner -> {
            replace(inner, change);
            return inner;
        });
        if (layer instanceof FrozenVertex frozen) {
            replace(frozen.getUnderlying(), change);
        }
        fields(layer, IUpdater.class, (field, updater) -> field.set(layer, change.apply((IUpdater) updater)));
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
