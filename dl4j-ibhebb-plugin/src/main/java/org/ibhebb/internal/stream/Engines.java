package org.ibhebb.internal.stream;

import org.bytedeco.javacpp.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which {@link Engine} is in use: decided once, at the first call, as the property of the kernel says. */
final class Engines {

    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);
    /** The same as the kernel's of signals: {@code native} requires the compiled form, {@code nd4j} the one in Java. */
    private static final String PROPERTY = "ibhebb.kernel";
    private static final Engine JAVA = new JavaEngine();

    private static Engine inUse;

    private Engines() {}

    static synchronized Engine inUse() {
        if (inUse == null) {
            String required = System.getProperty(PROPERTY);
            if ("nd4j".equals(required)) {
                inUse = JAVA;
            } else {
                try {
                    inUse = new NativeEngine();
                } catch (VirtualMachineError e) {
                    throw e;
                } catch (Throwable e) {
                    // Class loaders, modules, processors, containers: whatever it is, the other form does the same.
                    if (required != null) {
                        throw new IllegalStateException("-D" + PROPERTY + "=" + required + " requires the native"
                                + " library of streaming networks, which can't be had: " + e.getMessage(), e);
                    }
                    LOG.info("Streaming networks learn in Java, which is slower than natively: no library for {} loads"
                            + " ({}); add the dependency dl4j-ibhebb-plugin with classifier {}", Loader.getPlatform(),
                            e.getMessage(), Loader.getPlatform());
                    inUse = JAVA;
                }
            }
        }
        return inUse;
    }

    static Engine java() {
        return JAVA;
    }
}
