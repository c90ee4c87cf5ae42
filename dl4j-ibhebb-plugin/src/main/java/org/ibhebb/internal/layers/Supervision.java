package org.ibhebb.internal.layers;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.ibhebb.internal.learner.LabelledRows;
import org.ibhebb.internal.learner.LayerLearner;
import org.ibhebb.internal.learner.Network;
import org.ibhebb.internal.view.Labels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Shows an output layer's labels to the local layers of its network. */
final class Supervision {

    private final BaseLayer<? extends BaseOutputLayer> output;
    private final LayerHost host;

    /** @param host of the output layer */
    Supervision(BaseLayer<? extends BaseOutputLayer> output, LayerHost host) {
        this.output = output;
        this.host = host;
    }

    /**
     * Shows the labels of one step.
     *
     * @param labels one row a sample, or a time step of a sample
     * @param mask one value a row, 0 for those without a label; null for none
     * @param samples in the mini-batch
     * @throws UnsupportedOperationException if the mask is of another shape
     * @throws IllegalArgumentException if labels do not fit the output layer
     * @throws ArithmeticException if labels are not finite
     */
    void show(INDArray labels, INDArray mask, int samples) {
        int rows = (int) labels.size(0);
        if (mask != null && mask.length() != rows) {
            // DL4J clears masks only after a step that succeeds.
            output.setMaskArray(null);
            throw new UnsupportedOperationException(host.name() + ": a label mask of shape "
                    + Arrays.toString(mask.shape()) + " for " + rows + " rows of labels is not supported by local"
                    + " learning, which compares whole labels: give one value a sample or time step");
        }
        LayerLearner.checkFinite(labels, host, "labels");
        Network network = host.network(output.params());
        BaseOutputLayer conf = output.layerConf();
        Labels known = Labels.of(host.name(), labels.castTo(network.signalType()),
                conf.getLossFn(), conf.getNOut());
        try {
            network.step().labels(known, LabelledRows.of(rows, mask), samples);
        } catch (IllegalStateException e) {
            // What memory can't hold is said with the layer's name.
            throw new IllegalStateException(host.name() + ": " + e.getMessage(), e);
        }
    }
}
