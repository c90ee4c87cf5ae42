package org.ibhebb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.Fixtures.values;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitUniform;
import org.ibhebb.conf.layers.IbHebbDenseLayer;
import org.ibhebb.listeners.InformationPlane;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.updater.ScheduleFree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/**
 * No setting of Deeplearning4j's is lost on any way through this library: every field and every builder's method is
 * found by reflection, so that one of a later version is tested too.
 */
@ForAnyKernel
class SettingsTest {

    private static final LearningRule RULE = Fixtures.plain().memory(16).build();
    /** The layers and how they are connected. */
    private static final Set<String> STRUCTURE = Set.of("confs", "inputPreProcessors", "vertices", "vertexInputs",
            "networkInputs", "networkOutputs", "defaultConfiguration", "topologicalOrder", "topologicalOrderStr");
    /** What a conversion refuses by name; what names the layer itself; what holds state. */
    private static final Set<String> NOT_CHOSEN = Set.of("layer", "optimizationAlgo", "variables", "stepFunction");

    private static MultiLayerConfiguration chain() {
        return Fixtures.builder(new Adam(1e-2)).list()
                .layer(new LSTM.Builder().nIn(3).nOut(4).build())
                .layer(new DenseLayer.Builder().nIn(4).nOut(5).activation(Activation.TANH).build())
                .layer(new RnnOutputLayer.Builder().nIn(5).nOut(2).activation(Activation.SOFTMAX)
                        .lossFunction(new LossMCXENT()).build())
                .setInputType(InputType.recurrent(3, 6))
                .build();
    }

    private static ComputationGraphConfiguration graph() {
        return Fixtures.builder(new Adam(1e-2)).graphBuilder().addInputs("in")
                .addLayer("a", new LSTM.Builder().nIn(3).nOut(4).build(), "in")
                .addLayer("b", new LSTM.Builder().nIn(4).nOut(5).build(), "a")
                .addLayer("out", new RnnOutputLayer.Builder().nIn(5).nOut(2).activation(Activation.SOFTMAX)
                        .lossFunction(new LossMCXENT()).build(), "b")
                .setOutputs("out").setInputTypes(InputType.recurrent(3, 6)).build();
    }

