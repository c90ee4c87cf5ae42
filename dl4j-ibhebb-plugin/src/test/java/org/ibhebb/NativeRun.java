package org.ibhebb;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * An ordinary build runs the tests without native code first, and then with it. Tests that ask which of the two they are
 * in are not {@link ForAnyKernel}, or they would not run with it.
 */
public final class NativeRun {

    private NativeRun() {}

    /** {@return whether native code may be used} */
    public static boolean isOn() {
        return !"nd4j".equals(System.getProperty("ibhebb.kernel"));
    }

    /** Skips the rest of the test in the run without native code. */
    public static void assume() {
        assumeTrue(isOn(), "this is the run without native code");
    }
}
