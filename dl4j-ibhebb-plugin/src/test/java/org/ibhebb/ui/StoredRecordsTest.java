package org.ibhebb.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.impl.CollectionStatsStorageRouter;
import org.ibhebb.ConversionReport.Learning;
import org.ibhebb.ForAnyKernel;
import org.ibhebb.listeners.InformationPlane.Record;
import org.junit.jupiter.api.Test;

/** What goes into a storage comes out of it, and under which names. In DL4J's own storages: compatibility-tests. */
@ForAnyKernel
class StoredRecordsTest {

    private static final List<Record> RECORDS = List.of(
            new Record(300, 2, "dense, \"ä\"", Learning.LOCAL, 0.1, -0.0, Double.MIN_VALUE, 1 / 3.0,
                    Double.MAX_VALUE, Double.NaN, 1e-3),
            new Record(300, 2, "out", Learning.BACK_PROPAGATED, Double.NaN, Double.NaN, Double.NaN, Double.NaN,
                    Double.NaN, 1, Double.POSITIVE_INFINITY));

    private final List<Persistable> started = new ArrayList<>();
    private final List<Persistable> updates = new ArrayList<>();
    private final CollectionStatsStorageRouter router =
            new CollectionStatsStorageRouter(new ArrayList<>(), started, updates);

    @Test
    void readsBackTheSameFromAllThatDeeplearning4jHandsOver() throws IOException {
        StoredRecords written = new StoredRecords("session", "worker", 1234567890123L, RECORDS);
        byte[] bytes = written.encode();
        assertThat(written.encodingLengthBytes()).isEqualTo(bytes.length);
        ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
        written.encode(buffer);
        assertThat(buffer.array()).isEqualTo(bytes);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        written.encode(stream);
        assertThat(stream.toByteArray()).isEqualTo(bytes);

        StoredRecords ofBytes = new StoredRecords();
        ofBytes.decode(bytes);
        StoredRecords ofBuffer = new StoredRecords();
        ofBuffer.decode(buffer.flip());
        StoredRecords ofStream = new StoredRecords();
        ofStream.decode(new ByteArrayInputStream(bytes));
        for (StoredRecords read : List.of(ofBytes, ofBuffer, ofStream)) {
            assertThat(read.getSessionID()).isEqualTo("session");
            assertThat(read.getWorkerID()).isEqualTo("worker");
            assertThat(read.getTypeID()).isEqualTo(StoredRecords.TYPE_ID);
            assertThat(read.getTimeStamp()).isEqualTo(1234567890123L);
            assertThat(read.records()).isEqualTo(RECORDS);
        }
    }

    @Test
    void whatIsNoRecordIsRefusedInWords() {
        byte[] bytes = new StoredRecords("s", "w", 1, RECORDS).encode();
        byte[] newer = bytes.clone();
        newer[0]++;
        assertThatThrownBy(() -> new StoredRecords().decode(newer))
                .hasMessageContaining("format 2").hasMessageContaining("format 1 only");
        assertThatThrownBy(() -> new StoredRecords().decode(Arrays.copyOf(bytes, bytes.length - 1)))
                .hasMessageContaining((bytes.length - 1) + " bytes").hasMessageContaining("cut short");
    }

    @Test
    void javaSerialisationIsRefused() {
        assertThatThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream())
                .writeObject(new StoredRecords("s", "w", 1, RECORDS)))
                .isInstanceOf(java.io.NotSerializableException.class);
    }

    @Test
    void aSessionIsAnnouncedOnceAndUpdatesHaveTimesOfTheirOwn() {
        StatsStorageSink sink = new StatsStorageSink(router, "my run");
        // A millisecond has room for many of these, and storages keep one update a millisecond.
        for (int i = 0; i < 1000; i++) {
            sink.accept(RECORDS);
        }

        assertThat(sink.getSessionID()).isEqualTo("my run");
        assertThat(started).singleElement().satisfies(start -> {
            assertThat(start.getSessionID()).isEqualTo("my run");
            assertThat(((StoredRecords) start).records()).isEmpty();
            assertThat(start.getTimeStamp()).isLessThan(updates.get(0).getTimeStamp());
        });
        assertThat(updates).hasSize(1000).allSatisfy(update -> {
            assertThat(update.getSessionID()).isEqualTo("my run");
            assertThat(update.getWorkerID()).isEqualTo(started.get(0).getWorkerID()).isNotBlank();
            assertThat(((StoredRecords) update).records()).isEqualTo(RECORDS);
        });
        assertThat(updates).extracting(Persistable::getTimeStamp).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void runsAreSessionsOfTheirOwnUnlessTheyAreNamed() {
        assertThat(new StatsStorageSink(router).getSessionID())
                .isNotBlank().isNotEqualTo(new StatsStorageSink(router).getSessionID());
        assertThatIllegalArgumentException().isThrownBy(() -> new StatsStorageSink(router, " "))
                .withMessageContaining("' '");
    }
}
