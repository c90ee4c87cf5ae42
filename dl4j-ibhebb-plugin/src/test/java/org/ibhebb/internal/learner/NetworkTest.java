package org.ibhebb.internal.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.internal.state.State;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

/** Networks are told apart by the buffer that their parameters lie in. */
class NetworkTest {

    @Test
    void anyViewOfItsParametersIsTheNetworks() {
        INDArray parameters = Nd4j.rand(DataType.FLOAT, 1, 20);
        INDArray equal = parameters.dup();
        INDArray view = parameters.get(NDArrayIndex.all(), NDArrayIndex.interval(4, 10));
        Network network = Network.of(parameters);
        assertThat(Network.of(view)).isSameAs(network);
        assertThat(network.has(parameters)).isTrue();
        assertThat(network.has(view)).isTrue();
        assertThat(network.has(view.reshape(3, 2))).isTrue();

        assertThat(Network.of(equal)).isNotSameAs(network);
        assertThat(network.has(equal)).isFalse();
        assertThat(network.has(null)).isFalse();
        assertThat(network.has(Nd4j.empty(DataType.FLOAT))).isFalse();
    }

    /** By hand, for instance to have a copy of a network beside it. */
    @Test
    void twoNetworksInOneBufferAreRefusedWithTheRemedy() {
        var conf = IbHebb.convert(Fixtures.mlp(Activation.TANH, new Sgd(0.1), 5, 4, 3));
        long length = Fixtures.network(conf).numParams();
        INDArray both = Nd4j.rand(DataType.DOUBLE, 1, 2 * length);
        MultiLayerNetwork[] nets = new MultiLayerNetwork[2];
        for (int i = 0; i < 2; i++) {
            nets[i] = new MultiLayerNetwork(conf.clone());
            nets[i].init(both.get(NDArrayIndex.all(), NDArrayIndex.interval(i * length, (i + 1) * length)), false);
        }
        nets[0].fit(Fixtures.clusters(1, 6, 5, 3));
        double[] before = Fixtures.values(both);
        assertThatThrownBy(() -> nets[1].fit(Fixtures.clusters(2, 6, 5, 3))).isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll(
                        "(index 0)", "two networks lie in one buffer", "network.init(parameters, true)");
        assertThat(Fixtures.values(both)).containsExactly(before);
        nets[0].fit(Fixtures.clusters(3, 6, 5, 3));

        MultiLayerNetwork apart = new MultiLayerNetwork(conf.clone());
        apart.init(nets[1].params(), true);
        apart.fit(Fixtures.clusters(2, 6, 5, 3));
    }

    /** What it remembered before is gone, also of what the other one never knew. */
    @Test
    void aNetworkThatIsRestoredRemembersNothingElse() {
        LearningRule predicting = LearningRule.builder().memory(9).build();
        LearningRule comparing = Fixtures.plain().memory(9).build();
        for (LearningRule rule : List.of(predicting, comparing)) {
            MultiLayerNetwork untrained = Fixtures.localMlp(rule, 5, 4, 3);
            MultiLayerNetwork trained = Fixtures.localMlp(rule, 5, 4, 3);
            State nothing = state(untrained);
            trained.fit(Fixtures.clusters(1, 6, 5, 3));
            assertThat(state(trained)).isNotEqualTo(nothing);
            Network.of(trained.params()).restore(nothing, trained.numParams(), Map.of(0, rule));
            assertThat(state(trained)).isEqualTo(nothing);
        }
    }

