package org.ibhebb.internal.stream;

import java.io.BufferedInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ibhebb.internal.file.Checksum;
import org.ibhebb.internal.file.JsonText;
import org.ibhebb.internal.file.Quoted;
import org.ibhebb.internal.file.WholeFile;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * The file of what a streaming network has learnt: eight bytes that say what it is, the length of the header (32 bits,
 * big-endian), the header as JSON, then, little-endian, the parameters that predict, those that learn (where they are
 * others), the state and the clock, and at last the SHA-256 of all that came before. Of the state, what has been
 * {@linkplain Plan#filled filled}; version 1 had all of it, and is still read. Networks with time steps have files of
 * version 4, whose plan says which, or of version 5, where they convolve or pool in time or learn at each time step;
 * those that read images have files of version 3, whose plan says how, and others those of version 2. It is written and
 * read in small parts, and may be of any size.
 */
final class LearnerFile {

    private static final byte[] MAGIC = "IBSTREAM".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 5;
    /** Of which dense layers alone have time steps, and learn once a sample. */
    private static final int DENSE_IN_TIME = 4;
    private static final int WITHOUT_TIME = 3;
    private static final int WITHOUT_IMAGES = 2;
    /** Of which the state is there with what no sample has filled yet. */
    private static final int WITH_ROOM = 1;
    private static final int START = MAGIC.length + Integer.BYTES;
    /** A header is an object of objects of lists, and a rule's objectives are in one. */
    private static final int DEEPEST = 16;
    /** Beyond it a double does not count by ones. */
    private static final double MOST_SAMPLES = 1L << 53;
    /** How many numbers are converted at once. */
    private static final int AT_ONCE = 1 << 13;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Header header;
    /** To be written; empty in a file that was read. */
    private final List<Reals> copies;
    /** Where it was read from; null for one that is to be written. */
    private final Path path;
    /** Where the numbers begin and end, in bytes. */
    private final long start;
    private final long end;

    /**
     * The first part of the file.
     *
     * @param version of this format
     * @param type of parameters and state
     * @param settings how the network learns
     * @param plan {@link Plan#numbers}: what the network is, and where its parts lie
     */
    private record Header(int version, String type, Settings settings, double[] plan) {

        @JsonCreator
        static Header of(
                @JsonProperty(value = "version", required = true) int version,
                @JsonProperty(value = "type", required = true) String type,
                @JsonProperty(value = "settings", required = true) Settings settings,
                @JsonProperty(value = "plan", required = true) double[] plan) {
            return new Header(version, type, settings, plan);
        }
    }

    private LearnerFile(Header header, List<Reals> copies, Path path, long start, long end) {
        this.header = header;
        this.copies = copies;
        this.path = path;
        this.start = start;
        this.end = end;
    }

    /**
     * What is known now, to be written while others learn on.
     *
     * @throws IOException if there is no memory for the copy that this takes
     */
    static LearnerFile of(Contents contents, Settings settings) throws IOException {
        List<Reals> parts = parts(contents, contents.plan().filled(contents.clock().get(Plan.LEARNT)));
        List<Reals> copies = new ArrayList<>();
        try {
            for (Reals part : parts) {
                Reals copy = Reals.allocate(part.type(), part.length());
                copy.copy(part);
                copies.add(copy);
            }
        } catch (OutOfMemoryError e) {
            throw new IOException(String.format(Locale.ROOT, "no memory for a copy of what the network has learnt"
                    + " (%.3g GB), which is taken so that it can learn on while it is saved: give the program more"
                    + " memory outside of the heap, or the rules a smaller working memory", bytes(parts) / 1e9), e);
        }
        int version = contents.plan().doesMoreInTime() ? VERSION
                : contents.plan().hasTime() ? DENSE_IN_TIME
                : contents.plan().readsImages() ? WITHOUT_TIME
                : WITHOUT_IMAGES;
        return new LearnerFile(new Header(version, contents.type().toString(), settings, contents.plan().numbers()),
                copies, null, 0, 0);
    }

    private static long bytes(List<Reals> parts) {
        return parts.stream().mapToLong(part -> part.length() * part.bytes()).sum();
    }

    /** All numbers, in the order of the file. */
    private static List<Reals> parts(Contents contents, List<Plan.Span> ofState) {
        List<Reals> parts = new ArrayList<>();
        parts.add(contents.predicting());
        if (contents.plan().averages()) {
            parts.add(contents.learning());
        }
        for (Plan.Span span : ofState) {
            parts.add(Reals.view(contents.state().pointer(), span.start(), span.length()));
        }
        parts.add(contents.clock());
        return parts;
    }

    Settings settings() {
        return header.settings();
    }

    void write(Path to) throws IOException {
        byte[] json = JSON.writeValueAsBytes(header);
        WholeFile.write(to, whole -> {
            MessageDigest digest = Checksum.begun();
            DataOutputStream out = new DataOutputStream(new DigestOutputStream(whole, digest));
            out.write(MAGIC);
            out.writeInt(json.length);
            out.write(json);
            for (Reals part : copies) {
                write(part, out);
            }
            out.flush();
            whole.write(digest.digest());
        });
    }

    private static void write(Reals part, OutputStream out) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(AT_ONCE * part.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[part.bytes() == Float.BYTES ? AT_ONCE : 0];
        double[] doubles = new double[part.bytes() == Float.BYTES ? 0 : AT_ONCE];
        for (long from = 0; from < part.length(); from += AT_ONCE) {
            int count = (int) Math.min(AT_ONCE, part.length() - from);
            bytes.clear();
            if (part.bytes() == Float.BYTES) {
                part.get(from, floats, 0, count);
                bytes.asFloatBuffer().put(floats, 0, count);
            } else {
                part.get(from, doubles, 0, count);
                bytes.asDoubleBuffer().put(doubles, 0, count);
            }
            out.write(bytes.array(), 0, count * part.bytes());
        }
    }

    private static void read(InputStream in, Reals part) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(AT_ONCE * part.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[part.bytes() == Float.BYTES ? AT_ONCE : 0];
        double[] doubles = new double[part.bytes() == Float.BYTES ? 0 : AT_ONCE];
        for (long from = 0; from < part.length(); from += AT_ONCE) {
            int count = (int) Math.min(AT_ONCE, part.length() - from);
            if (in.readNBytes(bytes.array(), 0, count * part.bytes()) < count * part.bytes()) {
                throw new EOFException("the file has been cut off while it was read");
            }
            bytes.clear();
            if (part.bytes() == Float.BYTES) {
                bytes.asFloatBuffer().get(floats, 0, count);
                part.put(from, floats, 0, count);
            } else {
                bytes.asDoubleBuffer().get(doubles, 0, count);
                part.put(from, doubles, 0, count);
            }
        }
    }

    /** @throws IOException with one sentence that says what is wrong */
    static LearnerFile read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + ": there is no such file");
        }
        try (InputStream start = Files.newInputStream(path)) {
            // Before all of a file is read that is none of ours.
            if (!Arrays.equals(start.readNBytes(MAGIC.length), MAGIC)) {
                throw new IOException(path + ": this is no file of what a streaming network has learnt");
            }
        }
        long size = Files.size(path);
        if (size < START + Checksum.BYTES) {
            throw new IOException(path + ": this is no file of what a streaming network has learnt");
        }
        long end = size - Checksum.BYTES;
        byte[] json;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            byte[] first = in.readNBytes(START);
            int length = ByteBuffer.wrap(first, MAGIC.length, Integer.BYTES).getInt();
            MessageDigest digest = Checksum.begun();
            digest.update(first);
            boolean fits = length >= 1 && length <= end - START;
            json = fits ? in.readNBytes(length) : new byte[0];
            digest.update(json);
            through(in, end - START - json.length, digest);
            if (!fits || !Arrays.equals(in.readNBytes(Checksum.BYTES), digest.digest())) {
                throw damaged(path);
            }
        }
        try {
            checkText(path, json);
            JsonNode version = JSON.readTree(json).path("version");
            if (!version.isInt() || version.asInt() < WITH_ROOM || version.asInt() > VERSION) {
                throw new IOException(path + ": the file is of version " + Quoted.of(version.toString())
                        + ", and this release reads versions " + WITH_ROOM + " to " + VERSION
                        + ": update the plugin");
            }
            return new LearnerFile(JSON.readValue(json, Header.class), List.of(), path, START + json.length, end);
        } catch (JsonProcessingException e) {
            throw new IOException(path + ": its header can't be read (" + Quoted.of(e.getOriginalMessage()) + ")", e);
        }
    }

    private static IOException damaged(Path path) {
        return new IOException(path + ": the file was changed, damaged or cut off: its content does not have the"
                + " checksum at its end");
    }

    /** Reads so many bytes, or as many as there are. */
    private static void through(InputStream in, long count, MessageDigest digest) throws IOException {
        byte[] some = new byte[1 << 16];
        for (long left = count; left > 0; ) {
            int read = in.readNBytes(some, 0, (int) Math.min(some.length, left));
            if (read == 0) {
                return;
            }
            digest.update(some, 0, read);
            left -= read;
        }
    }

    private static void checkText(Path path, byte[] json) throws IOException {
        try (JsonParser tokens = JSON.getFactory().createParser(json)) {
            String fault = JsonText.fault(tokens, DEEPEST);
            if (fault != null) {
                throw new IOException(path + ": its header can't be read (" + fault + ")");
            }
        }
    }

    /**
     * @param contents of a network that has learnt nothing yet
     * @throws IOException if the file is of another network, or can't be read any more; the network's parameters have
     *     not changed then
     */
    void restore(Contents contents) throws IOException {
        Plan plan = contents.plan();
        if (!header.type().equals(contents.type().toString()) || !Arrays.equals(header.plan(), plan.numbers())) {
            throw ofAnother(contents);
        }
        // By this one the engines find the slot of the next sample: they trust it.
        double learnt = learnt(contents);
        List<Plan.Span> ofState = header.version() == WITH_ROOM
                ? List.of(new Plan.Span(0, plan.places().state()))
                : plan.filled(learnt);
        List<Reals> parts = parts(contents, ofState);
        if (bytes(parts) != end - start) {
            throw ofAnother(contents);
        }
        // The network's own, which change when all has been read.
        Reals predicting = Reals.allocate(contents.type(), contents.predicting().length());
        parts.set(0, predicting);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            in.skipNBytes(start);
            for (Reals part : parts) {
                read(in, part);
            }
        } catch (EOFException e) {
            throw damaged(path);
        }
        contents.predicting().copy(predicting);
    }

    private IOException ofAnother(Contents contents) {
        return new IOException("the file is of another network: its layers, their rules or their type ("
                + header.type() + ") are not those of the given one (" + contents.type() + ")");
    }

    private double learnt(Contents contents) throws IOException {
        long clock = contents.clock().length() * Double.BYTES;
        if (end - start < clock) {
            throw ofAnother(contents);
        }
        double learnt;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            channel.position(end - clock + Plan.LEARNT * Double.BYTES);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Goes on.
            }
            learnt = bytes.hasRemaining() ? Double.NaN : bytes.flip().getDouble();
        }
        if (!(learnt >= 0 && learnt <= MOST_SAMPLES && learnt == Math.rint(learnt))) {
            throw new IOException("the file is damaged: it says that " + learnt + " samples have been learnt");
        }
        return learnt;
    }
}
