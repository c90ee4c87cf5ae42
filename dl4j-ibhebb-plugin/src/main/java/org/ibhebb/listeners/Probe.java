package org.ibhebb.listeners;

import java.util.Arrays;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The samples on which a network is looked at: a copy that nobody else can change. */
final class Probe {

    /** Measures need the square of this many kernel values a layer. */
    static final int MOST = 512;

    private static final int LEAST = 2;

    private final INDArray[] features;
    private final INDArray[] labels;

    /**
     * @throws IllegalArgumentException if there are fewer than 2 samples or more than {@link #MOST}, labels are
     *     missing, there is a mask, or a value is not finite
     */
    Probe(MultiDataSet data) {
        if (data.hasMaskArrays()) {
            throw new IllegalArgumentException("the probe has masks, and what is compared here has none:"
                    + " take sequences of one length, with all their labels");
        }
        features = copies(data.getFeatures(), "features");
        labels = copies(data.getLabels(), "labels");
        int samples = samples();
        if (samples < LEAST || samples > MOST) {
            throw new IllegalArgumentException("the probe has " + samples + " samples, and must have from " + LEAST
                    + " to " + MOST + ": its cost grows with their square");
        }
        for (INDArray array : labels) {
            if (array.size(0) != samples) {
                throw new IllegalArgumentException("the probe has features of " + samples + " samples and labels of "
                        + array.size(0));
            }
        }
    }

    private static INDArray[] copies(INDArray[] arrays, String what) {
        if (arrays == null || arrays.length == 0 || Arrays.asList(arrays).contains(null)) {
            throw new IllegalArgumentException("the probe has no " + what);
        }
        INDArray[] copies = detached(arrays);
        for (INDArray array : copies) {
            if (array.dataType().isFPType() && !Arithmetic.of(array.dataType()).isFinite(array)) {
                throw new IllegalArgumentException("the probe's " + what + " hold NaN or infinite values");
            }
        }
        return copies;
    }

    private static INDArray[] detached(INDArray[] arrays) {
        try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            return Arrays.stream(arrays).map(INDArray::dup).toArray(INDArray[]::new);
        }
    }

    int samples() {
        return (int) features[0].size(0);
    }

    /** Fresh copies each time: a first layer may work in place on a network's input. */
    INDArray[] features(DataType type) {
        return as(features, type);
    }

    INDArray[] labels(DataType type) {
        return as(labels, type);
    }

    private static INDArray[] as(INDArray[] arrays, DataType type) {
        return Arrays.stream(arrays)
                .map(array -> array.dataType() == type ? array.dup() : array.castTo(type))
                .toArray(INDArray[]::new);
    }
}
