package org.ibhebb.internal.ledger;

import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.ibhebb.rule.LabelKernel;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossKLD;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** How an output layer's labels are compared, as {@code internal.view} has it. */
final class Labels {

    private Labels() {}

    static boolean areProbabilities(ILossFunction loss) {
        return loss instanceof LossMCXENT || loss instanceof LossKLD || loss instanceof LossSparseMCXENT
                || loss instanceof LossBinaryXENT;
    }

    /** Whether a layer's errors are what it says less the labels. */
    static boolean leaveDifferences(BaseOutputLayer layer) {
        ILossFunction loss = layer.getLossFn();
        return layer.getActivationFn() instanceof ActivationSoftmax
                && (loss instanceof LossMCXENT classes && classes.getWeights() == null
                        || loss instanceof LossSparseMCXENT);
    }

    /** Whether labels are compared by their inner products, and not by their distances. */
    static boolean comparesClasses(LabelKernel kernel, boolean real) {
        return kernel.type() == LabelKernel.Type.SAME_LABEL || kernel.type() == LabelKernel.Type.AUTO && !real;
    }
}
