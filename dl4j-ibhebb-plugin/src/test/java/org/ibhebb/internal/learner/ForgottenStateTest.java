package org.ibhebb.internal.learner;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.ForAnyKernel;
import org.ibhebb.IbHebb;
import org.ibhebb.Interruptions;
import org.ibhebb.Interruptions.Layers;
import org.ibhebb.Interruptions.Memory;
import org.ibhebb.Interruptions.Objectives;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Nothing that a network remembers is forgotten when its state is brought back: every field of every object that the
 * network is made of has the same value, but for those that are listed here with the reason why they need not.
 */
@ForAnyKernel
class ForgottenStateTest {

    /** Field by field, what is no state. */
    private static final Map<String, String> NO_STATE = new TreeMap<>(Map.ofEntries(
            Map.entry("Network.owner", "the buffer that tells networks apart"),
            Map.entry("Network.buffers", "scratch"),
            Map.entry("Network.step", "the step under way"),
            Map.entry("Network.failures", "only differences count, within a program"),
            Map.entry("Network.saidToLearnInPart", "said once in a program"),
            Map.entry("LayerState.claimed", "by a layer of this network"),
            Map.entry("LayerState.offset", "of a layer's parameters in this network's buffer"),
            Map.entry("Gain.nextSquares", "of the step under way"),
            Map.entry("Gain.nextSamples", "of the step under way"),
            Map.entry("Gain.nextPresynaptic", "of the step under way"),
            Map.entry("RunningMoments.next", "of the step under way"),
            Map.entry("BlockReadout.next", "of the step under way"),
            Map.entry("Silence.nextSteps", "of the step under way"),
            Map.entry("Silence.warning", "of the step under way"),
            Map.entry("RingBuffer.overwrittenRows", "of the step under way"),
            Map.entry("RingBuffer.overwrittenProducts", "of the step under way"),
            Map.entry("RingBuffer.writes", "only differences of these count"),
            Map.entry("RingBuffer.productsOf", "only differences of these count"),
            Map.entry("RingBuffer.committedWrites", "only differences of these count"),
            Map.entry("RingBuffer.committedProductsOf", "only differences of these count"),
            Map.entry("RingBuffer.products", "with room for more rows than have been saved"),
            Map.entry("RecalledMemory.store", "recalled anew at each step"),
            Map.entry("Recollection.recalled", "scratch"),
            Map.entry("RecalledMemory.sample", "scratch"),
            Map.entry("RecalledMemory.committedStates", "of the step under way"),
            Map.entry("RecalledMemory.committedSharpening", "of the step under way"),
            Map.entry("ProjectedMemory.projection", "made of the memory network's seed")));

    private final Set<String> met = new TreeSet<>();
    private final Set<String> fields = new HashSet<>();

    @Test
    void everyFieldOfWhatANetworkRemembersComesBack() {
        for (Layers layers : Layers.values()) {
            for (Objectives objective : Objectives.values()) {
                for (Memory memory : Memory.values()) {
                    MultiLayerNetwork net =
                            Fixtures.network(Interruptions.conf(objective, memory, layers, DataType.FLOAT));
                    Interruptions.batches(layers, 3, 9, DataType.FLOAT).forEach(net::fit);
                    MultiLayerNetwork restored = IbHebb.clone(net);
                    assertThat(lost(everything(net), everything(restored)))
                            .as("%s, %s, %s", layers, objective, memory).isEmpty();
                }
            }
        }
        // Each reason above has a field, and what learns was there.
        assertThat(met).containsExactlyElementsOf(NO_STATE.keySet());
        assertThat(fields).contains("Gain.squares", "GradientSize.square", "Moments.means", "Slots.next",
                "SlotStore.rows", "Recollection.states", "State.weights", "WholeBatchReadout.weights",
                "Sharpening.plain", "Silence.steps");
    }

    private Map<String, Object> everything(MultiLayerNetwork net) {
        Map<String, Object> found = new TreeMap<>();
        collect("network", Network.of(net.params()), found, Collections.newSetFromMap(new IdentityHashMap<>()));
        return found;
    }

    /** The names of what differs. */
    private static List<String> lost(Map<String, Object> before, Map<String, Object> after) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        return names.stream().filter(name -> !Objects.equals(before.get(name), after.get(name))).toList();
    }

    private void collect(String path, Object value, Map<String, Object> found, Set<Object> seen) {
        if (value instanceof INDArray array) {
            found.put(path, array.dataType() + Arrays.toString(array.shape())
                    + Arrays.toString(Fixtures.values(array)));
        } else if (value instanceof float[] floats) {
            found.put(path, Arrays.toString(floats));
        } else if (value == null || value instanceof Number || value instanceof Boolean || value instanceof String
                || value instanceof Enum<?>) {
            found.put(path, String.valueOf(value));
        } else if (value instanceof Map<?, ?> map) {
            found.put(path, new ArrayList<>(map.keySet()).toString());
            map.forEach((key, element) -> collect(path + "[" + key + "]", element, found, seen));
        } else if (value instanceof Collection<?> collection) {
            found.put(path, collection.size());
            int i = 0;
            for (Object element : collection) {
                collect(path + "[" + i++ + "]", element, found, seen);
            }
        } else if (value.getClass().getName().startsWith("org.ibhebb.internal.") && !value.getClass().isHidden()
                && seen.add(value)) {
            fields(path, value, found, seen);
        }
    }

    private void fields(String path, Object value, Map<String, Object> found, Set<Object> seen) {
        for (Class<?> type = value.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                String name = type.getSimpleName() + "." + field.getName();
                if (Modifier.isStatic(field.getModifiers()) || field.isSynthetic()) {
                    continue;
                }
                if (NO_STATE.containsKey(name)) {
                    met.add(name);
                    continue;
                }
                fields.add(name);
                try {
                    field.setAccessible(true);
                    collect(path + "." + field.getName(), field.get(value), found, seen);
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    /** Otherwise nothing above would show anything. */
    @Test
    void aForgottenFieldIsFound() {
        MultiLayerNetwork net = Fixtures.network(
                Interruptions.conf(Objectives.DEFAULT, Memory.EXACT, Layers.DENSE, DataType.FLOAT));
        Interruptions.batches(Layers.DENSE, 3, 9, DataType.FLOAT).forEach(net::fit);
        assertThat(lost(everything(net), everything(net.clone()))).anyMatch(name -> name.contains("gain.squares"))
                .anyMatch(name -> name.contains("slots")).anyMatch(name -> name.contains("weights"));
    }
}
