package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Whoever asks for one of ND4J's builds has it: ND4J falls back to another one without a word. */
@EnabledIfSystemProperty(named = "nd4j.classifier", matches = "linux-x86_64.*")
class Nd4jBuildTest {

    @Test
    void theBuildIsTheOneThatWasAskedFor() {
        String asked = System.getProperty("nd4j.classifier");
        Nd4j.zeros(1);
        // ND4J's own numbers.
        int level = asked.endsWith("-avx512") ? 3 : asked.endsWith("-avx2") ? 2 : 1;
        assertThat(NativeOpsHolder.getInstance().getDeviceNativeOps().binaryLevel()).as(asked).isEqualTo(level);
    }
}
