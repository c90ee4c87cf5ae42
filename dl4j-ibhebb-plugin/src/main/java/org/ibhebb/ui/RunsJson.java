package org.ibhebb.ui;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorage;
import org.ibhebb.listeners.InformationPlane.Record;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** What the page is told, as JSON: what storages hold, with null for NaN, which JSON has no word for. */
final class RunsJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private RunsJson() {}

    /** Everything there is to choose from, the one that began last first. */
    static String runs(List<StatsStorage> storages) {
        List<Persistable> starts = new ArrayList<>();
        for (StatsStorage storage : storages) {
            if (!storage.isClosed()) {
                for (String session : storage.listSessionIDs()) {
                    starts.addAll(storage.getAllStaticInfos(session, StoredRecords.TYPE_ID));
                }
            }
        }
        starts.sort(Comparator.comparingLong(Persistable::getTimeStamp).reversed());
        ArrayNode runs = JSON.arrayNode();
        for (Persistable start : starts) {
            runs.addObject()
                    .put("session", start.getSessionID())
                    .put("worker", start.getWorkerID())
                    .put("started", start.getTimeStamp());
        }
        return runs.toString();
    }

    /** What was recorded later than {@code after}, and when the last of it was. */
    static String records(StatsStorage storage, String session, String worker, long after) {
        ObjectNode answer = JSON.objectNode();
        ArrayNode records = answer.putArray("records");
        long until = after;
        for (Persistable update : storage.getAllUpdatesAfter(session, StoredRecords.TYPE_ID, worker, after)) {
            ((StoredRecords) update).records().forEach(at -> add(at, records));
            until = update.getTimeStamp();
        }
        return answer.put("until", until).toString();
    }

    private static void add(Record at, ArrayNode records) {
        ObjectNode record = records.addObject()
                .put("iteration", at.iteration())
                .put("epoch", at.epoch())
                .put("layer", at.layer())
                .put("learning", at.learning().toString());
        put(record, "inputDependence", at.inputDependence());
        put(record, "labelDependence", at.labelDependence());
        put(record, "signalNorm", at.signalNorm());
        put(record, "alignment", at.alignment());
        put(record, "updateRatio", at.updateRatio());
    }

    private static void put(ObjectNode record, String name, double value) {
        if (Double.isFinite(value)) {
            record.put(name, value);
        } else {
            record.putNull(name);
        }
    }
}
