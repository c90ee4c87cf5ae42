package org.ibhebb.internal.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.jhdf.checksum.ChecksumUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.ForAnyKernel;
import org.ibhebb.IbHebb;
import org.ibhebb.Interruptions.Layers;
import org.ibhebb.Interruptions.Memory;
import org.ibhebb.Interruptions.Objectives;
import org.ibhebb.Interruptions;
import org.ibhebb.internal.layers.Remembered;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.memory.MemoryPretrainer;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.spiking.Nir;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.ibhebb.stream.StreamingNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Files that somebody made to do harm are refused in a sentence, or taken for what they say: nothing crashes, hangs, or
 * allocates what it has not been given. Cases are drawn by their number, so that one that fails can be had again.
 * {@code -Dibhebb.fuzz=N} makes it N cases of each kind, and {@code -Dibhebb.fuzz.from=K} begins with another one.
 */
@ForAnyKernel
class HostileFilesTest {

    private static final int CASES = Integer.getInteger("ibhebb.fuzz", 2000);
    private static final int FROM = Integer.getInteger("ibhebb.fuzz.from", 0);
    /** Of models, which Deeplearning4j makes at some cost, there is one in so many. */
    private static final int RARER = 20;
    /** Of more cases than these one in so many goes on to train, which takes a hundred times as long as to be read. */
    private static final int ALL_TRAIN = 10_000;
    private static final long[] NUMBERS = {0, 1, -1, 2, 7, 64, 255, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE,
        1L << 31, 1L << 32, 1L << 40, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE, Double.doubleToLongBits(Double.NaN),
        Double.doubleToLongBits(-5), Double.doubleToLongBits(1e300), Double.doubleToLongBits(Double.POSITIVE_INFINITY)};
    private static final long SECONDS = 20;
    /** In time steps. */
    private static final int LONG = 200;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path folder;

    /** What is done with a hostile file. */
    @FunctionalInterface
    private interface Use {
        void read() throws Exception;
    }

    private static boolean trains(int number) {
        return CASES <= ALL_TRAIN || number % RARER == 0;
    }

