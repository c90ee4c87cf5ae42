package org.ibhebb.conf.layers;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.ibhebb.internal.layers.Fields;
import org.ibhebb.internal.layers.IbHebbRnnOutput;
import org.ibhebb.internal.layers.NewLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The readout of a network with local layers that has a label for each time step: it keeps its own loss and shows the
 * labels to the layers below. Settings, parameters and output are those of {@link RnnOutputLayer}. The class name and
 * the fields are part of saved models.
 */
public class IbHebbRnnOutputLayer extends RnnOutputLayer implements ConvertedLayer {

    /** Whether a layer below reads this layer's error. */
    private boolean passesError = true;

    /** Makes an empty configuration for JSON to fill. */
    public IbHebbRnnOutputLayer() {}

    /**
     * Makes an output layer a readout.
     *
     * @param stock its settings are copied
     * @param passesError whether a back-propagated layer below needs this layer's error; it costs a matrix product
     * @return the readout
     */
    public static IbHebbRnnOutputLayer of(RnnOutputLayer stock, boolean passesError) {
        IbHebbRnnOutputLayer readout = Fields.copy(stock, new IbHebbRnnOutputLayer());
        readout.passesError = passesError;
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
    public RnnOutputLayer toStock() {
        return Fields.copy(this, new RnnOutputLayer());
    }

    @Override
    public IbHebbRnnOutputLayer clone() {
        return (IbHebbRnnOutputLayer) super.clone();
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            @Nullable INDArray parameters,
            boolean initialize,
            DataType dataType) {
        LayerValidation.assertNInNOutSet("IbHebbRnnOutputLayer", getLayerName(), index, getNIn(), getNOut());
        return NewLayer.ready(
                new IbHebbRnnOutput(conf, dataType, passesError), this, conf, listeners, index, parameters, initialize);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other) && other instanceof IbHebbRnnOutputLayer that && passesError == that.passesError;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof IbHebbRnnOutputLayer;
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Boolean.hashCode(passesError);
    }
}
