package org.ibhebb.internal.memory;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.ibhebb.internal.arithmetic.Allocation;
import org.ibhebb.internal.arithmetic.Buffers;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Arrays that live for one training step, in buffers that the next step uses again: DL4J's workspaces close with the
 * layer, and fresh arrays would be left to the garbage collector, which does not see how large they are.
 */
public final class StepBuffers implements Buffers {

    private final Map<Object, Kept> buffers = new HashMap<>();

    @Override
    public INDArray get(Object name, DataType type, char order, long... shape) {
        Kept kept = buffers.get(name);
        if (kept != null && kept.array.dataType() == type && kept.array.ordering() == order
                && Arrays.equals(kept.array.shape(), shape)) {
            return kept.array;
        }
        long length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            INDArray memory = kept == null || kept.memory.length() < length || kept.memory.dataType() != type
                    // Twice as long: while the memory fills, each step asks for a little more.
                    ? Allocation.zeros(type, Math.multiplyExact(2, length))
                    : kept.memory;
            INDArray array = memory.get(NDArrayIndex.interval(0, length)).reshape(order, shape);
            buffers.put(name, new Kept(memory, array));
            return array;
        }
    }

    private record Kept(INDArray memory, INDArray array) {}
}
