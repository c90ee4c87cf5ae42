package org.ibhebb.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.arithmetic.OperationCounter;
import org.ibhebb.internal.stream.LayerChain;
import org.ibhebb.internal.stream.MiniBatches;
import org.ibhebb.memory.DelayLines;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.LabelKernel;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.spiking.SpikePoolingLayer;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingConvolutionLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** The ledger says of the plugin's arithmetic what a step that is really done asks of it, at prime sizes. */
class CountedStepTest {

    private static final int CLASSES = 5;

    /** Operations that are given scratch memory by whoever asks for them. */
    private static final List<String> OF_SCRATCH = List.of("copyRows", "plusScaled", "affine", "convolve", "meanSquare",
            "standardize", "standardizeGradient");

    private record Moved(long read, long written, long macs) {}

    static Stream<Arguments> rules() {
        LearningRule defaults = LearningRule.defaults();
        return Stream.of(
                Arguments.of("the default", defaults, 13),
                Arguments.of("one sample", defaults, 1),
                Arguments.of("a mini-batch as large as the memory", small(Objective.neighbourhood()), 17),
                Arguments.of("a mini-batch larger than the memory", small(Objective.neighbourhood()), 41),
                Arguments.of("prediction alone", small(Objective.prediction()), 7),
                Arguments.of("prediction once a mini-batch", small(Objective.prediction().withBlock(0)), 7),
                Arguments.of("a window of inputs for each part of a mini-batch", small(Objective.hsic()), 23),
                Arguments.of("no gain, the configured updaters, no normalisation", LearningRule.builder()
                        .objective(Objective.neighbourhood()).memory(17).gain(false)
                        .normalization(LearningRule.Normalization.NONE)
                        .updaters(LearningRule.Updaters.CONFIGURED).build(), 7),
                Arguments.of("layer normalisation", LearningRule.builder().memory(17)
                        .normalization(LearningRule.Normalization.LAYER_NORM).build(), 7),
                Arguments.of("a label kernel of distances", small(Objective.neighbourhood()
                        .withLabels(LabelKernel.gaussian(1))), 7));
    }

