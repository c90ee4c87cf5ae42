package org.ibhebb.internal.layers;

import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.layer.LocalForm;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The form of any layer of DL4J's: the signal takes the place of the error that would come from above, and the layer's
 * own backward pass turns it into a gradient, and into errors for the layer below.
 */
public final class StockForm implements LocalForm {

    private final Layer layer;
    private final boolean endsUnit;
    private final boolean channelsLast;
    private final Function<LayerWorkspaceMgr, INDArray> forward;
    private final BiFunction<INDArray, LayerWorkspaceMgr, Pair<Gradient, INDArray>> backward;
    private INDArray below;

    /**
     * @param layer the layer that does the work
     * @param endsUnit whether the signal goes on to the layer below
     * @param channelsLast whether its activations have their channels in the last dimension
     */
    public StockForm(Layer layer, boolean endsUnit, boolean channelsLast) {
        this(layer, endsUnit, channelsLast, workspaces -> layer.activate(true, workspaces), layer::backpropGradient);
    }

    private StockForm(
            Layer layer,
            boolean endsUnit,
            boolean channelsLast,
            Function<LayerWorkspaceMgr, INDArray> forward,
            BiFunction<INDArray, LayerWorkspaceMgr, Pair<Gradient, INDArray>> backward) {
        this.layer = layer;
        this.endsUnit = endsUnit;
        this.channelsLast = channelsLast;
        this.forward = forward;
        this.backward = backward;
    }

    /** The same layer by another of its forward passes. */
    StockForm forwardBy(Function<LayerWorkspaceMgr, INDArray> pass) {
        return new StockForm(layer, endsUnit, channelsLast, pass, backward);
    }

    /** The same layer by another of its backward passes. */
    StockForm backwardBy(BiFunction<INDArray, LayerWorkspaceMgr, Pair<Gradient, INDArray>> pass) {
        return new StockForm(layer, endsUnit, channelsLast, forward, pass);
    }

    @Override
    public INDArray forward(LayerWorkspaceMgr workspaces) {
        return forward.apply(workspaces);
    }

    @Override
    public INDArray errors(INDArray signal) {
        return channelsLast && signal.rank() > 2 ? signal.permute(neuronsSecond(signal.rank())) : signal;
    }

    @Override
    public Gradient gradient(INDArray errors, double activityGain, LayerWorkspaceMgr workspaces) {
        INDArray signal = channelsLast && errors.rank() > 2 ? errors.permute(neuronsLast(errors.rank())) : errors;
        Pair<Gradient, INDArray> own = backward.apply(signal, workspaces);
        below = own.getSecond();
        if (!endsUnit && below != null) {
            below.assign(0);
        }
        return own.getFirst();
    }

    /** The running statistics of batch normalisation stand among its gradients, and are none. */
    @Override
    public boolean gradientIsScaled() {
        return !(layer instanceof BatchNormalization);
    }

    /** Whether the signal goes on to the layer below. */
    boolean endsUnit() {
        return endsUnit;
    }

    /** What the layer below gets: the unit's signal, or zeros. Asked for once. */
    INDArray below() {
        INDArray taken = below;
        below = null;
        return taken;
    }

    private static int[] neuronsSecond(int rank) {
        return IntStream.range(0, rank).map(i -> i == 0 ? 0 : i == 1 ? rank - 1 : i - 1).toArray();
    }

    private static int[] neuronsLast(int rank) {
        return IntStream.range(0, rank).map(i -> i == 0 ? 0 : i == rank - 1 ? 1 : i + 1).toArray();
    }
}
