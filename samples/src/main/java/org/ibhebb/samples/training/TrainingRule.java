package org.ibhebb.samples.training;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.samples.option.ByName;
import org.nd4j.linalg.learning.config.Sgd;

/** The ways to train one and the same network that are compared. */
public enum TrainingRule {
    /** What Deeplearning4j does. */
    BACKPROP("backprop") {
        @Override
        boolean isLocal() {
            return false;
        }
    },

    /**
     * The control: hidden layers keep their random weights, only the output layer learns. It is the local rule at a
     * hidden learning rate of 0, so that nothing else differs: batch normalisation still follows its statistics, which
     * DL4J's frozen layers would leave at 0 and 1.
     */
    FROZEN("frozen") {
        @Override
        void prepare(MultiLayerConfiguration conf) {
            List<NeuralNetConfiguration> layers = conf.getConfs();
            for (NeuralNetConfiguration layer : layers.subList(0, layers.size() - 1)) {
                if (layer.getLayer() instanceof BaseLayer weights) {
                    weights.setIUpdater(new Sgd(0));
                }
            }
        }
    },

    /** Hidden layers learn locally, each by its own objective; only the output layer sees an error. */
    IBHEBB("ibhebb");

    private final String label;

    TrainingRule(String label) {
        this.label = label;
    }

    /** The learning rate of the hidden layers at the first step. */
    double lrHidden(Settings settings) {
        return this == IBHEBB ? settings.lrHidden() : settings.lr();
    }

    /** A network that is trained by this rule; {@code conf} itself may be changed. */
    final Network network(MultiLayerConfiguration conf, LearningRule learning) {
        prepare(conf);
        return Network.of(new MultiLayerNetwork(isLocal() ? IbHebb.convert(conf, learning) : conf));
    }

    /** The same with an output layer that reads all layers; {@code input} is what a sample is. */
    final Network readingAllLayers(MultiLayerConfiguration conf, InputType input, LearningRule learning) {
        prepare(conf);
        ComputationGraphConfiguration graph = IbHebb.readoutFromAllLayers(conf, input);
        return Network.of(new ComputationGraph(isLocal() ? IbHebb.convert(graph, learning) : graph));
    }

    /** Changes what the layers' own configurations say, if anything. */
    void prepare(MultiLayerConfiguration conf) {}

    /** Whether hidden layers are local ones. */
    boolean isLocal() {
        return true;
    }

    @Override
    public String toString() {
        return label;
    }

    /** Reads one by its name. */
    public static final class Converter extends ByName<TrainingRule> {
        public Converter() {
            super(TrainingRule.class);
        }
    }
}
