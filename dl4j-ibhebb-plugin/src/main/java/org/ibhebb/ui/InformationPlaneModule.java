package org.ibhebb.ui;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.StatsStorageEvent;
import org.deeplearning4j.ui.api.HttpMethod;
import org.deeplearning4j.ui.api.Route;
import org.deeplearning4j.ui.api.UIModule;
import org.deeplearning4j.ui.i18n.I18NResource;

/**
 * A page of Deeplearning4j's user interface: the information plane of every session that a {@link StatsStorageSink}
 * feeds, at {@code /informationplane} of the server's address.
 *
 * <p>Nobody needs to call it: Deeplearning4j's UIServer finds it by {@link java.util.ServiceLoader} where both are on
 * the class path. The page asks for what is new while it is open; the server keeps nothing but the list of attached
 * storages.
 */
public final class InformationPlaneModule implements UIModule {

    private static final String PATH = "/informationplane";
    private static final String PAGE = "information-plane.html";

    private final List<StatsStorage> storages = new CopyOnWriteArrayList<>();

    /** For ServiceLoader. */
    public InformationPlaneModule() {}

    @Override
    public List<String> getCallbackTypeIDs() {
        return List.of(StoredRecords.TYPE_ID);
    }

    @Override
    public List<Route> getRoutes() {
        return List.of(
                new Route(PATH, HttpMethod.GET, (arguments, context) -> end(context, 200, "text/html", page())),
                new Route(PATH + "/runs", HttpMethod.GET, (arguments, context) ->
                        end(context, 200, "application/json", RunsJson.runs(storages))),
                new Route(PATH + "/records", HttpMethod.GET, (arguments, context) -> records(context)));
    }

    private void records(RoutingContext context) {
        String session = context.request().getParam("session");
        String worker = context.request().getParam("worker");
        String after = context.request().getParam("after");
        if (session == null || worker == null || after == null || !after.matches("\\d{1,18}")) {
            end(context, 400, "text/plain", "ask for ?session=ID&worker=ID&after=MILLISECONDS, as " + PATH
                    + "/runs names them; 'after' was " + after);
            return;
        }
        for (StatsStorage storage : storages) {
            if (!storage.isClosed() && storage.getStaticInfo(session, StoredRecords.TYPE_ID, worker) != null) {
                end(context, 200, "application/json",
                        RunsJson.records(storage, session, worker, Long.parseLong(after)));
                return;
            }
        }
        end(context, 404, "text/plain", "no attached storage has an information plane of session '" + session
                + "', worker '" + worker + "': " + PATH + "/runs lists what there is");
    }

    private static void end(RoutingContext context, int status, String type, String content) {
        HttpServerResponse response = context.response();
        response.setStatusCode(status)
                .putHeader("content-type", type + "; charset=utf-8")
                .putHeader("cache-control", "no-store")
                .end(content);
    }

    private static String page() {
        try (InputStream page = InformationPlaneModule.class.getResourceAsStream(PAGE)) {
            if (page == null) {
                throw new IOException("it is not beside the class: was the jar repackaged without its resources?");
            }
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(PAGE + " can't be read: " + e.getMessage(), e);
        }
    }

    /** Nothing to do: the page asks. */
    @Override
    public void reportStorageEvents(Collection<StatsStorageEvent> events) {}

    @Override
    public void onAttach(StatsStorage statsStorage) {
        storages.add(statsStorage);
    }

    @Override
    public void onDetach(StatsStorage statsStorage) {
        storages.remove(statsStorage);
    }

    @Override
    public List<I18NResource> getInternationalizationResources() {
        return List.of();
    }
}
