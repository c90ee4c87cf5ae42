package org.ibhebb.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ibhebb.ConversionReport.Learning.BACK_PROPAGATED;
import static org.ibhebb.ConversionReport.Learning.FROZEN;
import static org.ibhebb.ConversionReport.Learning.LOCAL;
import static org.ibhebb.ConversionReport.Learning.READOUT;
import static org.ibhebb.Fixtures.values;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.ConversionReport;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.internal.arithmetic.Buffers;
import org.ibhebb.internal.layers.Predictors;
import org.ibhebb.internal.term.window.ModulatorySignal;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.internal.view.Representation;
import org.ibhebb.internal.view.TimeSteps;
import org.ibhebb.listeners.InformationPlane.Record;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What is recorded, and when; and what is refused. That training is left alone is in UndisturbedTest. */
class InformationPlaneTest {

    private static final int N = 9;
    private static final DataSet PROBE = Fixtures.clusters(11, N, 5, 3);
    private static final DataSet DATA = Fixtures.clusters(3, 24, 5, 3);
    private static final LearningRule RULE =
            Fixtures.plain().objective(Objective.hsic().withGamma(1.5)).memory(N).build();

    /** Whatever the working memory's capacity: the measures see the probe and nothing else. */
    @ParameterizedTest
    @ValueSource(ints = {4, N, 100})
    void allMeasuresOfOneHiddenLayerByHand(int memory) {
        MultiLayerNetwork net = Fixtures.localMlp(RULE.toBuilder().memory(memory).build(), 5, 4, 3);
        InformationPlane plane = new InformationPlane(PROBE, 1);
        net.addListeners(plane);
        net.fit(DATA);
        INDArray before = net.params().dup();
        net.fit(DATA);

        double[][] x = PROBE.getFeatures().toDoubleMatrix();
        double[][] y = PROBE.getLabels().toDoubleMatrix();
        double[][] hidden = PlainPlane.affine(
                x, net.getParam("0_W").toDoubleMatrix(), net.getParam("0_b").toDoubleVector());
        for (double[] row : hidden) {
            for (int i = 0; i < row.length; i++) {
                row[i] = Math.tanh(row[i]);
            }
        }
        double[][] weights = net.getParam("1_W").toDoubleMatrix();
        double[][] output = PlainPlane.softmax(PlainPlane.affine(
                hidden, weights, net.getParam("1_b").toDoubleVector()));
        double[][] kx = PlainPlane.gaussian(x, 0.5);
        double[][] ky = PlainPlane.sameLabel(y);

        double[][] signal = PlainPlane.derivative(hidden, z -> {
            double[][] kz = PlainPlane.gaussian(PlainPlane.layerNormed(z), 0.5);
            return N * (PlainPlane.hsic(kx, kz) - 1.5 * PlainPlane.hsic(ky, kz));
        });
        double square = 0;
        double[][] local = new double[N][4];
        double[][] backPropagated = new double[N][4];
        for (int n = 0; n < N; n++) {
            for (int i = 0; i < 4; i++) {
                square += signal[n][i] * signal[n][i];
                double slope = 1 - hidden[n][i] * hidden[n][i];
                local[n][i] = signal[n][i] * slope;
                for (int c = 0; c < 3; c++) {
                    backPropagated[n][i] += (output[n][c] - y[n][c]) * weights[i][c] * slope;
                }
            }
        }

        assertThat(plane.records()).hasSize(4);
        Record first = plane.records().get(2);
        Record readout = plane.records().get(3);
        assertThat(first.iteration()).isEqualTo(1);
        assertThat(first.layer()).isEqualTo("layer0");
        assertThat(first.learning()).isEqualTo(LOCAL);
        assertThat(readout.learning()).isEqualTo(READOUT);
        checkDependence(first, PlainPlane.gaussian(PlainPlane.layerNormed(hidden), 0.5), kx, ky);
        checkDependence(readout, PlainPlane.gaussian(PlainPlane.layerNormed(output), 0.5), kx, ky);
        assertThat(first.signalNorm()).isCloseTo(Math.sqrt(square / N), within(1e-7));
        assertThat(readout.signalNorm()).isNaN();
        assertThat(first.alignment()).isCloseTo(
                PlainPlane.cosine(PlainPlane.gradient(x, local), PlainPlane.gradient(x, backPropagated)),
                within(1e-7));
        assertThat(readout.alignment()).isCloseTo(1, within(1e-9));
        assertThat(first.updateRatio()).isCloseTo(ratio(before, net.params(), 0, 24), within(1e-12));
        assertThat(readout.updateRatio()).isCloseTo(ratio(before, net.params(), 24, 39), within(1e-12));
    }

