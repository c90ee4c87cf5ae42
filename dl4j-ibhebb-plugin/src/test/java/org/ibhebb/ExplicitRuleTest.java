package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.ibhebb.Fixtures.values;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.conf.layers.LocalLayer;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** Which rule counts: a layer's own by name, its updater's, the one given for all, the one from before, the default. */
@ForAnyKernel
class ExplicitRuleTest {

    private static final LearningRule FIRST = Fixtures.plain().objective(Objective.hsic()).memory(16).build();
    private static final LearningRule SECOND = Fixtures.plain().objective(Objective.hsicZZ()).memory(24).build();
    private static final LearningRule NAMED =
            Fixtures.plain().objective(Objective.normalizedHsic()).memory(24).build();

    /** A unit of three layers, a wrapped layer and a dense one. */
    private static MultiLayerConfiguration chain(IUpdater updater) {
        return Fixtures.builder(updater).activation(Activation.TANH).list()
                .layer(new ConvolutionLayer.Builder(2, 2).name("conv").nOut(3).build())
                .layer(new BatchNormalization.Builder().name("norm").build())
                .layer(new ActivationLayer.Builder().name("act").activation(Activation.TANH).build())
                .layer(new DropoutLayer.Builder(0.9).name("drop").build())
                .layer(new DenseLayer.Builder().name("dense").nOut(4).build())
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional(5, 5, 1))
                .build();
    }

    private static ComputationGraphConfiguration graph() {
        return Fixtures.builder(new Adam(1e-2)).graphBuilder().addInputs("in")
                .addLayer("rnn", new LastTimeStep(new LSTM.Builder().nIn(2).nOut(4).build()), "in")
                .addLayer("dense", new DenseLayer.Builder().nIn(4).nOut(4).build(), "rnn")
                .addLayer("out", Fixtures.readout(4, 3), "dense")
                .setOutputs("out").build();
    }

    private static List<LearningRule> rules(MultiLayerConfiguration conf) {
        return conf.getConfs().stream()
                .map(holder -> holder.getLayer() instanceof LocalLayer local ? local.getRule() : null)
                .filter(Objects::nonNull)
                .toList();
    }

    @Test
    void anExplicitRuleWinsOverTheOneThatALayerHas() {
        MultiLayerConfiguration once = IbHebb.convert(chain(new Adam(1e-2)), FIRST);
        assertThat(rules(once)).containsExactly(FIRST, FIRST);
        assertThat(rules(IbHebb.convert(once, SECOND))).containsExactly(SECOND, SECOND);
        assertThat(IbHebb.convert(once, SECOND)).isEqualTo(IbHebb.convert(chain(new Adam(1e-2)), SECOND));
        assertThat(IbHebb.report(once, SECOND)).isEqualTo(IbHebb.report(IbHebb.convert(once, SECOND)));
        assertThat(IbHebb.report(once).toString()).contains(FIRST.toString()).doesNotContain(SECOND.toString());
        assertThat(rules(IbHebb.convert(once))).containsExactly(FIRST, FIRST);

        ComputationGraphConfiguration graph = IbHebb.convert(graph(), FIRST);
        assertThat(IbHebb.convert(graph, SECOND).toJson()).isEqualTo(IbHebb.convert(graph(), SECOND).toJson());
        assertThat(IbHebb.report(graph, SECOND)).isEqualTo(IbHebb.report(graph(), SECOND));
    }

    @Test
    void itDoesSoInNetworks() {
        MultiLayerNetwork once = IbHebb.convert(Fixtures.network(chain(new Sgd(0.1))), FIRST);
        MultiLayerNetwork again = IbHebb.convert(once, SECOND);
        assertThat(rules(again.getLayerWiseConfigurations())).containsExactly(SECOND, SECOND);
        assertThat(rules(once.getLayerWiseConfigurations())).containsExactly(FIRST, FIRST);
        assertThat(values(again.params())).isEqualTo(values(once.params()));
        assertThat(IbHebb.report(again)).isEqualTo(IbHebb.report(again.getLayerWiseConfigurations()));

        ComputationGraph graph = new ComputationGraph(graph());
        graph.init();
        ComputationGraph local = IbHebb.convert(IbHebb.convert(graph, FIRST), SECOND);
        assertThat(IbHebb.report(local)).isEqualTo(IbHebb.report(graph(), SECOND));
        assertThat(IbHebb.report(IbHebb.convert(graph))).isEqualTo(IbHebb.report(graph));
    }

    /** It was said for that layer, or for the network by whoever built it. */
    @Test
    void theRuleOfAnUpdaterCountsMoreThanOneForAll() {
        assertThat(rules(IbHebb.convert(chain(new IbHebb(new Sgd(0.1), FIRST)), SECOND))).containsExactly(FIRST, FIRST);
        assertThat(rules(IbHebb.convert(chain(new IbHebb(new Sgd(0.1))), SECOND))).containsExactly(SECOND, SECOND);
    }

    @Test
    void aRuleByNameCountsMost() {
        MultiLayerConfiguration stock = chain(new Adam(1e-2));
        MultiLayerConfiguration conf = IbHebb.convert(stock, SECOND, Map.of("conv", NAMED));
        assertThat(rules(conf)).containsExactly(NAMED, SECOND);
        assertThat(rules(IbHebb.convert(IbHebb.convert(stock, FIRST), SECOND, Map.of("dense", NAMED))))
                .containsExactly(SECOND, NAMED);
        LearningRule first = FIRST.toBuilder().objective(Objective.reference()).build();
        assertThat(rules(IbHebb.convert(chain(new IbHebb(new Sgd(0.1), FIRST)), null, Map.of("dense", first))))
                .containsExactly(FIRST, first);
        assertThat(IbHebb.report(stock, SECOND, Map.of("conv", NAMED))).isEqualTo(IbHebb.report(conf));

        MultiLayerNetwork network = IbHebb.convert(Fixtures.network(stock), SECOND, Map.of("dense", NAMED));
        assertThat(rules(network.getLayerWiseConfigurations())).containsExactly(SECOND, NAMED);

        ComputationGraph graph = new ComputationGraph(graph());
        graph.init();
        ComputationGraph local = IbHebb.convert(graph, SECOND, Map.of("rnn", NAMED));
        assertThat(IbHebb.report(local).layers().get(0).detail()).contains(NAMED.toString());
        assertThat(IbHebb.report(local).layers().get(1).detail()).contains(SECOND.toString());
        assertThat(IbHebb.report(graph(), SECOND, Map.of("rnn", NAMED))).isEqualTo(IbHebb.report(local));
    }

    /** Layers without a name have one by their place. */
    @Test
    void namesAreThoseOfTheReport() {
        MultiLayerConfiguration conf = Fixtures.mlp(Activation.TANH, new Sgd(0.1), 5, 4, 4, 3);
        assertThat(rules(IbHebb.convert(conf, SECOND, Map.of("layer1", NAMED)))).containsExactly(SECOND, NAMED);
    }

    @Test
    void aNameThatCanHaveNoRuleIsRefused() {
        MultiLayerConfiguration conf = chain(new Adam(1e-2));
        assertRefused(conf, "dens", "'dens'", "none of that name", "'dense' (DenseLayer)");
        assertRefused(conf, "act", "'act'", "unit of 'conv'", "give the rule to that one");
        assertRefused(conf, "drop", "'drop'", "does not learn locally", "'conv'");
        assertRefused(conf, "layer5", "'layer5'", "does not learn locally", "'conv'");
        conf.getConf(0).getLayer().setLayerName("dense");
        assertRefused(conf, "dense", "'dense'", "2 layers are called so");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> IbHebb.convert(conf, null, Collections.singletonMap("conv", null)))
                .withMessageContainingAll("'conv'", "missing");
        assertThatNullPointerException().isThrownBy(() -> IbHebb.convert(conf, null, null));
        // Working memory is the network's.
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IbHebb.convert(chain(new Sgd(0.1)), SECOND, Map.of("dense", FIRST)))
                .withMessageContainingAll("one working memory", "16", "24");
    }

    private static void assertRefused(MultiLayerConfiguration conf, String name, String... words) {
        String before = conf.toJson();
        assertThatIllegalArgumentException().isThrownBy(() -> IbHebb.convert(conf, NAMED, Map.of(name, NAMED)))
                .satisfies(refusal -> assertThat(Arrays.asList(words)).allMatch(refusal.getMessage()::contains));
        assertThatIllegalArgumentException().isThrownBy(() -> IbHebb.report(conf, NAMED, Map.of(name, NAMED)));
        assertThat(conf.toJson()).isEqualTo(before);
    }

    @Test
    void whatIsConvertedIsSaid() {
        MultiLayerConfiguration conf = chain(new Adam(1e-2));
        assertThat(IbHebb.isConverted(conf)).isFalse();
        assertThat(IbHebb.isConverted(IbHebb.convert(conf))).isTrue();
        assertThat(IbHebb.isConverted(IbHebb.revert(IbHebb.convert(conf)))).isFalse();
        assertThat(IbHebb.isConverted(chain(new IbHebb(new Sgd(0.1))))).isFalse();
        assertThat(IbHebb.isConverted(Fixtures.network(conf))).isFalse();
        assertThat(IbHebb.isConverted(IbHebb.convert(Fixtures.network(conf)))).isTrue();

        assertThat(IbHebb.isConverted(graph())).isFalse();
        assertThat(IbHebb.isConverted(IbHebb.convert(graph()))).isTrue();
        ComputationGraph graph = new ComputationGraph(graph());
        assertThat(IbHebb.isConverted(graph)).isFalse();
        assertThat(IbHebb.isConverted(IbHebb.convert(graph))).isTrue();

        // With an output layer of DL4J's own, the local layers would see no labels.
        MultiLayerConfiguration readout = IbHebb.convert(conf);
        readout.getConf(5).setLayer(conf.getConf(5).getLayer());
        assertThat(IbHebb.isConverted(readout)).isFalse();
        // What conversion refuses it has not converted.
        assertThat(IbHebb.isConverted(Fixtures.builder(new Sgd(0.1)).list().layer(Fixtures.readout(4, 3)).build()))
                .isFalse();
        assertThat(IbHebb.isConverted(Fixtures.builder(new Sgd(0.1)).graphBuilder().addInputs("in")
                .addLayer("out", Fixtures.readout(4, 3), "in").setOutputs("out").build())).isFalse();
    }
}
