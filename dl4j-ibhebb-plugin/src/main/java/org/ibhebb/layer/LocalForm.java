package org.ibhebb.layer;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a kind of layer does in a training step of its own, in which no error comes from above: it computes its
 * activations, says what the modulatory signal sees of them, makes errors of the signal and gradients of the errors.
 * All else is the library's: the signal and what it remembers, each neuron's own gain, steps that fail, saved state.
 * The library's dense, convolutional, spiking and wrapped layers are such forms.
 *
 * <p>A layer of Deeplearning4j's implements it, usually the one that does inference, too, and its configuration says so
 * as a {@link Configuration}, which conversion then takes as it does those that the library knows. Any other layer is
 * {@linkplain org.ibhebb.conf.layers.IbHebbWrapperLayer wrapped} around its own backward pass, and so is one that ends
 * a unit. A recurrent layer can't have a form of its own. In a training step the methods are called once each, in the
 * order in which they stand here, with the layer's input set. What the layer keeps from {@link #forward} to {@link
 * #gradient} it drops in {@code clear()}. What is to last belongs among the layer's parameters, which Deeplearning4j
 * saves, as the running statistics of batch normalisation do.
 *
 * <p>Under the library's updater, training passes see parameters a little ahead of the network's own: read them by
 * {@code getParam}, in each pass, and from no field.
 *
 * @since 0.1
 */
public interface LocalForm {

    /**
     * The training forward pass: dropout, if the layer has some, and all that leads to the activations.
     *
     * @param workspaces of the pass: what {@link #gradient} needs of it must be of {@code ArrayType.ACTIVATIONS}
     * @return the activations, which layers above may change in place; samples first
     */
    INDArray forward(LayerWorkspaceMgr workspaces);

    /**
     * What the signal sees of the activations.
     *
     * @param activations as {@link #forward} made them; not changed
     * @return n x d, with a value for each neuron, or n x d x places (or with the neurons last, where the layer's
     *     configuration says so); the activations unless said otherwise. A layer that sees anything else can't start a
     *     unit with batch normalisation, activation or pooling layers behind it: their signal sees what they pass on
     */
    default INDArray seen(INDArray activations) {
        return activations;
    }

    /**
     * The errors of what weights form: the signal, times the slope of what lies between the two.
     *
     * @param signal the derivative of the layer's own objective with respect to what was {@linkplain #seen seen}, in
     *     that shape, times the number of samples; may be changed. Of the network's type, but FLOAT where that is HALF
     * @return of the signal's type, with the neurons second: n x d, or n x d x places. The library divides them, in
     *     place, by each neuron's own gain
     */
    INDArray errors(INDArray signal);

    /**
     * The presynaptic activity that errors meet in the product that is the gradient: the layer's input, for most. Its
     * size is one more thing that errors are divided by.
     *
     * @return samples first, of the network's type; null, as it is unless said otherwise, where the errors' way to the
     *     weights is another one
     */
    default @Nullable INDArray activity() {
        return null;
    }

    /**
     * The gradient, in the arrays that Deeplearning4j gave the layer for it.
     *
     * @param errors as {@link #errors} returned them, divided by the gains, of the network's type; may be changed
     * @param activityGain what they were divided by because of the {@linkplain #activity activity}: parameters that
     *     meet none of it, as a bias does, have their gradient times that. 1 where there is no activity
     * @param workspaces of the pass
     * @return the sum over the mini-batch's samples, for each of the layer's parameters
     */
    Gradient gradient(INDArray errors, double activityGain, LayerWorkspaceMgr workspaces);

    /**
     * Where there is no {@linkplain #activity activity} to divide by, whether the gradient, as a whole, is to be
     * brought to the size that those of dense layers have.
     *
     * @return true unless said otherwise; false where the errors have unit size, and meet what has it
     */
    default boolean gradientIsScaled() {
        return true;
    }

    /** A layer configuration whose layers learn locally in a form of their own. */
    interface Configuration {

        /**
         * The form in which a layer learns.
         *
         * @param layer made by this configuration's {@code instantiate}
         * @return the layer itself, if that implements it
         */
        LocalForm localForm(Layer layer);
    }
}
