package org.ibhebb.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.Fixtures;
import org.ibhebb.IbHebb;
import org.ibhebb.rule.LearningRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which checkpoints there are; that each goes on as its network does is tested where interruptions are. */
class CheckpointsTest {

    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private MultiLayerNetwork trained(int steps, Checkpoints checkpoints) {
        MultiLayerNetwork net = Fixtures.localMlp(LearningRule.builder().memory(8).build(), 5, 4, 3);
        net.setListeners(checkpoints);
        for (int step = 0; step < steps; step++) {
            net.fit(Fixtures.clusters(step, 4, 5, 3));
        }
        return net;
    }

    @Test
    void theLatestStay() throws IOException {
        MultiLayerNetwork net = trained(9, new Checkpoints(folder, 2, 3));
        assertThat(names()).containsExactly("checkpoint-4.zip", "checkpoint-6.zip", "checkpoint-8.zip");
        assertThat(Checkpoints.last(folder)).contains(folder.resolve("checkpoint-8.zip"));
        assertThat(net.getIterationCount()).isEqualTo(9);
    }

    /** An older run's, of more iterations, do not drive out those that are written. */
    @Test
    void whatIsWrittenIsNotDeletedForAnotherRunsFiles() throws IOException {
        trained(9, new Checkpoints(folder, 3, 3));
        assertThat(names()).containsExactly("checkpoint-3.zip", "checkpoint-6.zip", "checkpoint-9.zip");
        MultiLayerNetwork anew = trained(2, new Checkpoints(folder, 1, 2));
        assertThat(names()).containsExactly("checkpoint-2.zip", "checkpoint-9.zip");
        MultiLayerNetwork read = IbHebb.restoreMultiLayerNetwork(folder.resolve("checkpoint-2.zip"));
        assertThat(Fixtures.values(read.params())).containsExactly(Fixtures.values(anew.params()));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFolderThatCannotBeWrittenToIsRefusedAtOnce() throws IOException {
        assertThatThrownBy(() -> new Checkpoints(Path.of("/proc"), 1, 1)).isInstanceOf(UncheckedIOException.class)
                .hasMessageContainingAll("/proc", "written to");
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> new Checkpoints(file, 1, 1)).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString());
        new Checkpoints(folder, 1, 1);
        assertThat(names()).containsExactly("file");
        assertThatThrownBy(() -> new Checkpoints(folder, 0, 1)).hasMessageContaining("every (0)");
    }
}
