package org.ibhebb.samples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The published files themselves, where this machine has them. */
class RealDataTest {

    private final PrintWriter notes = new PrintWriter(PrintWriter.nullWriter());

    @Test
    void mnist() throws IOException {
        LearningTask mnist = DataSets.MNIST.load(folderWith("mnist"), notes);
        assertThat(mnist.train().count()).isEqualTo(60_000);
        assertThat(mnist.evaluation().count()).isEqualTo(10_000);
        assertThat(mnist.train().shape()).isEqualTo(new ImageShape(28, 28, 1));
        assertThat(((Images) mnist.train().first(5)).labels()).containsExactly(5, 0, 4, 1, 9);
    }

    @Test
    void cifar10() throws IOException {
        LearningTask cifar10 = DataSets.CIFAR10.load(folderWith("cifar10"), notes);
        assertThat(cifar10.train().count()).isPositive().matches(count -> count % 10_000 == 0);
        assertThat(cifar10.evaluation().count()).isEqualTo(10_000);
    }

    private static Path folderWith(String dataSet) {
        Path folder = Stream.of(System.getenv("IBHEBB_DATA"), "../../shared/data")
                .filter(Objects::nonNull)
                .map(Path::of)
                .filter(candidate -> Files.isDirectory(candidate.resolve(dataSet)))
                .findFirst()
                .orElse(null);
        assumeTrue(folder != null,
                "no " + dataSet + " here: set IBHEBB_DATA to a folder that holds a folder of that name");
        return folder;
    }
}
