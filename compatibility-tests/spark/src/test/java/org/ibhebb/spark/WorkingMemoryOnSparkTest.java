package org.ibhebb.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** In each round between two averagings a worker's working memory begins empty, for its network is a new one. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class WorkingMemoryOnSparkTest {

    private static final int BATCH = 8;
    private static final int BATCHES_IN_A_ROUND = 3;
    /**
     * More than a round holds, so that a memory that lived on would show. Not the library's updater, nor Adam: Spark
     * counts as many steps a round as there should have been.
     */
    private static final LearningRule RULE =
            LearningRule.builder().memory(64).updaters(LearningRule.Updaters.CONFIGURED).build();

    /** What the worker, in this JVM, was given: a list of mini-batches for each network that it made. */
    private static final List<List<DataSet>> ROUNDS = new ArrayList<>();
    private static Model last;

    private static void write(Object minibatch, Model model) {
        if (model != last) {
            ROUNDS.add(new ArrayList<>());
            last = model;
        }
        ROUNDS.get(ROUNDS.size() - 1).add(((DataSet) minibatch).copy());
    }

    @BeforeEach
    void forget() {
        ROUNDS.clear();
        last = null;
    }

    @Test
    void everyRoundBeginsWithAnEmptyMemory() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(IbHebb.convert(Data.chain(new Sgd(0.1), new Sgd(0.1)), RULE));
        network.init();
        MultiLayerNetwork anew = network.clone();
        MultiLayerNetwork onwards = network.clone();
        try (JavaSparkContext spark = Spark.local()) {
            new SparkDl4jMultiLayer(spark, network, new ParameterAveragingTrainingMaster.Builder(1, 1)
                    .batchSizePerWorker(BATCH)
                    .averagingFrequency(BATCHES_IN_A_ROUND)
                    .workerPrefetchNumBatches(0)
                    .rddTrainingApproach(RDDTrainingApproach.Direct)
                    .trainingHooks(new WorkerHook(WorkingMemoryOnSparkTest::write))
                    .build())
                    .fit(spark.parallelize(Data.xor(1, 4 * BATCHES_IN_A_ROUND * BATCH).asList(), 1));
        }
        assertThat(ROUNDS).hasSizeGreaterThan(1);
        for (List<DataSet> round : ROUNDS) {
            // A clone has parameters of its own, and so a memory of its own.
            anew = anew.clone();
            fit(anew, round);
            fit(onwards, round);
        }
        assertThat(values(network)).containsExactly(values(anew));
        assertThat(values(network)).isNotEqualTo(values(onwards));
    }

    private static void fit(MultiLayerNetwork network, List<DataSet> round) {
        for (DataSet batch : round) {
            network.fit(batch);
        }
    }

    private static double[] values(MultiLayerNetwork network) {
        INDArray parameters = network.params();
        return parameters.dup('c').reshape(parameters.length()).toDoubleVector();
    }
}
