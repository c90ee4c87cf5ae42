package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ibhebb.compatibility.Networks.builder;
import static org.ibhebb.compatibility.Networks.dense;
import static org.ibhebb.compatibility.Networks.network;
import static org.ibhebb.compatibility.Networks.readout;
import static org.ibhebb.compatibility.Networks.values;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.transferlearning.TransferLearningHelper;
import org.deeplearning4j.nn.weights.WeightInit;
import org.ibhebb.IbHebb;
import org.ibhebb.conf.layers.IbHebbOutputLayer;
import org.ibhebb.ConversionReport.Learning;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks that learn locally, taken as the beginning of other ones by DL4J's TransferLearning. */
class TransferLearningTest {

    private static final int DIMENSIONS = 12;
    private static final DataSet BATCH = Samples.xor(1, 32, DIMENSIONS);

    private static MultiLayerNetwork chain(LearningRule rule) {
        MultiLayerNetwork network = network(IbHebb.convert(builder().list()
                .layer(dense(10)).layer(dense(8)).layer(dense(6)).layer(readout(2))
                .setInputType(InputType.feedForward(DIMENSIONS))
                .build(), rule));
        network.fit(BATCH);
        return network;
    }

    private static MultiLayerNetwork chain() {
        return chain(LearningRule.defaults());
    }

    private static ComputationGraph graph() {
        ComputationGraph network = network(IbHebb.convert(builder().graphBuilder()
                .addInputs("in")
                .addLayer("a", dense(10), "in").addLayer("b", dense(8), "a").addLayer("out", readout(2), "b")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(DIMENSIONS))
                .build()));
        network.fit(BATCH);
        return network;
    }

    @Test
    void anotherUpdaterFineTunesLocally() {
        MultiLayerNetwork tuned = new TransferLearning.Builder(chain())
                .fineTuneConfiguration(new FineTuneConfiguration.Builder().updater(new Sgd(0.5)).seed(7).build())
                .build();
        assertThat(Networks.report(tuned).count(Learning.LOCAL)).isEqualTo(3);

        MultiLayerNetwork expected = network(IbHebb.convert(builder().updater(new Sgd(0.5)).list()
                .layer(dense(10)).layer(dense(8)).layer(dense(6)).layer(readout(2))
                .setInputType(InputType.feedForward(DIMENSIONS))
                .build(), LearningRule.builder().updaters(LearningRule.Updaters.CONFIGURED).build()));
        expected.setParams(tuned.params().dup());
        tuned.fit(BATCH);
        expected.fit(BATCH);
        assertThat(values(tuned.params())).isEqualTo(values(expected.params()));
    }

    @ParameterizedTest
    @EnumSource(value = Objective.Kind.class)
    void frozenLowerLayersStayAndTheRestLearnsLocally(Objective.Kind objective) {
        MultiLayerNetwork tuned = new TransferLearning.Builder(
                        chain(LearningRule.builder().objective(Objective.of(objective)).build()))
                .setFeatureExtractor(0)
                .build();
        assertThat(Networks.report(tuned).count(Learning.FROZEN)).isEqualTo(1);
        assertThat(Networks.report(tuned).count(Learning.LOCAL)).isEqualTo(2);
        double[] frozen = values(tuned.getParam("0_W"));
        double[] second = values(tuned.getParam("1_W"));
        double[] third = values(tuned.getParam("2_W"));
        tuned.fit(BATCH);
        // What predicts labels has none to learn from at first.
        tuned.fit(BATCH);
        assertThat(values(tuned.getParam("0_W"))).isEqualTo(frozen);
        assertThat(values(tuned.getParam("1_W"))).isNotEqualTo(second);
        assertThat(values(tuned.getParam("2_W"))).isNotEqualTo(third);
    }

    @Test
    void aNetworkWhoseHiddenLayersAreAllFrozenTrainsItsReadout() {
        MultiLayerNetwork tuned = new TransferLearning.Builder(chain()).setFeatureExtractor(2).build();
        double[] hidden = values(tuned.getParam("2_W"));
        double[] readout = values(tuned.getParam("3_W"));
        tuned.fit(BATCH);
        assertThat(values(tuned.getParam("2_W"))).isEqualTo(hidden);
        assertThat(values(tuned.getParam("3_W"))).isNotEqualTo(readout);
    }

    @Test
    void widthsCanBeReplaced() {
        MultiLayerNetwork tuned =
                new TransferLearning.Builder(chain()).nOutReplace(1, 16, WeightInit.XAVIER).build();
        assertThat(tuned.getParam("1_W").shape()).containsExactly(10, 16);
        assertThat(tuned.getParam("2_W").shape()).containsExactly(16, 6);
        assertThat(Networks.report(tuned).count(Learning.LOCAL)).isEqualTo(3);
        double[] before = values(tuned.getParam("1_W"));
        tuned.fit(BATCH);
        assertThat(values(tuned.getParam("1_W"))).isNotEqualTo(before);
    }

    @Test
    void theReadoutCanBeReplacedByAnother() {
        MultiLayerNetwork tuned = new TransferLearning.Builder(chain())
                .fineTuneConfiguration(new FineTuneConfiguration.Builder().updater(new Sgd(0.1)).build())
                .removeOutputLayer()
                .addLayer(new IbHebbOutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX).nIn(6).nOut(2).build())
                .build();
        double[] before = values(tuned.getParam("0_W"));
        tuned.fit(BATCH);
        assertThat(values(tuned.getParam("0_W"))).isNotEqualTo(before);
    }

    @Test
    void aStockReadoutIsToBeConverted() {
        MultiLayerNetwork tuned = new TransferLearning.Builder(chain())
                .fineTuneConfiguration(new FineTuneConfiguration.Builder().updater(new Sgd(0.1)).build())
                .removeOutputLayer()
                .addLayer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX).nIn(6).nOut(2).build())
                .build();
        assertThatThrownBy(() -> tuned.fit(BATCH)).hasMessageContaining("IbHebb.convert");
        MultiLayerNetwork converted = IbHebb.convert(tuned, LearningRule.defaults());
        double[] before = values(converted.getParam("0_W"));
        converted.fit(BATCH);
        assertThat(values(converted.getParam("0_W"))).isNotEqualTo(before);
    }

    @Test
    void graphsAreFineTunedFrozenAndWidened() {
        ComputationGraph tuned = new TransferLearning.GraphBuilder(graph())
                .fineTuneConfiguration(new FineTuneConfiguration.Builder().updater(new Sgd(0.1)).build())
                .setFeatureExtractor("a")
                .nOutReplace("b", 9, WeightInit.XAVIER)
                .build();
        double[] frozen = values(tuned.getParam("a_W"));
        double[] free = values(tuned.getParam("b_W"));
        assertThat(free).hasSize(10 * 9);
        tuned.fit(BATCH);
        assertThat(values(tuned.getParam("a_W"))).isEqualTo(frozen);
        assertThat(values(tuned.getParam("b_W"))).isNotEqualTo(free);
    }

    @Test
    void featurizedDataTrainsTheUnfrozenPart() {
        MultiLayerNetwork network = chain();
        TransferLearningHelper helper = new TransferLearningHelper(network, 0);
        DataSet featurized = helper.featurize(BATCH);
        double[] frozen = values(network.getParam("0_W"));
        double[] free = values(helper.unfrozenMLN().getParam("0_W"));
        helper.fitFeaturized(featurized);
        assertThat(values(network.getParam("0_W"))).isEqualTo(frozen);
        assertThat(values(helper.unfrozenMLN().getParam("0_W"))).isNotEqualTo(free);
    }
}
