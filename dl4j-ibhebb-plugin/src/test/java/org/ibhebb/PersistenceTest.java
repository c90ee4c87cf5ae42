package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.Fixtures.values;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.LabelKernel;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** What is written is what is read, and goes on learning locally. */
class PersistenceTest {

    private static final LearningRule RULE = Fixtures.plain()
            .objective(Objective.hsic().withGamma(1.5).withSigmaX(0.7).withKernel(Kernel.medianGaussian(0.8)))
            .plus(Objective.normalizedHsic().withWeight(0.25).withLabels(LabelKernel.gaussian(0.6)))
            .memory(12)
            .build();

    @TempDir
    Path folder;

    @Test
    void configurationsSurviveJsonYamlAndClone() {
        for (MultiLayerConfiguration conf : List.of(convolutional(), recurrent())) {
            assertThat(MultiLayerConfiguration.fromJson(conf.toJson())).isEqualTo(conf);
            assertThat(MultiLayerConfiguration.fromYaml(conf.toYaml())).isEqualTo(conf);
            assertThat(conf.clone()).isEqualTo(conf);
            assertThat(conf.toJson()).contains("\"objectives\"").contains("median-gaussian");
        }
        ComputationGraphConfiguration graph = graph();
        assertThat(ComputationGraphConfiguration.fromJson(graph.toJson())).isEqualTo(graph);
        assertThat(ComputationGraphConfiguration.fromYaml(graph.toYaml())).isEqualTo(graph);
        assertThat(graph.clone()).isEqualTo(graph);
    }

    /** Saved models carry these names: a change of one would lock its users out. */
    @Test
    void classNamesAndFieldsAreAPublicFormat() throws Exception {
        JsonNode layers = new ObjectMapper().readTree(convolutional().toJson()).get("confs");
        JsonNode convolution = layers.get(0).get("layer");
        assertThat(convolution.get("@class").asText()).isEqualTo("org.ibhebb.conf.layers.IbHebbConvolutionLayer");
        assertThat(convolution.get("source").asBoolean()).isTrue();
        assertThat(convolution.get("rule").isNull()).isTrue();
        assertThat(convolution.get("backPropagatedHead").isBoolean()).isTrue();
        JsonNode normalization = layers.get(1).get("layer");
        assertThat(normalization.get("@class").asText()).isEqualTo("org.ibhebb.conf.layers.IbHebbWrapperLayer");
        assertThat(normalization.get("endsUnit").asBoolean()).isTrue();
        assertThat(normalization.get("channelsLast").asBoolean()).isFalse();
        assertThat(normalization.get("underlying").get("@class").asText())
                .isEqualTo("org.ibhebb.conf.layers.IbHebbBatchNormalizationLayer");
        JsonNode dense = layers.get(2).get("layer");
        assertThat(dense.get("@class").asText()).isEqualTo("org.ibhebb.conf.layers.IbHebbDenseLayer");
        assertThat(LearningRule.fromJson(dense.get("rule").toString())).isEqualTo(RULE);
        JsonNode output = layers.get(3).get("layer");
        assertThat(output.get("@class").asText()).isEqualTo("org.ibhebb.conf.layers.IbHebbOutputLayer");
        assertThat(output.get("passesError").asBoolean()).isFalse();
        assertThat(LearningRule.fromJson("""
                {"objectives":[
                  {"kind":"hsic","weight":1.0,"kernel":{"type":"median-gaussian","sigma":0.8},"groups":0,
                   "gamma":1.5,"sigmaX":0.7,"labels":{"type":"auto","sigma":0.0}},
                  {"kind":"normalized-hsic","weight":0.25,"kernel":{"type":"cosine","sigma":0.0},"groups":0,
                   "gamma":2.0,"sigmaX":0.5,"labels":{"type":"gaussian","sigma":0.6}}],
                 "normalization":"layer-norm","pooling":2,"memory":12}""")).isEqualTo(RULE);
    }

    @Test
    void configurationsWithOtherRulesDiffer() {
        MultiLayerConfiguration stock = Fixtures.mlp(Activation.TANH, new Adam(1e-2), 5, 4, 3);
        assertThat(IbHebb.convert(stock, RULE)).isNotEqualTo(IbHebb.convert(stock)).isNotEqualTo(stock);
    }

    @Test
    void aRestoredNetworkLearnsLocally() throws Exception {
        DataSet images = new DataSet(Fixtures.noise(1, 12, 1, 6, 6), Fixtures.oneHot(1, 12, 3));
        DataSet sequences = new DataSet(Fixtures.noise(1, 12, 2, 5), Fixtures.oneHot(1, 12, 3));
        check(Fixtures.network(convolutional()), images);
        check(Fixtures.network(recurrent()), sequences);
    }

