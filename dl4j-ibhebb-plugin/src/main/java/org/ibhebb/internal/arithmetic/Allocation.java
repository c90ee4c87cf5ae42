package org.ibhebb.internal.arithmetic;

import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays that no workspace takes back, or a sentence where there is no memory for them. */
public final class Allocation {

    private Allocation() {}

    /**
     * An array of zeros.
     *
     * @param type of its elements
     * @param shape of the array, stored by rows
     * @return a fresh array outside all workspaces
     * @throws IllegalStateException if there is no memory for it, with its size and what to do
     */
    public static INDArray zeros(DataType type, long... shape) {
        try (MemoryWorkspace detached = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            double bytes = type.width();
            for (long size : shape) {
                bytes *= size;
            }
            // Buffers count their bytes in a long; what is beyond would wrap around.
            if (bytes > Long.MAX_VALUE / 2.0) {
                throw new OutOfMemoryError("beyond all limits");
            }
            return Nd4j.create(type, shape);
        } catch (RuntimeException | OutOfMemoryError e) {
            double gigabytes = type.width() / 1e9;
            for (long size : shape) {
                gigabytes *= size;
            }
            throw new IllegalStateException(String.format(Locale.ROOT, "no memory for an array of shape %s and type %s"
                    + " (%.3g GB), which working memory or a comparison of all its samples needs: give the rules a smaller"
                    + " memory (LearningRule.Builder.memory), train in smaller mini-batches, or use an objective that does"
                    + " not compare all samples with each other (prediction)",
                    Arrays.toString(shape), type, gigabytes), e);
        }
    }
}
