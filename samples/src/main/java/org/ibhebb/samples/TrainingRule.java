package org.ibhebb.samples;

import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.learning.config.Sgd;

/** The ways to train one and the same network that are compared. */
enum TrainingRule {
    /** What Deeplearning4j does. */
    BACKPROP("backprop") {
        @Override
        MultiLayerConfiguration apply(MultiLayerConfiguration conf, LearningRule learning) {
            return conf;
        }
    },

    /**
     * The control: hidden layers keep their random weights, only the output layer learns. It is the local rule at a
     * hidden learning rate of 0, so that nothing else differs: batch normalisation still follows its statistics, which
     * DL4J's frozen layers would leave at 0 and 1.
     */
    FROZEN("frozen") {
        @Override
        MultiLayerConfiguration apply(MultiLayerConfiguration conf, LearningRule learning) {
            List<NeuralNetConfiguration> layers = conf.getConfs();
            for (NeuralNetConfiguration layer : layers.subList(0, layers.size() - 1)) {
                if (layer.getLayer() instanceof BaseLayer weights) {
                    weights.setIUpdater(new Sgd(0));
                }
            }
            return IbHebb.convert(conf, learning);
        }
    },

    /** Hidden layers learn locally, each by its own objective; only the output layer sees an error. */
    IBHEBB("ibhebb") {
        @Override
        MultiLayerConfiguration apply(MultiLayerConfiguration conf, LearningRule learning) {
            return IbHebb.convert(conf, learning);
        }
    };

    private final String label;

    TrainingRule(String label) {
        this.label = label;
    }

    /** The learning rate of the hidden layers at the first step. */
    double lrHidden(Settings settings) {
        return this == IBHEBB ? settings.lrHidden() : settings.lr();
    }

    /** The configuration that trains by this rule; {@code conf} itself may be changed. */
    abstract MultiLayerConfiguration apply(MultiLayerConfiguration conf, LearningRule learning);

    @Override
    public String toString() {
        return label;
    }
}
