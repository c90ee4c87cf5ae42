package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.ibhebb.ConversionReport.Learning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Graphs of many paths, and long ones. Each block doubles the number of paths, so that whoever walks paths does not
 * come to an end: the bound of these tests is no measure of speed.
 */
class DeepGraphsTest {

    private static final Duration FOR_EVER = Duration.ofMinutes(10);
    private static final int WIDTH = 4;

    private enum Lower {
        LEARNING,
        FROZEN,
        /** The backward pass goes on through it. */
        FROZEN_WITH_BACK_PROPAGATION,
        WITHOUT_WEIGHTS
    }

    private static Layer lower(Lower kind, int nIn) {
        DenseLayer dense = new DenseLayer.Builder().nIn(nIn).nOut(WIDTH).activation(Activation.TANH).build();
        return switch (kind) {
            case LEARNING -> dense;
            case FROZEN -> new FrozenLayer(dense);
            case FROZEN_WITH_BACK_PROPAGATION -> new FrozenLayerWithBackprop(dense);
            case WITHOUT_WEIGHTS -> new ActivationLayer(Activation.TANH);
        };
    }

    private static GraphBuilder begun() {
        return Fixtures.builder(new Sgd(0.1)).graphBuilder()
                .addInputs("in").setInputTypes(InputType.feedForward(WIDTH));
    }

    private static ComputationGraphConfiguration ended(GraphBuilder graph, String top) {
        return graph
                .addLayer("hidden", new DenseLayer.Builder().nOut(WIDTH).activation(Activation.TANH).build(), top)
                .addLayer("out", Fixtures.readout(0, 3), "hidden")
                .setOutputs("out")
                .build();
    }

    /** As many blocks as ResNet-152 has, each of three layers with batch normalisation. */
    private static ComputationGraphConfiguration residual(Lower kind) {
        GraphBuilder graph = begun();
        String below = "in";
        for (int block = 0; block < 50; block++) {
            String inside = below;
            for (int layer = 0; layer < 3; layer++) {
                String name = "block" + block + "-" + layer;
                graph.addLayer(name, lower(kind, WIDTH), inside);
                inside = name;
                if (kind == Lower.LEARNING) {
                    graph.addLayer(name + "-norm", new BatchNormalization(), inside);
                    inside = name + "-norm";
                }
            }
            graph.addVertex("sum" + block, new ElementWiseVertex(ElementWiseVertex.Op.Add), inside, below);
            below = "sum" + block;
        }
        return ended(graph, below);
    }

    /** Blocks as long as those of DenseNet-201, in which every layer reads all layers before it. */
    private static ComputationGraphConfiguration dense(Lower kind) {
        GraphBuilder graph = begun();
        String below = "in";
        for (int length : new int[] {6, 12, 48, 32}) {
            List<String> block = new ArrayList<>(List.of(below));
            for (int layer = 0; layer < length; layer++) {
                String name = "block" + length + "-" + layer;
                if (block.size() == 1) {
                    graph.addLayer(name, lower(kind, WIDTH), block.get(0));
                } else {
                    graph.addVertex(name + "-all", new MergeVertex(), block.toArray(String[]::new));
                    graph.addLayer(name, lower(kind, block.size() * WIDTH), name + "-all");
                }
                block.add(name);
            }
            below = "block" + length + "-" + (length - 1);
        }
        return ended(graph, below);
    }

    static Stream<Arguments> graphs() {
        return Stream.of(Lower.values()).flatMap(kind -> kind == Lower.WITHOUT_WEIGHTS
                ? Stream.of(Arguments.of(kind, residual(kind)))
                : Stream.of(Arguments.of(kind, residual(kind)), Arguments.of(kind, dense(kind))));
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("graphs")
    void everyConversionComesToAnEnd(Lower kind, ComputationGraphConfiguration conf) {
        assertTimeoutPreemptively(FOR_EVER, () -> {
            ComputationGraphConfiguration converted = IbHebb.convert(conf);
            long frozen = kind == Lower.FROZEN || kind == Lower.FROZEN_WITH_BACK_PROPAGATION
                    ? IbHebb.report(converted).layers().size() - 2 : 0;
            assertThat(IbHebb.report(converted).count(Learning.FROZEN)).isEqualTo(frozen);
            assertThat(IbHebb.report(converted).count(Learning.LOCAL)).isPositive();
            assertThat(IbHebb.convert(converted).toJson()).isEqualTo(converted.toJson());
            assertThat(IbHebb.revert(converted).toJson()).isEqualTo(conf.toJson());
            assertThat(IbHebb.readoutFromAllLayers(conf, InputType.feedForward(WIDTH)).getNetworkOutputs())
                    .containsExactly("out");
        });
    }

    /** Deeper than a thread's stack of calls that call themselves. */
    @Test
    void aLongChainIsConverted() {
        GraphBuilder graph = begun();
        String below = "in";
        for (int layer = 0; layer < 4000; layer++) {
            graph.addLayer("layer" + layer, new ActivationLayer(Activation.IDENTITY), below);
            below = "layer" + layer;
        }
        ComputationGraphConfiguration conf = ended(graph, below);
        assertThat(IbHebb.report(IbHebb.convert(conf)).count(Learning.LOCAL)).isEqualTo(1);
    }

    @Test
    void aCycleIsRefused() {
        ComputationGraphConfiguration conf = residual(Lower.FROZEN);
        conf.getVertexInputs().put("block3-0", List.of("hidden"));
        assertThatIllegalArgumentException().isThrownBy(() -> IbHebb.convert(conf)).withMessageContaining("cycle");
    }
}
