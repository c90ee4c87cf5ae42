package org.ibhebb.internal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.Fixtures.values;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What a local network's training step shares with the stock network's: activations, readout, score. */
class TrainingStepTest {

    static Stream<MultiLayerConfiguration> networks() {
        return Stream.of(
                network(builder -> { }, Activation.RELU, LossFunction.MCXENT, Activation.SOFTMAX, true, false),
                network(builder -> { }, Activation.TANH, LossFunction.MSE, Activation.LEAKYRELU, true, false),
                network(builder -> { }, Activation.ELU, LossFunction.XENT, Activation.SIGMOID, false, false),
                network(builder -> { }, Activation.RELU, LossFunction.MCXENT, Activation.SOFTMAX, true, true),
                network(builder -> builder.l2(0.01).dropOut(0.7), Activation.RELU, LossFunction.MCXENT,
                        Activation.SOFTMAX, true, false),
                network(builder -> builder.trainingWorkspaceMode(WorkspaceMode.NONE), Activation.RELU,
                        LossFunction.MCXENT, Activation.SOFTMAX, true, false),
                network(builder -> builder.dataType(DataType.FLOAT), Activation.RELU, LossFunction.MCXENT,
                        Activation.SOFTMAX, true, false));
    }

    private static MultiLayerConfiguration network(Consumer<NeuralNetConfiguration.Builder> setting,
            Activation hidden, LossFunction loss, Activation output, boolean bias, boolean layerNorm) {
        NeuralNetConfiguration.Builder builder = Fixtures.builder(new Sgd(0.1));
        setting.accept(builder);
        return builder.list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(8).activation(hidden).hasBias(bias)
                        .hasLayerNorm(layerNorm).build())
                .layer(new DenseLayer.Builder().nIn(8).nOut(6).activation(hidden).hasBias(bias).build())
                .layer(new OutputLayer.Builder(loss).activation(output).nIn(6).nOut(3).hasBias(bias).build())
                .build();
    }

    /** Dropout draws other numbers in each network: nothing to compare. */
    @ParameterizedTest
    @MethodSource("networks")
    void activationsAreTheStockNetworks(MultiLayerConfiguration conf) {
        if (conf.getConf(0).getLayer().getIDropout() != null) {
            return;
        }
        MultiLayerNetwork stock = Fixtures.network(conf.clone());
        MultiLayerNetwork local = IbHebb.convert(stock, Fixtures.plain().build());
        INDArray x = Fixtures.noise(1, 7, 5).castTo(stock.params().dataType());

        List<INDArray> expected = stock.feedForward(x, true);
        List<INDArray> actual = local.feedForward(x, true);

        for (int layer = 0; layer < expected.size(); layer++) {
            assertThat(values(actual.get(layer))).as("layer " + layer).isEqualTo(values(expected.get(layer)));
        }
    }

    /** The score of a step is that of the parameters before it, and the readout's update is the delta rule. */
    @ParameterizedTest
    @MethodSource("networks")
    void scoreAndReadoutAreThoseOfTheStockNetwork(MultiLayerConfiguration conf) {
        boolean random = conf.getConf(0).getLayer().getIDropout() != null;
        double tolerance = conf.getConf(0).getDataType() == DataType.FLOAT ? 1e-5 : 1e-12;
        MultiLayerNetwork stock = Fixtures.network(conf.clone());
        MultiLayerNetwork local = IbHebb.convert(stock, Fixtures.plain().build());
        INDArray x = Fixtures.noise(1, 7, 5).castTo(stock.params().dataType());
        INDArray y = Fixtures.oneHot(2, 7, 3).castTo(stock.params().dataType());

        for (int step = 0; step < 3; step++) {
            // Hidden layers learn differently, so that both start each step from the local network's parameters.
            stock.setParams(local.params());
            stock.fit(x, y);
            local.fit(x, y);
            if (!random) {
                assertThat(local.score()).as("step " + step).isCloseTo(stock.score(), Offset.offset(tolerance));
                assertThat(local.getLayer(2).getParam("W").distance2(stock.getLayer(2).getParam("W")))
                        .isLessThanOrEqualTo(tolerance);
            }
            assertThat(local.score()).isFinite();
        }
        // A score that is asked for later is that of the parameters then.
        stock.setParams(local.params());
        assertThat(local.score(new DataSet(x, y)))
                .isCloseTo(stock.score(new DataSet(x, y)), Offset.offset(tolerance));
    }

    @Test
    void aScoreInTrainingModeAfterAStepIsThatOfTheNewParameters() {
        MultiLayerNetwork stock = Fixtures.network(Fixtures.mlp(Activation.RELU, new Sgd(0.5), 5, 4, 3));
        MultiLayerNetwork local = IbHebb.convert(stock, Fixtures.plain().build());
        DataSet data = new DataSet(Fixtures.noise(1, 7, 5), Fixtures.oneHot(2, 7, 3));
        local.fit(data);
        local.calculateGradients(data.getFeatures(), data.getLabels(), null, null);
        local.fit(data);
        stock.setParams(local.params());

        assertThat(local.score(data, true)).isCloseTo(stock.score(data, true), Offset.offset(1e-12));
    }
}
