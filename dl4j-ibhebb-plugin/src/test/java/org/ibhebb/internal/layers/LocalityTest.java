package org.ibhebb.internal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.Fixtures.values;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** No error crosses a layer: what stands above a layer does not change its update by one bit. */
class LocalityTest {

    private static final DataSet DATA = Fixtures.clusters(3, 20, 6, 3);

    static Stream<Objective> objectives() {
        return Stream.of(Objective.neighbourhood(), Fixtures.predictionOfMiniBatches());
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void layersAboveDoNotChangeTheUpdatesBelow(Objective objective) {
        LearningRule rule = Fixtures.plain().objective(objective).memory(8).build();
        for (int layer = 0; layer < 3; layer++) {
            MultiLayerNetwork plain = Fixtures.localMlp(rule, 6, 7, 5, 4, 3);
            MultiLayerNetwork perturbed = plain.clone();
            for (int above = layer + 1; above < 4; above++) {
                perturbed.getLayer(above).params().muli(-1.7).addi(0.3);
            }
            for (DataSet batch : DATA.batchBy(6)) {
                plain.fit(batch);
                perturbed.fit(batch);
            }
            for (int own = 0; own <= layer; own++) {
                assertThat(values(perturbed.getLayer(own).params()))
                        .as("layer " + own).isEqualTo(values(plain.getLayer(own).params()));
            }
        }
    }

    @Test
    void backPropagationFailsTheSameTest() {
        MultiLayerNetwork plain = Fixtures.network(Fixtures.mlp(Activation.TANH, new Sgd(0.1), 6, 7, 5, 4, 3));
        MultiLayerNetwork perturbed = plain.clone();
        perturbed.getLayer(3).params().muli(-1.7).addi(0.3);
        plain.fit(DATA);
        perturbed.fit(DATA);

        assertThat(values(perturbed.getLayer(0).params())).isNotEqualTo(values(plain.getLayer(0).params()));
    }

    @Test
    void branchesOfAGraphDoNotChangeEachOther() {
        ComputationGraphConfiguration conf = Fixtures.builder(new Adam(1e-2)).activation(Activation.RELU).graphBuilder()
                .addInputs("in")
                .addLayer("trunk", new DenseLayer.Builder().nIn(6).nOut(5).build(), "in")
                .addLayer("left", new DenseLayer.Builder().nIn(5).nOut(4).build(), "trunk")
                .addLayer("right", new DenseLayer.Builder().nIn(5).nOut(4).build(), "trunk")
                .addLayer("out", Fixtures.readout(8, 3), "left", "right")
                .setOutputs("out")
                .build();
        ComputationGraph plain = new ComputationGraph(IbHebb.convert(conf));
        plain.init();
        ComputationGraph perturbed = plain.clone();
        perturbed.getLayer("left").params().muli(2).addi(0.1);
        perturbed.getLayer("out").params().muli(-1);
        for (DataSet batch : DATA.batchBy(6)) {
            plain.fit(batch);
            perturbed.fit(batch);
        }
        for (String name : List.of("trunk", "right")) {
            INDArray expected = plain.getLayer(name).params();
            assertThat(values(perturbed.getLayer(name).params())).as(name).isEqualTo(values(expected));
        }
    }

    /** DL4J's dropout works in place on the output of the layer below. */
    @Test
    void dropoutAboveDoesNotChangeTheUpdatesBelow() {
        LearningRule rule = Fixtures.plain().memory(8).build();
        MultiLayerNetwork plain = Fixtures.localMlp(rule, 6, 7, 5, 3);
        MultiLayerConfiguration conf = Fixtures.mlp(Activation.TANH, new Sgd(0.1), 6, 7, 5, 3);
        conf.getConf(1).getLayer().setIDropout(new Dropout(0.5));
        conf.getConf(2).getLayer().setIDropout(new Dropout(0.5));
        MultiLayerNetwork dropping = Fixtures.network(IbHebb.convert(conf, rule));
        dropping.setParams(plain.params());
        for (DataSet batch : DATA.batchBy(6)) {
            plain.fit(batch);
            dropping.fit(batch);
        }
        assertThat(values(dropping.getLayer(0).params())).isEqualTo(values(plain.getLayer(0).params()));
        assertThat(values(dropping.getLayer(1).params())).isNotEqualTo(values(plain.getLayer(1).params()));
    }

    /** X is what reaches the first layer that learns, before its own dropout, which works in place on it. */
    @Test
    void anObjectiveSeesTheNetworksInputBeforeDropout() {
        LearningRule rule = Fixtures.plain().objective(Objective.hsic()).memory(8).build();
        for (Layer hidden : List.<Layer>of(
                new DenseLayer.Builder().nOut(5).dropOut(0.5).build(),
                new DenseLayer.Builder().nOut(5).dropOut(0.5).hasLayerNorm(true).build(),
                new ElementWiseMultiplicationLayer.Builder().nIn(6).nOut(6).dropOut(0.5).build())) {
            MultiLayerNetwork net = Fixtures.network(IbHebb.convert(Fixtures.builder(new Sgd(0.1)).list()
                    .layer(new ActivationLayer(Activation.IDENTITY))
                    .layer(hidden)
                    .layer(Fixtures.readout(0, 3))
                    .setInputType(InputType.feedForward(6)).build(), rule));
            List<double[]> seen = new ArrayList<>();
            net.setListeners(new BaseTrainingListener() {
                @Override
                public void onForwardPass(Model model, List<INDArray> activations) {
                    Predictors.observe(model, step -> seen.add(values(step.inputs())));
                }
            });
            DataSet batch = DATA.batchBy(6).get(0);
            net.fit(batch);
            assertThat(seen).as("%s", hidden).hasSize(1);
            assertThat(seen.get(0)).as("%s", hidden).containsExactly(values(batch.getFeatures()));
        }
    }

    @Test
    void theReadoutKeepsItsOwnLoss() {
        MultiLayerNetwork local = Fixtures.localMlp(Fixtures.plain().build(), 6, 5, 3);
        MultiLayerNetwork stock = IbHebb.revert(local);
        for (MultiLayerNetwork net : List.of(local, stock)) {
            net.setInput(DATA.getFeatures());
            net.setLabels(DATA.getLabels());
            net.computeGradientAndScore();
        }
        assertThat(local.score()).isEqualTo(stock.score());
        for (String parameter : List.of("1_W", "1_b")) {
            assertThat(values(local.gradient().getGradientFor(parameter)))
                    .isEqualTo(values(stock.gradient().getGradientFor(parameter)));
        }
    }
}
