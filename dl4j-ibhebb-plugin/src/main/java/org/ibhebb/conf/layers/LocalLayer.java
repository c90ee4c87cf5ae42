package org.ibhebb.conf.layers;

import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.ibhebb.rule.LearningRule;
import org.jspecify.annotations.Nullable;

/** A layer configuration whose layer learns by a modulatory signal instead of an error from above. */
public interface LocalLayer extends ConvertedLayer {

    /**
     * How the layer learns.
     *
     * @return its rule; null for the first layer of a unit (such as a convolution followed by batch normalisation and
     *     an activation layer), whose signal comes from the unit's last layer
     */
    @Nullable LearningRule getRule();

    /**
     * The layer under another rule.
     *
     * @param rule how the copy learns; null for the first layer of a unit
     * @return a copy, otherwise as this one
     */
    Layer withRule(@Nullable LearningRule rule);

    /**
     * Whether no local layer stands below this one: its input is what the objective takes as the network's input X.
     *
     * @return true if its input counts as X
     */
    boolean isSource();

    /**
     * Whether each time step of a sequence is a sample of its own, with a label of its own: the layer stands below an
     * {@code RnnOutputLayer}.
     *
     * @return false if a sequence is one sample
     */
    boolean isStepwise();

    /**
     * Whether hidden layers above the local ones learn by back-propagation, because the updaters of the configuration
     * that was converted said so. It tells conversion what to make of a hidden layer that is not local: with such a
     * head it belongs to it; without one it was added later, by transfer learning, and is to be local as the others
     * are.
     *
     * @return null where nobody decided: in models of version 0.1, and in layers that were built directly
     */
    default @Nullable Boolean getBackPropagatedHead() {
        return null;
    }

    /**
     * The layer with another {@linkplain #getBackPropagatedHead() word on what stands above}.
     *
     * @param there whether the network has a back-propagated head; null where nobody decided
     * @return a copy, otherwise as this one; itself if it takes no such note, as those of version 0.1 don't
     */
    default Layer withBackPropagatedHead(@Nullable Boolean there) {
        return (Layer) this;
    }

    /**
     * Whether a layer right behind one that learns locally can learn with it as one unit, by one signal that is formed
     * of the last one's activations. Average pooling can't: a signal averages by itself, over fewer cells.
     *
     * @param layer the layer behind
     * @return true for batch normalisation, activation layers, and pooling by the maximum or by a norm
     */
    static boolean mayContinueUnit(Layer layer) {
        return layer instanceof BatchNormalization
                || layer instanceof ActivationLayer
                || layer instanceof SubsamplingLayer pooling && pooling.getPoolingType() != PoolingType.AVG;
    }
}
