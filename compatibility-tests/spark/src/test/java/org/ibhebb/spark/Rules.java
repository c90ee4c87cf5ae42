package org.ibhebb.spark;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.conf.layers.LocalLayer;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;

/** By which rules a network learns: one a local layer, none in a stock network. */
final class Rules {

    /** No default: what workers have is what was sent. */
    static final LearningRule UNUSUAL = LearningRule.builder()
            .objective(Objective.neighbourhood().withSigma(0.3))
            .plus(Objective.normalizedHsic().withWeight(0.1))
            .memory(48)
            .build();

    private Rules() {}

    static List<LearningRule> of(Model model) {
        Layer[] layers = model instanceof MultiLayerNetwork chain
                ? chain.getLayers()
                : ((ComputationGraph) model).getLayers();
        return Arrays.stream(layers)
                .map(layer -> layer.conf().getLayer())
                .filter(LocalLayer.class::isInstance)
                .map(layer -> ((LocalLayer) layer).getRule())
                .toList();
    }
}
