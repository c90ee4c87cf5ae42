package org.ibhebb.internal.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.util.ModelSerializer;
import org.ibhebb.internal.file.WholeFile;
import org.ibhebb.internal.state.GeneratorState;
import org.ibhebb.internal.state.State;
import org.ibhebb.internal.state.StateBytes;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;

/**
 * A model's zip file: the entries of Deeplearning4j's that make a network, and ours: what it remembers, and where
 * ND4J's random generator stood.
 */
final class ModelArchive {

    /** The names of our entries. */
    static final String STATE = "ibhebb-state.bin";
    static final String RANDOM = "ibhebb-random.bin";

    /** What a network is made of. Others of Deeplearning4j's are Java-serialised objects, which are not read here. */
    private static final Set<String> WANTED = Set.of(ModelSerializer.CONFIGURATION_JSON,
            ModelSerializer.COEFFICIENTS_BIN, ModelSerializer.UPDATER_BIN, ModelSerializer.NO_PARAMS_MARKER, STATE,
            RANDOM);
    private static final Set<String> OURS = Set.of(STATE, RANDOM);
    private static final Set<String> ARRAYS = Set.of(ModelSerializer.COEFFICIENTS_BIN, ModelSerializer.UPDATER_BIN);
    /** The fields of layers' configurations by which they draw in training; null where they do not. */
    private static final Set<String> DRAWING = Set.of("idropout", "iDropout", "weightNoise");
    private static final JsonFactory JSON = new JsonFactory();
    /** How many times as large as the file its content may be, which a few kilobytes more always may. */
    private static final long MOST_COMPRESSED = 200;
    private static final long ALWAYS = 1 << 20;

    private final Path path;
    private final Map<String, byte[]> entries;

    private ModelArchive(Path path, Map<String, byte[]> entries) {
        this.path = path;
        this.entries = entries;
    }

    /**
     * Writes a network.
     *
     * @param network as Deeplearning4j writes it, with its updater's state
     * @param state null for a network that remembers nothing
     */
    static void write(Path path, Model network, State state) throws IOException {
        ByteArrayOutputStream stock = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, stock, true);
        byte[] own = state == null ? null : StateBytes.of(state);
        byte[] drawn = state == null ? null : StateBytes.of(GeneratorState.now().toState());
        WholeFile.write(path, out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            // Numbers of networks hardly get smaller, whatever the effort.
            zip.setLevel(Deflater.BEST_SPEED);
            copy(stock.toByteArray(), zip);
            if (own != null) {
                store(STATE, own, zip);
                store(RANDOM, drawn, zip);
            }
            zip.finish();
        });
    }

    private static void copy(byte[] archive, ZipOutputStream to) throws IOException {
        try (ZipInputStream from = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                from.transferTo(to);
                to.closeEntry();
            }
        }
    }

    /** As it is, so that its length can't be more than the file's. */
    private static void store(String name, byte[] state, ZipOutputStream to) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 sum = new CRC32();
        sum.update(state);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(state.length);
        entry.setCrc(sum.getValue());
        to.putNextEntry(entry);
        to.write(state);
        to.closeEntry();
    }

    /** @throws IOException with one sentence that says what is wrong */
    static ModelArchive read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + ": there is no such file");
        }
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(path.toFile())) {
            long left = Files.size(path) * MOST_COMPRESSED + ALWAYS;
            for (String name : WANTED) {
                ZipEntry entry = zip.getEntry(name);
                if (entry == null) {
                    continue;
                }
                long limit = Math.min(left, Integer.MAX_VALUE - 16);
                try (InputStream in = zip.getInputStream(entry)) {
                    // Grows with what comes, whatever the entry says of its size.
                    byte[] content = in.readNBytes((int) limit);
                    if (in.read() >= 0) {
                        throw new IOException(path + ": its entry " + name + " is larger than " + limit
                                + " bytes, which a model in a file of " + Files.size(path) + " can't have");
                    }
                    entries.put(name, content);
                    left -= content.length;
                }
            }
        } catch (EOFException e) {
            // It has no message.
            throw new IOException(path + ": the file is damaged: an entry of it is cut off", e);
        } catch (ZipException e) {
            throw new IOException(path + ": the file is no model, or damaged or cut off (" + e.getMessage() + ")", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(path + ": the file is damaged: a name in it can't be read", e);
        }
        if (!entries.containsKey(ModelSerializer.CONFIGURATION_JSON)
                || !entries.containsKey(ModelSerializer.COEFFICIENTS_BIN)) {
            throw new IOException(path + ": the file is no model of Deeplearning4j's: it has no "
                    + ModelSerializer.CONFIGURATION_JSON + " and " + ModelSerializer.COEFFICIENTS_BIN);
        }
        for (String name : ARRAYS) {
            try {
                SavedArray.check(entries.getOrDefault(name, new byte[0]));
            } catch (IOException e) {
                throw new IOException(path + ": its entry " + name + " is damaged (" + e.getMessage() + ")", e);
            }
        }
        return new ModelArchive(path, entries);
    }

    /** Null where there is none. */
    State state() throws IOException {
        return state(STATE);
    }

    /** Where the generator stood from which this network draws in training; null where it does not, or none is here. */
    GeneratorState generator() throws IOException {
        State saved = drawsAtRandom() ? state(RANDOM) : null;
        try {
            return saved == null ? null : GeneratorState.of(saved);
        } catch (IllegalArgumentException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /** By what the configuration says, whatever kind of layer says it; Deeplearning4j has read it before. */
    private boolean drawsAtRandom() throws IOException {
        // What is no UTF-8 it reads, too.
        String configuration = new String(entries.get(ModelSerializer.CONFIGURATION_JSON), StandardCharsets.UTF_8);
        try (JsonParser json = JSON.createParser(configuration)) {
            int depth = 0;
            do {
                JsonToken token = json.nextToken();
                if (token == JsonToken.FIELD_NAME && DRAWING.contains(json.getCurrentName())) {
                    token = json.nextToken();
                    if (token != JsonToken.VALUE_NULL) {
                        return true;
                    }
                }
                if (token == JsonToken.VALUE_STRING && json.getText().equals(ActivationRReLU.class.getName())) {
                    return true;
                }
                depth += token == null || token.isStructEnd() ? -1 : token.isStructStart() ? 1 : 0;
            } while (depth > 0);
        }
        return false;
    }

    private State state(String name) throws IOException {
        byte[] bytes = entries.get(name);
        if (bytes == null) {
            return null;
        }
        try {
            return StateBytes.read(bytes);
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    /** The model for Deeplearning4j's own reader, with nothing in it that is Java-serialised. */
    InputStream model() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writeModel(bytes);
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private void writeModel(OutputStream out) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(Deflater.NO_COMPRESSION);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                if (!OURS.contains(entry.getKey())) {
                    zip.putNextEntry(new ZipEntry(entry.getKey()));
                    zip.write(entry.getValue());
                    zip.closeEntry();
                }
            }
        }
    }
}
