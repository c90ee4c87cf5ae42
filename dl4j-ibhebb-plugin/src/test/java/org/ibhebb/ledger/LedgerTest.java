package org.ibhebb.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.ibhebb.Fixtures;
import org.ibhebb.ForAnyKernel;
import org.ibhebb.IbHebb;
import org.ibhebb.ledger.Ledger.Access;
import org.ibhebb.ledger.Ledger.Kind;
import org.ibhebb.ledger.Ledger.Phase;
import org.ibhebb.ledger.Ledger.Row;
import org.ibhebb.memory.DelayLines;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

@ForAnyKernel
class LedgerTest {

    /** 7-5-3: 7 x 5 + 5 and 5 x 3 + 3 parameters. */
    private static final MultiLayerConfiguration SMALL = network(new Sgd(0.1), 7, 5, 3);

    private static MultiLayerConfiguration network(IUpdater updater, int... widths) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().updater(updater)
                .activation(Activation.RELU).list();
        for (int i = 1; i < widths.length - 1; i++) {
            layers.layer(new DenseLayer.Builder().nIn(widths[i - 1]).nOut(widths[i]).build());
        }
        return layers.layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).activation(Activation.SOFTMAX)
                .nIn(widths[widths.length - 2]).nOut(widths[widths.length - 1]).build()).build();
    }

    @Test
    void leanBackPropagationOfOneSampleByHand() {
        Ledger ledger = IbHebb.ledger(SMALL, 1, Training.backPropagation().lean());
        // Forward; loss; the error below, and the step of the output layer; slope; the step of the hidden layer.
        long values = (7 + 40 + 5) + (5 + 18 + 3) + (3 + 3 + 3) + (15 + 3 + 5) + (5 + 3 + 2 * 18)
                + (5 + 5 + 5) + (7 + 5 + 2 * 40);
        assertThat(ledger.bytes()).isEqualTo(4 * values);
        assertThat(ledger.macs()).isEqualTo(2 * 35 + 3 * 15);
        assertThat(ledger.synapticOperations()).isEqualTo(35 + 15);
    }

    /** A mask of ones, of which some are dropped, times the input; back again, the errors times the mask. */
    @Test
    void dropoutByHand() {
        MultiLayerConfiguration without = network(new Sgd(0.1), 7, 20, 3);
        MultiLayerConfiguration with = without.clone();
        with.getConf(1).getLayer().setIDropout(new Dropout(0.5));
        Ledger ledger = IbHebb.ledger(with, 4, Training.backPropagation());
        assertThat(ledger.bytes() - IbHebb.ledger(without, 4, Training.backPropagation()).bytes())
                .isEqualTo(4 * 4 * 20 * (1 + 2 + 3) + 4 * 4 * 20 * 3);
        assertThat(ledger.macs()).isEqualTo(IbHebb.ledger(without, 4, Training.backPropagation()).macs());
        assertThat(ledger.effectiveMacs()).isLessThan(ledger.macs());
        // Nothing has to be dropped of errors that nobody gets.
        assertThat(IbHebb.ledger(IbHebb.convert(with), 4, Training.asConfigured().lean()).rows())
                .extracting(Row::operation).contains("dropout").doesNotContain("dropout, backwards");
        // A streaming network leaves it out.
        assertThat(IbHebb.ledger(with, 1, Training.streaming()).bytes())
                .isEqualTo(IbHebb.ledger(without, 1, Training.streaming()).bytes());
        with.getConf(1).getLayer().setIDropout(new AlphaDropout(0.5));
        assertThatThrownBy(() -> IbHebb.ledger(with, 4)).hasMessageContainingAll("layer1", "AlphaDropout");
    }

    /** Each time step: the products of inputs and of outputs before, forward and for the gradient, and errors back. */
    @Test
    void timeStepsByHand() {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder().updater(new Sgd(0.1)).list()
                .layer(new SimpleRnn.Builder().nOut(5).build())
                .layer(new RnnOutputLayer.Builder(LossFunctions.LossFunction.MSE).nOut(3).build())
                .setInputType(InputType.recurrent(2, 7)).build();
        Ledger ledger = IbHebb.ledger(conf, 4, Training.backPropagation().lean(), InputType.recurrent(2, 7));
        int hidden = 2 * 5 + 5 * 5;
        assertThat(ledger.macs()).isEqualTo(4 * (7 * (2 * hidden + 3 * 15) + 6 * 25));
        assertThat(ledger.synapticOperations()).isEqualTo(4 * 7 * (hidden + 15));
        // All that has to be kept of a sequence grows with its length.
        Ledger longer = IbHebb.ledger(conf, 4, Training.backPropagation().lean(), InputType.recurrent(2, 14));
        assertThat(longer.heldActivations()).isGreaterThan(ledger.heldActivations() * 3 / 2);
        assertThatThrownBy(() -> IbHebb.ledger(conf, 4, Training.backPropagation(), InputType.recurrent(2)))
                .hasMessageContainingAll("layer0", "InputType.recurrent(size, timeSteps)");
        assertThatThrownBy(() -> IbHebb.ledger(conf, 4)).hasMessageContaining("give the input type");
    }

    /** A recalled sample costs a pass over the readout; a new one drives the reservoirs, and nothing else is kept. */
    @Test
    void recallByHand() {
        MemoryNetwork memory = DelayLines.recalling(4, 9);
        MultiLayerConfiguration conf = IbHebb.convert(network(new Sgd(0.1), 7, 20, 3),
                LearningRule.builder().objective(Objective.neighbourhood()).memory(memory, 9).build());
        Ledger ledger = IbHebb.ledger(conf, 2, Training.asConfigured().lean());
        // Seven stay beside the two new ones; of labels and of activations.
        assertThat(macs(ledger, "recall")).isEqualTo(7L * memory.units() * (3 + 20));
        assertThat(macs(ledger, "drive reservoirs")).isEqualTo(2L * memory.units() * (1 + 5));
        assertThat(ledger.rows().stream().flatMap(row -> row.accesses().stream())
                .filter(access -> access.kind() == Kind.MEMORY).map(Access::array).distinct())
                .containsExactlyInAnyOrder("labels reservoirs", "layer0 reservoirs");
        // A stream recalls all but the newest.
        Ledger stream = IbHebb.ledger(conf, 1, Training.streaming());
        assertThat(macs(stream, "recall")).isEqualTo(8L * memory.units() * (3 + 20));
        assertThat(macs(stream, "drive reservoirs")).isEqualTo(memory.units() * (1 + 5));
    }

    private static long macs(Ledger ledger, String operation) {
        return ledger.rows().stream().filter(row -> row.operation().equals(operation)).mapToLong(Row::macs).sum();
    }

    /** Within a unit the signal crosses batch normalisation. */
    @Test
    void aUnitsSignalCrossesWhatItsLayersAre() {
        MultiLayerConfiguration conf = IbHebb.convert(new NeuralNetConfiguration.Builder().updater(new Sgd(0.1)).list()
                .layer(new DenseLayer.Builder().nIn(7).nOut(20).activation(Activation.IDENTITY).build())
                .layer(new BatchNormalization.Builder().nOut(20).build())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MSE).nIn(20).nOut(3).build())
                .setInputType(InputType.feedForward(7)).build());
        assertThat(IbHebb.ledger(conf, 4).distances()).extracting(Ledger.Distance::updatePath).containsExactly(1, 0, 0);
    }

    @Test
    void distances() {
        MultiLayerConfiguration conf = network(new Sgd(0.1), 20, 20, 20, 3);
        assertThat(IbHebb.ledger(conf, 2).distances()).extracting(Ledger.Distance::updatePath).containsExactly(2, 1, 0);
        assertThat(IbHebb.ledger(IbHebb.convert(conf), 2).distances()).extracting(Ledger.Distance::updatePath)
                .containsOnly(0);
        // fit walks up and down all the same.
        assertThat(IbHebb.ledger(IbHebb.convert(conf), 2).distances()).extracting(Ledger.Distance::latency)
                .isEqualTo(IbHebb.ledger(conf, 2).distances().stream().map(Ledger.Distance::latency).toList())
                .isEqualTo(List.of(5, 4, 3));
        assertThat(IbHebb.ledger(conf, 1, Training.streaming()).distances()).allSatisfy(distance -> {
            assertThat(distance.updatePath()).isZero();
            assertThat(distance.latency()).isZero();
        });
        assertThat(IbHebb.ledger(conf, 2, Training.frozen()).distances()).hasSize(1);
    }

    @Test
    void aCacheHoldsWhatWasUsedLast() {
        Access a = new Access("a", Kind.PARAMETERS, 100, 100, 0);
        Access b = new Access("b", Kind.ACTIVATION, 50, 0, 50);
        Access readB = new Access("b", Kind.ACTIVATION, 50, 50, 0);
        Ledger ledger = new Ledger("", 1, 4, true, List.of(row(1, a), row(1, b), row(2, readB), row(2, a)), List.of());
        assertThat(ledger.traffic(0)).isEqualTo(ledger.bytes()).isEqualTo(300);
        assertThat(ledger.traffic(99)).isEqualTo(200);
        // b drops a, which has to be read again; and a drops b, which has changed and is written back.
        assertThat(ledger.traffic(100)).isEqualTo(150);
        assertThat(ledger.traffic(150)).isZero();
        // What is written is fetched before, and b is new in each step.
        assertThat(ledger.fetched(0)).isEqualTo(300);
        assertThat(ledger.fetched(99)).isEqualTo(250);
        assertThat(ledger.fetched(100)).isEqualTo(150);
        assertThat(ledger.fetched(150)).isEqualTo(50);
        assertThatThrownBy(() -> ledger.traffic(-1)).hasMessageContaining("-1");
    }

    private static Row row(int visit, Access... accesses) {
        return new Row("", Phase.FORWARD, "", false, visit, 0, 0, 0, List.of(accesses));
    }

    @Test
    void peakIsOfWhatLivesAtOneTime() {
        Access x = new Access("x", Kind.ACTIVATION, 10, 0, 10);
        Access readX = new Access("x", Kind.ACTIVATION, 10, 10, 0);
        Access y = new Access("y", Kind.SIGNAL, 7, 0, 7);
        Ledger ledger = new Ledger("", 1, 4, true,
                List.of(row(1, x), row(2, readX), row(3, y), row(4, x), row(5, readX)), List.of());
        assertThat(ledger.peakActivations()).isEqualTo(10);
        assertThat(ledger.lifetimes()).extracting(Ledger.Lifetime::byteVisits).containsExactly(20L, 7L, 20L);
    }

    @Test
    void accumulationNeedsLessMemoryAndMovesMore() {
        MultiLayerConfiguration conf = network(new Adam(1e-3), 64, 64, 64, 64, 64, 10);
        Ledger whole = IbHebb.ledger(conf, 64, Training.backPropagation().lean());
        Ledger parts = IbHebb.ledger(conf, 64, Training.backPropagation().lean().accumulating(8));
        assertThat(parts.peakActivations() * 8).isEqualTo(whole.peakActivations());
        assertThat(parts.bytes()).isGreaterThan(whole.bytes());
        assertThat(parts.macs()).isEqualTo(whole.macs());
    }

    @Test
    void checkpointsNeedLessMemoryAndComputeMore() {
        int[] widths = new int[18];
        Arrays.fill(widths, 32);
        MultiLayerConfiguration conf = network(new Sgd(0.1), widths);
        Ledger whole = IbHebb.ledger(conf, 16, Training.backPropagation().lean());
        Ledger some = IbHebb.ledger(conf, 16, Training.backPropagation().lean().checkpointing(4));
        assertThat(some.peakActivations()).isLessThan(whole.peakActivations());
        assertThat(some.macs()).isBetween(whole.macs() + 1, whole.macs() * 4 / 3);
    }

    @Test
    void aStreamNeedsNoMoreActivationsWithDepth() {
        Ledger shallow = IbHebb.ledger(network(new Sgd(0.1), 32, 32, 32, 32), 1, Training.streaming());
        Ledger deep = IbHebb.ledger(network(new Sgd(0.1), 32, 32, 32, 32, 32, 32, 32, 32), 1, Training.streaming());
        assertThat(deep.peakActivations()).isEqualTo(shallow.peakActivations());
        assertThat(deep.learningState()).isGreaterThan(shallow.learningState());
    }

    /** Each place of a feature map passes over all of its weights; what is pooled, the signal sees. */
    @Test
    void aStreamOfImagesByHand() {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder().updater(new Sgd(0.1))
                .activation(Activation.RELU).list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(5).build())
                .layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX).kernelSize(2, 2).stride(2, 2)
                        .build())
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(7).activation(Activation.IDENTITY).build())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG).kernelSize(2, 2).stride(2, 2)
                        .build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).activation(Activation.SOFTMAX)
                        .nOut(3).build())
                .setInputType(InputType.convolutionalFlat(10, 12, 2)).build();
        Ledger ledger = IbHebb.ledger(conf, 1, Training.streaming().with(new Sgd(0.1)),
                InputType.convolutionalFlat(10, 12, 2));
        int first = 8 * 10 * 5 * 2 * 9;
        int second = 3 * 4 * 7 * 5 * 4;
        int last = 1 * 2 * 7 * 3;
        assertThat(macs(ledger, "convolve")).isEqualTo(first + second);
        // Its 2 x 2 cells are averages of 4 x 5 pooled places, and of 3 x 4 that are not.
        assertThat(macs(ledger, "readout")).isEqualTo(3 * 3 * (5 * 4 + 7 * 4));
        assertThat(macs(ledger, "update")).isEqualTo(first + second + last);
        assertThat(ledger.rows().stream().filter(row -> row.operation().equals("convolve"))
                .flatMap(row -> row.accesses().stream()).filter(access -> access.kind() == Kind.PARAMETERS)
                .mapToLong(Access::read).sum())
                .isEqualTo(4L * (8 * 10 * (5 * 2 * 9 + 5) + 3 * 4 * (7 * 5 * 4 + 7)));
        assertThat(ledger.distances()).hasSize(3).allSatisfy(distance -> assertThat(distance.latency()).isZero());
        assertThatThrownBy(() -> IbHebb.ledger(IbHebb.convert(new NeuralNetConfiguration.Builder().list()
                .layer(new DenseLayer.Builder().nIn(7).nOut(20).build())
                .layer(new BatchNormalization.Builder().nOut(20).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MSE).nIn(20).nOut(3).build())
                .setInputType(InputType.feedForward(7)).build()), 1, Training.streaming()))
                .hasMessageContainingAll("layer1", "none that a streaming network has");
    }

    @Test
    void silentUnitsAreNotVisited() {
        MultiLayerConfiguration conf = network(new Sgd(0.1), 64, 64, 10);
        Training stream = Training.streaming().with(new Sgd(0.1));
        Ledger dense = IbHebb.ledger(conf, 1, stream);
        Ledger sparse = IbHebb.ledger(conf, 1, stream.withActivity(0.1, 0.5));
        assertThat(sparse.bytes()).isLessThan(dense.bytes());
        assertThat(sparse.macs()).isEqualTo(dense.macs());
        assertThat(sparse.effectiveMacs()).isLessThan(dense.effectiveMacs());
    }

    /** Sums would wrap around. */
    @Test
    void moreThanCanBeCountedIsRefused() {
        MultiLayerConfiguration wide = Fixtures.mlp(Activation.RELU, new Sgd(0.1), 60_000, 60_000, 3);
        assertThatThrownBy(() -> IbHebb.ledger(wide, Integer.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("2147483647 samples", "more operations than can be counted");
        MultiLayerConfiguration narrow = Fixtures.mlp(Activation.RELU, new Sgd(0.1), 5, 4, 3);
        assertThat(IbHebb.ledger(narrow, Integer.MAX_VALUE).macs())
                .isEqualTo(IbHebb.ledger(narrow, 1).macs() * Integer.MAX_VALUE);
        assertThat(IbHebb.ledger(narrow, Integer.MAX_VALUE).bytes()).isPositive();
    }

    @Test
    void whatItDoesNotKnowIsRefused() {
        MultiLayerConfiguration unknown = new NeuralNetConfiguration.Builder().list()
                .layer(new EmbeddingLayer.Builder().name("memory").nIn(3).nOut(4).build())
                .layer(new RnnOutputLayer.Builder().nIn(4).nOut(2).build()).build();
        assertThatThrownBy(() -> IbHebb.ledger(unknown, 2)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("memory").hasMessageContaining("EmbeddingLayer");
        assertThatThrownBy(() -> IbHebb.ledger(SMALL, 0)).hasMessageContaining("0 samples");
        assertThatThrownBy(() -> IbHebb.ledger(SMALL, 2, Training.streaming())).hasMessageContaining("not 2");
        assertThatThrownBy(() -> IbHebb.ledger(SMALL, 6, Training.backPropagation().accumulating(4)))
                .hasMessageContaining("6").hasMessageContaining("4");
        assertThatThrownBy(() -> Training.streaming().accumulating(2)).hasMessageContaining("STREAMING");
        assertThatThrownBy(() -> Training.backPropagation().checkpointing(0)).hasMessageContaining("0");
        assertThatThrownBy(() -> Training.frozen().withActivity(0, 1)).hasMessageContaining("input");
    }
}