    /** Whether it was taken; what is refused is refused in a sentence, soon, and without much memory. */
    private static boolean isTaken(String name, long bytes, Use use) {
        long begun = System.nanoTime();
        long heap = THREADS.getCurrentThreadAllocatedBytes();
        long native0 = Pointer.totalBytes();
        boolean taken = true;
        try {
            use.read();
        } catch (IOException | IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            taken = false;
            assertThat(e.getMessage()).as(name).isNotBlank().doesNotContain("\n").hasSizeLessThan(900);
        } catch (Throwable e) {
            throw new AssertionError(name + ": neither taken nor refused", e);
        }
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - heap).as(name + ": bytes of heap")
                .isLessThan(64 * bytes + (32 << 20));
        assertThat(Pointer.totalBytes() - native0).as(name + ": bytes beside the heap")
                .isLessThan(16 * bytes + (8 << 20));
        assertThat((System.nanoTime() - begun) / 1_000_000_000).as(name + ": seconds").isLessThan(SECONDS);
        return taken;
    }

    // ----------------------------------------------------------------------------------------------------------------
    // State
    // ----------------------------------------------------------------------------------------------------------------

    @Test
    void hostileState() {
        for (Memory memory : Memory.values()) {
            MultiLayerNetwork net = Fixtures.network(
                    Interruptions.conf(Objectives.DEFAULT, memory, Layers.DENSE, DataType.FLOAT));
            List<DataSet> batches = Interruptions.batches(Layers.DENSE, 3, 10, DataType.FLOAT);
            batches.subList(0, 9).forEach(net::fit);
            State state = Remembered.of(net);
            byte[] valid = StateBytes.of(state);
            INDArray parameters = net.params().dup();
            INDArray updates = net.getUpdater().getStateViewArray().dup();
            int taken = 0;
            for (int number = FROM; number < FROM + CASES / 2; number++) {
                boolean trains = trains(number);
                Random random = new Random(number);
                byte[] bytes = random.nextInt(4) == 0
                        ? sealed(mutated(valid, random), 8 + 4)
                        : random.nextInt(4) == 0 ? mutated(valid, random) : StateBytes.of(mutated(state, random));
                boolean was = isTaken("state " + memory + " " + number, bytes.length, () -> {
                    Remembered.into(net, StateBytes.read(bytes));
                    if (trains) {
                        net.fit(batches.get(9));
                    }
                });
                taken += was ? 1 : 0;
                if (trains) {
                    net.params().assign(parameters);
                    net.getUpdater().getStateViewArray().assign(updates);
                }
            }
            // Otherwise nothing came as far as to be used, or nothing was hostile.
            assertThat(taken).isBetween(CASES / 200, CASES / 2 - CASES / 200);
        }
    }

    /** Another state of the same form. */
    private static State mutated(State state, Random random) {
        Map<String, Object> quantities = new LinkedHashMap<>(state.quantities());
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            List<String> names = new ArrayList<>(quantities.keySet());
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(10)) {
                case 0 -> quantities.remove(name);
                case 1 -> quantities.put(name + "x", quantities.get(name));
                case 2 -> quantities.put(name, quantities.get(names.get(random.nextInt(names.size()))));
                default -> quantities.put(name, mutated(quantities.get(name), random));
            }
        }
        return new State(quantities);
    }

    private static Object mutated(Object value, Random random) {
        long other = NUMBERS[random.nextInt(NUMBERS.length)];
        if (value instanceof Long) {
            return other;
        }
        if (value instanceof Double) {
            return Double.longBitsToDouble(other);
        }
        if (value instanceof String text) {
            return random.nextBoolean() ? text + "x" : "";
        }
        if (value instanceof List<?> list) {
            List<Object> names = new ArrayList<>(list);
            names.add(random.nextBoolean() ? "-1" : names.isEmpty() ? "99999999999" : names.get(0));
            return names;
        }
        State.Numbers numbers = (State.Numbers) value;
        long[] shape = numbers.shape();
        if (shape.length == 0 || random.nextInt(3) == 0) {
            return State.Numbers.of(DataType.FLOAT, 'c', new long[] {1, 3}, new float[3]);
        }
        if (random.nextInt(3) == 0) {
            // Turned, flattened, or of another type.
            long length = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            return State.Numbers.of(random.nextBoolean() ? DataType.FLOAT16 : numbers.type(), 'f',
                    new long[] {length}, numbers.values());
        }
        float[] values = ((float[]) numbers.values()).clone();
        values[random.nextInt(values.length)] = (float) Double.longBitsToDouble(other);
        return State.Numbers.of(numbers.type(), numbers.order(), shape, values);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Streams
    // ----------------------------------------------------------------------------------------------------------------

    @Test
    void hostileStreams() throws IOException {
        MultiLayerNetwork net = Fixtures.network(Fixtures.mlp(
                Activation.RELU, new Sgd(0.1), 5, 8, 3));
        StreamingNetwork stream = StreamingNetwork.builder(net).build();
        Random data = new Random(1);
        for (int i = 0; i < 100; i++) {
            stream.learn(new float[] {data.nextFloat(), 1, 0, -1, data.nextFloat()}, i % 3);
        }
        Path file = folder.resolve("stream");
        stream.save(file);
        byte[] valid = Files.readAllBytes(file);
        int taken = 0;
        for (int number = FROM; number < FROM + CASES; number++) {
            Random random = new Random(number);
            byte[] bytes = switch (random.nextInt(4)) {
                case 0 -> mutated(valid, random);
                case 1 -> withHeader(valid, random);
                // Behind the header, where numbers are that are believed.
                case 2 -> sealed(number(valid.clone(), valid.length - 32 - 8 * (1 + random.nextInt(20)), 8, random), 0);
                default -> sealed(mutated(valid, random), 0);
            };
            Files.write(file, bytes);
            taken += isTaken("stream " + number, bytes.length, () -> {
                StreamingNetwork resumed = StreamingNetwork.builder(net).resume(file);
                resumed.learn(new float[] {1, 0, 1, 0, 1}, 1);
                resumed.predict(new float[] {1, 0, 1, 0, 1});
            }) ? 1 : 0;
        }
        assertThat(taken).isBetween(CASES / 100, CASES - CASES / 100);
    }

    /** Its JSON, as a text. */
    private static String header(byte[] file) {
        return new String(file, 12, ByteBuffer.wrap(file).getInt(8), StandardCharsets.UTF_8);
    }

    /** The same with another one, and the checksum that a stream ends in. */
    private static byte[] withHeader(byte[] valid, String other) {
        return sealed(withHeader(valid, other.getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static byte[] withHeader(byte[] valid, byte[] header) {
        int length = ByteBuffer.wrap(valid).getInt(8);
        ByteBuffer bytes = ByteBuffer.allocate(valid.length - length + header.length);
        bytes.put(valid, 0, 8).putInt(header.length).put(header).put(valid, 12 + length, valid.length - 12 - length);
        return bytes.array();
    }

    private static byte[] withHeader(byte[] valid, Random random) {
        String json = header(valid);
        return withHeader(valid, switch (random.nextInt(5)) {
            case 0 -> "[".repeat(100_000) + json;
            case 1 -> json.replaceFirst("\\d+", "1" + "0".repeat(random.nextInt(50_000)));
            case 2 -> json.replaceFirst("\"(\\w+)\":", "\"\":");
            case 3 -> json.replace("}", ",\"x\":{}}");
            default -> new String(mutated(json.getBytes(StandardCharsets.UTF_8), random), StandardCharsets.UTF_8);
        });
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Memory networks
    // ----------------------------------------------------------------------------------------------------------------

    @Test
    void hostileMemoryNetworks() throws IOException {
        Path file = folder.resolve("memory.ibmem");
        MemoryPretrainer.builder().units(30).activityWidth(3).recall(4).build().pretrain(done -> {}).save(file);
        byte[] valid = Files.readAllBytes(file);
        int taken = 0;
        for (int number = FROM; number < FROM + CASES; number++) {
            Random random = new Random(number);
            byte[] bytes = switch (random.nextInt(4)) {
                case 0 -> mutated(valid, random);
                case 1 -> withMemoryHeader(valid, random);
                // In the arrays, which are believed once the checksum is right.
                case 2 -> number(valid.clone(), valid.length - 8 - random.nextInt(1000), 4, random);
                default -> sealedMemory(number(valid.clone(), valid.length - 8 - random.nextInt(1000), 4, random));
            };
            Files.write(file, bytes);
            boolean trains = trains(number);
            taken += isTaken("memory " + number, bytes.length, () -> {
                LearningRule rule = LearningRule.builder().memory(MemoryNetwork.load(file), 4).build();
                if (trains) {
                    Fixtures.network(IbHebb.convert(Fixtures.mlp(Activation.RELU, new Sgd(0.1), 5, 8, 3), rule))
                            .fit(Fixtures.clusters(1, 2, 5, 3));
                }
            }) ? 1 : 0;
        }
        assertThat(taken).isBetween(CASES / 100, CASES - CASES / 100);
    }

    /** The checksum covers the header without it, and the arrays. */
    private static byte[] sealedMemory(byte[] bytes) {
        int length = ByteBuffer.wrap(bytes).getInt(8);
        String json = header(bytes);
        byte[] open = json.replaceFirst("\"checksum\":\"\\w+\"", "\"checksum\":null").getBytes(StandardCharsets.UTF_8);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(open);
            digest.update(bytes, 12 + length, bytes.length - 12 - length);
            byte[] closed = json.replaceFirst("\"checksum\":\"\\w+\"",
                    "\"checksum\":\"" + HexFormat.of().formatHex(digest.digest()) + "\"").getBytes(StandardCharsets.UTF_8);
            System.arraycopy(closed, 0, bytes, 12, length);
            return bytes;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] withMemoryHeader(byte[] valid, Random random) {
        String json = header(valid);
        String other = random.nextInt(3) == 0
                ? "[".repeat(100_000) + json
                : json.replaceFirst("\"(units|width|recall|version|labelWidth|inputWidth)\":\\d+",
                        "\"$1\":" + NUMBERS[random.nextInt(NUMBERS.length)]);
        return withHeader(valid, other.getBytes(StandardCharsets.UTF_8));
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Models
    // ----------------------------------------------------------------------------------------------------------------

    /** Not their JSON, which names classes that are made: whose models are opened is trusted so far. */
    @Test
    void hostileModels() throws IOException {
        Path file = folder.resolve("net.zip");
        MultiLayerConfiguration conf =
                Interruptions.conf(Objectives.DEFAULT, Memory.EXACT, Layers.DENSE, DataType.FLOAT);
        // It draws at random: where the generator stood is read.
        conf.getConf(1).getLayer().setIDropout(new Dropout(0.9));
        MultiLayerNetwork net = Fixtures.network(conf);
        Interruptions.batches(Layers.DENSE, 3, 9, DataType.FLOAT).forEach(net::fit);
        IbHebb.save(net, file);
        byte[] valid = Files.readAllBytes(file);
        Map<String, byte[]> entries = entries(valid);
        assertThat(entries.keySet()).containsExactlyInAnyOrder(
                "configuration.json", "coefficients.bin", "updaterState.bin", "ibhebb-state.bin", "ibhebb-random.bin");
        for (int number = FROM; number < FROM + CASES / RARER; number++) {
            Random random = new Random(number);
            Map<String, byte[]> other = new LinkedHashMap<>(entries);
            String name = List.of("coefficients.bin", "updaterState.bin", "ibhebb-state.bin", "ibhebb-random.bin")
                    .get(random.nextInt(4));
            byte[] content = entries.get(name);
            // The first bytes are the sizes.
            other.put(name, random.nextBoolean() ? mutated(content, random)
                    : number(content.clone(), random.nextInt(Math.min(content.length - 8, 120)), 8, random));
            byte[] bytes = random.nextInt(3) == 0 ? mutated(valid, random) : zip(other, random);
            Files.write(file, bytes);
            isTaken("model " + number, bytes.length, () -> IbHebb.restoreMultiLayerNetwork(file));
        }
    }

    private static Map<String, byte[]> entries(byte[] zip) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), in.readAllBytes());
            }
        }
        return entries;
    }

    private static byte[] zip(Map<String, byte[]> entries, Random random) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
            if (random.nextInt(10) == 0) {
                // A Java-serialised object would be here: nothing reads it.
                zip.putNextEntry(new ZipEntry("preprocessor.bin"));
                zip.write(new byte[] {1, 2, 3});
            }
        }
        return bytes.toByteArray();
    }

    /** A small file that becomes a large one. */
    @Test
    void whatIsCompressedTooWellIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("ibhebb-state.bin"));
            for (int i = 0; i < 300; i++) {
                zip.write(new byte[1 << 20]);
            }
            zip.putNextEntry(new ZipEntry("configuration.json"));
            zip.putNextEntry(new ZipEntry("coefficients.bin"));
        }
        Path file = Files.write(folder.resolve("bomb.zip"), bytes.toByteArray());
        long heap = THREADS.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> IbHebb.restoreMultiLayerNetwork(file))
                .isInstanceOf(IOException.class).hasMessageContainingAll("bomb.zip", "ibhebb-state.bin", "larger than");
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - heap).isLessThan(3 * 210 * Files.size(file));
    }

    // ----------------------------------------------------------------------------------------------------------------
    // JSON
    // ----------------------------------------------------------------------------------------------------------------

    private static final List<String> VALUES = List.of("null", "true", "-1", "0", "1", "3", "1e308", "-1e308", "1e999",
            "0.0000000001", "2147483647", "2147483648", "9223372036854775808", "9".repeat(5000), "0.1", "\"\"",
            "\"hsic\"", "\"neighbourhood\"", "\"NONE\"", "\"\\u0000\\n\"", "\"" + "x".repeat(3000) + "\"", "[]", "{}",
            "[[]]", "{\"@class\":\"javax.script.ScriptEngineManager\"}", "\"java.net.URL\"", "NaN", "Infinity");

    /** What a rule says of objectives, kernels, memory and updaters is believed where it makes a rule. */
    @Test
    void hostileRules() {
        LearningRule all = LearningRule.builder().objective(Objective.neighbourhood().withGroups(4))
                .plus(Objective.prediction()).plus(Objective.hsic().withKernel(Kernel.medianGaussian(0.7)))
                .plus(Objective.of(Objective.Kind.NORMALIZED_HSIC)).memory(7).build();
        List<String> seeds = List.of(LearningRule.defaults().toJson(), all.toJson());
        DataSet batch = Fixtures.clusters(1, 3, 5, 3);
        int taken = 0;
        for (int number = FROM; number < FROM + CASES; number++) {
            Random random = new Random(number);
            String seed = seeds.get(random.nextInt(seeds.size()));
            String json = random.nextInt(4) == 0
                    ? new String(mutated(seed.getBytes(StandardCharsets.UTF_8), random), StandardCharsets.UTF_8)
                    : otherJson(seed, random);
            boolean trains = number % RARER == 0;
            taken += isTaken("rule " + number, json.length(), () -> {
                LearningRule rule = LearningRule.fromJson(json);
                assertThat(LearningRule.fromJson(rule.toJson())).isEqualTo(rule);
                if (trains && rule.memory() < 1000) {
                    Fixtures.network(IbHebb.convert(Fixtures.mlp(Activation.RELU, new Sgd(0.1), 5, 20, 3), rule))
                            .fit(batch);
                }
            }) ? 1 : 0;
        }
        assertThat(taken).isBetween(CASES / 100, CASES - CASES / 100);
    }

    /** Values that become others, and fields that are left out, doubled and renamed. */
    private static String otherJson(String json, Random random) {
        String other = json;
        for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
            List<MatchResult> fields = Pattern.compile("\"(\\w+)\":(\"[^\"]*\"|[-0-9.eE]+|true|false|null)")
                    .matcher(other).results().toList();
            if (fields.isEmpty()) {
                return other;
            }
            MatchResult field = fields.get(random.nextInt(fields.size()));
            String value = VALUES.get(random.nextInt(VALUES.size()));
            String instead = switch (random.nextInt(8)) {
                case 0 -> field.group() + "," + field.group();
                case 1 -> "\"" + field.group(1) + "x\":" + field.group(2);
                case 2 -> "\"x\":" + value + "," + field.group();
                case 3 -> field.group() + "," + "\"y\":" + "[".repeat(random.nextInt(2) * 100_000);
                default -> "\"" + field.group(1) + "\":" + value;
            };
            other = other.substring(0, field.start()) + instead + other.substring(field.end());
        }
        return other;
    }

    /** Reading a number takes time by the square of its digits: of these it would be minutes. */
    @Test
    void numbersOfMillionsOfDigitsAreRefusedSoon() throws IOException {
        String digits = "9".repeat(5_000_000);
        String rule = LearningRule.defaults().toJson().replaceFirst("\"memory\":\\d+", "\"memory\":" + digits);
        for (UnaryOperator<String> reader : List.<UnaryOperator<String>>of(
                json -> LearningRule.fromJson(json).toString(),
                json -> {
                    try {
                        return NeuralNetConfiguration.mapper().readValue(json, LearningRule.class).toString();
                    } catch (JsonProcessingException e) {
                        throw new IllegalArgumentException(e.getOriginalMessage());
                    }
                })) {
            assertThat(isTaken("rule", rule.length(), () -> reader.apply(rule))).isFalse();
        }
        assertThatThrownBy(() -> LearningRule.fromJson(rule)).hasMessageContaining("a number of 5000000 digits");

        MultiLayerNetwork net = Fixtures.network(Fixtures.mlp(Activation.RELU, new Sgd(0.1), 5, 8, 3));
        Path file = folder.resolve("stream");
        StreamingNetwork.builder(net).build().save(file);
        byte[] stream = Files.readAllBytes(file);
        Files.write(file, withHeader(stream, header(stream).replaceFirst("\\d+", digits)));
        assertThat(isTaken("stream", Files.size(file), () -> StreamingNetwork.builder(net).resume(file))).isFalse();
        assertThatThrownBy(() -> StreamingNetwork.builder(net).resume(file))
                .hasMessageContaining("a number of 5000000 digits");

        MemoryPretrainer.builder().units(30).activityWidth(3).recall(4).build().pretrain(done -> {}).save(file);
        byte[] memory = Files.readAllBytes(file);
        // The header of a memory network is no longer than 1 MB.
        String some = digits.substring(0, 1_000_000);
        Files.write(file, withHeader(memory, header(memory).replaceFirst("\\d+", some)));
        assertThat(isTaken("memory", Files.size(file), () -> MemoryNetwork.load(file))).isFalse();
        assertThatThrownBy(() -> MemoryNetwork.load(file)).hasMessageContaining("a number of 1000000 digits");
    }

    private static final Pattern LAYER_FIELD = Pattern.compile("\"(rule|source|stepwise|endsUnit|leak|threshold|reset|"
            + "steepness|timeSteps|learning|normalized|scale|backPropagatedHead|memory|sigma|weight|groups|pooling|"
            + "gain|updaters)\" : (\"[^\"]*\"|[-0-9.eE]+|true|false|null)");

    /** Fields of the plugin's own layers; Deeplearning4j's beside them are trusted. What doesn't train is one layer. */
    @Test
    void hostileLayers() throws IOException {
        MultiLayerConfiguration conf = Interruptions.conf(
                Objectives.DEFAULT, Memory.EXACT, Layers.SPIKING, DataType.FLOAT);
        ObjectMapper mapper = NeuralNetConfiguration.mapper();
        List<String> texts = new ArrayList<>(List.of(conf.toJson()));
        for (NeuralNetConfiguration layer : conf.getConfs()) {
            texts.add(mapper.writeValueAsString(layer.getLayer()));
        }
        List<List<MatchResult>> fields =
                texts.stream().map(text -> LAYER_FIELD.matcher(text).results().toList()).toList();
        assertThat(fields.get(0)).hasSizeGreaterThan(20);
        int taken = 0;
        int cases = CASES > ALL_TRAIN ? CASES : Math.max(CASES / RARER, 50);
        for (int number = FROM; number < FROM + cases; number++) {
            Random random = new Random(number);
            boolean trains = CASES <= ALL_TRAIN || number % (RARER * RARER) == 0;
            // The last layer is the readout, whose fields are Deeplearning4j's.
            int text = trains ? 0 : 1 + random.nextInt(texts.size() - 2);
            String json = texts.get(text);
            MatchResult field = fields.get(text).get(random.nextInt(fields.get(text).size()));
            String value = VALUES.get(random.nextInt(VALUES.size()));
            String other = json.substring(0, field.start(2)) + value + json.substring(field.end(2));
            taken += isTaken("layer " + number + ": " + field.group() + " becomes " + value, json.length(), () -> {
                MultiLayerConfiguration read = null;
                try {
                    if (trains) {
                        read = MultiLayerConfiguration.fromJson(other);
                    } else {
                        assertThat(mapper.readValue(other, Layer.class)).isNotNull();
                    }
                } catch (JsonProcessingException | RuntimeException e) {
                    // Deeplearning4j's reader, which says what Jackson says.
                    assertThat(e).hasMessageNotContaining("Cast");
                    throw new IOException("refused");
                }
                // A network of so many time steps is large because it says so.
                if (trains && !value.startsWith("2147") && !value.startsWith("9")) {
                    Fixtures.network(read).fit(Interruptions.batches(Layers.SPIKING, 3, 1, DataType.FLOAT).get(0));
                }
            }) ? 1 : 0;
        }
        assertThat(taken).isPositive();
    }

    // ----------------------------------------------------------------------------------------------------------------
    // NIR
    // ----------------------------------------------------------------------------------------------------------------

    /** HDF5, with a library of its own to read it: sizes, addresses, types and names of it, and of what it holds. */
    @Test
    void hostileNir() throws IOException {
        Path file = folder.resolve("network.nir");
        MultiLayerNetwork net = Fixtures.network(Fixtures.builder(new Sgd(0.1)).dataType(DataType.FLOAT).list()
                .layer(new SpikingDenseLayer.Builder().nIn(5).nOut(4).reset(SpikingDenseLayer.Reset.TO_ZERO).build())
                .layer(new SpikeRateLayer.Builder().scale(6).build())
                .layer(Fixtures.readout(4, 3)).build());
        Nir.write(net, file);
        byte[] valid = Files.readAllBytes(file);
        int taken = 0;
        for (int number = FROM; number < FROM + CASES; number++) {
            Random random = new Random(number);
            byte[] other = valid.clone();
            switch (random.nextInt(3)) {
                case 0 -> other = mutated(valid, random);
                case 1 -> number(other, random.nextInt(valid.length - 8), random.nextBoolean() ? 4 : 8, random);
                default -> {
                    for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
                        other[random.nextInt(other.length)] = (byte) random.nextInt();
                    }
                }
            }
            byte[] bytes = random.nextInt(8) == 0 ? other : sealedHdf(other);
            Files.write(file, bytes);
            boolean trains = trains(number);
            taken += isTaken("nir " + number, bytes.length, () -> {
                MultiLayerNetwork read = Nir.read(file);
                // One that lasts long takes as much memory as it says.
                if (trains && ((SpikingDenseLayer) read.getLayer(0).conf().getLayer()).getTimeSteps() < LONG) {
                    read.output(Fixtures.noise(1, 2, 5).castTo(DataType.FLOAT));
                }
            }) ? 1 : 0;
        }
        assertThat(taken).isBetween(CASES / 100, CASES - CASES / 100);
    }

    /** The checksums that HDF5 gives its first block and every object's header. */
    private static byte[] sealedHdf(byte[] bytes) {
        seal(bytes, 0, 44);
        for (int at = 48; at + 30 < bytes.length; at++) {
            if (bytes[at] == 'O' && bytes[at + 1] == 'H' && bytes[at + 2] == 'D' && bytes[at + 3] == 'R') {
                int flags = bytes[at + 5];
                int sizes = at + 6 + ((flags & 32) == 0 ? 0 : 16) + ((flags & 16) == 0 ? 0 : 4);
                int width = 1 << (flags & 3);
                long size = 0;
                for (int i = 0; i < Math.min(width, 4); i++) {
                    size |= (bytes[Math.min(sizes + i, bytes.length - 1)] & 255L) << 8 * i;
                }
                seal(bytes, at, sizes + width + size);
            }
        }
        return bytes;
    }

    private static void seal(byte[] bytes, int from, long to) {
        if (to > from && to + 4 <= bytes.length) {
            int sum = ChecksumUtils.checksum(Arrays.copyOfRange(bytes, from, (int) to));
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt((int) to, sum);
        }
    }

    // ----------------------------------------------------------------------------------------------------------------
    // Bytes
    // ----------------------------------------------------------------------------------------------------------------

    /** Other bytes, one to four changes away. */
    private static byte[] mutated(byte[] valid, Random random) {
        byte[] bytes = valid.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 16; changes--) {
            int at = random.nextInt(bytes.length - 8);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> number(bytes, at, 4, random);
                case 2 -> number(bytes, at, 8, random);
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                case 4 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(64)), (byte) 0);
                default -> {
                    // A piece of it once more.
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + random.nextInt(64));
                    System.arraycopy(bytes, at, longer, longer.length - (bytes.length - at), bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }

    private static byte[] number(byte[] bytes, int at, int width, Random random) {
        ByteBuffer into = ByteBuffer.wrap(bytes)
                .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long number = NUMBERS[random.nextInt(NUMBERS.length)];
        if (width == 4) {
            into.putInt(at, (int) number);
        } else {
            into.putLong(at, number);
        }
        return bytes;
    }

    /** With the checksum that belongs to it: whoever means harm can compute one. */
    private static byte[] sealed(byte[] bytes, int least) {
        if (bytes.length < 32 + least) {
            return bytes;
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, bytes.length - 32);
            System.arraycopy(digest.digest(), 0, bytes, bytes.length - 32, 32);
            return bytes;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
