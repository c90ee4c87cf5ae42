package org.ibhebb.internal.layers;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The forward pass of a dense layer in training, up to the activation function. */
final class Affine {

    private Affine() {}

    /**
     * {@code input weights + bias}: the values of DL4J's own forward pass.
     *
     * @param bias null for none
     * @throws DL4JInvalidInputException if the input does not fit the weights, as DL4J's layers do
     */
    static INDArray of(Layer layer, INDArray input, INDArray weights, INDArray bias, LayerWorkspaceMgr workspaces) {
        if (input.rank() != 2 || input.size(1) != weights.size(0)) {
            throw new DL4JInvalidInputException(LayerHost.name(layer) + ": input of shape "
                    + Arrays.toString(input.shape()) + " does not fit this layer, which takes " + weights.size(0)
                    + " values a sample: is a preprocessor missing, or is the input type wrong?");
        }
        INDArray output = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS, weights.dataType(), new long[] {input.size(0), weights.size(1)}, 'f');
        Arithmetic.of(weights.dataType()).affine(input, weights, bias, output);
        return output;
    }
}