    /** Each of what a state must fit is asked for, and nothing of one that does not fit stays behind. */
    @Test
    void aStateOfAnotherNetworkIsRefused() {
        LearningRule predicting = LearningRule.builder().memory(9).build();
        LearningRule comparing = Fixtures.plain().memory(9).build();
        MultiLayerNetwork trained = Fixtures.localMlp(predicting, 5, 4, 3);
        trained.fit(Fixtures.clusters(1, 6, 5, 3));
        State state = state(trained);
        long length = trained.numParams();

        MultiLayerNetwork other = Fixtures.localMlp(predicting, 5, 4, 3);
        State nothing = state(other);
        Network network = Network.of(other.params());
        Map<Map<Integer, LearningRule>, String> refused = Map.of(
                Map.of(), "is of a network that learns locally, which this one does not",
                Map.of(1, predicting), "is of a layer that has a rule, which this one has not",
                Map.of(0, comparing), "'prediction'");
        refused.forEach((rules, why) -> assertThatThrownBy(() -> network.restore(state, length, rules))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why));
        assertThatThrownBy(() -> network.restore(state, length + 1, Map.of(0, predicting)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("parameters");
        assertThat(state(other)).isEqualTo(nothing);
        INDArray single = other.params().castTo(DataType.FLOAT);
        assertThatThrownBy(() -> Network.of(single).restore(state, length, Map.of(0, predicting)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("type");
        network.restore(state, length, Map.of(0, predicting));
        assertThat(state(other)).isEqualTo(state);
    }

    @Test
    void readoutsThatAreCopiedTakeThePlaceOfOthers() {
        LearningRule rule = LearningRule.builder().memory(9).build();
        Objective prediction = rule.prediction().orElseThrow();
        MultiLayerNetwork trained = Fixtures.localMlp(rule, 5, 4, 3);
        MultiLayerNetwork untrained = Fixtures.localMlp(rule, 5, 4, 3);
        MultiLayerNetwork twin = Fixtures.localMlp(rule, 5, 4, 3);
        trained.fit(Fixtures.clusters(1, 6, 5, 3));
        State nothing = state(untrained);
        Network copy = Network.of(twin.params());
        State none = State.of(copy.predictor(0, prediction)::state);

        copy.copyPredictors(Network.of(trained.params()));
        State learnt = State.of(Network.of(trained.params()).predictor(0, prediction)::state);
        assertThat(State.of(copy.predictor(0, prediction)::state)).isEqualTo(learnt).isNotEqualTo(none);
        copy.copyPredictors(Network.of(untrained.params()));
        assertThat(state(twin)).isEqualTo(nothing);
    }

    private static State state(MultiLayerNetwork network) {
        return Network.of(network.params()).state(network.numParams(), List.of(0));
    }

    @Test
    void aLayerWithoutParametersNeedsOneThatHasSome() throws InterruptedException {
        Throwable[] thrown = new Throwable[1];
        // A thread in which no network has trained.
        Thread fresh = new Thread(() -> {
            try {
                Network.of(null);
            } catch (IllegalStateException e) {
                thrown[0] = e;
            }
        });
        fresh.start();
        fresh.join();
        assertThat(thrown[0])
                .hasMessageContaining("a local layer without parameters needs a local layer with parameters");
    }

    /** A comparison of all samples that there is no memory for, as the windows of large memories are. */
    @Test
    void whatThereIsNoMemoryForIsNamedWithItsLayer() {
        int samples = 200_000;
        MultiLayerNetwork net = Fixtures.localMlp(
                Fixtures.plain().objective(Objective.hsic()).memory(Integer.MAX_VALUE).build(), 5, 4, 3);
        double[] before = Fixtures.values(net.params());
        DataSet batch = new DataSet(Nd4j.rand(DataType.DOUBLE, samples, 5), Nd4j.zeros(DataType.DOUBLE, samples, 3));
        batch.getLabels().getColumn(1).assign(1);
        assertThatThrownBy(() -> net.fit(batch)).isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("layer 'layer0' (index 0): no memory for", " GB)", "smaller memory");
        assertThat(Fixtures.values(net.params())).containsExactly(before);
        net.fit(Fixtures.clusters(1, 6, 5, 3));
        assertThat(Fixtures.values(net.params())).isNotEqualTo(before);
    }
}
