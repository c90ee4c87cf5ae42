package org.ibhebb.samples.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.ibhebb.samples.Main;
import org.junit.jupiter.api.Test;

class QuickstartTest {

    @Test
    void theLocalRuleLearnsWhatFrozenLayersCannot() {
        PrintStream stdout = System.out;
        PrintStream stderr = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.commandLine().execute("quickstart")).isZero();
        } finally {
            System.setOut(stdout);
            System.setErr(stderr);
        }

        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().collect(Collectors.toList());
        assertThat(lines).hasSize(6);
        assertThat(lines.get(0)).matches("rule +test accuracy +seconds");
        assertThat(lines.get(5)).contains("conf = IbHebb.convert(conf);");
        double frozen = accuracy(lines.get(2), "frozen");
        double local = accuracy(lines.get(3), "ibhebb");
        assertThat(accuracy(lines.get(1), "backprop")).isGreaterThanOrEqualTo(95);
        assertThat(local).isGreaterThanOrEqualTo(95).isGreaterThanOrEqualTo(frozen + 3);
    }

    private static double accuracy(String line, String rule) {
        String[] words = line.split(" +");
        assertThat(words[0]).isEqualTo(rule);
        return Double.parseDouble(words[1]);
    }
}
