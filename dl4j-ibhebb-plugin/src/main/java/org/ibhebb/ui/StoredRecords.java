package org.ibhebb.ui;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.core.storage.Persistable;
import org.ibhebb.ConversionReport.Learning;
import org.ibhebb.listeners.InformationPlane.Record;

/**
 * What an {@link org.ibhebb.listeners.InformationPlane} recorded in one iteration, as Deeplearning4j's
 * {@link org.deeplearning4j.core.storage.StatsStorage} keeps it. Read it back with
 * {@code (StoredRecords) storage.getLatestUpdate(session, StoredRecords.TYPE_ID, worker)} and its sisters.
 *
 * <p>Its encoding is plain bytes, exact to the bit. Java serialisation, which only Deeplearning4j's old
 * J7FileStatsStorage asks for, is refused.
 */
public final class StoredRecords implements Persistable {

    /** The type under which storages keep these. */
    public static final String TYPE_ID = "IbHebbInformationPlane";

    /** First of the bytes: what follows is as this class writes it. */
    private static final int FORMAT = 1;

    /** The run. */
    private String sessionId;
    /** The thread that trains. */
    private String workerId;
    /** Milliseconds since 1970. */
    private long timeStamp;
    /** Java serialisation fails at these, which is better than to lose them. */
    private List<Record> records;

    /** For Deeplearning4j, which makes one by its name and has it {@linkplain #decode(byte[]) decode} the rest. */
    public StoredRecords() {
        this("", "", 0, List.of());
    }

    /** @param timeStamp milliseconds since 1970, and the key under which a storage keeps this */
    StoredRecords(String sessionId, String workerId, long timeStamp, List<Record> records) {
        this.sessionId = sessionId;
        this.workerId = workerId;
        this.timeStamp = timeStamp;
        this.records = records;
    }

    /**
     * What was recorded.
     *
     * @return one a layer, in the order of the forward pass, all of one iteration; none in a session's static info,
     *     which only says that there is such a session
     */
    public List<Record> records() {
        return records;
    }

    @Override
    public String getSessionID() {
        return sessionId;
    }

    @Override
    public String getTypeID() {
        return TYPE_ID;
    }

    @Override
    public String getWorkerID() {
        return workerId;
    }

    @Override
    public long getTimeStamp() {
        return timeStamp;
    }

    @Override
    public int encodingLengthBytes() {
        return encode().length;
    }

    @Override
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            encode(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void encode(ByteBuffer buffer) {
        buffer.put(encode());
    }

    @Override
    public void encode(OutputStream outputStream) throws IOException {
        DataOutputStream out = new DataOutputStream(outputStream);
        out.writeByte(FORMAT);
        out.writeUTF(sessionId);
        out.writeUTF(workerId);
        out.writeLong(timeStamp);
        out.writeInt(records.size());
        for (Record at : records) {
            out.writeInt(at.iteration());
            out.writeInt(at.epoch());
            out.writeUTF(at.layer());
            out.writeUTF(at.learning().name());
            out.writeDouble(at.inputHsic());
            out.writeDouble(at.labelHsic());
            out.writeDouble(at.inputDependence());
            out.writeDouble(at.labelDependence());
            out.writeDouble(at.signalNorm());
            out.writeDouble(at.alignment());
            out.writeDouble(at.updateRatio());
        }
        out.flush();
    }

    @Override
    public void decode(byte[] decode) {
        try {
            decode(new ByteArrayInputStream(decode));
        } catch (IOException e) {
            throw new UncheckedIOException("these are not the " + decode.length + " bytes of an information plane's"
                    + " records (" + e + "): was the storage cut short, or written by something else?", e);
        }
    }

    @Override
    public void decode(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        decode(bytes);
    }

    @Override
    public void decode(InputStream inputStream) throws IOException {
        DataInputStream in = new DataInputStream(inputStream);
        int format = in.readUnsignedByte();
        if (format != FORMAT) {
            throw new IOException("records in format " + format + ", and this version of the plugin knows format "
                    + FORMAT + " only: read them with the version that wrote them");
        }
        sessionId = in.readUTF();
        workerId = in.readUTF();
        timeStamp = in.readLong();
        int count = in.readInt();
        List<Record> read = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            read.add(new Record(in.readInt(), in.readInt(), in.readUTF(), Learning.valueOf(in.readUTF()),
                    in.readDouble(), in.readDouble(), in.readDouble(), in.readDouble(), in.readDouble(),
                    in.readDouble(), in.readDouble()));
        }
        records = List.copyOf(read);
    }
}