    private static void checkDependence(Record record, double[][] kz, double[][] kx, double[][] ky) {
        assertThat(record.inputHsic()).isCloseTo(PlainPlane.hsic(kx, kz), within(1e-12));
        assertThat(record.labelHsic()).isCloseTo(PlainPlane.hsic(ky, kz), within(1e-12));
        assertThat(record.inputDependence()).isCloseTo(PlainPlane.normalized(kx, kz), within(1e-10));
        assertThat(record.labelDependence()).isCloseTo(PlainPlane.normalized(ky, kz), within(1e-10));
    }

    private static double ratio(INDArray before, INDArray after, int from, int to) {
        double change = 0;
        double size = 0;
        for (int i = from; i < to; i++) {
            change += Math.pow(after.getDouble(i) - before.getDouble(i), 2);
            size += Math.pow(before.getDouble(i), 2);
        }
        return Math.sqrt(change / size);
    }

    @Test
    void everyKthIterationExactly() {
        MultiLayerNetwork net = Fixtures.localMlp(RULE, 5, 4, 6, 3);
        InformationPlane plane = new InformationPlane(PROBE, 3);
        net.addListeners(plane);
        for (int epoch = 0; epoch < 3; epoch++) {
            for (DataSet batch : DATA.batchBy(6)) {
                net.fit(batch);
            }
            net.incrementEpochCount();
        }
        assertThat(plane.records()).extracting(Record::iteration)
                .containsExactly(0, 0, 0, 3, 3, 3, 6, 6, 6, 9, 9, 9);
        assertThat(plane.records()).extracting(Record::epoch)
                .containsExactly(0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2);
        assertThat(plane.records()).extracting(Record::layer)
                .startsWith("layer0", "layer1", "layer2", "layer0");
        assertThat(plane.records()).allSatisfy(record -> {
            assertThat(record.inputDependence()).isBetween(0.0, 1.0);
            assertThat(record.labelDependence()).isBetween(0.0, 1.0);
            assertThat(record.updateRatio()).isPositive();
        });
    }