    private static LearningRule small(Objective objective) {
        return LearningRule.builder().objective(objective).memory(17).build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void denseLayers(String what, LearningRule rule, int batch) {
        // One layer is wide, and one is narrow to the default normalisation.
        MultiLayerConfiguration conf = IbHebb.convert(dense(new Adam(1e-3), 19, 7), rule);
        check(conf, batch, rule, Nd4j.rand(DataType.FLOAT, batch, 11));
    }

    static Stream<Arguments> keeping() {
        return Stream.of(
                Arguments.of("hsic", small(Objective.hsic())),
                Arguments.of("hsic by cosine", small(Objective.hsic().withKernel(Kernel.cosine()))),
                Arguments.of("hsic by the median", small(Objective.hsic().withKernel(Kernel.medianGaussian(1)))),
                Arguments.of("neighbourhood by the median",
                        small(Objective.neighbourhood().withKernel(Kernel.medianGaussian(1)))),
                Arguments.of("reference", small(Objective.of(Objective.Kind.REFERENCE))),
                Arguments.of("hsic-zz", small(Objective.of(Objective.Kind.HSIC_ZZ))),
                Arguments.of("normalized hsic", small(Objective.of(Objective.Kind.NORMALIZED_HSIC))),
                Arguments.of("two objectives", LearningRule.builder().objective(Objective.neighbourhood())
                        .plus(Objective.hsic()).plus(Objective.of(Objective.Kind.HSIC_ZZ)).memory(17).build()));
    }

    /** What a ring keeps of their comparisons is asked for by the native form alone. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("keeping")
    void objectivesOfWhichARingKeepsProducts(String what, LearningRule rule) {
        assumeThat(Arithmetic.of(DataType.FLOAT).name()).isEqualTo("native");
        denseLayers(what, rule, 7);
        denseLayers(what, rule, 17);
        denseLayers(what, rule, 23);
    }

    @Test
    void doublePrecision() {
        MultiLayerConfiguration conf = IbHebb.convert(dense(new Sgd(0.1), 19));
        conf.setDataType(DataType.DOUBLE);
        conf.getConfs().forEach(each -> each.setDataType(DataType.DOUBLE));
        check(conf, 7, LearningRule.defaults(), Nd4j.rand(DataType.DOUBLE, 7, 11));
    }

    /** Mini-batches without Deeplearning4j's layers: but for other updaters, all of a step is the plugin's. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void streamingFit(String what, LearningRule rule, int batch) {
        streamingFit(dense(new Adam(1e-3), 19, 7), rule, batch);
    }

    @Test
    void streamingFitOfRealValues() {
        MultiLayerConfiguration stock = new NeuralNetConfiguration.Builder().updater(new Adam(1e-3)).list()
                .layer(new DenseLayer.Builder().nIn(11).nOut(19).activation(Activation.TANH).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MSE).activation(Activation.IDENTITY)
                        .nIn(19).nOut(CLASSES).build()).build();
        streamingFit(stock, small(Objective.prediction()), 7);
    }

    private static void streamingFit(MultiLayerConfiguration stock, LearningRule rule, int batch) {
        MultiLayerConfiguration conf = IbHebb.convert(stock, rule);
        MultiLayerNetwork network = new MultiLayerNetwork(conf);
        network.init();
        MiniBatches batches = new MiniBatches(LayerChain.of(network));
        batches.begin();
        INDArray x = Nd4j.rand(DataType.FLOAT, batch, 11);
        INDArray y = labels(DataType.FLOAT, batch);
        Ledger ledger = IbHebb.ledger(conf, batch, Training.streamingFit());
        assertThat(counted(() -> batches.learn(x, y), rule, batch)).isNotEmpty().isEqualTo(said(ledger));
        assertThat(ledger.bytes()).isLessThan(IbHebb.ledger(conf, batch).bytes());
    }

    @Test
    void streamingFitTakesDenseLayersThatAreConverted() {
        MultiLayerConfiguration stock = dense(new Adam(1e-3), 19, 7);
        assertThatIllegalArgumentException().isThrownBy(() -> IbHebb.ledger(stock, 7, Training.streamingFit()))
                .withMessageContaining("IbHebb.convert(conf)");
        MultiLayerConfiguration images = IbHebb.convert(images(true));
        assertThatIllegalArgumentException().isThrownBy(() -> IbHebb.ledger(images, 7, Training.streamingFit(),
                InputType.convolutional(11, 13, 2))).withMessageContaining("layer 'layer0' is none");
    }

    @Test
    void convolutions() {
        LearningRule rule = LearningRule.builder().memory(17).build();
        MultiLayerConfiguration conf = IbHebb.convert(images(true), rule);
        check(conf, 7, rule, Nd4j.rand(DataType.FLOAT, 7, 2, 11, 13), InputType.convolutional(11, 13, 2));
    }

    @Test
    void convolutionsWithoutPooling() {
        LearningRule rule = LearningRule.builder().memory(17).build();
        MultiLayerConfiguration conf = IbHebb.convert(images(false), rule);
        check(conf, 3, rule, Nd4j.rand(DataType.FLOAT, 3, 2, 11, 13), InputType.convolutional(11, 13, 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 9, 20})
    void recalledMemory(int batch) {
        LearningRule neighbourhood = LearningRule.builder().memory(DelayLines.recalling(4, 9), 9).build();
        check(IbHebb.convert(dense(new Adam(1e-3), 19, 7), neighbourhood), batch, neighbourhood,
                Nd4j.rand(DataType.FLOAT, batch, 11));
        // Inputs, which are wider than what the memory network takes of them, are projected.
        LearningRule hsic = LearningRule.builder().objective(Objective.hsic())
                .plus(Objective.of(Objective.Kind.NORMALIZED_HSIC)).memory(DelayLines.recaller(4, 9, 7), 9).build();
        check(IbHebb.convert(dense(new Adam(1e-3), 19, 7), hsic), batch, hsic, Nd4j.rand(DataType.FLOAT, batch, 11));
    }

    @Test
    void batchNormalization() {
        LearningRule rule = LearningRule.builder().memory(17).build();
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().seed(1)
                .updater(new Adam(1e-3)).activation(Activation.IDENTITY).list();
        for (int maps : new int[] {3, 7}) {
            layers.layer(new ConvolutionLayer.Builder(3, 3).nOut(maps).hasBias(maps == 7).build())
                    .layer(new BatchNormalization()).layer(new ActivationLayer(Activation.RELU));
        }
        MultiLayerConfiguration conf = layers.layer(new DenseLayer.Builder().nOut(19).build())
                .layer(new BatchNormalization()).layer(new ActivationLayer(Activation.TANH))
                .layer(output(0)).setInputType(InputType.convolutional(11, 13, 2)).build();
        check(IbHebb.convert(conf, rule), 7, rule, Nd4j.rand(DataType.FLOAT, 7, 2, 11, 13),
                InputType.convolutional(11, 13, 2));
        LearningRule without = rule.toBuilder().gain(false).updaters(LearningRule.Updaters.CONFIGURED).build();
        check(IbHebb.convert(conf, without), 7, without, Nd4j.rand(DataType.FLOAT, 7, 2, 11, 13),
                InputType.convolutional(11, 13, 2));
    }

    @Test
    void dropout() {
        LearningRule rule = LearningRule.builder().memory(17).build();
        MultiLayerConfiguration conf = IbHebb.convert(new NeuralNetConfiguration.Builder().updater(new Adam(1e-3))
                .list()
                .layer(new DenseLayer.Builder().nIn(11).nOut(19).dropOut(0.9).build())
                .layer(new DropoutLayer(0.5))
                .layer(new DenseLayer.Builder().nIn(19).nOut(7).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).activation(Activation.SOFTMAX)
                        .nIn(7).nOut(CLASSES).dropOut(0.8).build()).build(), rule);
        check(conf, 7, rule, Nd4j.rand(DataType.FLOAT, 7, 11));
    }

    @Test
    void recurrentLayers() {
        LearningRule rule = LearningRule.builder().memory(17).build();
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder().updater(new Adam(1e-3))
                .activation(Activation.TANH).list()
                .layer(new LSTM.Builder().nOut(19).build())
                .layer(new SimpleRnn.Builder().nOut(7).build())
                .layer(new RnnOutputLayer.Builder(LossFunctions.LossFunction.MCXENT).activation(Activation.SOFTMAX)
                        .nOut(CLASSES).build())
                .setInputType(InputType.recurrent(2, 4)).build();
        for (LearningRule each : List.of(rule, rule.toBuilder().gain(false).build(), small(Objective.prediction()))) {
            check(IbHebb.convert(conf, each), 3, each, Nd4j.rand(DataType.FLOAT, 3, 2, 4),
                    labels(DataType.FLOAT, 12).reshape(3, 4, CLASSES).permute(0, 2, 1).dup('c'),
                    InputType.recurrent(2, 4));
        }
    }

    private static MultiLayerConfiguration spiking(SpikingDenseLayer.Learning learning) {
        return new NeuralNetConfiguration.Builder().updater(new Adam(1e-3)).list()
                .layer(new SpikingDenseLayer.Builder().nIn(11).nOut(19).timeSteps(3).learning(learning)
                        .synapticDecay(learning == SpikingDenseLayer.Learning.TRACE ? 0.5 : 0).build())
                .layer(new SpikingDenseLayer.Builder().nIn(19).nOut(7).learning(learning).build())
                .layer(learning == SpikingDenseLayer.Learning.TRACE
                        ? new SpikeRateLayer.Builder().scale(3).build()
                        : new SpikeRateLayer())
                .layer(output(7)).build();
    }

    @ParameterizedTest
    @EnumSource
    void spikingLayers(SpikingDenseLayer.Learning learning) {
        LearningRule rule = LearningRule.builder().memory(17).build();
        MultiLayerConfiguration stock = spiking(learning);
        check(IbHebb.convert(stock, rule), 7, rule, Nd4j.rand(DataType.FLOAT, 7, 11));
        LearningRule withoutGain = rule.toBuilder().gain(false).build();
        check(IbHebb.convert(stock, withoutGain), 7, withoutGain, Nd4j.rand(DataType.FLOAT, 7, 11));
        // By back-propagation through time, in which currents, spikes and errors are the plugin's own too.
        check(stock, 7, rule, Nd4j.rand(DataType.FLOAT, 7, 11));
    }

    /** Images that last, and images in time; feature maps that are pooled, and those that a dense layer reads. */
    private static MultiLayerConfiguration spikingImages(SpikingDenseLayer.Learning learning, boolean bias) {
        return new NeuralNetConfiguration.Builder().updater(new Adam(1e-3)).list()
                .layer(new SpikingConvolutionLayer.Builder(3, 3).nOut(3).timeSteps(4).learning(learning)
                        .synapticDecay(bias ? 0 : 0.5).hasBias(bias).build())
                .layer(new SpikePoolingLayer.Builder().build())
                .layer(new SpikingConvolutionLayer.Builder(2, 3).nOut(7).stride(2, 1).learning(learning).build())
                .layer(new SpikingDenseLayer.Builder().nOut(19).learning(learning).build())
                .layer(new SpikeRateLayer())
                .layer(output(0)).setInputType(InputType.convolutional(11, 13, 2)).build();
    }

    @ParameterizedTest
    @EnumSource
    void spikingConvolutions(SpikingDenseLayer.Learning learning) {
        InputType image = InputType.convolutional(11, 13, 2);
        INDArray x = Nd4j.rand(DataType.FLOAT, 3, 2, 11, 13);
        LearningRule rule = LearningRule.builder().memory(17).build();
        check(IbHebb.convert(spikingImages(learning, true), rule), 3, rule, x, image);
        LearningRule withoutGain = rule.toBuilder().gain(false).objective(Objective.prediction()).build();
        check(IbHebb.convert(spikingImages(learning, false), withoutGain), 3, withoutGain, x, image);
        check(spikingImages(learning, true), 3, rule, x, image);
        // Feature maps of rates are read by a stock layer.
        MultiLayerConfiguration rates = new NeuralNetConfiguration.Builder().updater(new Adam(1e-3)).list()
                .layer(new SpikingConvolutionLayer.Builder(3, 3).nOut(5).timeSteps(4).learning(learning).build())
                .layer(new SpikeRateLayer()).layer(output(0)).setInputType(image).build();
        check(IbHebb.convert(rates, rule), 7, rule, Nd4j.rand(DataType.FLOAT, 7, 2, 11, 13), image);
    }

    /** What the next layer reads of a pool is no spike any more; what stands at each place is multiplied once. */
    @Test
    void spikesOfImagesByHand() {
        Training way = Training.backPropagation().lean();
        Ledger ledger = IbHebb.ledger(spikingImages(SpikingDenseLayer.Learning.TRACE, true), 2, way,
                InputType.convolutional(11, 13, 2));
        // 9 x 11 places; pooled 4 x 5; 2 x 3; in 4 time steps, but for the image, which is the same at each of them.
        long first = 9 * 11 * 3 * 2 * 3 * 3;
        long second = 4 * 2 * 3 * 7 * 3 * 2 * 3;
        assertThat(ledger.rows().stream().filter(row -> row.operation().equals("convolve")).mapToLong(Ledger.Row::macs))
                .containsExactly(2 * first, 2 * second);
        // The dense layer alone reads spikes: forward, and for its gradient.
        assertThat(ledger.effectiveAcs()).isEqualTo(2 * 2 * 4 * 2 * 3 * 7 * 19);
    }

    /** Layers that learn around Deeplearning4j's own backward pass, alone and in units. */
    @Test
    void wrappedLayers() {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder().seed(1).updater(new Adam(1e-3))
                .activation(Activation.TANH).list()
                .layer(new DepthwiseConvolution2D.Builder(3, 3).depthMultiplier(2).build())
                .layer(new SeparableConvolution2D.Builder(3, 3).nOut(5).activation(Activation.IDENTITY).build())
                .layer(new BatchNormalization()).layer(new ActivationLayer(Activation.RELU))
                .layer(new Deconvolution2D.Builder(2, 2).stride(2, 2).nOut(3).build())
                .layer(output(0)).setInputType(InputType.convolutional(11, 13, 2)).build();
        LearningRule rule = LearningRule.builder().memory(17).build();
        INDArray x = Nd4j.rand(DataType.FLOAT, 7, 2, 11, 13);
        check(IbHebb.convert(conf, rule), 7, rule, x, InputType.convolutional(11, 13, 2));
        LearningRule without = rule.toBuilder().gain(false).updaters(LearningRule.Updaters.CONFIGURED).build();
        check(IbHebb.convert(conf, without), 7, without, x, InputType.convolutional(11, 13, 2));
        Ledger ledger = IbHebb.ledger(conf, 1, Training.frozen(), InputType.convolutional(11, 13, 2));
        long depthwise = 9 * 11 * 2 * 2 * 9;
        long separable = 7 * 9 * (4 * 9 + 4 * 5);
        // Each place of what comes in gives four places of what goes out.
        long transposed = 7 * 9 * 5 * 3 * 2 * 2;
        long last = 14 * 18 * 3 * CLASSES;
        assertThat(ledger.synapticOperations()).isEqualTo(depthwise + separable + transposed + last);
    }

    static Stream<Arguments> grouped() {
        return Stream.of(
                Arguments.of("hsic-zz", small(Objective.of(Objective.Kind.HSIC_ZZ).withGroups(4))),
                Arguments.of("normalized hsic by cosine",
                        small(Objective.of(Objective.Kind.NORMALIZED_HSIC).withKernel(Kernel.cosine()).withGroups(4))),
                Arguments.of("hsic", small(Objective.hsic().withGroups(2))),
                Arguments.of("hsic-zz, behind another objective", LearningRule.builder()
                        .objective(Objective.neighbourhood()).plus(Objective.of(Objective.Kind.HSIC_ZZ).withGroups(2))
                        .memory(17).build()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("grouped")
    void groupsOfUnits(String what, LearningRule rule) {
        // Of inputs, which have no groups, the native form asks for products that are kept.
        assumeThat(!rule.readsInput() || Arithmetic.of(DataType.FLOAT).name().equals("native")).isTrue();
        for (int batch : new int[] {7, 17, 23}) {
            check(IbHebb.convert(dense(new Adam(1e-3), 20, 8), rule), batch, rule,
                    Nd4j.rand(DataType.FLOAT, batch, 11));
        }
    }

    /** What is the same at each time step is multiplied with weights once, and spikes are added. */
    @Test
    void spikesAreAdded() {
        Training way = Training.backPropagation().withActivity(1, 0.125);
        Ledger ledger = IbHebb.ledger(spiking(SpikingDenseLayer.Learning.TRACE), 8, way);
        long second = 8 * 3 * 19 * 7;
        // Forward, and for the gradient of the second layer.
        assertThat(ledger.effectiveAcs()).isEqualTo(2 * second / 8);
        assertThat(IbHebb.ledger(spiking(SpikingDenseLayer.Learning.TRACE), 8, way.withActivity(1, 1)).effectiveAcs())
                .isEqualTo(2 * second);
        assertThat(ledger.rows().stream()
                .filter(row -> row.operation().equals("affine") && row.layer().compareTo("layer2") < 0)
                .mapToLong(Ledger.Row::macs))
                .containsExactly(8L * 11 * 19, second);
    }

    private static OutputLayer output(int in) {
        return new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).activation(Activation.SOFTMAX).nIn(in)
                .nOut(CLASSES).build();
    }

    @Test
    void graphs() {
        ComputationGraphConfiguration stock = new NeuralNetConfiguration.Builder().updater(new Adam(1e-3))
                .activation(Activation.TANH).graphBuilder().addInputs("in")
                .addLayer("a", new DenseLayer.Builder().nIn(11).nOut(19).build(), "in")
                .addLayer("b", new DenseLayer.Builder().nIn(19).nOut(23).build(), "a")
                .addVertex("both", new MergeVertex(), "a", "b")
                .addLayer("out", new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX).nIn(42).nOut(CLASSES).build(), "both")
                .setOutputs("out").build();
        LearningRule rule = LearningRule.builder().memory(17).build();
        ComputationGraphConfiguration conf = IbHebb.convert(stock, rule);
        ComputationGraph network = new ComputationGraph(conf);
        network.init();
        INDArray x = Nd4j.rand(DataType.FLOAT, 7, 11);
        INDArray y = labels(DataType.FLOAT, 7);
        assertThat(counted(() -> network.fit(new INDArray[] {x}, new INDArray[] {y}), rule, 7))
                .isEqualTo(said(IbHebb.ledger(conf, 7)));
    }

    private static void check(MultiLayerConfiguration conf, int batch, LearningRule rule, INDArray x,
            InputType... input) {
        check(conf, batch, rule, x, labels(x.dataType(), batch), input);
    }

    private static void check(MultiLayerConfiguration conf, int batch, LearningRule rule, INDArray x, INDArray y,
            InputType... input) {
        MultiLayerNetwork network = new MultiLayerNetwork(conf);
        network.init();
        assertThat(counted(() -> network.fit(x, y), rule, batch)).isNotEmpty()
                .isEqualTo(said(IbHebb.ledger(conf, batch, input)));
    }

    private static INDArray labels(DataType type, int batch) {
        INDArray y = Nd4j.zeros(type, batch, CLASSES);
        for (int i = 0; i < batch; i++) {
            y.putScalar(i, i % CLASSES, 1);
        }
        return y;
    }

    /** One step, when working memory is full. */
    private static Map<String, Moved> counted(Runnable step, LearningRule rule, int batch) {
        for (int i = 0; i <= (rule.memory() + batch - 1) / batch; i++) {
            step.run();
        }
        try (OperationCounter counter = OperationCounter.start()) {
            step.run();
            Map<String, Moved> moved = new TreeMap<>();
            counter.counts().forEach((name, count) ->
                    moved.put(name, new Moved(count.read(), count.written(), count.macs())));
            return moved;
        }
    }

    private static Map<String, Moved> said(Ledger ledger) {
        Map<String, Moved> moved = new TreeMap<>();
        ledger.rows().stream().filter(Ledger.Row::seam).forEach(row -> moved.merge(row.operation(),
                new Moved(outside(row, true), outside(row, false), row.macs()),
                (a, b) -> new Moved(a.read() + b.read(), a.written() + b.written(), a.macs() + b.macs())));
        return moved;
    }

    /**
     * What an operation keeps to itself can't be seen from outside, and neither can that it passes over an array twice;
     * what it copies for later can.
     */
    private static long outside(Ledger.Row row, boolean read) {
        Set<String> seen = new HashSet<>();
        return row.accesses().stream()
                .filter(access -> seen.add(access.array()))
                .filter(access -> access.kind() != Ledger.Kind.SCRATCH || OF_SCRATCH.contains(row.operation())
                        && !access.array().endsWith("patches"))
                .mapToLong(access -> read ? access.read() : access.written()).sum();
    }

    private static MultiLayerConfiguration dense(IUpdater updater, int... widths) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().seed(1).updater(updater)
                .activation(Activation.RELU).list();
        int in = 11;
        for (int width : widths) {
            layers.layer(new DenseLayer.Builder().nIn(in).nOut(width).build());
            in = width;
        }
        return layers.layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).activation(Activation.SOFTMAX)
                .nIn(in).nOut(CLASSES).build()).build();
    }

    private static MultiLayerConfiguration images(boolean pooling) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().seed(1)
                .updater(new Adam(1e-3)).activation(Activation.LEAKYRELU).list();
        for (int maps : new int[] {3, 7}) {
            layers.layer(new ConvolutionLayer.Builder(3, 3).nOut(maps).convolutionMode(ConvolutionMode.Same).build());
            if (pooling) {
                layers.layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX).kernelSize(2, 2)
                        .stride(2, 2).build());
            }
        }
        return layers.layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).activation(Activation.SOFTMAX)
                        .nOut(CLASSES).build())
                .setInputType(InputType.convolutional(11, 13, 2)).build();
    }
}
