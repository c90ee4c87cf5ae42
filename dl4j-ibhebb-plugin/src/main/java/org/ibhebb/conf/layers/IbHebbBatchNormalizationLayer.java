package org.ibhebb.conf.layers;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.LayerValidation;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.ibhebb.internal.layers.Fields;
import org.ibhebb.internal.layers.IbHebbBatchNormalization;
import org.ibhebb.internal.layers.NewLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation inside a unit of local layers: it passes the unit's signal on. Settings, parameters and output
 * are those of {@link BatchNormalization}. The class name and the fields are part of saved models.
 */
public class IbHebbBatchNormalizationLayer extends BatchNormalization implements ConvertedLayer {

    /** Makes an empty configuration for JSON to fill. */
    public IbHebbBatchNormalizationLayer() {}

    /**
     * Takes a stock layer's place.
     *
     * @param stock its settings are copied
     * @return the layer
     */
    public static IbHebbBatchNormalizationLayer of(BatchNormalization stock) {
        return Fields.copy(stock, new IbHebbBatchNormalizationLayer());
    }

    @Override
    public BatchNormalization toStock() {
        return Fields.copy(this, new BatchNormalization());
    }

    @Override
    public IbHebbBatchNormalizationLayer clone() {
        return (IbHebbBatchNormalizationLayer) super.clone();
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            @Nullable Collection<TrainingListener> listeners,
            int index,
            @Nullable INDArray parameters,
            boolean initialize,
            DataType dataType) {
        LayerValidation.assertNOutSet("IbHebbBatchNormalizationLayer", getLayerName(), index, getNOut());
        return NewLayer.ready(
                new IbHebbBatchNormalization(conf, dataType), this, conf, listeners, index, parameters, initialize);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other) && other instanceof IbHebbBatchNormalizationLayer;
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof IbHebbBatchNormalizationLayer;
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode();
    }

    @Override
    public String toString() {
        return "IbHebbBatchNormalizationLayer(" + super.toString() + ")";
    }
}
