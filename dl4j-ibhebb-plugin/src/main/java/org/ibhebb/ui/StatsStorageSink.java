package org.ibhebb.ui;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.core.util.UIDProvider;
import org.ibhebb.listeners.InformationPlane.Record;

/**
 * Takes what an {@link org.ibhebb.listeners.InformationPlane} records to Deeplearning4j's storage, and from there to
 * its user interface, which shows it at {@code /informationplane}:
 *
 * <pre>{@code
 * StatsStorage storage = new InMemoryStatsStorage();           // or new FileStatsStorage(file)
 * UIServer.getInstance().attach(storage);
 * network.addListeners(new InformationPlane(probe, 100).sendTo(new StatsStorageSink(storage)));
 * }</pre>
 *
 * <p>It needs deeplearning4j-core on the class path, which {@code deeplearning4j-ui} brings; the plugin itself does
 * not. One update a recorded iteration, of type {@value StoredRecords#TYPE_ID}, about 100 bytes a layer, put there on
 * the thread that trains. What the storage throws ends the training.
 *
 * <p>A sink belongs to one listener.
 */
public final class StatsStorageSink implements Consumer<List<Record>> {

    /** Storages keep one update a session, worker and millisecond: no two of a JVM's share one. */
    private static final AtomicLong LAST = new AtomicLong();

    private final StatsStorageRouter router;
    private final String sessionId;
    private String workerId;

    /**
     * Records as a session of its own, under a random name.
     *
     * @param router where they go: any of Deeplearning4j's storages, or its router to a remote user interface
     */
    public StatsStorageSink(StatsStorageRouter router) {
        this(router, UUID.randomUUID().toString());
    }

    /**
     * Records as part of a session.
     *
     * @param router as above
     * @param sessionId any name, for people to choose by; that of a {@code StatsListener} on the same network, so that
     *     one session has both. Runs are told apart by it: give each its own
     * @throws IllegalArgumentException if the name is blank
     */
    public StatsStorageSink(StatsStorageRouter router, String sessionId) {
        this.router = Objects.requireNonNull(router, "router");
        this.sessionId = Objects.requireNonNull(sessionId, "sessionId");
        if (sessionId.isBlank()) {
            throw new IllegalArgumentException("sessionId ('" + sessionId + "') is blank: give the run a name");
        }
    }

    /**
     * The session that holds the records.
     *
     * @return its name
     */
    public String getSessionID() {
        return sessionId;
    }

    /** Called by the listener, with the records of one iteration. */
    @Override
    public void accept(List<Record> records) {
        if (workerId == null) {
            workerId = UIDProvider.getJVMUID() + "_" + Thread.currentThread().getId();
            // Storages list the sessions, and the workers of one, by their static info.
            router.putStaticInfo(new StoredRecords(sessionId, workerId, now(), List.of()));
        }
        router.putUpdate(new StoredRecords(sessionId, workerId, now(), List.copyOf(records)));
    }

    private static long now() {
        return LAST.updateAndGet(last -> Math.max(last + 1, System.currentTimeMillis()));
    }
}
