package org.ibhebb.signal;

import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which {@link SignalKernel} is in use: decided once, at the first call. */
final class SignalKernels {

    private static final Logger LOG = LoggerFactory.getLogger(SignalKernel.class);
    private static final String PROPERTY = "ibhebb.kernel";
    private static final String NATIVE = "native";
    private static final String ND4J = "nd4j";

    private static final SignalKernel COMPOSED = new Nd4jSignalKernel();
    private static volatile SignalKernel compiled;
    private static volatile SignalKernel inUse;

    private SignalKernels() {}

    static SignalKernel of(DataType type) {
        SignalKernel kernel = inUse;
        if (kernel == null) {
            kernel = decide();
        }
        if (kernel == COMPOSED || NativeSignalKernel.takes(type)) {
            return kernel;
        }
        if (NATIVE.equals(System.getProperty(PROPERTY))) {
            throw new IllegalStateException("-D" + PROPERTY + "=" + NATIVE + " requires the native kernel, which takes"
                    + " FLOAT and DOUBLE, not " + type + ": leave the property out");
        }
        return COMPOSED;
    }

    static SignalKernel named(String name) {
        return switch (name) {
            case ND4J -> COMPOSED;
            case NATIVE -> {
                try {
                    yield compiled();
                } catch (LinkageError | UnsupportedOperationException e) {
                    throw new IllegalStateException("the native kernel can't be had: " + reason(e), e);
                }
            }
            default -> throw new IllegalArgumentException("no kernel is called '" + name + "': there are " + NATIVE
                    + " and " + ND4J);
        };
    }

    private static synchronized SignalKernel decide() {
        if (inUse != null) {
            return inUse;
        }
        String required = System.getProperty(PROPERTY);
        if (required != null) {
            SignalKernel kernel;
            try {
                kernel = named(required);
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw new IllegalStateException("-D" + PROPERTY + "=" + required + ": " + e.getMessage(), e);
            }
            LOG.info("Modulatory signals are computed by the {} kernel, as -D{} requires", kernel, PROPERTY);
            inUse = kernel;
            return kernel;
        }
        try {
            SignalKernel kernel = compiled();
            LOG.info("Modulatory signals are computed by the native kernel");
            inUse = kernel;
        } catch (LinkageError | UnsupportedOperationException e) {
            LOG.info("Modulatory signals are composed of ND4J's operations, which is slower than the native kernel: {}",
                    reason(e));
            inUse = COMPOSED;
        }
        return inUse;
    }

    private static synchronized SignalKernel compiled() {
        if (compiled == null) {
            compiled = new NativeSignalKernel();
        }
        return compiled;
    }

    private static String reason(Throwable failure) {
        return failure instanceof UnsupportedOperationException
                ? failure.getMessage()
                : "add the dependency dl4j-ibhebb-plugin with classifier " + Loader.getPlatform() + " ("
                        + failure.getMessage() + ")";
    }
}
