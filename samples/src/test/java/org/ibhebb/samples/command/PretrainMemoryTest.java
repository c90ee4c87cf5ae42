package org.ibhebb.samples.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.samples.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Memory networks as a user of the program meets them. */
class PretrainMemoryTest {

    @TempDir
    private Path folder;

    private StringWriter out;
    private StringWriter err;

    private int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void oneIsPretrainedCheckedAndTrainedWith() throws IOException {
        Path file = folder.resolve("memory.ibmem");
        assertThat(run("pretrain-memory", "--units", "60", "--recall", "4", "--label-width", "10", "--activity-width",
                "10", "--seed", "3", "--out", file.toString())).isZero();
        assertThat(err.toString()).isEmpty();
        MemoryNetwork network = MemoryNetwork.load(file);
        assertThat(network.units()).isEqualTo(60);
        assertThat(network.width()).isEqualTo(10);
        assertThat(network.recall()).isEqualTo(4);
        assertThat(network.seed()).isEqualTo(3);
        assertThat(out.toString()).contains("60 units for every 10 columns", network.checksum(), "capacity",
                "1 back", "3 back", "on digits", "neighbourhood mlp:64", "hsic mlp:10");
        String measured = out.toString().substring(out.toString().indexOf("60 units"));

        assertThat(run("pretrain-memory", "--check", file.toString(), "--data", "digits")).isZero();
        assertThat(out.toString()).isEqualTo(measured);

        Path json = folder.resolve("result.json");
        assertThat(run("train", "--data", "digits", "--model", "mlp:12,8", "--batch", "1", "--epochs", "1",
                "--train-limit", "60", "--memory-network", file.toString(), "--json", json.toString())).isZero();
        JsonNode result = new ObjectMapper().readTree(json.toFile());
        assertThat(result.get("memory").asInt()).isEqualTo(4);
        assertThat(result.get("learningRule").get("memoryNetwork").get("checksum").asText())
                .isEqualTo(network.checksum());

        assertThat(run("train", "--data", "digits", "--model", "mlp:12,8", "--memory", "5", "--memory-network",
                file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("memory (5)", "at most 4");
    }

    @Test
    void wrongFlagsAndFilesAreNamed() throws IOException {
        assertThat(run("pretrain-memory")).isEqualTo(2);
        assertThat(err.toString()).contains("--out", "--check");
        assertThat(run("pretrain-memory", "--check", "x.ibmem", "--units", "7")).isEqualTo(2);
        assertThat(err.toString()).contains("--check takes no sizes");
        assertThat(run("pretrain-memory", "--units", "7", "--out", folder.resolve("m.ibmem").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("units (7)", "from 32");
        Path text = Files.writeString(folder.resolve("text"), "not such a file");
        for (String command : new String[] {"pretrain-memory --check ", "train --data digits --memory-network "}) {
            assertThat(run((command + text).split(" "))).isEqualTo(1);
            assertThat(err.toString()).isEqualTo("ibhebb: " + text + ": this is no memory network (.ibmem) file"
                    + System.lineSeparator());
        }
    }
}
