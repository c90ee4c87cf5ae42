package org.ibhebb.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.Fixtures.values;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.impl.CollectionStatsStorageRouter;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.ui.StatsStorageSink;
import org.ibhebb.ui.StoredRecords;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.ViewIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** A network trains to the same bits with the listener, whose records go to a storage, and without it. */
class UndisturbedTest {

    private static final LearningRule RULE =
            Fixtures.plain().objective(Objective.hsic()).memory(12).build();
    private static final int SAMPLES = 24;

    static Stream<Arguments> networks() {
        Stream.Builder<Arguments> all = Stream.builder();
        for (WorkspaceMode mode : List.of(WorkspaceMode.ENABLED, WorkspaceMode.NONE)) {
            for (int batch : List.of(1, 5)) {
                all.add(Arguments.of("dense", dense(mode), flat(), batch));
                all.add(Arguments.of("graph", graph(mode), flat(), batch));
            }
            all.add(Arguments.of("convolutional", convolutional(mode), images(), 5));
            all.add(Arguments.of("recurrent", recurrent(mode), sequences(), 5));
        }
        all.add(Arguments.of("random activations", randomActivations(), singlePrecision(flat()), 5));
        all.add(Arguments.of("stock", stock(), flat(), 5));
        return all.build();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void parametersUpdaterAndRandomNumbersAreTheSameToTheBit(String name, Object conf, DataSet data, int batch) {
        Trained alone = train(conf, data, batch, null);
        List<Persistable> stored = new ArrayList<>();
        InformationPlane plane = new InformationPlane(data.copy(), 3).sendTo(new StatsStorageSink(
                new CollectionStatsStorageRouter(new ArrayList<>(), new ArrayList<>(), stored)));
        Trained observed = train(conf, data, batch, plane);

        assertThat(observed.parameters).isEqualTo(alone.parameters);
        assertThat(observed.updater).isEqualTo(alone.updater);
        assertThat(observed.score).isEqualTo(alone.score);
        assertThat(observed.random).isEqualTo(alone.random);
        assertThat(plane.records()).isNotEmpty();
        assertThat(stored).flatExtracting(update -> ((StoredRecords) update).records()).isEqualTo(plane.records());
        assertThat(observed.iterations).isEqualTo(alone.iterations);
        // Every record of a local layer has a direction: the copies did learn.
        assertThat(plane.records()).allSatisfy(record -> assertThat(record.alignment()).isFinite());
    }

    private record Trained(double[] parameters, double[] updater, double score, double[] random, int iterations) {}

    private static Trained train(Object conf, DataSet data, int batch, InformationPlane plane) {
        ViewIterator iterator = new ViewIterator(data.copy(), batch);
        if (conf instanceof MultiLayerConfiguration layers) {
            MultiLayerNetwork net = Fixtures.network(layers.clone());
            listen(net, plane);
            net.fit(iterator, 2);
            for (DataSet each : data.copy().batchBy(batch)) {
                net.fit(each);
            }
            return trained(net, net.getUpdater().getStateViewArray(), net.getIterationCount());
        }
        ComputationGraph net = new ComputationGraph(((ComputationGraphConfiguration) conf).clone());
        net.init();
        listen(net, plane);
        net.fit(iterator, 2);
        for (DataSet each : data.copy().batchBy(batch)) {
            net.fit(each);
        }
        return trained(net, net.getUpdater().getStateViewArray(), net.getIterationCount());
    }

    private static void listen(Model net, InformationPlane plane) {
        if (plane != null) {
            net.addListeners(plane);
        }
    }

    private static Trained trained(Model net, INDArray updater, int iterations) {
        double score = net.score();
        return new Trained(values(net.params()), values(updater), score, values(Nd4j.rand(1, 5)), iterations);
    }

    private static NeuralNetConfiguration.Builder builder(WorkspaceMode mode) {
        return Fixtures.builder(new Adam(1e-2)).activation(Activation.TANH)
                .trainingWorkspaceMode(mode).inferenceWorkspaceMode(mode);
    }

    private static MultiLayerConfiguration dense(WorkspaceMode mode) {
        return IbHebb.convert(builder(mode).list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(7).dropOut(0.8).build())
                .layer(new DenseLayer.Builder().nIn(7).nOut(6).weightNoise(new DropConnect(0.8)).build())
                .layer(new DropoutLayer(0.7))
                .layer(new DenseLayer.Builder().nIn(6).nOut(6).l2(1e-3).build())
                .layer(Fixtures.readout(6, 3))
                .build(), RULE);
    }

    private static MultiLayerConfiguration convolutional(WorkspaceMode mode) {
        return IbHebb.convert(builder(mode).convolutionMode(ConvolutionMode.Same).list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(3).activation(Activation.IDENTITY).build())
                .layer(new BatchNormalization.Builder().build())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new DenseLayer.Builder().nOut(6).dropOut(new Dropout(0.8)).build())
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional(4, 4, 2))
                .build(), RULE);
    }

    private static MultiLayerConfiguration recurrent(WorkspaceMode mode) {
        return IbHebb.convert(builder(mode).list()
                .layer(new LastTimeStep(
                        new LSTM.Builder().nOut(5).dropOut(0.8).build()))
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.recurrent(2, 4))
                .build(), RULE);
    }

    private static ComputationGraphConfiguration graph(WorkspaceMode mode) {
        return IbHebb.convert(builder(mode).graphBuilder()
                .addInputs("in")
                .addLayer("a", new DenseLayer.Builder().nIn(5).nOut(6).build(), "in")
                .addLayer("b", new DenseLayer.Builder().nIn(6).nOut(4).dropOut(0.7).build(), "a")
                .addLayer("c", new DenseLayer.Builder().nIn(10).nOut(6).build(), "a", "b")
                .addLayer("out", Fixtures.readout(6, 3), "c")
                .setOutputs("out")
                .build(), RULE);
    }

    /** They draw in every training forward pass, the listener's included. */
    private static MultiLayerConfiguration randomActivations() {
        return IbHebb.convert(builder(WorkspaceMode.ENABLED).dataType(DataType.FLOAT).list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(7).activation(new ActivationRReLU()).build())
                .layer(new DenseLayer.Builder().nIn(7).nOut(6).activation(new ActivationRReLU()).build())
                .layer(Fixtures.readout(6, 3))
                .build(), RULE);
    }

    private static MultiLayerConfiguration stock() {
        MultiLayerConfiguration conf = Fixtures.mlp(Activation.TANH, new Adam(1e-2), 5, 6, 4, 3);
        conf.getConf(1).getLayer().setIDropout(new Dropout(0.5));
        return conf;
    }

    private static DataSet flat() {
        return Fixtures.clusters(3, SAMPLES, 5, 3);
    }

    private static DataSet singlePrecision(DataSet data) {
        return new DataSet(data.getFeatures().castTo(DataType.FLOAT), data.getLabels().castTo(DataType.FLOAT));
    }

    private static DataSet images() {
        return new DataSet(Fixtures.noise(4, SAMPLES, 2, 4, 4), Fixtures.oneHot(5, SAMPLES, 3));
    }

    private static DataSet sequences() {
        return new DataSet(Fixtures.noise(4, SAMPLES, 2, 4), Fixtures.oneHot(5, SAMPLES, 3));
    }
}
