package org.ibhebb.internal.stream;

import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;
import org.ibhebb.internal.arithmetic.NativeLibrary;

/**
 * The entry points of {@code stream.hpp}, where they are described. JavaCPP generates the bridge when the plugin is
 * built, in one library with that of {@link NativeLibrary}. All arguments are addresses and sizes; {@link NativeEngine}
 * gives them, and nothing here checks them.
 */
@Platform(include = "kernel.hpp", library = NativeLibrary.LIBRARY, compiler = "cpp17")
@Namespace("ibhebb::stream")
@NoException
final class NativeStream {

    static final int FLOAT = 0;
    static final int DOUBLE = 1;

    static final int OUT_OF_MEMORY = -2;

    private NativeStream() {}

    static void load() {
        NativeLibrary.load();
    }

    static native long learn(int type, long plan, long parameters, long averaged, long state, long clock, long values,
            long stride, long elements, long starts, long classes, long labels, long labelStride, long n,
            long predictions);

    static native long predict(int type, long plan, long parameters, long state, long values, long stride,
            long elements, long starts, long n, long predictions);

    static native long check(int type, long plan, long values, long stride, long elements, long starts, long labels,
            long labelStride, long n);
}
