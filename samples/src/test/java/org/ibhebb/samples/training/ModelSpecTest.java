package org.ibhebb.samples.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.samples.data.ImageShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.Sgd;

class ModelSpecTest {

    private static final ImageShape GRAY = new ImageShape(28, 28, 1);

    @ParameterizedTest
    @ValueSource(strings = {"mlp:512,512", "mlp:7", "cnn:48,96,192", "cnn-bn:128,256", "lenet", "mlp:7,5+all", "lenet+all",
        "snn:7,5", "snn:7@16", "snn:7+poisson", "scnn:7,5", "scnn:7@16+latency", "mlp:256x8",
        "cnn-bn:48x2,96,192x2+all", "snn:7+trace", "scnn:7,5@4+poisson+exact", "snn:7+per-step",
        "snn:7,5@4+poisson+trace+synapse0.5+rest2+to-zero", "scnn:7+rest1"})
    void printsAsItWasWritten(String text) {
        assertThat(ModelSpec.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "mlp", "mlp:", "mlp:12,", "mlp:12,x", "mlp:0", "mlp:-3", "cnn:1.5", "cnn-bn:", "cnn-xx:3",
        "lenet:5", "lenet+some", "+all", "mlp:+all", "mlp:5+all+all", "resnet", "snn:", "snn:5+all",
        "snn:5@x", "mlp:99999999999", "mlp:5+poisson", "snn:5+poisson+latency", "scnn:5+all", "snn:5+current", "mlp:5x",
        "mlp:x5", "mlp:5x0", "mlp:5x101", "mlp:5x2x2", "lenetx2", "mlp:5+trace", "snn:5+trace+exact",
        "snn:5+trace+trace", "snn:5+factorised", "mlp:5+rest1", "mlp:5+to-zero", "snn:5+rest", "snn:5+restx", "snn:5+rest-1",
        "snn:5+synapse1", "snn:5+synapse.5+synapse.5", "cnn:5+synapse0.5"
    })
    void refusesAnythingElseAndQuotesIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelSpec.parse(text))
                .withMessageContaining("'" + text + "'")
                .withMessageContaining("use mlp:512,512");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // Weights and biases, counted by hand.
        "mlp:5,3    | 784*5+5 + 5*3+3 + 3*10+10                             | 3983",
        "cnn:2,3    | 9*2+2 + 9*2*3+3 + 7*7*3*10+10                         | 1557",
        "mlp:5x2    | 784*5+5 + 5*5+5 + 5*10+10                             | 4015",
        "cnn:2x2,3  | 9*2+2 + 9*2*2+2 + 9*2*3+3 + 7*7*3*10+10               | 1595",
        // Batch normalisation has gain, offset, mean and variance; the convolution before it no bias.
        "cnn-bn:2,3 | 9*2 + 4*2 + 9*2*3 + 4*3 + 7*7*3*10+10                 | 1572",
        "snn:5,3    | 784*5+5 + 5*3+3 + 3*10+10                             | 3983",
        "scnn:2,3   | 9*2+2 + 9*2*3+3 + 7*7*3*10+10                         | 1557",
        "lenet      | 25*20+20 + 25*20*50+50 + 7*7*50*500+500 + 500*10+10   | 1256080"
    })
    void buildsTheNetworkThatItNames(String text, String sum, long parameters) {
        ModelSpec model = ModelSpec.parse(text);
        MultiLayerNetwork network = new MultiLayerNetwork(model.configure(GRAY, 10, 1, new Sgd(1), new Sgd(1)));
        network.init();
        assertThat(network.numParams()).as(sum).isEqualTo(parameters);
    }

    @Test
    void refusesImagesThatAreTooSmallForIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelSpec.parse("cnn:1,1,1,1")
                        .configure(new ImageShape(8, 8, 1), 10, 1, new Sgd(1), new Sgd(1)))
                .withMessage("model cnn:1,1,1,1 halves its images 4 times, which images of 8 x 8 do not allow:"
                        + " use fewer layers");
    }
}