    private void check(MultiLayerNetwork net, DataSet data) throws Exception {
        net.fit(data);
        File file = folder.resolve("net.zip").toFile();
        net.save(file, true);
        MultiLayerNetwork restored = MultiLayerNetwork.load(file, true);
        assertThat(restored.getLayerWiseConfigurations()).isEqualTo(net.getLayerWiseConfigurations());
        assertThat(values(restored.params())).isEqualTo(values(net.params()));
        assertThat(values(restored.output(data.getFeatures()))).isEqualTo(values(net.output(data.getFeatures())));
        // A mini-batch as large as the memory leaves nothing of the past to remember: both go the same way.
        net.fit(data);
        restored.fit(data);
        assertThat(values(restored.params())).isEqualTo(values(net.params()));
        assertThat(IbHebb.report(restored.getLayerWiseConfigurations()).count(ConversionReport.Learning.LOCAL))
                .isPositive();
    }

    @Test
    void aRestoredGraphLearnsLocally() throws Exception {
        DataSet data = Fixtures.clusters(1, 12, 5, 3);
        ComputationGraph net = new ComputationGraph(graph());
        net.init();
        net.fit(data);
        File file = folder.resolve("graph.zip").toFile();
        net.save(file, true);
        ComputationGraph restored = ComputationGraph.load(file, true);
        net.fit(data);
        restored.fit(data);
        assertThat(values(restored.params())).isEqualTo(values(net.params()));
    }

    @Test
    void parametersOfStockAndConvertedNetworksAreInterchangeable() throws Exception {
        DataSet data = Fixtures.clusters(1, 12, 5, 3);
        MultiLayerConfiguration stockConf = Fixtures.mlp(Activation.TANH, new Adam(1e-2), 5, 4, 3);
        MultiLayerNetwork stock = Fixtures.network(stockConf);
        stock.fit(data);
        File file = folder.resolve("stock.zip").toFile();
        stock.save(file, true);

        MultiLayerNetwork local = Fixtures.network(IbHebb.convert(stockConf, RULE));
        local.setParams(MultiLayerNetwork.load(file, true).params());
        assertThat(values(local.output(data.getFeatures()))).isEqualTo(values(stock.output(data.getFeatures())));
        local.fit(data);

        MultiLayerNetwork back = Fixtures.network(stockConf);
        back.setParams(local.params());
        assertThat(values(back.output(data.getFeatures()))).isEqualTo(values(local.output(data.getFeatures())));
    }

    @Test
    void theSameSeedGivesTheSameNetworkBitForBit() {
        DataSet data = Fixtures.clusters(1, 40, 5, 3);
        INDArray[] params = new INDArray[2];
        for (int run = 0; run < 2; run++) {
            MultiLayerNetwork net = Fixtures.localMlp(Fixtures.plain().memory(16).build(), 5, 8, 6, 3);
            for (DataSet batch : data.batchBy(7)) {
                net.fit(batch);
            }
            params[run] = net.params();
        }
        assertThat(values(params[1])).isEqualTo(values(params[0]));
    }

    /** What a restored or cloned network has lost is its working memory, and only that. */
    @Test
    void aCloneStartsWithAnEmptyMemory() {
        DataSet data = Fixtures.clusters(1, 30, 5, 3);
        List<DataSet> one = data.batchBy(1);
        LearningRule rule =
                Fixtures.plain().objective(Objective.neighbourhood().withSigma(0.6)).memory(9).build();
        MultiLayerNetwork net = Fixtures.localMlp(rule, 5, 4, 3);
        one.subList(0, 20).forEach(net::fit);
        MultiLayerNetwork clone = net.clone();
        MultiLayerNetwork empty = Fixtures.network(net.getLayerWiseConfigurations().clone());
        empty.setParams(net.params());
        net.fit(one.get(20));
        clone.fit(one.get(20));
        empty.fit(one.get(20));
        assertThat(values(clone.params())).isEqualTo(values(empty.params())).isNotEqualTo(values(net.params()));
    }

    private static MultiLayerConfiguration convolutional() {
        return IbHebb.convert(Fixtures.builder(new Adam(1e-2)).activation(Activation.RELU).dropOut(1.0).list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).build())
                .layer(new BatchNormalization())
                .layer(new DenseLayer.Builder().nOut(5).build())
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional(6, 6, 1))
                .build(), RULE);
    }

    private static MultiLayerConfiguration recurrent() {
        return IbHebb.convert(Fixtures.builder(new Adam(1e-2)).list()
                .layer(new Convolution1DLayer.Builder(3).nOut(4).build())
                .layer(new LSTM.Builder().nOut(4).build())
                .layer(new GlobalPoolingLayer())
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.recurrent(2, 5))
                .build(), RULE);
    }

    private static ComputationGraphConfiguration graph() {
        return IbHebb.convert(Fixtures.builder(new Adam(1e-2)).activation(Activation.TANH).graphBuilder()
                .addInputs("in")
                .addLayer("dense", new DenseLayer.Builder().nIn(5).nOut(4).build(), "in")
                .addLayer("norm", new BatchNormalization.Builder().nIn(4).nOut(4).build(), "dense")
                .addLayer("out", Fixtures.readout(4, 3), "norm")
                .setOutputs("out")
                .build(), RULE);
    }
}
