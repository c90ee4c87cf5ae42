package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.compatibility.Networks.builder;
import static org.ibhebb.compatibility.Networks.dense;
import static org.ibhebb.compatibility.Networks.network;
import static org.ibhebb.compatibility.Networks.readout;
import static org.ibhebb.compatibility.Networks.values;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.impl.RemoteUIStatsStorageRouter;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.VertxUIServer;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.storage.FileStatsStorage;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.ibhebb.IbHebb;
import org.ibhebb.listeners.InformationPlane;
import org.ibhebb.listeners.InformationPlane.Record;
import org.ibhebb.ui.StatsStorageSink;
import org.ibhebb.ui.StoredRecords;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The information plane in DL4J's storages and in its user interface, asked over loopback as a browser does. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class InformationPlaneUiTest {

    private static final DataSet DATA = Samples.xor(1, 60, 6);
    private static final DataSet PROBE = Samples.xor(2, 30, 6);

    private static VertxUIServer server;

    private final List<StatsStorage> attached = new ArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start() {
        // Any free port.
        server = VertxUIServer.getInstance(0, false, null);
    }

    @AfterAll
    static void stop() throws Exception {
        VertxUIServer.stopInstance();
    }

    @AfterEach
    void detach() {
        attached.forEach(server::detach);
    }

    private <T extends StatsStorage> T attach(T storage) {
        server.attach(storage);
        attached.add(storage);
        return storage;
    }

    private static MultiLayerNetwork net() {
        return network(IbHebb.convert(builder().list()
                .layer(dense(5)).layer(readout(2)).setInputType(InputType.feedForward(6)).build()));
    }

    /** Iterations 0 to 5. */
    private static InformationPlane train(MultiLayerNetwork net, StatsStorageSink sink) {
        InformationPlane plane = new InformationPlane(PROBE, 2).sendTo(sink);
        net.addListeners(plane);
        goOn(net);
        return plane;
    }

    private static void goOn(MultiLayerNetwork net) {
        for (int i = 0; i < 6; i++) {
            net.fit(DATA);
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getPort() + "/informationplane" + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json; charset=utf-8");
        return new ObjectMapper().readTree(response.body());
    }

    private JsonNode records(JsonNode run, long after) throws IOException, InterruptedException {
        return json("/records?session=" + encoded(run.get("session").asText())
                + "&worker=" + encoded(run.get("worker").asText()) + "&after=" + after);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static List<Record> stored(StatsStorage storage, String session) {
        return storage.getAllUpdatesAfter(session, StoredRecords.TYPE_ID, 0).stream()
                .flatMap(update -> ((StoredRecords) update).records().stream()).toList();
    }

    @Test
    void storagesKeepEveryRecord() {
        InMemoryStatsStorage storage = new InMemoryStatsStorage();
        InformationPlane plane = train(net(), new StatsStorageSink(storage, "run"));
        assertThat(plane.records()).hasSize(3 * 2);
        assertThat(storage.listSessionIDs()).containsExactly("run");
        assertThat(stored(storage, "run")).isEqualTo(plane.records());
        Persistable latest = storage.getLatestUpdateAllWorkers("run", StoredRecords.TYPE_ID).get(0);
        assertThat(((StoredRecords) latest).records()).isEqualTo(plane.records().subList(4, 6));
    }

    @Test
    void filesReadBackTheSameToTheBitAndTrainingIsLeftAlone(@TempDir Path folder) {
        MultiLayerNetwork alone = net();
        goOn(alone);
        Path file = folder.resolve("stats.dl4j");
        FileStatsStorage written = new FileStatsStorage(file.toFile());
        MultiLayerNetwork observed = net();
        InformationPlane plane = train(observed, new StatsStorageSink(written, "run"));
        written.close();

        assertThat(values(observed.params())).isEqualTo(values(alone.params()));
        assertThat(values(observed.getUpdater().getStateViewArray()))
                .isEqualTo(values(alone.getUpdater().getStateViewArray()));
        FileStatsStorage read = new FileStatsStorage(file.toFile());
        try {
            assertThat(stored(read, "run")).isEqualTo(plane.records()).isNotEmpty();
        } finally {
            read.close();
        }
    }

    @Test
    void thePageNeedsNothingButTheServer() throws Exception {
        HttpResponse<String> page = get("");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(page.body()).startsWith("<!DOCTYPE html>").contains("<title>Information plane</title>");
        // The name of SVG's elements is no address to be asked.
        assertThat(page.body().replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http:", "https:", "src=", "@import", "url(");
    }

    @Test
    void thePageIsToldOfRunsAndOfWhatIsNewInThem() throws Exception {
        assertThat(json("/runs")).isEmpty();
        InMemoryStatsStorage storage = attach(new InMemoryStatsStorage());
        assertThat(json("/runs")).isEmpty();
        MultiLayerNetwork net = net();
        InformationPlane plane = train(net, new StatsStorageSink(storage, "a run & \"more\""));
        train(net(), new StatsStorageSink(storage, "later"));

        JsonNode runs = json("/runs");
        assertThat(runs.findValuesAsText("session")).containsExactly("later", "a run & \"more\"");
        JsonNode run = runs.get(1);
        JsonNode all = records(run, 0);
        assertThat(all.get("records")).hasSize(plane.records().size());
        for (int i = 0; i < plane.records().size(); i++) {
            Record expected = plane.records().get(i);
            JsonNode told = all.get("records").get(i);
            assertThat(told.get("iteration").asInt()).isEqualTo(expected.iteration());
            assertThat(told.get("layer").asText()).isEqualTo(expected.layer());
            assertThat(told.get("learning").asText()).isEqualTo(i % 2 == 0 ? "local" : "readout");
            assertThat(told.get("inputDependence").asDouble()).isEqualTo(expected.inputDependence());
            assertThat(told.get("labelDependence").asDouble()).isEqualTo(expected.labelDependence());
            assertThat(told.get("alignment").asDouble()).isEqualTo(expected.alignment());
            assertThat(told.get("updateRatio").asDouble()).isEqualTo(expected.updateRatio());
            // JSON has no NaN.
            assertThat(told.get("signalNorm").isNull()).isEqualTo(i % 2 == 1);
        }
        long until = all.get("until").asLong();
        assertThat(records(run, until).get("records")).isEmpty();
        assertThat(records(run, until).get("until").asLong()).isEqualTo(until);

        goOn(net);
        assertThat(records(run, until).get("records").findValuesAsText("iteration"))
                .containsExactly("6", "6", "8", "8", "10", "10");

        server.detach(storage);
        assertThat(json("/runs")).isEmpty();
    }

    @Test
    void oneSessionCanHaveDeeplearning4jsOwnChartsToo() throws Exception {
        InMemoryStatsStorage storage = attach(new InMemoryStatsStorage());
        MultiLayerNetwork net = net();
        StatsListener stats = new StatsListener(storage, 1);
        net.addListeners(stats);
        train(net, new StatsStorageSink(storage, stats.getSessionID()));

        assertThat(storage.listSessionIDs()).hasSize(1);
        assertThat(storage.listTypeIDsForSession(stats.getSessionID()))
                .containsExactlyInAnyOrder(StoredRecords.TYPE_ID, StatsListener.TYPE_ID);
        assertThat(json("/runs").findValuesAsText("session")).containsExactly(stats.getSessionID());
        assertThat(records(json("/runs").get(0), 0).get("records")).hasSize(6);
    }

    @Test
    void anotherProcessCanSendItsRecords() throws Exception {
        InMemoryStatsStorage storage = new InMemoryStatsStorage();
        server.enableRemoteListener(storage, false);
        try (RemoteUIStatsStorageRouter router =
                new RemoteUIStatsStorageRouter("http://127.0.0.1:" + server.getPort())) {
            InformationPlane plane = train(net(), new StatsStorageSink(router, "remote"));
            while (stored(storage, "remote").size() < plane.records().size()) {
                Thread.sleep(20);
            }
            assertThat(stored(storage, "remote")).isEqualTo(plane.records());
        } finally {
            server.disableRemoteListener();
        }
    }

    @Test
    void wrongQuestionsAreAnsweredInWords() throws Exception {
        HttpResponse<String> incomplete = get("/records?session=x&worker=y&after=soon");
        assertThat(incomplete.statusCode()).isEqualTo(400);
        assertThat(incomplete.body()).contains("'after' was soon");
        HttpResponse<String> unknown = get("/records?session=x&worker=y&after=0");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("'x'").contains("/informationplane/runs");
    }
}
