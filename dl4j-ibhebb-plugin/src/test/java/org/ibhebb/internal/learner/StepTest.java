package org.ibhebb.internal.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ibhebb.Fixtures.values;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** What the layers of one training step see of each other's part in it. */
class StepTest {

    private static final LearningRule RULE = Fixtures.plain().objective(Objective.hsic()).memory(16).build();

    /** Two outputs: one on layer a, one on layer b, which stands on a. */
    private static ComputationGraphConfiguration conf(boolean bBetweenTheOutputs) {
        DenseLayer a = new DenseLayer.Builder().nIn(5).nOut(4).activation(Activation.TANH).build();
        DenseLayer b = new DenseLayer.Builder().nIn(4).nOut(4).activation(Activation.TANH).build();
        OutputLayer readoutOfA = Fixtures.readout(4, 3);
        OutputLayer readoutOfB = Fixtures.readout(4, 3);
        var graph = Fixtures.builder(new Sgd(0.1)).graphBuilder().addInputs("in").addLayer("a", a, "in");
        if (bBetweenTheOutputs) {
            graph.addLayer("outA", readoutOfA, "a").addLayer("b", b, "a").addLayer("outB", readoutOfB, "b");
        } else {
            graph.addLayer("b", b, "a").addLayer("outA", readoutOfA, "a").addLayer("outB", readoutOfB, "b");
        }
        return IbHebb.convert(graph.setOutputs("outA", "outB").build(), RULE);
    }

    private static ComputationGraph network(boolean bBetweenTheOutputs, ComputationGraph like) {
        ComputationGraph network = new ComputationGraph(conf(bBetweenTheOutputs));
        network.init();
        if (like != null) {
            like.paramTable().forEach((name, value) -> network.getParam(name).assign(value));
        }
        return network;
    }

    private static List<String> order(ComputationGraph network) {
        return Arrays.stream(network.topologicalSortOrder())
                .mapToObj(index -> network.getVertices()[index].getVertexName())
                .toList();
    }

    private static MultiDataSet data(long seedOfLabelsOfA) {
        INDArray x = Fixtures.noise(1, 12, 5);
        return new MultiDataSet(
                new INDArray[] {x},
                new INDArray[] {Fixtures.oneHot(seedOfLabelsOfA, 12, 3), Fixtures.oneHot(3, 12, 3)});
    }

    /** The network's output layer is one of DL4J's own, put in place of ours after conversion. */
    @Test
    void aLayerThatNoLabelsReachIsNamed() {
        MultiLayerConfiguration conf = IbHebb.convert(Fixtures.mlp(Activation.TANH, new Sgd(0.1), 5, 4, 3), RULE);
        conf.getConf(1).setLayer(IbHebb.revert(conf).getConf(1).getLayer());
        MultiLayerNetwork network = Fixtures.network(conf);
        double[] before = values(network.params());
        assertThatThrownBy(() -> network.fit(Fixtures.clusters(1, 12, 5, 3))).isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("layer 'layer0' (index 0)", "no labels reached this layer", "IbHebb.convert");
        assertThat(values(network.params())).isEqualTo(before);
    }

    @Test
    void aLabelMaskOfAnotherShapeIsRefusedByTheNameOfTheOutput() {
        MultiLayerNetwork network = Fixtures.localMlp(RULE, 5, 4, 3);
        DataSet data = Fixtures.clusters(1, 12, 5, 3);
        double[] before = values(network.params());
        for (INDArray mask : List.of(Nd4j.ones(DataType.DOUBLE, 5), Nd4j.ones(DataType.DOUBLE, 12, 3))) {
            data.setLabelsMaskArray(mask);
            assertThatThrownBy(() -> network.fit(data)).hasMessageContainingAll("(index 1)", "label mask of shape");
            assertThat(values(network.params())).isEqualTo(before);
        }
    }

    /** A layer is compared by the labels of all outputs that it feeds, of those too that come after a layer above. */
    @Test
    void labelsThatComeAfterALayersBackwardPassReachTheLayersBelowIt() {
        ComputationGraph between = network(true, null);
        ComputationGraph before = network(false, between);
        ComputationGraph others = network(true, between);
        assertThat(order(between)).containsExactly("in", "a", "outA", "b", "outB");
        assertThat(order(before)).containsSubsequence("b", "outA").containsSubsequence("b", "outB");

        between.fit(data(2));
        before.fit(data(2));
        others.fit(data(4));
        assertThat(values(between.getParam("a_W"))).isEqualTo(values(before.getParam("a_W")));
        assertThat(values(between.getParam("a_W"))).isNotEqualTo(values(others.getParam("a_W")));
    }
}
