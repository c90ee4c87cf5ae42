package org.ibhebb.samples.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnergyCountersTest {

    @TempDir
    private Path folder;

    /** Two processors, the cores of one, which count within it, its memory, and the folder of all of them. */
    @BeforeEach
    void machine() throws IOException {
        zone("intel-rapl:0", "package-0", 12_000_000);
        zone("intel-rapl:0:0", "core", 7_000_000);
        zone("intel-rapl:0:1", "dram", 500_000);
        zone("intel-rapl:1", "package-1", 9_999_000_000L);
        Files.createDirectory(folder.resolve("intel-rapl"));
    }

    @Test
    void processorsAndMemoryAreMeasured() throws IOException {
        EnergyCounters counters = EnergyCounters.in(folder);
        EnergyCounters.Reading before = counters.read();
        assertThat(counters.joulesSince(before)).isZero();
        count("intel-rapl:0", 15_500_000);
        count("intel-rapl:0:0", 8_000_000);
        count("intel-rapl:0:1", 1_000_000);
        assertThat(counters.joulesSince(before)).isCloseTo(3.5 + 0.5, within(1e-9));
    }

    @Test
    void aCounterBeginsAnewAtItsLimit() throws IOException {
        EnergyCounters counters = EnergyCounters.in(folder);
        EnergyCounters.Reading before = counters.read();
        count("intel-rapl:1", 2_000_000);
        assertThat(counters.joulesSince(before)).isCloseTo(3, within(1e-9));
    }

    @Test
    void whatIsNotThereIsNotMeasured() throws IOException {
        EnergyCounters none = EnergyCounters.in(folder.resolve("none"));
        assertThat(none.read()).isNull();
        assertThat(none.joulesSince(null)).isNull();
        assertThat(none).asString().contains("no energy counters");
        count("intel-rapl:0", "?");
        assertThat(EnergyCounters.in(folder).read()).isNull();
    }

    @Test
    void namesWhatThereIs() {
        assertThat(EnergyCounters.in(folder)).asString()
                .contains("package-0", "package-1", "dram", "energy_uj, readable").doesNotContain("core");
    }

    private void zone(String zone, String name, long microjoules) throws IOException {
        Files.createDirectory(folder.resolve(zone));
        Files.writeString(folder.resolve(zone).resolve("name"), name + "\n");
        Files.writeString(folder.resolve(zone).resolve("max_energy_range_uj"), "10000000000\n");
        count(zone, microjoules);
    }

    private void count(String zone, Object microjoules) throws IOException {
        Files.writeString(folder.resolve(zone).resolve("energy_uj"), microjoules + "\n");
    }
}