    /** A value that is not the one given. */
    private static Object other(Class<?> type, Object value) {
        if (type == boolean.class || type == Boolean.class) {
            return !Boolean.TRUE.equals(value);
        } else if (type == int.class || type == Integer.class) {
            return (value == null ? 0 : (Integer) value) + 3;
        } else if (type == long.class || type == Long.class) {
            return (value == null ? 0 : (Long) value) + 3;
        } else if (type == double.class || type == Double.class) {
            return value == null || Double.isNaN((Double) value) ? 0.7 : (Double) value * 0.5 + 0.1;
        } else if (type == DataType.class) {
            return value == DataType.FLOAT ? DataType.DOUBLE : DataType.FLOAT;
        } else if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(each -> each != value).reduce((a, b) -> b).orElseThrow();
        }
        return null;
    }

    private static List<Field> settings(Class<?> type, Set<String> without) {
        return Arrays.stream(type.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()) && !without.contains(field.getName()))
                .peek(field -> field.setAccessible(true))
                .toList();
    }

    private static void change(Object conf, Set<String> without) throws IllegalAccessException {
        for (Field field : settings(conf.getClass(), without)) {
            Object other = other(field.getType(), field.get(conf));
            assertThat(other).as("a value for %s", field).isNotNull();
            field.set(conf, other);
        }
    }

    private static void assertSame(Object actual, Object expected, Set<String> without) throws IllegalAccessException {
        for (Field field : settings(expected.getClass(), without)) {
            Field same;
            try {
                same = actual.getClass().getDeclaredField(field.getName());
            } catch (NoSuchFieldException e) {
                throw new AssertionError(actual.getClass() + " has no " + field.getName(), e);
            }
            same.setAccessible(true);
            assertThat(same.get(actual)).as(field.getName()).isEqualTo(field.get(expected));
        }
    }

    private static void changeAll(MultiLayerConfiguration conf) throws IllegalAccessException {
        change(conf, STRUCTURE);
        for (NeuralNetConfiguration layer : conf.getConfs()) {
            change(layer, NOT_CHOSEN);
        }
    }

    private static void changeAll(ComputationGraphConfiguration conf) throws IllegalAccessException {
        change(conf, STRUCTURE);
        change(conf.getDefaultConfiguration(), NOT_CHOSEN);
        for (GraphVertex vertex : conf.getVertices().values()) {
            change(((LayerVertex) vertex).getLayerConf(), NOT_CHOSEN);
        }
    }

    static Stream<Arguments> chains() {
        return Stream.<UnaryOperator<MultiLayerConfiguration>>of(
                IbHebb::convert,
                conf -> IbHebb.convert(conf, RULE),
                IbHebb::revert,
                conf -> IbHebb.revert(IbHebb.convert(conf))).map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("chains")
    void aChainKeepsEverySetting(UnaryOperator<MultiLayerConfiguration> way) throws IllegalAccessException {
        MultiLayerConfiguration conf = chain();
        changeAll(conf);
        assertThat(conf.getBackpropType()).isEqualTo(BackpropType.TruncatedBPTT);
        MultiLayerConfiguration result = way.apply(conf);
        assertSame(result, conf, STRUCTURE);
        for (int i = 0; i < conf.getConfs().size(); i++) {
            assertSame(result.getConf(i), conf.getConf(i), Set.of("layer"));
        }
    }

    static Stream<Arguments> graphs() {
        return Stream.<UnaryOperator<ComputationGraphConfiguration>>of(
                IbHebb::convert,
                conf -> IbHebb.convert(conf, RULE),
                IbHebb::revert,
                conf -> IbHebb.revert(IbHebb.convert(conf)),
                conf -> IbHebb.readoutFromAllLayers(conf, InputType.recurrent(3, 6)),
                conf -> IbHebb.convert(IbHebb.readoutFromAllLayers(conf, InputType.recurrent(3, 6))))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void aGraphKeepsEverySetting(UnaryOperator<ComputationGraphConfiguration> way) throws IllegalAccessException {
        ComputationGraphConfiguration conf = graph();
        changeAll(conf);
        assertThat(conf.getCacheMode()).isNotEqualTo(CacheMode.NONE);
        // DL4J's clone gives it the graph's.
        conf.getDefaultConfiguration().setCacheMode(CacheMode.NONE);
        ComputationGraphConfiguration result = way.apply(conf);
        assertSame(result, conf, STRUCTURE);
        assertSame(result.getDefaultConfiguration(), conf.getDefaultConfiguration(), Set.of());
        conf.getVertices().forEach((name, vertex) -> {
            try {
                assertSame(((LayerVertex) result.getVertices().get(name)).getLayerConf(),
                        ((LayerVertex) vertex).getLayerConf(), Set.of("layer"));
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void aChainThatBecomesAGraphKeepsEverySetting() throws IllegalAccessException {
        MultiLayerConfiguration conf = chain();
        changeAll(conf);
        conf.getConf(1).getLayer().setLayerName(null);
        ComputationGraphConfiguration result = IbHebb.readoutFromAllLayers(conf, InputType.recurrent(3, 6));
        assertSame(result, conf, STRUCTURE);
        assertThat(result.getBackpropType()).isEqualTo(BackpropType.TruncatedBPTT);
        assertThat(result.getCacheMode()).isNotEqualTo(CacheMode.NONE);
        assertThat(result.getTrainingWorkspaceMode()).isNotEqualTo(WorkspaceMode.ENABLED);
        assertSame(result.getDefaultConfiguration(), conf.getConf(0), Set.of("layer"));
        assertThat(result.getDefaultConfiguration().getLayer()).isNull();
        for (int i = 0; i < conf.getConfs().size(); i++) {
            NeuralNetConfiguration layer = ((LayerVertex) result.getVertices().get("layer" + i)).getLayerConf();
            assertSame(layer, conf.getConf(i), Set.of("layer"));
            assertThat(layer.getLayer().getLayerName()).isEqualTo("layer" + i);
        }
    }

    /** DL4J's clones of some vertices forget their settings, such as the axis along which they merge. */
    @Test
    void everyOtherVertexKeepsItsSettings() throws IllegalAccessException {
        Map<String, GraphVertex> vertices = Map.of(
                "merge", new MergeVertex(),
                "l2", new L2Vertex(),
                "normalize", new L2NormalizeVertex(),
                "scale", new ScaleVertex(2),
                "reshape", new ReshapeVertex('c', new int[] {-1, 4}, new int[] {-1, 1}));
        for (Map.Entry<String, GraphVertex> entry : vertices.entrySet()) {
            for (Field field : settings(entry.getValue().getClass(), Set.of())) {
                Object other = other(field.getType(), field.get(entry.getValue()));
                if (other != null) {
                    field.set(entry.getValue(), other);
                }
            }
            // Transfer learning freezes vertices by wrapping them.
            for (GraphVertex vertex : List.of(entry.getValue(), new FrozenVertex(entry.getValue()))) {
                ComputationGraphConfiguration conf = graph();
                conf.getVertices().put(entry.getKey(), vertex);
                conf.getVertexInputs().put(entry.getKey(), List.of("in", "a"));
                for (ComputationGraphConfiguration result : List.of(IbHebb.convert(conf), IbHebb.revert(conf),
                        IbHebb.readoutFromAllLayers(conf, InputType.recurrent(3, 6)))) {
                    GraphVertex found = result.getVertices().get(entry.getKey());
                    assertThat(found).isInstanceOf(vertex.getClass()).isNotSameAs(vertex);
                    assertSame(found instanceof FrozenVertex frozen ? frozen.getUnderlying() : found,
                            entry.getValue(), Set.of());
                }
            }
        }
    }

    /** DL4J's clone of attention forgets its updater and its regularisation. */
    @Test
    void aVertexWithWeightsKeepsHowItLearns() {
        ComputationGraph stock = new ComputationGraph(attention(new Adam(1e-2)));
        stock.init();
        DataSet steps = new DataSet(Fixtures.noise(1, 4, 3, 5), Fixtures.noise(2, 4, 2, 5));
        stock.fit(steps);
        for (IUpdater updater : List.of(
                new Adam(1e-2), new IbHebb(new Adam(1e-2), RULE), ScheduleFree.ofHidden(3, new Adam(1e-2)))) {
            ComputationGraphConfiguration conf = attention(updater);
            String before = conf.toJson();
            ComputationGraph reverted = new ComputationGraph(IbHebb.revert(conf));
            assertThat(reverted.getConfiguration().toJson()).isEqualTo(attention(new Adam(1e-2)).toJson());
            reverted.init();
            reverted.fit(steps);
            assertThat(values(reverted.params())).isEqualTo(values(stock.params()));
            assertThat(conf.toJson()).isEqualTo(before);

            conf.getVertices().compute("attention", (name, vertex) -> new FrozenVertex(vertex));
            assertThat(IbHebb.revert(conf).toJson()).contains("FrozenVertex").doesNotContain("ibhebb");
        }
    }

    private static ComputationGraphConfiguration attention(IUpdater updater) {
        return Fixtures.builder(updater).l2(0.1).l2Bias(0.2).biasUpdater(new Sgd(0.3)).graphBuilder().addInputs("in")
                .addVertex("attention", new AttentionVertex.Builder()
                        .nInKeys(3).nInQueries(3).nInValues(3).nOut(4).nHeads(2).projectInput(true).build(),
                        "in", "in", "in")
                .addLayer("out", new RnnOutputLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY)
                        .nIn(4).nOut(2).build(), "attention")
                .setOutputs("out").setInputTypes(InputType.recurrent(3, 5)).build();
    }

    @Test
    void imagesWithChannelsLastAreMergedAsBefore() {
        ComputationGraphConfiguration conf = Fixtures.builder(new Sgd(0.1)).graphBuilder().addInputs("in")
                .addLayer("a", new ConvolutionLayer.Builder(1, 1).nOut(2).dataFormat(CNN2DFormat.NHWC).build(), "in")
                .addLayer("b", new ConvolutionLayer.Builder(1, 1).nOut(3).dataFormat(CNN2DFormat.NHWC).build(), "in")
                .addVertex("both", new MergeVertex(), "a", "b")
                .addLayer("c", new ConvolutionLayer.Builder(1, 1).nOut(2).dataFormat(CNN2DFormat.NHWC).build(), "both")
                .addLayer("out", Fixtures.readout(0, 2), "c").setOutputs("out")
                .setInputTypes(InputType.convolutional(3, 3, 1, CNN2DFormat.NHWC)).build();
        ComputationGraph stock = new ComputationGraph(conf);
        stock.init();
        INDArray x = Fixtures.noise(1, 2, 3, 3, 1);
        double[] expected = values(stock.outputSingle(x));
        assertThat(values(IbHebb.convert(stock, RULE).outputSingle(x))).isEqualTo(expected);
        assertThat(values(IbHebb.revert(IbHebb.convert(stock, RULE)).outputSingle(x))).isEqualTo(expected);

        // Listeners look at copies.
        ComputationGraph local = IbHebb.convert(stock, RULE);
        DataSet data = new DataSet(x, Fixtures.oneHot(1, 2, 2));
        InformationPlane plane = new InformationPlane(data, 1);
        local.addListeners(plane);
        local.fit(data);
        assertThat(plane.records()).hasSize(4);
    }

    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of(DenseLayer.Builder.class), Arguments.of(ConvolutionLayer.Builder.class),
                Arguments.of(LSTM.Builder.class), Arguments.of(SimpleRnn.Builder.class),
                Arguments.of(BatchNormalization.Builder.class), Arguments.of(OutputLayer.Builder.class),
                Arguments.of(RnnOutputLayer.Builder.class));
    }

    /** An argument for a builder's method; null where there is none. */
    private static Object argument(Class<?> type) {
        if (type == int[].class) {
            return new int[] {2, 2};
        } else if (type == IUpdater.class) {
            return new Nesterovs(0.3, 0.8);
        } else if (type == IDropout.class) {
            return new Dropout(0.4);
        } else if (type == IWeightNoise.class) {
            return new DropConnect(0.6);
        } else if (type == IWeightInit.class) {
            return new WeightInitUniform();
        } else if (type == IActivation.class) {
            return new ActivationTanH();
        } else if (type == ILossFunction.class) {
            return new LossMCXENT();
        } else if (type.isArray() && type.getComponentType().isAssignableFrom(MaxNormConstraint.class)) {
            Object constraints = Array.newInstance(type.getComponentType(), 1);
            Array.set(constraints, 0, new MaxNormConstraint(1.5, 0));
            return constraints;
        }
        return other(type, null);
    }

    /** Each method of the builder once, on a layer of its own. */
    @ParameterizedTest
    @MethodSource("layers")
    void aLayerKeepsWhatItsBuilderWasTold(Class<?> builder) throws Exception {
        int tried = 0;
        for (Method method : builder.getMethods()) {
            if (method.getParameterCount() != 1 || method.getDeclaringClass() == Object.class) {
                continue;
            }
            Object argument = argument(method.getParameterTypes()[0]);
            Constructor<?> fresh = builder.getDeclaredConstructor();
            fresh.setAccessible(true);
            Layer layer;
            try {
                Object made = fresh.newInstance();
                if (argument == null) {
                    continue;
                }
                method.setAccessible(true);
                method.invoke(made, argument);
                Method build = builder.getMethod("build");
                build.setAccessible(true);
                layer = (Layer) build.invoke(made);
            } catch (InvocationTargetException refused) {
                // Not a value that this setting can have.
                continue;
            }
            tried++;
            MultiLayerConfiguration conf = around(layer);
            String before = conf.toJson();
            MultiLayerConfiguration converted = IbHebb.convert(conf, RULE);
            assertThat(IbHebb.revert(converted).toJson()).as("%s", method).isEqualTo(before);
            assertThat(IbHebb.revert(MultiLayerConfiguration.fromJson(converted.toJson())).toJson())
                    .as("%s, saved in between", method).isEqualTo(before);
        }
        assertThat(tried).as("methods of %s", builder).isGreaterThan(8);
    }

    private static MultiLayerConfiguration around(Layer layer) {
        boolean output = layer instanceof OutputLayer || layer instanceof RnnOutputLayer;
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(4).build())
                .layer(new DenseLayer.Builder().nIn(4).nOut(4).build())
                .layer(Fixtures.readout(4, 3))
                .build();
        // With what a layer has from the network where its own builder was not told.
        conf.getConf(output ? 2 : 1).setLayer(Fixtures.builder(new Sgd(0.1)).layer(layer).build().getLayer());
        return conf;
    }

    private static StepSchedule schedule() {
        return new StepSchedule(ScheduleType.ITERATION, 0.1, 0.1, 5);
    }

    private static DataSet data() {
        return Fixtures.clusters(1, 12, 5, 3);
    }

    /** A schedule goes on from where it is: parameters after the next step tell. */
    @Test
    void aTrainedChainGoesOnWithItsClock() {
        MultiLayerNetwork stock = Fixtures.network(
                Fixtures.mlp(Activation.TANH, new Sgd(schedule()), 5, 4, 3));
        for (int i = 0; i < 7; i++) {
            stock.fit(data());
        }
        stock.incrementEpochCount();
        MultiLayerNetwork local = IbHebb.convert(stock, RULE);
        MultiLayerNetwork back = IbHebb.revert(local);
        for (MultiLayerNetwork network : List.of(local, back)) {
            assertThat(network.getIterationCount()).isEqualTo(7);
            assertThat(network.getEpochCount()).isEqualTo(1);
        }
        stock.fit(data());
        back.fit(data());
        assertThat(values(back.params())).isEqualTo(values(stock.params()));
    }

    @Test
    void aTrainedGraphGoesOnWithItsClock() {
        ComputationGraph stock = new ComputationGraph(Fixtures.builder(new Adam(schedule())).graphBuilder()
                .addInputs("in")
                .addLayer("a", new DenseLayer.Builder().nIn(5).nOut(4).activation(Activation.TANH).build(), "in")
                .addLayer("out", Fixtures.readout(4, 3), "a")
                .setOutputs("out").build());
        stock.init();
        for (int i = 0; i < 7; i++) {
            stock.fit(data());
        }
        stock.incrementEpochCount();
        ComputationGraph local = IbHebb.convert(stock, RULE);
        ComputationGraph back = IbHebb.revert(local);
        for (ComputationGraph network : List.of(local, back)) {
            assertThat(network.getIterationCount()).isEqualTo(7);
            assertThat(network.getEpochCount()).isEqualTo(1);
        }
        stock.fit(data());
        back.fit(data());
        assertThat(values(back.params())).isEqualTo(values(stock.params()));
    }

    /** DL4J's order of layers follows their names' order where it has to be found anew; parameters stand in it. */
    @Test
    void aTrainedGraphKeepsTheOrderOfItsParameters() {
        ComputationGraphConfiguration conf = Fixtures.builder(new Adam(1e-2)).graphBuilder().addInputs("in")
                .addLayer("z", new DenseLayer.Builder().nIn(5).nOut(4).activation(Activation.TANH).build(), "in")
                .addLayer("a", new DenseLayer.Builder().nIn(5).nOut(3).activation(Activation.TANH).build(), "in")
                .addLayer("out", Fixtures.readout(7, 3), "z", "a")
                .setOutputs("out").build();
        ComputationGraph trained = new ComputationGraph(conf);
        trained.init();
        List<String> order = List.copyOf(trained.paramTable().keySet());
        // As a configuration may come back from a file: its vertices in another order, that of the parameters noted.
        ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(conf.toJson());
        List<String> names = new ArrayList<>(read.getVertices().keySet());
        Collections.reverse(names);
        Map<String, GraphVertex> vertices = new LinkedHashMap<>();
        names.forEach(name -> vertices.put(name, read.getVertices().get(name)));
        read.setVertices(vertices);
        ComputationGraph restored = new ComputationGraph(read);
        restored.init(trained.params(), true);
        assertThat(List.copyOf(restored.paramTable().keySet())).isEqualTo(order);

        INDArray x = data().getFeatures();
        for (ComputationGraph result : List.of(
                IbHebb.convert(restored, RULE), IbHebb.revert(IbHebb.convert(restored, RULE)))) {
            assertThat(List.copyOf(result.paramTable().keySet())).isEqualTo(order);
            assertThat(values(result.outputSingle(x))).isEqualTo(values(trained.outputSingle(x)));
        }
    }

    @Test
    void revertingLeavesNoUpdaterOfOurs() {
        IbHebb updater = new IbHebb(new Sgd(0.1), RULE);
        MultiLayerConfiguration conf = Fixtures.builder(updater).list()
                .layer(new IbHebbDenseLayer.Builder().rule(RULE).source(true).nIn(5).nOut(4).build())
                .layer(new FrozenLayer(
                        new IbHebbDenseLayer.Builder().rule(RULE).nIn(4).nOut(4).updater(updater).build()))
                .layer(new FrozenLayerWithBackprop(new DenseLayer.Builder().nIn(4).nOut(4).updater(updater).build()))
                .layer(new ActivationLayer(Activation.TANH))
                .layer(Fixtures.readout(4, 3))
                .build();
        String before = conf.toJson();
        MultiLayerConfiguration stock = IbHebb.revert(conf);
        assertThat(stock.toJson()).doesNotContain("ibhebb");
        assertThat(((FeedForwardLayer) stock.getConf(0).getLayer()).getIUpdater()).isEqualTo(new Sgd(0.1));
        assertThat(conf.toJson()).isEqualTo(before);

        MultiLayerNetwork network = Fixtures.network(IbHebb.revert(Fixtures.builder(updater).list()
                .layer(new IbHebbDenseLayer.Builder().rule(RULE).source(true).nIn(5).nOut(4).build())
                .layer(Fixtures.readout(4, 3))
                .build()));
        double[] start = values(network.params());
        network.fit(data());
        assertThat(values(network.params())).isNotEqualTo(start);
    }
}
