package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.compatibility.Networks.builder;
import static org.ibhebb.compatibility.Networks.dense;
import static org.ibhebb.compatibility.Networks.network;
import static org.ibhebb.compatibility.Networks.readout;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.VertxUIServer;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.ibhebb.IbHebb;
import org.ibhebb.listeners.InformationPlane;
import org.ibhebb.ui.StatsStorageSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deeplearning4j's user interface, and the page that this library adds to it, in a real browser while networks learn
 * locally. Pictures of what was seen are left in {@code target/screenshots}. It needs Chromium or Chrome on the path,
 * and the pages' scripts:
 *
 * <pre>mvn test -Pbrowser -pl compatibility-tests -am -Dtest=UserInterfaceTest
 *     -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class UserInterfaceTest {

    private static final Logger LOG = LoggerFactory.getLogger(UserInterfaceTest.class);
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final int STEPS = 40;

    @TempDir
    static Path folder;

    private static VertxUIServer server;
    private static Browser browser;
    /** Why nothing can be looked at; null if it can. */
    private static String missing;

    private InMemoryStatsStorage storage;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> program = Browser.program();
        if (UserInterfaceTest.class.getResource("/META-INF/resources/webjars/flot/0.8.3/jquery.flot.js") == null) {
            missing = "the scripts of Deeplearning4j's pages are not on the class path: -Pbrowser puts them there";
        } else if (program.isEmpty()) {
            missing = "there is no Chromium or Chrome on the path";
        }
        if (missing != null) {
            LOG.warn("The user interface is not looked at in a browser: {}", missing);
            return;
        }
        browser = new Browser(program.get(), folder);
        // Any free port.
        server = VertxUIServer.getInstance(0, false, null);
    }

    @BeforeEach
    void skip() {
        assumeTrue(missing == null, missing);
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            VertxUIServer.stopInstance();
        }
    }

    @AfterEach
    void detach() {
        if (storage != null) {
            server.detach(storage);
        }
    }

    private static String address(String path) {
        return "http://127.0.0.1:" + server.getPort() + path;
    }

    /** Trains, and makes the run the one that DL4J's pages show. */
    private void train(Model network, DataSet data) throws Exception {
        storage = new InMemoryStatsStorage();
        server.attach(storage);
        StatsListener listener = new StatsListener(storage, 1);
        network.setListeners(listener);
        for (int i = 0; i < STEPS; i++) {
            fit(network, data);
        }
        HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create(address("/train/sessions/set/" + listener.getSessionID()))).build(),
                HttpResponse.BodyHandlers.discarding());
    }

    private static void fit(Model network, DataSet data) {
        if (network instanceof MultiLayerNetwork chain) {
            chain.fit(data);
        } else {
            ((ComputationGraph) network).fit(data);
        }
    }

    private static MultiLayerNetwork chain() {
        return network(IbHebb.convert(builder().list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.IDENTITY).build())
                .layer(new BatchNormalization()).layer(new ActivationLayer(Activation.RELU))
                .layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX).kernelSize(2, 2).build())
                .layer(dense(6)).layer(readout(2)).setInputType(InputType.convolutional(8, 8, 1)).build()));
    }

    private static ComputationGraph graph() {
        return network(IbHebb.convert(builder().graphBuilder().addInputs("in")
                .addLayer("a", dense(8), "in").addLayer("b", dense(8), "a")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                .addLayer("out", readout(2), "sum").setOutputs("out")
                .setInputTypes(InputType.feedForward(20)).build()));
    }

    /** Waits until a chart has these lines, and looks for a value of every step in each. */
    private static void assertLines(String chart, String... lines) throws Exception {
        String series = "$('#" + chart + "').data('plot').getData()";
        String labels = series + ".map(line => line.label).sort().join()";
        String wanted = Stream.of(lines).sorted().collect(Collectors.joining(","));
        browser.await("!!window.$ && !!$('#" + chart + "').data('plot') && " + labels + " == '" + wanted + "'");
        JsonNode all = browser.evaluate(series + ".map(line => line.data.map(at => at[1]))");
        for (JsonNode line : all) {
            // Most charts are logarithmic; what is not finite is no number in JSON, and DL4J puts -10 for zero.
            assertThat(line).as(chart).hasSize(STEPS).allMatch(value -> value.isNumber() && value.asDouble() > -9);
        }
        assertThat(browser.evaluate("$('#" + chart + " canvas.flot-base')[0].width").asInt()).isGreaterThan(100);
    }

    /** @param layers all but the output layer, whose activations DL4J's training does not form */
    private static void assertOverview(String picture, String[] weights, String... layers) throws Exception {
        browser.open(address("/train/overview"));
        browser.await("!!window.$ && !!$('#scoreiterchart').data('plot')"
                + " && $('#scoreiterchart').data('plot').getData()[0].data.length == " + STEPS);
        assertLines("updateRatioChart", weights);
        assertLines("stdevChart", layers);
        browser.screenshot(PICTURES.resolve(picture + "-overview.png"));
        for (String quantity : List.of("stdevGradients", "stdevUpdates")) {
            browser.evaluate("selectStdevChart('" + quantity + "'); renderOverviewPage(true)");
            assertLines("stdevChart", weights);
        }
        assertThat(browser.evaluate("$('#totalParamUpdates').text()").asText()).isEqualTo("" + STEPS);
    }

    /** @param vertex counted from the input */
    private static void assertLayer(String picture, int vertex, String type, String... parameters) throws Exception {
        browser.open(address("/train/model"));
        browser.await("!!window.$ && $('#layers canvas').length > 0");
        browser.evaluate("setSelectedVertex(" + vertex + "); renderModelPage(true)");
        assertLines("meanmag", parameters);
        for (String quantity : List.of("paramMM", "updateMM")) {
            browser.evaluate("setSelectMeanMagChart('" + quantity + "'); renderModelPage(true)");
            assertLines("meanmag", parameters);
        }
        assertLines("activations", "Mean", "Mean + 2*sd", "Mean - 2*sd");
        assertLines("learningrate", parameters);
        browser.evaluate("selectParamHist('" + parameters[0] + "'); selectUpdateHist('" + parameters[0] + "');"
                + " renderModelPage(true)");
        for (String histogram : List.of("parametershistogram", "updateshistogram")) {
            browser.await("$('#" + histogram + "').data('plot').getData()[0].data"
                    + ".filter(bin => bin[1] > 0).length > 1");
        }
        assertThat(browser.evaluate("$('#layerInfo').text()").asText()).contains(type);
        browser.screenshot(PICTURES.resolve(picture + "-layer" + vertex + ".png"));
    }

    @Test
    void aChainsPagesShowEveryLayer() throws Exception {
        train(chain(), Samples.textures(1, 32, 8));
        assertOverview("chain", new String[] {"0_W", "4_W", "5_W"}, "input", "0", "1", "2", "3", "4");
        assertLayer("chain", 1, "Convolution", "W", "b");
        assertLayer("chain", 2, "BatchNormalization", "gamma", "beta", "mean", "log10stdev");
        assertLayer("chain", 5, "Dense", "W", "b");
    }

    @Test
    void aGraphsPagesShowEveryLayer() throws Exception {
        train(graph(), Samples.xor(1, 32, 20));
        assertOverview("graph", new String[] {"a_W", "b_W", "out_W"}, "in", "a", "b", "sum");
        assertLayer("graph", 1, "Dense", "W", "b");
        assertLayer("graph", 2, "Dense", "W", "b");
    }

    @Test
    void aWrappedLayersPageShowsItsParameters() throws Exception {
        train(network(IbHebb.convert(builder().list()
                .layer(new LSTM.Builder().nOut(6).activation(Activation.TANH).build())
                .layer(new GlobalPoolingLayer()).layer(readout(2)).setInputType(InputType.recurrent(4, 5)).build())),
                Samples.xorSequences(1, 32, 4, 5));
        assertOverview("wrapped", new String[] {"0_W", "0_RW", "2_W"}, "input", "0", "1");
        assertLayer("wrapped", 1, "IbHebbWrapper", "W", "RW", "b");
    }

    @Test
    void theInformationPlaneGrowsWhileItIsLookedAt() throws Exception {
        storage = new InMemoryStatsStorage();
        server.attach(storage);
        DataSet data = Samples.xor(1, 64, 20);
        ComputationGraph network = graph();
        network.addListeners(
                new InformationPlane(Samples.xor(2, 32, 20), 1).sendTo(new StatsStorageSink(storage, "live")));
        network.fit(data);
        network.fit(data);

        browser.open(address("/informationplane"));
        browser.await("document.querySelectorAll('#charts figure svg').length == 5");
        assertThat(browser.evaluate("[...document.querySelectorAll('#legend li')].map(line => line.textContent)"))
                .extracting(JsonNode::asText).hasSize(3)
                .anyMatch(text -> text.startsWith("a")).anyMatch(text -> text.startsWith("out"));
        String drawn = "[...document.querySelectorAll('#charts path.path')]"
                + ".map(path => path.getAttribute('d').length).reduce((sum, length) => sum + length, 0)";
        int before = browser.evaluate(drawn).asInt();
        for (int i = 0; i < STEPS; i++) {
            network.fit(data);
        }
        browser.await(drawn + " > " + 3 * before);
        // An axis with a single number says nothing.
        assertThat(browser.evaluate("[...document.querySelectorAll('#charts svg')].map(chart =>"
                        + " chart.querySelectorAll('text:not(.axis)').length)"))
                .allMatch(numbers -> numbers.asInt() >= 6);
        browser.screenshot(PICTURES.resolve("information-plane.png"));
        assertThat(browser.troubles()).isEmpty();
    }
}
