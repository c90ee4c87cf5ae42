package org.ibhebb.samples.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.samples.Main;
import org.ibhebb.samples.training.TrainingRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The program as a user meets it, but in this process. */
class CommandLineTest {

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

    @ParameterizedTest
    @EnumSource
    void trainTellsWhatItDid(TrainingRule rule) throws IOException {
        Path json = folder.resolve("result.json");
        int exit = run("train", "--data", "digits", "--model", "mlp:12,8", "--rule", rule.toString(), "--batch", "30",
                "--memory", "40", "--epochs", "2", "--train-limit", "100", "--lr", "0.002", "--seed", "5",
                "--json", json.toString());

        assertThat(err.toString()).isEmpty();
        assertThat(exit).isZero();
        assertThat(out.toString().lines()).hasSize(3);
        JsonNode result = new ObjectMapper().readTree(json.toFile());
        assertThat(result.get("data").asText()).isEqualTo("digits");
        assertThat(result.get("model").asText()).isEqualTo("mlp:12,8");
        assertThat(result.get("rule").asText()).isEqualTo(rule.toString());
        assertThat(result.get("seed").asLong()).isEqualTo(5);
        assertThat(result.get("batch").asInt()).isEqualTo(30);
        assertThat(result.get("lr").asDouble()).isEqualTo(0.002);
        assertThat(result.get("trainSamples").asInt()).isEqualTo(100);
        assertThat(result.get("testSamples").asInt()).isEqualTo(450);
        assertThat(result.get("parameters").asInt()).isEqualTo(64 * 12 + 12 + 12 * 8 + 8 + 8 * 10 + 10);
        if (rule == TrainingRule.IBHEBB) {
            assertThat(result.get("objective").asText()).isEqualTo("prediction");
            assertThat(result.get("memory").asInt()).isEqualTo(40);
        } else {
            assertThat(result.get("objective").isNull()).isTrue();
            assertThat(result.get("memory").isNull()).isTrue();
        }

        assertThat(result.get("epochs")).hasSize(2);
        JsonNode last = result.get("epochs").get(1);
        assertThat(last.get("epoch").asInt()).isEqualTo(2);
        assertThat(last.get("trainSeconds").asDouble()).isPositive();
        assertThat(last.get("samplesPerSecond").asDouble()).isPositive();
        assertThat(last.get("testAccuracy").asDouble()).isBetween(0.0, 100.0);
        assertThat(result.get("testAccuracy")).isEqualTo(last.get("testAccuracy"));
    }

    @ParameterizedTest
    @CsvSource({"1, 0.0001", "10, 0.001", "30, 0.003", "500, 0.003"})
    void hiddenLayersLearnSlowerFromSmallBatches(int batch, double lrHidden) throws IOException {
        Path json = folder.resolve("result.json");
        run("train", "--data", "digits", "--model", "mlp:4", "--epochs", "1", "--train-limit", "10",
                "--batch", String.valueOf(batch), "--json", json.toString());
        assertThat(new ObjectMapper().readTree(json.toFile()).get("lrHidden").asDouble())
                .isEqualTo(lrHidden, within(1e-12));
    }

    @Test
    void theSameSeedGivesTheSameResult() throws IOException {
        Path first = folder.resolve("first.zip");
        Path second = folder.resolve("second.zip");
        for (Path file : new Path[] {first, second}) {
            assertThat(run("train", "--data", "digits", "--model", "mlp:12", "--epochs", "1", "--train-limit", "200",
                    "--batch", "32", "--save", file.toString())).isZero();
        }
        assertThat(MultiLayerNetwork.load(first.toFile(), false).params())
                .isEqualTo(MultiLayerNetwork.load(second.toFile(), false).params());
    }