    /** The head's errors never leave it, so that its gradient is the one of back-propagation. */
    @Test
    void aBackPropagatedHeadIsAlignedAndAFrozenLayerIsNot() {
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).list()
                .layer(new FrozenLayer(new DenseLayer.Builder().nIn(5).nOut(6).name("still").build()))
                .layer(new DenseLayer.Builder().nIn(6).nOut(5).name("local")
                        .updater(new IbHebb(new Sgd(0.1), RULE)).build())
                .layer(new DenseLayer.Builder().nIn(5).nOut(4).name("head").build())
                .layer(Fixtures.readout(4, 3))
                .build();
        conf.getConf(0).getLayer().setLayerName("still");
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(conf));
        List<Record> records = fitOnce(net, 1);

        assertThat(records).extracting(Record::learning).containsExactly(FROZEN, LOCAL, BACK_PROPAGATED, READOUT);
        assertThat(records).extracting(Record::layer).containsExactly("still", "local", "head", "layer3");
        assertAgreesWith(IbHebb.report(net.getLayerWiseConfigurations()), records);
        assertThat(records.get(0).alignment()).isNaN();
        assertThat(records.get(0).updateRatio()).isZero();
        assertThat(records.get(1).alignment()).isBetween(-0.999, 0.999);
        assertThat(records.get(2).alignment()).isCloseTo(1, within(1e-9));
        assertThat(records.get(3).alignment()).isCloseTo(1, within(1e-9));
        // Through the frozen layer, as the rule sees it: the signal's X is what reaches the first local layer.
        assertThat(records.get(1).signalNorm()).isPositive();
        assertThat(records).extracting(Record::signalNorm).filteredOn(norm -> norm > 0).hasSize(1);
    }

    /** A stock network learns by back-propagation alone: for comparison. */
    @Test
    void aStockNetworkIsRecordedToo() {
        MultiLayerNetwork net = Fixtures.network(Fixtures.mlp(Activation.TANH, new Sgd(0.1), 5, 6, 4, 3));
        List<Record> records = fitOnce(net, 1);

        assertThat(records).extracting(Record::learning).containsExactly(BACK_PROPAGATED, BACK_PROPAGATED, READOUT);
        assertThat(records).extracting(Record::alignment)
                .allSatisfy(cosine -> assertThat(cosine).isCloseTo(1, within(1e-12)));
        assertThat(records).extracting(Record::signalNorm).allSatisfy(norm -> assertThat(norm).isNaN());

        MultiLayerNetwork converted = IbHebb.convert(net, RULE);
        converted.setLearningRate(0);
        assertThat(dependences(fitOnce(converted, 1))).isEqualTo(dependences(records));
    }

    private static List<List<Double>> dependences(List<Record> records) {
        return records.stream().map(record -> List.of(record.inputDependence(), record.labelDependence())).toList();
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void convolutionsAndUnits(CNN2DFormat format) {
        LearningRule rule = Fixtures.plain().memory(6).build();
        MultiLayerConfiguration conf = Fixtures.builder(new Adam(1e-2)).activation(Activation.IDENTITY)
                .convolutionMode(ConvolutionMode.Same).list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(3).name("conv").dataFormat(format).build())
                .layer(new BatchNormalization.Builder().build())
                .layer(new ActivationLayer(Activation.TANH))
                .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).dataFormat(format).build())
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(4).activation(Activation.TANH).dataFormat(format)
                        .build())
                .layer(new DenseLayer.Builder().nOut(6).activation(Activation.TANH).build())
                .layer(new BatchNormalization.Builder().build())
                .layer(Fixtures.readout(0, 3))
                .setInputType(InputType.convolutional(4, 4, 2, format))
                .build();
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(conf, rule));
        boolean channelsLast = format == CNN2DFormat.NHWC;
        INDArray x = channelsLast ? Fixtures.noise(2, 6, 4, 4, 2) : Fixtures.noise(2, 6, 2, 4, 4);
        DataSet data = new DataSet(x, Fixtures.oneHot(2, 6, 3));
        InformationPlane plane = new InformationPlane(data, 1);
        net.addListeners(plane);
        net.fit(data);
        net.fit(data);
        List<Record> records = plane.records().subList(4, 8);

        assertThat(records).extracting(Record::layer).containsExactly("conv", "layer4", "layer5", "layer7");
        assertThat(records).extracting(Record::learning).containsExactly(LOCAL, LOCAL, LOCAL, READOUT);
        // What the layers themselves make of the probe as a mini-batch that fills the memory, name by name.
        MultiLayerNetwork local = net.clone();
        MultiLayerNetwork stock = IbHebb.revert(net);
        for (MultiLayerNetwork each : List.of(local, stock)) {
            each.setInput(x);
            each.setLabels(data.getLabels());
            each.computeGradientAndScore();
        }
        List<List<String>> parameters = List.of(
                List.of("0_W", "0_b", "1_gamma", "1_beta"), List.of("4_W", "4_b"),
                List.of("5_W", "5_b", "6_gamma", "6_beta"), List.of("7_W", "7_b"));
        List<INDArray> activations = local.feedForward(x, false);
        List<Integer> ends = List.of(3, 4, 6, 7);
        double[][] kx = PlainPlane.gaussian(x.dup('c').reshape('c', 6, 32).toDoubleMatrix(), 0.5);
        for (int unit = 0; unit < 4; unit++) {
            double product = 0;
            double ownSquare = 0;
            double otherSquare = 0;
            for (String name : parameters.get(unit)) {
                double[] own = values(local.gradient().getGradientFor(name));
                double[] other = values(stock.gradient().getGradientFor(name));
                product += PlainPlane.dot(own, other);
                ownSquare += PlainPlane.dot(own, own);
                otherSquare += PlainPlane.dot(other, other);
            }
            Record record = records.get(unit);
            assertThat(record.alignment()).as(record.layer())
                    .isCloseTo(product / Math.sqrt(ownSquare * otherSquare), within(1e-9));
            assertThat(record.updateRatio()).isBetween(1e-4, 1.0);
            INDArray z = activations.get(ends.get(unit) + 1);
            if (z.rank() == 2) {
                double[][] kz = PlainPlane.gaussian(PlainPlane.layerNormed(z.toDoubleMatrix()), 0.5);
                assertThat(record.inputDependence()).isCloseTo(PlainPlane.normalized(kx, kz), within(1e-10));
            } else if (!channelsLast) {
                INDArray pooled = z.reshape('c', 6, z.size(1), 2, z.size(2) / 2, 2, z.size(3) / 2).mean(3, 5);
                double[][] rows = PlainPlane.layerNormed(pooled.reshape('c', 6, z.size(1) * 4).toDoubleMatrix());
                assertThat(record.inputDependence())
                        .isCloseTo(PlainPlane.normalized(kx, PlainPlane.gaussian(rows, 0.5)), within(1e-10));
            }
        }
        assertThat(records.get(3).alignment()).isCloseTo(1, within(1e-9));
        assertThat(net.getParam("1_mean").sumNumber().doubleValue()).isNotZero();
    }

    /** In a stock network the same layers form the same units, so that their records can be compared. */
    @Test
    void unitsOfAStockNetworkAreThoseOfAConvertedOne() {
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).activation(Activation.IDENTITY).list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(6).build())
                .layer(new BatchNormalization.Builder().build())
                .layer(new ActivationLayer(Activation.TANH))
                .layer(new DenseLayer.Builder().nIn(6).nOut(4).activation(Activation.TANH).build())
                .layer(Fixtures.readout(4, 3))
                .setInputType(InputType.feedForward(5))
                .build();
        MultiLayerNetwork stock = Fixtures.network(conf);
        MultiLayerNetwork local = IbHebb.convert(stock, RULE);
        // Batch normalisation's statistics move without a learning rate, and in the same way in both.
        stock.setLearningRate(0);
        local.setLearningRate(0);
        List<Record> ofStock = fitOnce(stock, 1);
        List<Record> ofLocal = fitOnce(local, 1);

        assertThat(ofLocal).extracting(Record::layer).containsExactly("layer0", "layer3", "layer4");
        assertThat(ofStock).extracting(Record::layer).containsExactly("layer0", "layer3", "layer4");
        // Batch normalisation rounds differently.
        for (int i = 0; i < ofStock.size(); i++) {
            assertThat(ofLocal.get(i).inputDependence()).isCloseTo(ofStock.get(i).inputDependence(), within(1e-12));
            assertThat(ofLocal.get(i).labelDependence()).isCloseTo(ofStock.get(i).labelDependence(), within(1e-12));
        }
        assertThat(ofLocal).extracting(Record::updateRatio).containsOnly(0.0);
    }

    @Test
    void aGraphWithSeveralInputsAndOutputs() {
        ComputationGraph net = new ComputationGraph(IbHebb.convert(Fixtures.builder(new Sgd(0.1))
                .activation(Activation.TANH).graphBuilder()
                .addInputs("left", "right")
                .addLayer("a", new DenseLayer.Builder().nIn(5).nOut(6).build(), "left")
                .addLayer("b", new DenseLayer.Builder().nIn(4).nOut(5).build(), "right")
                .addLayer("c", new DenseLayer.Builder().nIn(11).nOut(6).build(), "a", "b")
                .addLayer("classes", Fixtures.readout(6, 3), "c")
                .addLayer("value", new OutputLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY)
                        .nIn(5).nOut(2).build(), "b")
                .setOutputs("classes", "value")
                .build(), RULE));
        net.init();
        MultiDataSet data = new MultiDataSet(
                new INDArray[] {PROBE.getFeatures(), Fixtures.noise(8, N, 4)},
                new INDArray[] {PROBE.getLabels(), Fixtures.noise(9, N, 2)});
        InformationPlane plane = new InformationPlane(data, 1);
        net.addListeners(plane);
        net.fit(data);
        List<Record> records = plane.records();

        assertThat(records).extracting(Record::layer)
                .containsExactlyInAnyOrder("a", "b", "c", "classes", "value");
        assertAgreesWith(IbHebb.report(net.getConfiguration()), records);
        ComputationGraph local = net.clone();
        ComputationGraph stock = IbHebb.revert(net);
        for (ComputationGraph each : List.of(local, stock)) {
            each.setInputs(data.getFeatures());
            each.setLabels(data.getLabels());
            each.computeGradientAndScore();
        }
        double[][] kx = PlainPlane.gaussian(
                Nd4j.concat(1, data.getFeatures()).toDoubleMatrix(), 0.5);
        for (Record record : records) {
            double[] own = both(local, record.layer());
            double[] other = both(stock, record.layer());
            assertThat(record.alignment()).as(record.layer())
                    .isCloseTo(PlainPlane.cosine(own, other), within(1e-9));
            double[][] z = local.feedForward(data.getFeatures(), false).get(record.layer()).toDoubleMatrix();
            assertThat(record.inputDependence()).as(record.layer()).isCloseTo(
                    PlainPlane.normalized(kx, PlainPlane.gaussian(PlainPlane.layerNormed(z), 0.5)), within(1e-10));
        }
        // The backward pass comes to 'value', which does not need c, after c: c's signal knows one output's labels.
        Map<String, INDArray> z = local.feedForward(data.getFeatures(), false);
        Labels classes = Fixtures.classes(data.getLabels(0));
        Labels value = new Labels("value", data.getLabels(1), Labels.Encoding.REAL);
        checkSignal(local, records, "a", data.getFeatures(0), z, List.of(classes, value));
        checkSignal(local, records, "b", data.getFeatures(1), z, List.of(classes, value));
        checkSignal(local, records, "c", Nd4j.concat(1, z.get("a"), z.get("b")), z, List.of(classes));
    }

    /** The signal over these labels gives the layer's gradient, so it is the signal; and its size is recorded. */
    private static void checkSignal(ComputationGraph local, List<Record> records, String layer, INDArray presynaptic,
            Map<String, INDArray> z, List<Labels> labels) {
        INDArray x = Nd4j.concat(1, z.get("left"), z.get("right"));
        INDArray signal = ModulatorySignal.gradient(RULE, z.get(layer), N, x, labels).mul(N);
        INDArray delta = signal.mul(z.get(layer).mul(z.get(layer)).rsub(1));
        INDArray expected = presynaptic.transpose().mmul(delta);
        assertThat(local.gradient().getGradientFor(layer + "_W").distance2(expected)).as(layer).isLessThan(1e-9);
        assertThat(records).filteredOn(record -> record.layer().equals(layer)).singleElement().satisfies(record ->
                assertThat(record.signalNorm())
                        .isCloseTo(signal.norm2Number().doubleValue() / Math.sqrt(N), within(1e-12)));
    }

    private static double[] both(ComputationGraph net, String layer) {
        return values(Nd4j.concat(0,
                net.gradient().getGradientFor(layer + "_W").dup('c').reshape(-1),
                net.gradient().getGradientFor(layer + "_b").dup('c').reshape(-1)));
    }

    private static void assertAgreesWith(ConversionReport report, List<Record> records) {
        for (Record record : records) {
            assertThat(report.layers()).anySatisfy(entry -> {
                assertThat(entry.name()).isEqualTo(record.layer());
                assertThat(entry.learning()).isEqualTo(record.learning());
            });
        }
    }

    /** Random zeros would change the angle; the records are those of the same parameters without dropout. */
    /** A network without memory in time, on sequences, is the same network on their time steps. */
    @Test
    void eachTimeStepIsASampleWhereEachHasALabel() {
        MultiLayerConfiguration steps = Fixtures.builder(new Sgd(0.1)).activation(Activation.TANH).list()
                .layer(new DenseLayer.Builder().nOut(4).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX)
                        .nOut(3).build())
                .setInputType(InputType.recurrent(5, 3))
                .build();
        INDArray features = PROBE.getFeatures();
        INDArray labels = PROBE.getLabels();
        // Three samples of three time steps each, in the order of the rows.
        DataSet sequences = new DataSet(TimeSteps.series(features.dup('c'), 3, false).dup(),
                TimeSteps.series(labels.dup('c'), 3, false).dup());
        List<List<Record>> both = new ArrayList<>();
        for (boolean stepwise : new boolean[] {true, false}) {
            MultiLayerNetwork net = stepwise
                    ? Fixtures.network(IbHebb.convert(steps, RULE))
                    : Fixtures.localMlp(RULE, 5, 4, 3);
            // DL4J sums a readout's gradient over time steps, and divides by samples.
            net.setLearningRate(0);
            InformationPlane plane = new InformationPlane(stepwise ? sequences : PROBE, 1);
            net.addListeners(plane);
            net.fit(stepwise ? sequences : PROBE);
            both.add(plane.records());
        }
        assertThat(both.get(0)).usingRecursiveComparison()
                .withComparatorForType((a, b) -> Math.abs(a - b) < 1e-9 || a.equals(b) ? 0 : 1, Double.class)
                .isEqualTo(both.get(1));
        assertThat(both.get(0).get(0).signalNorm()).isPositive();
    }

    /** The signal is that of what the layer has learnt to predict, which looking does not change. */
    @Test
    void predictionIsSeenAsTheNetworkKnowsIt() {
        LearningRule prediction = Fixtures.plain().objective(Fixtures.predictionOfMiniBatches()).build();
        MultiLayerNetwork net = Fixtures.localMlp(prediction, 5, 4, 3);
        MultiLayerNetwork unobserved = net.clone();
        InformationPlane plane = new InformationPlane(PROBE, 1);
        net.addListeners(plane);
        for (int step = 0; step < 6; step++) {
            net.fit(DATA);
            unobserved.fit(DATA);
        }
        assertThat(Fixtures.values(net.params())).isEqualTo(Fixtures.values(unobserved.params()));

        INDArray hidden = net.feedForwardToLayer(0, PROBE.getFeatures(), false).get(1);
        Representation.View view = new Representation(prediction, false, Buffers.fresh()).of(hidden);
        INDArray signal = Nd4j.zeros(DataType.DOUBLE, N, 4);
        Predictors.copyOf(net, net.getLayer(0), Fixtures.predictionOfMiniBatches()).addSignal(view.rows(), List.of(new Labels(
                Predictors.nameOf(net.getOutputLayer()), PROBE.getLabels(), Labels.Encoding.CLASSES)), 1, signal);
        Record last = plane.records().get(10);
        assertThat(last.learning()).isEqualTo(LOCAL);
        assertThat(last.signalNorm()).isPositive().isCloseTo(
                view.backward(signal).norm2Number().doubleValue() / Math.sqrt(N), within(1e-9));
        assertThat(last.alignment()).isFinite().isNotZero();
    }

    @Test
    void dropoutIsLeftOut() {
        MultiLayerConfiguration conf = Fixtures.mlp(Activation.TANH, new Sgd(0), 5, 6, 4, 3);
        MultiLayerNetwork plain = Fixtures.network(IbHebb.convert(conf, RULE));
        conf.getConf(1).getLayer().setIDropout(new Dropout(0.5));
        conf.getConf(2).getLayer().setIDropout(new Dropout(0.5));
        MultiLayerNetwork dropping = Fixtures.network(IbHebb.convert(conf, RULE));
        dropping.setParams(plain.params());

        List<Record> expected = fitOnce(plain, 1);
        assertThat(fitOnce(dropping, 1)).isEqualTo(expected);
    }

    @Test
    void singlePrecisionAndSparseLabels() {
        MultiLayerConfiguration conf = Fixtures.builder(new Sgd(0.1)).dataType(DataType.FLOAT)
                .activation(Activation.RELU).list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(6).build())
                .layer(new OutputLayer.Builder(LossFunction.SPARSE_MCXENT).activation(Activation.SOFTMAX)
                        .nIn(6).nOut(3).build())
                .build();
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(conf, RULE));
        INDArray classes = PROBE.getLabels().argMax(1).castTo(DataType.FLOAT).reshape(N, 1);
        InformationPlane plane = new InformationPlane(new DataSet(PROBE.getFeatures(), classes), 1);
        net.addListeners(plane);
        net.fit(new DataSet(PROBE.getFeatures().castTo(DataType.FLOAT), classes));

        double[][] z = net.feedForward(PROBE.getFeatures().castTo(DataType.FLOAT), false).get(1).toDoubleMatrix();
        Record record = plane.records().get(0);
        assertThat(record.labelDependence()).isCloseTo(PlainPlane.normalized(
                PlainPlane.sameLabel(PROBE.getLabels().toDoubleMatrix()),
                PlainPlane.gaussian(PlainPlane.layerNormed(z), 0.5)), within(1e-5));
        assertThat(plane.records().get(1).alignment()).isCloseTo(1, within(1e-5));
    }

    @Test
    void parametersThatAreNotFiniteAreSaidToBe() {
        MultiLayerNetwork net = Fixtures.network(Fixtures.mlp(Activation.TANH, new Sgd(0.1), 5, 6, 3));
        InformationPlane plane = new InformationPlane(PROBE, 1);
        net.addListeners(plane);
        net.fit(DATA);
        net.params().putScalar(3, Double.NaN);
        net.fit(DATA);
        assertThat(plane.records().get(2).inputDependence()).isNaN();
        assertThat(plane.records().get(2).alignment()).isNaN();
    }

    @Test
    void receiversGetEachRecordedIterationOnceFromThenOn() {
        MultiLayerNetwork net = Fixtures.localMlp(RULE, 5, 4, 3);
        InformationPlane plane = new InformationPlane(PROBE, 2);
        net.addListeners(plane);
        net.fit(DATA);
        List<List<Record>> received = new ArrayList<>();
        assertThat(plane.sendTo(received::add)).isSameAs(plane);
        for (int i = 0; i < 4; i++) {
            net.fit(DATA);
        }

        assertThat(received).hasSize(2);
        assertThat(received.get(0)).extracting(Record::iteration).containsExactly(2, 2);
        assertThat(received.get(1)).extracting(Record::iteration).containsExactly(4, 4);
        assertThat(received).flatExtracting(records -> records).isEqualTo(plane.records().subList(2, 6));
    }

    @Test
    void aReceiverThatFailsLosesNoRecord() {
        MultiLayerNetwork net = Fixtures.localMlp(RULE, 5, 4, 3);
        InformationPlane plane = new InformationPlane(PROBE, 1).sendTo(records -> {
            throw new IllegalStateException("disk full");
        });
        net.addListeners(plane);
        assertThatThrownBy(() -> net.fit(DATA)).hasMessageContaining("disk full");
        assertThat(plane.records()).hasSize(2);
    }

    @Test
    void csvReadsBack(@TempDir Path folder) throws Exception {
        MultiLayerConfiguration conf = Fixtures.mlp(Activation.TANH, new Sgd(0.1), 5, 4, 3);
        conf.getConf(0).getLayer().setLayerName("first, \"hidden\"");
        InformationPlane plane = new InformationPlane(PROBE, 2);
        MultiLayerNetwork net = Fixtures.network(IbHebb.convert(conf, RULE));
        net.addListeners(plane);
        Locale locale = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            for (int i = 0; i < 4; i++) {
                net.fit(DATA);
            }
            plane.writeCsv(folder.resolve("plane.csv"));
        } finally {
            Locale.setDefault(locale);
        }
        List<String> lines = Files.readAllLines(folder.resolve("plane.csv"));

        assertThat(lines.get(0)).isEqualTo("iteration,epoch,layer,learning,input_hsic,label_hsic,input_dependence,"
                + "label_dependence,signal_norm,alignment,update_ratio");
        assertThat(lines).hasSize(1 + plane.records().size());
        for (int i = 1; i < lines.size(); i++) {
            Record expected = plane.records().get(i - 1);
            String name = expected.learning() == LOCAL ? "\"first, \"\"hidden\"\"\"" : "layer1";
            String start = expected.iteration() + ",0," + name + "," + expected.learning() + ",";
            assertThat(lines.get(i)).startsWith(start);
            String[] numbers = lines.get(i).substring(start.length()).split(",");
            assertThat(Arrays.stream(numbers).map(Double::valueOf)).containsExactly(
                    expected.inputHsic(), expected.labelHsic(), expected.inputDependence(),
                    expected.labelDependence(), expected.signalNorm(), expected.alignment(), expected.updateRatio());
        }
        assertThatThrownBy(() -> plane.writeCsv(folder.resolve("none/plane.csv")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none/plane.csv").hasMessageContaining("no such file");
    }

    @Test
    void aListenerBelongsToOneNetwork() {
        InformationPlane plane = new InformationPlane(PROBE, 1);
        MultiLayerNetwork first = Fixtures.localMlp(RULE, 5, 4, 3);
        MultiLayerNetwork second = Fixtures.localMlp(RULE, 5, 4, 3);
        first.addListeners(plane);
        second.addListeners(plane);
        first.fit(DATA);
        INDArray before = second.params().dup();
        assertThatThrownBy(() -> second.fit(DATA)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another network");
        assertThat(values(second.params())).isEqualTo(values(before));
        first.fit(DATA);
        assertThat(plane.records()).hasSize(4);
    }

    @Test
    void probesThatCanNotBeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new InformationPlane(PROBE, 0))
                .withMessageContaining("every (0)").withMessageContaining("at least 1");
        assertThatIllegalArgumentException().isThrownBy(() -> new InformationPlane(probe(1, 5, 3), 1))
                .withMessageContaining("1 samples").withMessageContaining("from 2 to 512");
        assertThatIllegalArgumentException().isThrownBy(() -> new InformationPlane(probe(513, 5, 3), 1))
                .withMessageContaining("513 samples").withMessageContaining("from 2 to 512");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InformationPlane(
                        new DataSet(Fixtures.noise(1, 4, 5), Fixtures.oneHot(1, 3, 3)), 1))
                .withMessageContaining("features of 4 samples and labels of 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InformationPlane(new DataSet(Fixtures.noise(1, 4, 5), null), 1))
                .withMessageContaining("no labels");
        DataSet masked = probe(4, 5, 3);
        masked.setLabelsMaskArray(Fixtures.noise(1, 4, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new InformationPlane(masked, 1))
                .withMessageContaining("masks");
        DataSet broken = probe(4, 5, 3);
        broken.getFeatures().putScalar(2, 2, Double.POSITIVE_INFINITY);
        assertThatIllegalArgumentException().isThrownBy(() -> new InformationPlane(broken, 1))
                .withMessageContaining("features hold NaN or infinite");
    }

    @Test
    void probesThatDoNotFitAreRefusedBeforeAnyUpdate() {
        refused(probe(6, 4, 3), "[6, 4]", "do not go through the network");
        refused(probe(6, 5, 2), "the probe's: labels of shape [6, 2]", "takes 3 a sample");
        MultiLayerNetwork net = Fixtures.localMlp(RULE, 5, 4, 3);
        MultiDataSet two = new MultiDataSet(
                new INDArray[] {PROBE.getFeatures(), PROBE.getFeatures()}, new INDArray[] {PROBE.getLabels()});
        net.addListeners(new InformationPlane(two, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> net.fit(DATA))
                .withMessageContaining("2 arrays of features").withMessageContaining("takes 1");
    }

    private static void refused(DataSet probe, String... words) {
        MultiLayerNetwork net = Fixtures.localMlp(RULE, 5, 4, 3);
        INDArray before = net.params().dup();
        net.addListeners(new InformationPlane(probe, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> net.fit(DATA)).satisfies(refusal ->
                assertThat(refusal.getMessage()).contains(words));
        assertThat(values(net.params())).isEqualTo(values(before));
    }

    private static DataSet probe(int samples, int width, int classes) {
        return new DataSet(Fixtures.noise(1, samples, width), Fixtures.oneHot(1, samples, classes));
    }

    private static List<Record> fitOnce(MultiLayerNetwork net, int every) {
        InformationPlane plane = new InformationPlane(PROBE, every);
        net.addListeners(plane);
        net.fit(DATA);
        return plane.records();
    }
}
