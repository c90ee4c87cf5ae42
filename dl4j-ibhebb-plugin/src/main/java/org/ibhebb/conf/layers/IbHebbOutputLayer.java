package org.ibhebb.conf.layers;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.ibhebb.internal.layers.Fields;
import org.ibhebb.internal.layers.IbHebbOutput;
import org.ibhebb.internal.layers.NewLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * The readout of a network with local layers: it keeps its own loss and shows the labels to the layers below. Settings,
 * parameters and output are those of {@link OutputLayer}. The class name and the fields are part of saved models.
 */
public class IbHebbOutputLayer extends OutputLayer implements ConvertedLayer {

    /** Whether a layer below reads this layer's error. */
    private boolean passesError = true;

    /** Makes an empty configuration for JSON to fill. */
    public IbHebbOutputLayer() {}

    /**
     * Makes an output layer a readout.
     *
     * @param stock its settings are copied
     * @param passesError whether a back-propagated layer below needs this layer's error; it costs a matrix product
     * @return the readout
     */
    public static IbHebbOutputLayer of(OutputLayer stock, boolean passesError) {
        IbHebbOutputLayer readout = Fields.copy(stock, new IbHebbOutputLayer());
        readout.passesError = passesError;
        return readout;
    }

    /**
     * Makes a readout that does what a dense layer and a loss on it do.
     *
     * @param stock its settings are copied, but for its activation function; without layer normalisation
     * @param activation of the readout
     * @param loss of the readout
     * @return the readout
     */
    public static IbHebbOutputLayer of(DenseLayer stock, IActivation activation, ILossFunction loss) {
        IbHebbOutputLayer readout = Fields.copy(stock, new IbHebbOutputLayer());
        readout.setHasBias(stock.hasBias());
        readout.setActivationFn(activation);
        readout.setLossFn(loss);
        return readout;
    }

    /**
     * Whether this layer passes its error to the layer below. Local layers ignore it.
     *
     * @return true if a back-propagated layer below needs it
     */
    public boolean isPassesError() {
        return passesError;
    }

    @Override
    public OutputLayer toStock() {
        return Fields.copy(this, new OutputLayer());
    }

    @Override
    public IbHebbOutputLayer clone() {
        return (IbHebbOutputLayer) super.clone();
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            @Nullable INDArray parameters,
            boolean initialize,
            DataType dataType) {
        LayerValidation.assertNInNOutSet("IbHebbOutputLayer", getLayerName(), index, getNIn(), getNOut());
        return NewLayer.ready(
                new IbHebbOutput(conf, dataType, passesError), this, conf, listeners, index, parameters, initialize);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other) && other instanceof IbHebbOutputLayer that && passesError == that.passesError;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof IbHebbOutputLayer;
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Boolean.hashCode(passesError);
    }

    /** Builds a readout directly: the builder of {@link OutputLayer}. */
    @SuppressWarnings("unchecked") // DL4J declares build() generic in its result
    public static class Builder extends OutputLayer.Builder {

        /** Begins with DL4J's default loss. */
        public Builder() {}

        /**
         * Begins with a loss.
         *
         * @param loss the layer's own loss
         */
        public Builder(LossFunctions.LossFunction loss) {
            super(loss);
        }

        /**
         * Begins with a loss.
         *
         * @param loss the layer's own loss
         */
        public Builder(ILossFunction loss) {
            super(loss);
        }

        @Override
        public IbHebbOutputLayer build() {
            return of(super.build(), true);
        }
    }
}
