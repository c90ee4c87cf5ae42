package org.ibhebb.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.AdaptiveThresholdAlgorithm;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.parameterserver.training.SharedTrainingMaster;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;

/**
 * DL4J's gradient sharing: every worker trains one network from the first call of {@code fit} to the last, with one
 * working memory, and hears of the others' updates.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class SharedTrainingTest {

    private static final int BATCH = 16;
    private static final int BATCHES_IN_A_PARTITION = 5;
    /** Its memory is larger than a mini-batch, so that one that begins anew shows. */
    private static final LearningRule RULE = Rules.UNUSUAL;
    private static final int CALLS_OF_FIT = 3;
    private static final int EPOCHS_IN_A_CALL = 5;
    private static final DataSet SAMPLES = Data.xor(1, 192);

    private static SharedTrainingMaster master() {
        VoidConfiguration connections = VoidConfiguration.builder()
                .controllerAddress("127.0.0.1")
                .portSupplier(new PortOfEachJvm())
                .build();
        // Adam's steps are of that size. From DL4J's 1e-4 the threshold gets there too late.
        return new SharedTrainingMaster.Builder(connections, new AdaptiveThresholdAlgorithm(1e-2), BATCH)
                .batchSizePerWorker(BATCHES_IN_A_PARTITION * BATCH)
                .workersPerNode(1)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .build();
    }

    private static JavaRDD<DataSet> batches(JavaSparkContext spark) {
        List<DataSet> batches = new ArrayList<>();
        for (int epoch = 0; epoch < EPOCHS_IN_A_CALL; epoch++) {
            batches.addAll(SAMPLES.batchBy(BATCH));
        }
        return spark.parallelize(batches, 2);
    }

    /** Without Spark, and for longer: what a readout makes of hidden layers as they were initialised. */
    private static double lossOfFrozenLayers() {
        MultiLayerNetwork network = new MultiLayerNetwork(Data.frozenChain());
        network.init();
        for (int epoch = 0; epoch < 4 * CALLS_OF_FIT * EPOCHS_IN_A_CALL; epoch++) {
            SAMPLES.batchBy(BATCH).forEach(network::fit);
        }
        return network.score(SAMPLES);
    }

    /**
     * Each worker learnt by the rule, and remembered from the first step to the last; none failed half-way, of which
     * DL4J would say nothing.
     */
    private static void assertWorked(WorkerLog log, int workers) throws IOException {
        assertThat(log.workers()).hasSize(workers);
        int batches = 0;
        for (List<WorkerLog.Step> steps : log.workers()) {
            for (int step = 0; step < steps.size(); step++) {
                assertThat(steps.get(step)).as("step %s", step)
                        .isEqualTo(new WorkerLog.Step(BATCH, Math.min(step * BATCH, RULE.memory()), RULE));
            }
            batches += steps.size();
        }
        assertThat(batches).isEqualTo(CALLS_OF_FIT * EPOCHS_IN_A_CALL * SAMPLES.numExamples() / BATCH);
    }

    @Test
    void chainsLearnOnWorkersThatAreJvmsOfTheirOwn(@TempDir Path folder) throws Exception {
        WorkerLog log = new WorkerLog(folder, "layer0");
        MultiLayerNetwork network;
        try (JavaSparkContext spark = Spark.cluster("JavaSerializer")) {
            SparkDl4jMultiLayer onSpark = new SparkDl4jMultiLayer(
                    spark, new MultiLayerNetwork(IbHebb.convert(Data.chain(), RULE)), master());
            onSpark.setListeners(log);
            network = Spark.fit(CALLS_OF_FIT, batches(spark), onSpark::fit);
        }
        assertThat(Rules.of(network)).containsExactly(RULE, RULE);
        assertThat(network.score(SAMPLES)).isLessThan(lossOfFrozenLayers() / 2);
        assertWorked(log, 2);
    }

    @Test
    void graphsLearn(@TempDir Path folder) throws Exception {
        WorkerLog log = new WorkerLog(folder, "a");
        ComputationGraph network;
        try (JavaSparkContext spark = Spark.local()) {
            SparkComputationGraph onSpark = new SparkComputationGraph(
                    spark, new ComputationGraph(IbHebb.convert(Data.graph(), RULE)), master());
            onSpark.setListeners(log);
            network = Spark.fit(CALLS_OF_FIT, batches(spark), onSpark::fit);
        }
        assertThat(Rules.of(network)).containsExactly(RULE, RULE);
        assertThat(network.score(SAMPLES)).isLessThan(lossOfFrozenLayers() / 2);
        assertWorked(log, 1);
    }
}
