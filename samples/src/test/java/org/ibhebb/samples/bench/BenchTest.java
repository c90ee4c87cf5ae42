package org.ibhebb.samples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.rule.Objective;
import org.ibhebb.samples.Main;
import org.ibhebb.samples.report.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** That the bench measures what it says, not how fast this machine is. */
class BenchTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private static boolean hasNative() {
        try {
            Arithmetic.named("native");
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    void everythingIsMeasuredAndWritten() throws IOException {
        Path file = folder.resolve("bench.json");
        int exit = run("bench", "--quick", "--seconds", "0.02", "--json", file.toString());

        assertThat(err.toString()).isEmpty();
        assertThat(exit).isZero();
        assertThat(out.toString()).contains("1 BLAS thread, ").contains("784-128-64-10");
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.get("run.kernel").asText()).isEqualTo(hasNative() ? "native" : "nd4j");
        assertThat(json.get("run.blas-threads").asInt()).isOne();
        assertThat(json.get("run.deeplearning4j").asText()).matches("[0-9].*");
        for (String name : List.of("sgemm.gflops", "dgemm.gflops", "copy.gb-per-s", "copy.64MiB.gb-per-s")) {
            assertThat(json.get("machine." + name).asDouble()).isPositive();
        }
        for (String network : List.of("784-128-64-10.b1", "784-128-64-10.b32")) {
            assertMeasured(json, "step." + network, "ibhebb-us", "backprop-us");
            assertMeasured(json, "fit." + network, "stream-us", "dl4j-us");
        }
        assertMeasured(json, "spiking.784-128-64-10.t8.b128", "ibhebb-us", "bptt-us");
        assertThat(json.get("stream.784-128-64-10.raw.overDl4j").asDouble()).isPositive();
        if (!hasNative()) {
            assertThat(out.toString()).contains("Kernels are not compared: the native kernel can't be had");
            assertThat(json.fieldNames()).toIterable().noneMatch(name -> name.startsWith("kernel."));
            return;
        }
        for (Objective.Kind objective : BenchPart.OBJECTIVES) {
            for (String name : List.of("one." + objective + ".n64.d512", "batch." + objective + ".n128.d512")) {
                assertMeasured(json, "kernel." + name, "native-us", "nd4j-us");
            }
        }
    }

    @Test
    void aStreamIsMeasuredInSamplesASecond() throws IOException {
        Path file = folder.resolve("stream.json");
        int exit = run("bench", "--only", "stream", "--quick", "--seconds", "0.02", "--json", file.toString());

        assertThat(err.toString()).isEmpty();
        assertThat(exit).isZero();
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(json.fieldNames()).toIterable().noneMatch(name -> name.matches("(kernel|step|fit|spiking)\\..*"));
        for (String row : List.of("784-128-64-10.raw", "784-128-64-10.sparse", "784-128-64-10.standardised",
                "784-128-64-10.t8.raw")) {
            String line = row.substring(0, row.lastIndexOf('.')) + " +" + row.substring(row.lastIndexOf('.') + 1);
            assertThat(out.toString().lines()).filteredOn(each -> each.matches(line + " .*")).hasSize(1);
            String key = "stream." + row + ".";
            for (String name : List.of("learnPerSecond", "learnBySingleCallsPerSecond", "learnByBlocksOf8PerSecond",
                    "predictPerSecond", "dl4jPerSecond", "overDl4j", "ofFloor")) {
                assertThat(json.path(key + name).asDouble()).as(key + name).isPositive();
            }
            assertThat(json.get(key + "overDl4j").asDouble()).isCloseTo(json.get(key + "learnPerSecond").asDouble()
                    / json.get(key + "dl4jPerSecond").asDouble(), withinPercentage(1));
        }
    }

    @Test
    void whatSpikingNeuronsDoNotHearNeedsNoWork() {
        StreamCase once = new StreamCase(List.of(35, 7, 3), StreamCase.Input.RAW, 1);
        StreamCase longer = new StreamCase(List.of(35, 7, 3), StreamCase.Input.RAW, 8);
        double one = new StreamRates(once).work().flops();
        double eight = new StreamRates(longer).work().flops();
        // The inputs' weights are read once. More neurons have fired at some time step of eight than of one.
        assertThat(eight).isGreaterThan(one).isLessThan(2 * 35 * (7 + 7) + 2 * 7 * (3 + 3));
        assertThat(longer.network()).isEqualTo("35-7-3.t8");
    }

    @Test
    void convolutionsWorkOnWhatIsNotSilent() {
        StreamCase raw = StreamCase.ofImages(StreamCase.Input.RAW);
        double seen = new StreamRates(raw).work().flops();
        double all = new StreamRates(StreamCase.ofImages(StreamCase.Input.STANDARDISED)).work().flops();
        // All products of both convolutions and of the output layer, and at most as many of their lessons.
        double products = 2.0 * (784 * 9 * 16 + 196 * 9 * 16 * 32 + 7 * 7 * 32 * 10);
        assertThat(all).isBetween(products / 2, 2 * products);
        assertThat(seen).isBetween(all / 10, all);
        assertThat(raw.network()).isEqualTo("cnn:16,32");
    }

    @Test
    void deepNetworksSayHowManyLayersTheyHave() {
        assertThat(StreamCase.ofAllSizes().stream().map(StreamCase::network)).contains("784-2048-10",
                "784-128-128-128-128-128-128-128-128-10", "784-128x64-10", "cnn:16,32").hasSize(11);
    }

