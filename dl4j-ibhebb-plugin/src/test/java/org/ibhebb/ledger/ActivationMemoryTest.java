package org.ibhebb.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.ForAnyKernel;
import org.ibhebb.IbHebb;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** What the ledger says of activations is what Deeplearning4j's workspace of activations holds after a step. */
@ForAnyKernel
class ActivationMemoryTest {

    private static final int WIDTH = 127;

    /** Single samples are not among them: Deeplearning4j's workspace held 195,072 bytes then, whatever the depth. */
    static Stream<Arguments> sizes() {
        return Stream.of(Arguments.of(2, 512), Arguments.of(16, 31), Arguments.of(64, 31));
    }

    @ParameterizedTest(name = "{0} layers, {1} samples")
    @MethodSource("sizes")
    void isMeasured(int depth, int batch) {
        MultiLayerConfiguration stock = network(depth);
        MultiLayerConfiguration local = IbHebb.convert(stock);
        assertThat(measured(stock, batch)).isCloseTo(
                IbHebb.ledger(stock, batch).heldActivations(), withinPercentage(5));
        assertThat(measured(local, batch)).isCloseTo(inWorkspace(IbHebb.ledger(local, batch), depth),
                withinPercentage(5));
    }

    /** What the signal sees lies in the layers' own buffers, and the output layer's sums with its input. */
    private static long inWorkspace(Ledger ledger, int depth) {
        String output = "layer" + (depth - 1);
        Map<String, Long> sizes = new HashMap<>();
        ledger.lifetimes().stream()
                .filter(each -> each.array().endsWith(" out")
                        || each.array().endsWith(" pre-activation") && !each.array().startsWith(output))
                .forEach(each -> sizes.put(each.array(), each.bytes()));
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    private static long measured(MultiLayerConfiguration conf, int batch) {
        Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
        MultiLayerNetwork network = new MultiLayerNetwork(conf);
        network.init();
        INDArray x = Nd4j.rand(DataType.FLOAT, batch, WIDTH);
        INDArray y = Nd4j.zeros(DataType.FLOAT, batch, 3);
        y.getColumn(1).assign(1);
        for (int i = 0; i < 3; i++) {
            network.fit(x, y);
        }
        return Nd4j.getWorkspaceManager().getAllWorkspacesForCurrentThread().stream()
                .filter(each -> each.getId().equals("WS_ALL_LAYERS_ACT"))
                .mapToLong(MemoryWorkspace::getMaxCycleAllocations).sum();
    }

    private static MultiLayerConfiguration network(int depth) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().seed(1)
                .updater(new Sgd(1e-6)).activation(Activation.TANH).list();
        for (int i = 1; i < depth; i++) {
            layers.layer(new DenseLayer.Builder().nIn(WIDTH).nOut(WIDTH).build());
        }
        return layers.layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).activation(Activation.SOFTMAX)
                .nIn(WIDTH).nOut(3).build()).build();
    }
}
