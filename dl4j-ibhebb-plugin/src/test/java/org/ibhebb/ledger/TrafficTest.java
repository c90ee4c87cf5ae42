package org.ibhebb.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.ibhebb.ForAnyKernel;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** What {@code .ci/traffic} compares cachegrind's counts of whole steps with is what the ledger says. */
@ForAnyKernel
class TrafficTest {

    private static final Pattern STEP =
            Pattern.compile("compare (\\d+) (\\d+) (stream|fit|backPropagation) ([\\d ]+)");

    @Test
    void wholeStepsOfTheScript() throws IOException {
        SoftAssertions all = new SoftAssertions();
        int steps = 0;
        for (String line : Files.readAllLines(Path.of("..", ".ci", "traffic"))) {
            Matcher step = STEP.matcher(line);
            if (step.matches()) {
                steps++;
                int[] sizes = Arrays.stream(step.group(4).split(" ")).mapToInt(Integer::parseInt).toArray();
                all.assertThat(ledger(step.group(3), sizes).fetched(Long.parseLong(step.group(1)))).as(line)
                        .isEqualTo(Long.parseLong(step.group(2)));
            }
        }
        all.assertAll();
        assertThat(steps).isPositive();
    }

    /** As {@code traffic.cpp} takes the sizes. */
    private static Ledger ledger(String way, int... sizes) {
        return switch (way) {
            case "stream" -> IbHebb.ledger(network(sizes, 1, Activation.TANH), 1,
                    Training.streaming().with(new Sgd(0.1)));
            case "fit" -> IbHebb.ledger(IbHebb.convert(network(sizes, 2, Activation.RELU),
                    LearningRule.builder().memory(sizes[0]).build()), sizes[1], Training.streamingFit());
            default -> IbHebb.ledger(network(sizes, 1, Activation.RELU), sizes[0], Training.backPropagation().lean());
        };
    }

    private static MultiLayerConfiguration network(int[] sizes, int from, Activation activation) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().updater(new Adam(1e-3))
                .activation(activation).list();
        for (int i = from; i + 2 < sizes.length; i++) {
            layers.layer(new DenseLayer.Builder().nIn(sizes[i]).nOut(sizes[i + 1]).build());
        }
        return layers.layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).activation(Activation.SOFTMAX)
                .nIn(sizes[sizes.length - 2]).nOut(sizes[sizes.length - 1]).build()).build();
    }
}
