package org.ibhebb.internal.learner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.ibhebb.Fixtures;
import org.ibhebb.internal.view.Labels;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A layer that does not learn says so. */
class SilenceTest {

    private static final INDArray ROWS = Fixtures.noise(1, 4, 3);
    private static final INDArray NONE = ROWS.mul(0);

    private final PrintStream err = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Silence silence = new Silence();

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stopListening() {
        System.setErr(err);
    }

    private static List<Labels> labels(int... classes) {
        INDArray rows = Nd4j.zeros(ROWS.dataType(), classes.length, 3);
        for (int sample = 0; sample < classes.length; sample++) {
            rows.putScalar(sample, classes[sample], 1);
        }
        return List.of(Fixtures.classes(rows));
    }

    private String after(int steps, INDArray signal, INDArray rows, List<Labels> labels) {
        for (int step = 0; step < steps; step++) {
            silence.note("layer 'hidden' (index 1)", signal, rows, labels);
            silence.commit();
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void isSaidOnceByNameAndReason() {
        assertThat(after(99, NONE, ROWS, labels(1, 1, 1, 1))).isEmpty();
        assertThat(after(300, NONE, ROWS, labels(1, 1, 1, 1)))
                .containsOnlyOnce("layer 'hidden' (index 1) has had no signal").contains("have one label");
    }

    @Test
    void deadUnitsAreTheirOwnReason() {
        assertThat(after(100, NONE, NONE, labels(0, 1, 2, 0))).contains("may be dead");
    }

    @Test
    void labelsWithoutPartnersAreToo() {
        assertThat(after(100, NONE, ROWS, labels(0, 1, 2, 0))).contains("no partner");
    }

    @Test
    void aLayerThatLearnsNowAndThenIsNotSilent() {
        for (int round = 0; round < 5; round++) {
            after(99, NONE, ROWS, labels(0, 1, 2, 0));
            after(1, ROWS, ROWS, labels(0, 1, 2, 0));
        }
        assertThat(said.size()).isZero();
    }

    /** Whoever only looks at gradients has not trained. */
    @Test
    void stepsThatDoNotCountAreNotCounted() {
        for (int look = 0; look < 200; look++) {
            silence.note("layer 'hidden' (index 1)", NONE, ROWS, labels(1, 1, 1, 1));
            silence.discard();
            silence.commit();
        }
        assertThat(after(99, NONE, ROWS, labels(1, 1, 1, 1))).isEmpty();
        silence.note("layer 'hidden' (index 1)", ROWS, ROWS, labels(1, 1, 1, 1));
        silence.discard();
        assertThat(after(1, NONE, ROWS, labels(1, 1, 1, 1))).contains("has had no signal");
    }
}