    @Test
    void silentInputsNeedNoWork() {
        StreamCase raw = new StreamCase(List.of(35, 7, 3), StreamCase.Input.RAW);
        StreamCase standardised = new StreamCase(List.of(35, 7, 3), StreamCase.Input.STANDARDISED);
        double seen = new StreamRates(raw).work().bytes();
        double all = new StreamRates(standardised).work().bytes();
        // All weights read, and at most read and written once more.
        assertThat(all).isBetween(4.0 * 35 * 7, 3 * 4.0 * (35 * 7 + 7 * 3));
        assertThat(seen).isBetween(all / 10, all / 3);
        double sparse = new StreamRates(new StreamCase(List.of(35, 7, 3), StreamCase.Input.SPARSE)).work().bytes();
        assertThat(sparse).isEqualTo(seen);
    }

    private static void assertMeasured(JsonNode json, String key, String ours, String other) {
        for (String name : List.of("ratio", "low", "high", ours, other, "floor-us", "sgemm-share")) {
            assertThat(json.get(key + "." + name)).as(key + "." + name).isNotNull();
            assertThat(json.get(key + "." + name).asDouble()).as(key + "." + name).isPositive();
        }
        assertThat(json.get(key + ".ratio").asDouble())
                .isBetween(json.get(key + ".low").asDouble(), json.get(key + ".high").asDouble());
    }

    @Test
    void oneKernelAloneHasNothingToBeComparedWith() {
        assumeFalse(hasNative(), "needs a class path without the native library");
        assertThat(run("bench", "--quick", "--only", "kernel")).isOne();
        assertThat(err.toString()).startsWith("ibhebb: there is nothing to compare: the native kernel can't be had");
    }

    @Test
    void theRatioIsTheOtherSidesTimeToOurs() {
        Ticking sides = new Ticking();
        Comparison times = new Alternation(sides, 0.1, () -> sides.now).run(Progress.start("test", Alternation.ROUNDS));
        assertThat(times.ratio()).isCloseTo(3, within(1e-9)).isBetween(times.low(), times.high());
        assertThat(times.ours()).isCloseTo(Ticking.NANOS / 1e9, within(1e-15));
    }

    @Test
    void wrongResultsAreNotTimed() {
        List<String> calls = new ArrayList<>();
        Rivals wrong = new Rivals() {
            @Override
            public void ours() {
                calls.add("ours");
            }

            @Override
            public void other() {
                calls.add("other");
            }

            @Override
            public void check() {
                throw new IllegalStateException("the kernels disagree");
            }
        };
        assertThatThrownBy(() -> new Alternation(wrong, 0.1).run(Progress.start("test", Alternation.ROUNDS)))
                .hasMessage("the kernels disagree");
        assertThat(calls).containsExactly("ours", "other");
    }

    @Test
    void workIsThatOfTheProducts() {
        // 4 x 5 / 2 inner products of width 3; reading all rows into all of them is 4 x 4 x 3.
        assertThat(Work.signal(4, 4, 3).flops()).isEqualTo(2 * 30 + 2 * 48);
        assertThat(Work.signal(4, 1, 3).flops()).isEqualTo(2 * 12 + 2 * 12);
        assertThat(Work.signal(4, 1, 3).bytes()).isEqualTo(4 * (4 * 3 + 3));
        assertThat(Work.layer(3, 2, 5).flops()).isEqualTo(2 * 2 * 5 * 3 * 2);
        // 3 active inputs of 5 outputs, 2 of which are active: 15 weights read, 6 read again and written.
        assertThat(Work.streamed(3, 5, 2)).isEqualTo(new Work(2 * 21, 4 * (15 + 2 * 6)));
        // Two windows of the memory's size; but the weights move once.
        assertThat(new StepCase(BenchPart.STEP, List.of(8, 4, 2), 256).work().flops())
                .isEqualTo(2 * new StepCase(BenchPart.STEP, List.of(8, 4, 2), 128).work().flops());
    }

    /** The first layer's products once, the next one's at each time step, and gradients once a sample. */
    @Test
    void spikingWorkIsThatOfTheProducts() {
        SpikingCase one = new SpikingCase(List.of(7, 5, 3, 2), 1, 128);
        SpikingCase nine = new SpikingCase(List.of(7, 5, 3, 2), 9, 128);
        assertThat(one.work().flops()).isEqualTo(new StepCase(BenchPart.STEP, List.of(7, 5, 3, 2), 128).work().flops());
        assertThat(nine.work().flops() - one.work().flops()).isEqualTo(8 * 2.0 * 128 * 5 * 3);
        assertThat(nine.key()).isEqualTo("7-5-3-2.t9.b128");
    }

    @Test
    void theFloorIsTheSlowerOfArithmeticAndMemory() {
        Machine machine = new Machine(1e9, 1e9, new TreeMap<>(Map.of(16, 1e10, 1024, 1e8)));
        assertThat(machine.floor(new Work(1e6, 1000))).isEqualTo(1e-3, within(1e-12));
        assertThat(machine.floor(new Work(10, 32 * 1024))).isEqualTo(32 * 1024 / 1e10, within(1e-12));
        assertThat(machine.floor(new Work(10, 33 * 1024))).isEqualTo(33 * 1024 / 1e8, within(1e-12));
        assertThat(machine.floor(new Work(10, 1e8))).isEqualTo(1, within(1e-12));
    }

    /** Sides of known length. */
    private static final class Ticking implements Rivals {

        static final long NANOS = 100_000;

        private long now;

        @Override
        public void ours() {
            now += NANOS;
        }

        @Override
        public void other() {
            now += 3 * NANOS;
        }

        @Override
        public void check() {}
    }
}
