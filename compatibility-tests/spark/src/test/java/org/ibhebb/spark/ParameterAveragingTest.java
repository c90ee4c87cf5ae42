package org.ibhebb.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.ibhebb.IbHebb;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.memory.MemoryPretrainer;
import org.ibhebb.rule.LearningRule;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.dataset.DataSet;

/** DL4J's parameter averaging on a cluster of two workers, each a JVM of its own. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ParameterAveragingTest {

    private static final LearningRule RULE = Rules.UNUSUAL;
    private static final int EPOCHS = 15;

    private static ParameterAveragingTrainingMaster master(LearningRule expected) {
        return new ParameterAveragingTrainingMaster.Builder(2, 1)
                .batchSizePerWorker(16)
                .averagingFrequency(6)
                .workerPrefetchNumBatches(0)
                .rddTrainingApproach(RDDTrainingApproach.Direct)
                .trainingHooks(new WorkerHook((minibatch, model) -> checkRules(model, expected)))
                .build();
    }

    /** Throws, on the worker, if its hidden layers do not learn by this rule. */
    private static void checkRules(Model model, LearningRule expected) {
        List<LearningRule> rules = Rules.of(model);
        if (expected != null && !rules.equals(List.of(expected, expected))) {
            throw new IllegalStateException("rules that arrived: " + rules);
        }
    }

    private static double chainAccuracy(JavaSparkContext spark, MultiLayerNetwork network, LearningRule rule) {
        SparkDl4jMultiLayer onSpark = new SparkDl4jMultiLayer(spark, network, master(rule));
        JavaRDD<DataSet> samples = spark.parallelize(Data.xor(1, 192).asList(), 2);
        MultiLayerNetwork trained = Spark.fit(EPOCHS, samples, onSpark::fit);
        assertThat(Rules.of(trained)).isEqualTo(rule == null ? List.of() : List.of(rule, rule));
        return onSpark.evaluate(spark.parallelize(Data.xor(2, 192).asList(), 2)).accuracy();
    }

    private static double graphAccuracy(JavaSparkContext spark, ComputationGraph network, LearningRule rule) {
        SparkComputationGraph onSpark = new SparkComputationGraph(spark, network, master(rule));
        JavaRDD<DataSet> samples = spark.parallelize(Data.xor(1, 192).asList(), 2);
        ComputationGraph trained = Spark.fit(EPOCHS, samples, onSpark::fit);
        assertThat(Rules.of(trained)).isEqualTo(rule == null ? List.of() : List.of(rule, rule));
        return onSpark.evaluate(spark.parallelize(Data.xor(2, 192).asList(), 2)).accuracy();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JavaSerializer", "KryoSerializer"})
    void networksLearnOnWorkers(String serializer, @TempDir Path folder) throws Exception {
        MemoryNetwork memory = MemoryPretrainer.builder().units(200).activityWidth(16).recall(4).build()
                .pretrain(progress -> {})
                .save(folder.resolve("memory.ibmem"));
        LearningRule recalled = RULE.toBuilder().memory(memory).build();
        try (JavaSparkContext spark = Spark.cluster(serializer)) {
            double chain = chainAccuracy(spark, new MultiLayerNetwork(IbHebb.convert(Data.chain(), RULE)), RULE);
            double graph = graphAccuracy(spark, new ComputationGraph(IbHebb.convert(Data.graph(), RULE)), RULE);
            double frozen = chainAccuracy(spark, new MultiLayerNetwork(Data.frozenChain()), null);
            assertThat(List.of(chain, graph)).as("against %s frozen", frozen)
                    .allMatch(accuracy -> accuracy > 0.85 && accuracy > frozen + 0.1);
            // Windows of four samples learn little: that workers find the file is the point. They fail without it.
            chainAccuracy(spark, new MultiLayerNetwork(IbHebb.convert(Data.chain(), recalled)), recalled);
        }
    }
}
