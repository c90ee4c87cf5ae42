package org.ibhebb.internal.memory;

import java.util.Random;
import org.ibhebb.internal.arithmetic.SlotRows;
import org.ibhebb.internal.state.Store;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The working memory of inputs: these are wide, and only their distances count, which a random projection to a few
 * dimensions keeps approximately (Johnson and Lindenstrauss 1984). Current samples are projected too, so that all are
 * compared in one space.
 */
final class ProjectedMemory implements WorkingMemory {

    private final Recaller network;
    private final WorkingMemory memory;
    private INDArray projection;

    ProjectedMemory(Recaller network, WorkingMemory memory) {
        this.network = network;
        this.memory = memory;
    }

    @Override
    public void write(INDArray current, Placement placement) {
        long width = current.size(1);
        if (width <= network.inputWidth()) {
            memory.write(current, placement);
            return;
        }
        if (projection == null || projection.size(0) != width || projection.dataType() != current.dataType()) {
            projection = random((int) width, network.inputWidth(), network.seed(), current.dataType());
        }
        memory.write(current.mmul(projection), placement);
    }

    /** Scaled so that the mean square over the columns of a difference stays what it is, on average. */
    private static INDArray random(int from, int to, long seed, DataType type) {
        Random random = new Random(seed);
        double scale = 1 / Math.sqrt(from);
        double[] weights = new double[from * to];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = scale * random.nextGaussian();
        }
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            return Nd4j.create(weights, new long[] {from, to}, 'c').castTo(type);
        }
    }

    @Override
    public SlotRows window(Placement placement) {
        return memory.window(placement);
    }

    @Override
    public void commit() {
        memory.commit();
    }

    /** The projection is one and the same whenever it is made, so that there is nothing to save here. */
    @Override
    public void state(Store store, int filled) {
        memory.state(store, filled);
    }

    /** The projection is one and the same whenever it is made, so that there is nothing to undo here. */
    @Override
    public void rollback() {
        memory.rollback();
    }
}
