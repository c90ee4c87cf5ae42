package org.ibhebb.internal.stream;

import org.ibhebb.internal.arithmetic.OtherProcessors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** {@link EnginesAgreeTest} by the native code that machines without this one's vector instructions run. */
class EnginesAgreeOnOtherProcessorsTest {

    @Nested
    class Avx2 extends EnginesAgreeTest {

        @BeforeAll
        static void use() {
            OtherProcessors.use("avx2");
        }

        @AfterAll
        static void back() {
            OtherProcessors.back();
        }
    }

    @Nested
    class Baseline extends EnginesAgreeTest {

        @BeforeAll
        static void use() {
            OtherProcessors.use("baseline");
        }

        @AfterAll
        static void back() {
            OtherProcessors.back();
        }
    }
}
