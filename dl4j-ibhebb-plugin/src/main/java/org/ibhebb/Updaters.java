package org.ibhebb;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The {@link IbHebb} updaters that a layer configuration carries. DL4J's layers keep their updaters in fields of
 * various classes (base, SameDiff, wrapped layers), so these are found by type.
 */
final class Updaters {

    private Updaters() {}

    /** The layer's IbHebb updater; null if it has another or none. */
    static IbHebb carriedBy(Layer layer) {
        IbHebb[] found = new IbHebb[1];
        visit(layer, (owner, field, updater) -> found[0] = updater);
        return found[0];
    }

    /** Puts each IbHebb updater's base updater in its place. */
    static void unwrap(Layer layer) {
        visit(layer, (owner, field, updater) -> field.set(owner, updater.getUpdater().clone()));
    }

    private interface Visitor {
        void visit(Layer owner, Field field, IbHebb updater) throws IllegalAccessException;
    }

    private static void visit(Layer layer, Visitor visitor) {
        for (Class<?> type = layer.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                boolean updater = IUpdater.class.isAssignableFrom(field.getType());
                if (Modifier.isStatic(field.getModifiers())
                        || !updater && !Layer.class.isAssignableFrom(field.getType())) {
                    continue;
                }
                try {
                    field.setAccessible(true);
                    Object value = field.get(layer);
                    if (value instanceof IbHebb carried) {
                        visitor.visit(layer, field, carried);
                    } else if (value instanceof Layer inner) {
                        visit(inner, visitor);
                    }
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException("could not read " + field, e);
                }
            }
        }
    }
}
