package org.ibhebb.internal.layers;

import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.learner.Network;
import org.ibhebb.internal.learner.Step;
import org.ibhebb.updater.ScheduleFree;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * Brings an output layer's errors to the size that the library's updater expects: that of prediction minus label, of
 * which losses differ by constants. A step of the inverse of the input's squared length never overshoots. Losses that
 * are curved everywhere, as the squared error is, take no longer one; cross-entropies, whose curvature vanishes as the
 * layer learns, take no shorter one, so that readouts of small activations learn too.
 */
public final class OutputErrors {

    /** The bias counts as one more input, and half is enough where there is little else. */
    private static final double BIAS = 0.5;

    private final BaseLayer<? extends BaseOutputLayer> output;

    OutputErrors(BaseLayer<? extends BaseOutputLayer> output) {
        this.output = output;
    }

    /**
     * By what to multiply the gradient of this step, of which DL4J takes the sum over samples, and over time steps where
     * each has a label.
     *
     * @param input of the output layer, one row a sample or time step; the labels have been shown
     * @return 1 where the configuration's own updater learns
     */
    double factor(INDArray input) {
        if (!(output.layerConf().getIUpdater() instanceof ScheduleFree)) {
            return 1;
        }
        Step step = Network.of(output.params()).step();
        return factor(output.layerConf(), step.ofLabelled(input)) * step.samplesPerRow();
    }

    /**
     * By what to multiply the gradient of a step.
     *
     * @param conf the output layer's configuration
     * @param input of the output layer, one row a sample
     * @return 1 where the configuration's own updater learns
     */
    public static double factor(BaseOutputLayer conf, INDArray input) {
        ILossFunction loss = conf.getLossFn();
        if (!(conf.getIUpdater() instanceof ScheduleFree updater)) {
            return 1;
        }
        double length = Arithmetic.of(input.dataType()).meanSquare(input) * input.size(1);
        if (loss instanceof LossMCXENT || loss instanceof LossSparseMCXENT || loss instanceof LossBinaryXENT) {
            return Math.max(1, 1 / (length + BIAS) / updater.getRate());
        }
        return unit(loss, conf.getNOut()) * Math.min(1, 1 / (length + 1) / updater.getRate());
    }

    /** What makes a loss's derivative that of half the squared error, or a sign. */
    private static double unit(ILossFunction loss, double width) {
        if (loss instanceof LossMSE) {
            return width / 2;
        }
        if (loss instanceof LossMAE) {
            return width;
        }
        return loss instanceof LossL2 ? 0.5 : 1;
    }
}
