package org.ibhebb.samples.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnergyCountersTest {

    @Test
    void namesWhatLinuxShows(@TempDir Path folder) throws IOException {
        Path zone = Files.createDirectory(folder.resolve("intel-rapl:0"));
        Files.writeString(zone.resolve("name"), "package-0\n");
        Files.writeString(zone.resolve("energy_uj"), "12345\n");
        // The folder of all of them is no counter.
        Files.createDirectory(folder.resolve("intel-rapl"));
        assertThat(EnergyCounters.of(folder)).hasSize(1);
        assertThat(EnergyCounters.describe(folder)).contains("package-0", "energy_uj, readable");
    }

    @Test
    void saysThatThereAreNone(@TempDir Path folder) {
        assertThat(EnergyCounters.describe(folder)).contains("no energy counters");
        assertThat(EnergyCounters.describe(folder.resolve("none"))).contains("no energy counters");
    }
}
