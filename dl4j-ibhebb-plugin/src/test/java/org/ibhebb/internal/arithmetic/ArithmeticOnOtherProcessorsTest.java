package org.ibhebb.internal.arithmetic;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** {@link ArithmeticTest} by the native code that machines without this one's vector instructions run. */
class ArithmeticOnOtherProcessorsTest {

    @Nested
    class Avx2 extends ArithmeticTest {

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
    class Baseline extends ArithmeticTest {

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
