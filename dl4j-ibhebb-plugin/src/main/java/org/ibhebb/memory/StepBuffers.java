package org.ibhebb.memory;

import java.util.HashMap;
import java.util.Map;
import org.ibhebb.signal.Keeper;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Arrays that live for one training step, in buffers that the next step uses again: DL4J's workspaces close with the
 * layer, and fresh arrays would be left to the garbage collector, which does not see how large they are.
 */
public final class StepBuffers implements Keeper {

    private final Map<Object, INDArray> buffers = new HashMap<>();

    @Override
    public INDArray keep(Object name, INDArray array) {
        INDArray buffer = buffers.get(name);
        if (buffer == null || buffer.length() < array.length() || buffer.dataType() != array.dataType()) {
            try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                // Twice as long: while the memory fills, each step asks for a little more.
                buffer = Nd4j.createUninitialized(array.dataType(), 2 * array.length());
            }
            buffers.put(name, buffer);
        }
        INDArray kept = buffer.get(NDArrayIndex.interval(0, array.length())).reshape('c', array.shape());
        return kept.assign(array);
    }
}
