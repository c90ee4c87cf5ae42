package org.ibhebb.internal.arithmetic;

import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which {@link Arithmetic} is in use: decided once, at the first call. */
final class Arithmetics {

    static final String NATIVE = "native";
    static final String ND4J = "nd4j";

    private static final Logger LOG = LoggerFactory.getLogger(Arithmetic.class);
    private static final String PROPERTY = "ibhebb.kernel";
    private static final Arithmetic COMPOSED = new ReferenceArithmetic();

    private static volatile Arithmetic inUse;
    private static Arithmetic compiled;
    /** Why it can't be had: the JVM gives the cause only once. */
    private static Throwable failure;

    private Arithmetics() {}

    static Arithmetic of(DataType type) {
        Arithmetic kernel = inUse;
        if (kernel == null) {
            kernel = decide();
        }
        if (kernel == COMPOSED || NativeArithmetic.takes(type)) {
            return kernel;
        }
        if (NATIVE.equals(System.getProperty(PROPERTY))) {
            throw new IllegalStateException("-D" + PROPERTY + "=" + NATIVE + " requires the native kernel, which takes"
                    + " FLOAT and DOUBLE, not " + type + ": leave the property out");
        }
        return COMPOSED;
    }

    static Arithmetic named(String name) {
        return switch (name) {
            case ND4J -> COMPOSED;
            case NATIVE -> {
                Arithmetic kernel = compiled();
                if (kernel == null) {
                    throw new IllegalStateException("the native kernel can't be had: " + reason(), failure);
                }
                yield kernel;
            }
            default -> throw new IllegalArgumentException("no kernel is called '" + name + "': there are " + NATIVE
                    + " and " + ND4J);
        };
    }

    private static synchronized Arithmetic decide() {
        if (inUse != null) {
            return inUse;
        }
        String required = System.getProperty(PROPERTY);
        if (required != null) {
            try {
                inUse = named(required);
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw new IllegalStateException("-D" + PROPERTY + "=" + required + ": " + e.getMessage(), e);
            }
            LOG.info("Modulatory signals are computed by the {} kernel, as -D{} requires", required, PROPERTY);
        } else if (compiled() != null) {
            inUse = compiled;
            LOG.info("Modulatory signals are computed by the native kernel");
        } else {
            inUse = COMPOSED;
            LOG.info("Modulatory signals are composed of ND4J's operations, which is slower than the native kernel: {}",
                    reason());
        }
        return inUse;
    }

    private static synchronized Arithmetic compiled() {
        if (compiled == null && failure == null) {
            try {
                compiled = new NativeArithmetic();
            } catch (LinkageError | UnsupportedOperationException e) {
                failure = e;
            }
        }
        return compiled;
    }

    private static String reason() {
        if (failure instanceof UnsupportedOperationException) {
            return failure.getMessage();
        }
        String platform = Loader.getPlatform();
        return NativeLibrary.isOnClassPath()
                ? "its library for " + platform + " does not load: " + failure.getMessage()
                : "no library for " + platform + " is on the class path: add the dependency dl4j-ibhebb-plugin with"
                        + " classifier " + platform;
    }
}