    @ParameterizedTest
    @CsvSource({"hsic", "hsic-zz", "normalized-hsic", "neighbourhood", "reference"})
    void everyObjectiveTrains(String objective) {
        assertThat(run("train", "--data", "digits", "--model", "mlp:12", "--epochs", "1", "--train-limit", "64",
                "--batch", "8", "--memory", "16", "--objective", objective, "--gamma", "1.5")).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"cnn:2,3", "cnn-bn:2,3", "lenet"})
    void convolutionsTrainByAllRules(String model) {
        assertThat(run("compare", "--data", "digits", "--model", model, "--epochs", "1", "--train-limit", "20",
                "--batch", "10", "--flip")).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theInformationPlaneIsDrawnAndChangesNothing(TrainingRule rule) throws IOException {
        Path plane = folder.resolve("new/plane");
        Path watched = folder.resolve("watched.zip");
        Path alone = folder.resolve("alone.zip");
        String[] common = {"train", "--data", "digits", "--model", "mlp:12,8", "--rule", rule.toString(), "--epochs", "2",
            "--train-limit", "100", "--batch", "25", "--save"};
        assertThat(run(with(common, alone.toString()))).isZero();
        assertThat(run(with(common, watched.toString(), "--information-plane", plane.toString(), "--every", "3")))
                .isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(MultiLayerNetwork.load(watched.toFile(), false).params().toFloatVector())
                .isEqualTo(MultiLayerNetwork.load(alone.toFile(), false).params().toFloatVector());

        // 8 iterations: 0, 3 and 6, of three layers each.
        assertThat(Files.readAllLines(plane.resolve("plane.csv"))).hasSize(1 + 3 * 3);
        boolean signals = rule != TrainingRule.BACKPROP;
        assertThat(plane.resolve("plane.png")).isNotEmptyFile();
        assertThat(plane.resolve("plane.svg")).isNotEmptyFile();
        assertThat(Files.exists(plane.resolve("signal-norm.svg"))).isEqualTo(signals);
        assertThat(Files.readString(plane.resolve("index.html")))
                .contains("mlp:12,8 on digits by " + rule).contains("Recorded 3 times, up to iteration 6")
                .contains("<td>layer0</td><td>" + (signals ? "local" : "back-propagated") + "</td>")
                .contains("<td>layer2</td><td>readout</td>")
                .doesNotContain("NaN", "http-equiv", "<script", "src=");
    }

    @Test
    void aRunIsRecordedAboutAHundredTimesUnlessToldOtherwise() throws IOException {
        assertThat(run("train", "--data", "digits", "--model", "mlp:4", "--epochs", "4", "--train-limit", "100",
                "--batch", "2", "--information-plane", folder.toString())).isZero();
        // 200 iterations, every second one, of two layers.
        assertThat(Files.readAllLines(folder.resolve("plane.csv"))).hasSize(1 + 100 * 2);
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray(String[]::new);
    }

    /** The class follows from a number, which is missing in places, and from a nominal attribute. */
    @Test
    void arffIsTrainedOn() throws IOException {
        StringBuilder text = new StringBuilder("@relation r\n@attribute x real\n@attribute flip {no,yes}\n"
                + "@attribute class {low,high}\n@data\n");
        for (int i = 0; i < 600; i++) {
            double x = Math.sin(i * i);
            boolean flip = i % 3 == 0;
            text.append(i % 20 == 0 ? "?" : String.valueOf(x)).append(flip ? ",yes," : ",no,")
                    .append(x > 0 == flip ? "low" : "high").append('\n');
        }
        Path file = Files.writeString(folder.resolve("data.arff"), text);
        Path json = folder.resolve("results.json");
        int exit = run("train", "--data", "arff:" + file, "--model", "mlp:16,16", "--batch", "16", "--epochs", "20",
                "--json", json.toString());
        assertThat(err.toString()).isEmpty();
        assertThat(exit).isZero();
        JsonNode result = new ObjectMapper().readTree(json.toFile());
        assertThat(result.get("data").asText()).isEqualTo("data.arff");
        assertThat(result.get("testAccuracy").asDouble()).isGreaterThan(85);
    }

    @Test
    void compareTrainsByAllRules() throws IOException {
        Path json = folder.resolve("results.json");
        int exit = run("compare", "--data", "digits", "--model", "mlp:12", "--epochs", "1", "--train-limit", "100",
                "--json", json.toString(), "--save", folder.resolve("net.zip").toString());
        assertThat(err.toString()).isEmpty();
        assertThat(exit).isZero();
        assertThat(out.toString().lines()).hasSize(4);
        JsonNode results = new ObjectMapper().readTree(json.toFile());
        assertThat(results.findValuesAsText("rule")).containsExactly("backprop", "frozen", "ibhebb");
        for (String rule : new String[] {"backprop", "frozen", "ibhebb"}) {
            assertThat(folder.resolve("net-" + rule + ".zip")).isNotEmptyFile();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "train --data digits --nonsense         | Unknown option: '--nonsense'",
        "train                                  | Missing required option: '--data=SET'",
        "                                       | say what to do: quickstart, train, compare, pretrain-memory, bench, experiment, ledger, results, stream, export or import",
        "train --data imagenet                  | 'imagenet' is none of digits, mnist, fashion-mnist, cifar10",
        "train --data digits --rule magic       | 'magic' is none of backprop, frozen, ibhebb",
        "train --data digits --objective luck   | 'luck' is none of hsic, hsic-zz",
        "train --data digits --model mlp:x      | 'mlp:x' does not list whole numbers",
        "train --data digits --memory 1         | memory (1) must be at least 2",
        "train --data digits --sigma 0          | sigma (0.0) must be",
        "train --data digits --batch 0          | --batch must be at least 1, not 0",
        "train --data digits --epochs 0         | --epochs must be at least 1, not 0",
        "train --data digits --train-limit 0    | --train-limit must be at least 1, not 0",
        "train --data digits --lr 0             | --lr must be a number above 0, not 0.0",
        "train --data digits --lr NaN           | --lr must be a number above 0, not NaN",
        "train --data digits --encode poisson   | --encode says as what a spiking network sees samples, and --model",
        "train --data digits --refractory 1     | --refractory says how long neurons of a spiking network rest",
        "train --data digits --encode morse     | 'morse' is none of current, poisson, latency",
        "train --data digits --model snn:5 --steps 1 --encode latency | timeSteps (1) must be at least 2",
        "train --data digits --lr-hidden -1     | --lr-hidden must be a number above 0, not -1.0",
        "train --data digits --json no/such/x   | there is no folder",
        "train --data digits --every 3          | --every says how often --information-plane DIR records",
        "train --data digits --every 0          | --every must be at least 1, not 0",
        "train --data digits --information-plane pom.xml | pom.xml is a file: name a folder",
        "export x.zip --nir y.nir --image 28x28 | '28x28' is no size of images",
        "compare --data digits --rule ibhebb    | Unknown options: '--rule', 'ibhebb'",
        "train --data csv: | 'csv:' is none of digits, mnist, fashion-mnist, cifar10, csv:FILE, arff:FILE",
        "train --data digits --class x          | --class is for --data csv:FILE or arff:FILE",
        "train --data arff:                     | 'arff:' is none of digits, mnist",
        "train --data csv:x --data-dir y        | --data-dir is for data sets",
        "train --data arff:x --data-dir y       | --data-dir is for data sets",
        "train --data arff:x --flip             | --flip is for images",
        "train --data csv:x --model lenet       | --model lenet is for images: rows take mlp:A,B,...",
        "train --data csv:x --flip              | --flip is for images",
        "train --data csv:x --test-share 1      | --test-share must be above 0 and below 1, not 1.0",
        "bench --nonsense                       | Unknown option: '--nonsense'",
        "experiment                             | say which experiment: paper, best, capacity, objectives, memory, depth, spiking, suite, stream, stream-capacity or stream-peers",
        "experiment capacity                    | Missing required option: '--out=DIR'",
        "experiment capacity --out x --seeds 0  | --seeds must be at least 1, not 0",
        "experiment spiking --out x --steps 4,0 | --steps (0) must be at least 1",
        "experiment spiking --out x --model mlp:5 | --steps is the number of time steps of a spiking network",
        "experiment spiking --out x --steps 1   | timeSteps (1) must be at least 2",
        "experiment spiking --out x --data digits | --data changes one part: say which by --part",
        "experiment spiking --out x --part order --data digits | --data changes a part of images, and --part order is",
        "experiment spiking --out x --part taste | 'taste' is none of mnist, fashion-mnist, digits, order, match",
        "experiment depth --out x --width 0     | --width must be at least 1, not 0",
        "experiment paper --out x --epochs 0    | --epochs must be at least 1, not 0",
        "experiment paper --out x --part svhn   | 'svhn' is none of mnist, cifar10",
        "experiment paper --out x --model mlp:3 | --model changes one part: say which by --part",
        "experiment paper --out x --data digits | --data changes one part: say which by --part",
        "experiment paper --out x --data it     | 'it' is none of digits, mnist",
        "experiment objectives --out x --train-limit 0 | --train-limit must be at least 1, not 0",
        "experiment objectives --out x --budget-minutes 0 | --budget-minutes must be a number above 0, not 0.0",
        "bench --only everything                | 'everything' is none of kernel, step, fit, spiking, stream",
        "bench --seconds 0                      | --seconds must be a number above 0, not 0.0",
        "bench --json no/such/x                 | there is no folder"
    })
    void aWrongCommandLineGetsOneSentenceAndExitCode2(String arguments, String sentence) {
        int exit = run(arguments == null ? new String[0] : arguments.split(" "));
        assertThat(exit).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains(sentence).contains("--help").hasLineCount(1);
    }

    /** From the program's own file to a machine's, and back; images have to be said to be images. */
    @ParameterizedTest
    @CsvSource({"snn:6@3,", "scnn:3@3, 8x8x1"})
    void spikingNetworksGoToMachinesAndComeBack(String model, String image) throws IOException {
        String saved = folder.resolve("spiking.zip").toString();
        String nir = folder.resolve("spiking.nir").toString();
        assertThat(run("train", "--data", "digits", "--model", model, "--epochs", "1", "--train-limit", "60", "--save",
                saved)).isZero();
        if (image != null) {
            assertThat(run("export", saved, "--nir", nir)).isEqualTo(2);
            assertThat(err.toString()).contains("--image HxWxC");
        }
        assertThat(image == null
                ? run("export", saved, "--nir", nir)
                : run("export", saved, "--nir", nir, "--image", image)).isZero();
        Path back = folder.resolve("back.zip");
        assertThat(run("import", nir, "--save", back.toString())).isZero();
        MultiLayerNetwork first = MultiLayerNetwork.load(Path.of(saved).toFile(), false);
        MultiLayerNetwork read = MultiLayerNetwork.load(back.toFile(), false);
        assertThat(read.numParams()).isEqualTo(first.numParams());
    }

    /** A page and numbers; what does not spike has no spikes on it. */
    @ParameterizedTest
    @ValueSource(strings = {"snn:6,5@3", "scnn:2@3+latency", "mlp:6"})
    void aReportShowsARun(String model) throws IOException {
        Path json = folder.resolve("result.json");
        Path report = folder.resolve("report");
        assertThat(run("train", "--data", "digits", "--model", model, "--epochs", "2", "--train-limit", "60",
                "--report", report.toString(), "--json", json.toString())).as(err.toString()).isZero();
        JsonNode firing = new ObjectMapper().readTree(json.toFile()).get("firing");
        String page = Files.readString(report.resolve("index.html"));
        assertThat(page).contains(model + " on digits by ibhebb").contains("Accuracy over training");
        assertThat(report.resolve("accuracy.svg")).isNotEmptyFile();
        if (model.startsWith("mlp")) {
            assertThat(firing).isNull();
            assertThat(page).doesNotContain("Spikes");
            return;
        }
        assertThat(out.toString()).contains("spikes a neuron and time step, layer by layer: ");
        assertThat(firing.get("layers")).hasSize(model.startsWith("snn") ? 2 : 1).allSatisfy(layer -> {
            assertThat(layer.get("timeSteps").asInt()).isEqualTo(3);
            int neurons = 0;
            for (JsonNode bin : layer.get("histogram")) {
                neurons += bin.asInt();
            }
            assertThat(neurons).isEqualTo(layer.get("neurons").asInt());
        });
        assertThat(firing.get("synapticOperations").get("dense").asDouble()).isPositive();
        assertThat(page).contains("Spikes for a test sample of class").contains("Firing rates");
        assertThat(report.resolve("raster-3.png")).isNotEmptyFile();
        assertThat(report.resolve("rates.svg")).isNotEmptyFile();
    }

    /** What can't be written is refused before anything is trained: these would train for hours. */
    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @CsvSource(delimiter = '|', value = {
        "train --data digits --epochs 100000 --json          | /proc/x.json",
        "train --data digits --epochs 100000 --save          | /proc/x.zip",
        "train --data digits --epochs 100000 --json          | LONG",
        "train --data digits --epochs 100000 --save          | LONG",
        "train --data digits --epochs 100000 --information-plane | /proc/x",
        "train --data digits --epochs 100000 --report        | /proc/x",
        "compare --data digits --epochs 100000 --save        | /proc/x.zip",
        "compare --data digits --epochs 100000 --save        | ALMOST",
        "compare --data digits --epochs 100000 --json        | LONG",
        "pretrain-memory --units 20000 --out                 | /proc/x.ibmem",
        "pretrain-memory --units 20000 --out                 | LONG",
        "bench --json                                        | /proc/x.json",
        "results nowhere --out                               | /proc/x.md",
        "experiment best --out                               | /proc/x"
    })
    void whatCannotBeWrittenIsRefusedFirst(String arguments, String target) {
        String name = target.equals("LONG") ? folder.resolve("x".repeat(300)).toString()
                // Long enough to be too long with a rule's name in it.
                : target.equals("ALMOST") ? folder.resolve("x".repeat(250)).toString() : target;
        assertThat(run(with(arguments.split(" "), name))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).hasLineCount(1).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({"--json", "--save", "--information-plane"})
    void anEmptyNameIsRefused(String flag) {
        assertThat(run("train", "--data", "digits", flag, "")).isEqualTo(2);
        assertThat(err.toString()).contains(flag).contains("name a f").hasLineCount(1);
    }

    @Test
    void aLinkIsNotOverwritten() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.writeString(folder.resolve("file"), "old"));
        assertThat(run("train", "--data", "digits", "--json", link.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("is a symbolic link").hasLineCount(1);
        assertThat(link).hasContent("old");
    }

    @Test
    void theLargestBatchIsAllOfTheData() throws IOException {
        Path json = folder.resolve("result.json");
        assertThat(run("train", "--data", "digits", "--model", "mlp:4", "--epochs", "1", "--train-limit", "50",
                "--batch", "2147483647", "--json", json.toString())).as(err.toString()).isZero();
        assertThat(new ObjectMapper().readTree(json.toFile()).get("batch").asInt()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void moreEpochsThanCanBeCountedGetOneSentence() {
        assertThat(run("train", "--data", "digits", "--model", "mlp:4", "--epochs", "2147483647")).isEqualTo(1);
        assertThat(err.toString()).contains("train for fewer epochs").hasLineCount(1);
    }

    @Test
    void tooLargeALearningRateGetsOneSentence() {
        assertThat(run("train", "--data", "digits", "--model", "mlp:8,8", "--epochs", "3", "--lr", "1e30")).isEqualTo(1);
        assertThat(err.toString()).contains("lower the learning rate").hasLineCount(1);
    }

    @Test
    void tooLittleMemoryGetsOneSentence() {
        assertThat(run("train", "--data", "digits", "--model", "mlp:200000,200000", "--epochs", "1")).isEqualTo(1);
        assertThat(err.toString()).contains("not enough memory").hasLineCount(1).doesNotContain("\tat ");
    }

    @Test
    void aNameWithAnAtSignIsAName() throws IOException {
        Path file = Files.writeString(folder.resolve("arguments"), "--help");
        assertThat(run("train", "--data", "digits", "@" + file)).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("@" + file).hasLineCount(1);
    }

    @Test
    void aFileOfOnesOwnIsLearnt() throws IOException {
        Path csv = folder.resolve("mine.csv");
        StringBuilder text = new StringBuilder("left,right,colour,kind\n");
        for (int i = 0; i < 200; i++) {
            text.append(i % 7).append(',').append(i % 11).append(',').append(i % 2 == 0 ? "red" : "blue").append(',')
                    .append(i % 2 == 0 ? "even" : "odd").append('\n');
        }
        Files.writeString(csv, text);
        Path json = folder.resolve("result.json");
        assertThat(run("compare", "--data", "csv:" + csv, "--class", "kind", "--model", "mlp:8", "--batch", "16",
                "--epochs", "12", "--lr", "0.02", "--json", json.toString())).as(err.toString()).isZero();
        JsonNode results = new ObjectMapper().readTree(json.toFile());
        assertThat(results.get(2).get("data").asText()).isEqualTo("mine.csv");
        assertThat(results.get(2).get("trainSamples").asInt()).isEqualTo(160);
        assertThat(results.get(2).get("testSamples").asInt()).isEqualTo(40);
        assertThat(results.get(2).get("testAccuracy").asDouble()).isEqualTo(100);

        Files.writeString(csv, "only,three\n");
        assertThat(run("train", "--data", "csv:" + csv)).isEqualTo(1);
        assertThat(err.toString()).startsWith("ibhebb: " + csv + " has 0 rows").hasLineCount(1);
    }

    @Test
    void missingDataGetsOneSentenceAndExitCode1() {
        int exit = run("train", "--data", "mnist", "--data-dir", folder.toString());
        assertThat(exit).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("ibhebb: there is neither train-images-idx3-ubyte").hasLineCount(1);
    }

    @Test
    void corruptDataGetsOneSentenceAndExitCode1() throws IOException {
        Files.write(folder.resolve("data_batch_1.bin"), new byte[10]);
        Files.write(folder.resolve("test_batch.bin"), new byte[10]);
        int exit = run("train", "--data", "cifar10", "--data-dir", folder.toString());
        assertThat(exit).isEqualTo(1);
        assertThat(err.toString().lines().reduce((first, last) -> last)).hasValueSatisfying(
                line -> assertThat(line).startsWith("ibhebb: ").contains("is cut short"));
    }

    @ParameterizedTest
    @CsvSource({"quickstart", "train", "compare", "bench", "experiment", "experiment paper", "experiment capacity",
        "experiment objectives", "experiment spiking", "experiment suite", "ledger", "results", "pretrain-memory"})
    void helpTeaches(String command) {
        assertThat(run((command + " --help").split(" "))).isZero();
        assertThat(out.toString()).contains("Usage: ibhebb " + command);
        assertThat(err.toString()).isEmpty();
    }
}
