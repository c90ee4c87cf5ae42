package org.ibhebb.internal.arithmetic;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Locale;
import org.ibhebb.NativeRun;

/** Makes the native kernel run what it has for lesser processors than this one, which no test would see otherwise. */
public final class OtherProcessors {

    private static Processor own;

    private OtherProcessors() {}

    /**
     * Until {@link #back}; the test is skipped where there is nothing to try.
     *
     * @param name {@code baseline} or {@code avx2}
     */
    public static void use(String name) {
        NativeRun.assume();
        assumeTrue("native".equals(Arithmetic.choice().name()), "there is no native kernel");
        own = Processor.inUse();
        Processor other = Processor.valueOf(name.toUpperCase(Locale.ROOT));
        assumeTrue(other.compareTo(own) < 0, "this processor's own code is for " + own);
        Processor.use(other);
    }

    /** This processor's own code again. */
    public static void back() {
        if (own != null) {
            Processor.use(own);
        }
    }
}
