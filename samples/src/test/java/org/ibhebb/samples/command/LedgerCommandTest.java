package org.ibhebb.samples.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ibhebb.samples.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import picocli.CommandLine;

class LedgerCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }

    @Test
    void comparesTheWays(@TempDir Path folder) throws IOException {
        Path json = folder.resolve("ledger.json");
        Path report = folder.resolve("report");
        assertThat(run("ledger", "--model", "mlp:7,5", "--batch", "1", "--json", json.toString(),
                "--report", report.toString())).as(err.toString()).isZero();
        assertThat(out.toString()).contains("back-propagation, lean", "the rule", "the rule in a stream's fit",
                "streaming", "Horowitz", "7 nm");
        JsonNode ledgers = new ObjectMapper().readTree(json.toFile());
        for (JsonNode ledger : ledgers) {
            long read = 0;
            for (JsonNode row : ledger.get("rows")) {
                for (JsonNode access : row.get("accesses")) {
                    read += access.get("read").asLong();
                }
            }
            assertThat(ledger.get("bytesRead").asLong()).isEqualTo(read).isPositive();
        }
        assertThat(Files.readString(report.resolve("index.html")))
                .contains("Energy", "<svg", "BP is back-propagation");
    }

    @Test
    void convolutions() {
        assertThat(run("ledger", "--model", "cnn:3,5", "--shape", "13,11,2", "--updater", "sgd", "--batch", "8"))
                .as(err.toString()).isZero();
        assertThat(out.toString()).contains("accumulating over parts of 2").doesNotContain("streaming");
    }

    @Test
    void streamsOfSingleSamples() {
        assertThat(run("ledger", "--model", "cnn:3,5", "--shape", "13,11,2", "--batch", "1"))
                .as(err.toString()).isZero();
        assertThat(out.toString()).contains("streaming").doesNotContain("stream's fit");
        assertThat(run("ledger", "--model", "snn:7,5", "--batch", "1")).as(err.toString()).isZero();
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThat(run("ledger", "--shape", "28,28")).isEqualTo(2);
        assertThat(run("ledger", "--active", "2,1")).isEqualTo(2);
        assertThat(run("ledger", "--model", "mlp:5+all")).isEqualTo(2);
        assertThat(err.toString()).contains("--shape must be three", "--active", "+all");
    }

    @Test
    void batchNormalizationAndSpikes() {
        assertThat(run("ledger", "--model", "cnn-bn:3,5", "--shape", "13,11,2", "--batch", "8"))
                .as(err.toString()).isZero();
        assertThat(run("ledger", "--model", "snn:7,5", "--batch", "4", "--active", "1,0.1"))
                .as(err.toString()).isZero();
        assertThat(run("ledger", "--model", "scnn:3,5", "--shape", "13,11,2", "--batch", "4"))
                .as(err.toString()).isZero();
        assertThat(out.toString()).contains("by spikes").doesNotContain("stream");
    }
}
