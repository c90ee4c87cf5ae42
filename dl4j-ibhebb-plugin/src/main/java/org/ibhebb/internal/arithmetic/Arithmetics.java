package org.ibhebb.internal.arithmetic;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.api.buffer.DataType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which {@link Arithmetic} is in use: decided once, at the first call. This is the one place that makes them, so that
 * whoever wants to count or replace operations {@linkplain #decorate decorates} them here.
 */
final class Arithmetics {

    static final String NATIVE = "native";
    static final String ND4J = "nd4j";

    private static final Logger LOG = LoggerFactory.getLogger(Arithmetic.class);
    private static final String PROPERTY = "ibhebb.kernel";
    private static final Arithmetic COMPOSED = new ReferenceArithmetic();

    /** Null until it is decided. */
    private static volatile Chosen chosen;
    private static volatile UnaryOperator<Arithmetic> decorator = UnaryOperator.identity();
    private static Arithmetic compiled;
    /** Why it can't be had: the JVM gives the cause only once. */
    private static Throwable failure;

    private Arithmetics() {}

    static Arithmetic of(DataType type) {
        Chosen own = chosen();
        if (own.plain == COMPOSED || NativeArithmetic.takes(type)) {
            return own.fastest;
        }
        if (NATIVE.equals(System.getProperty(PROPERTY))) {
            throw new IllegalStateException("-D" + PROPERTY + "=" + NATIVE + " requires the native kernel, which takes"
                    + " FLOAT and DOUBLE, not " + type + ": leave the property out");
        }
        return own.composed;
    }

    static Choice choice() {
        return chosen().choice;
    }

    /**
     * Puts something around every form of the arithmetic that {@link #of} gives from now on.
     *
     * @param around given a form, what is to be used in its place
     */
    static synchronized void decorate(UnaryOperator<Arithmetic> around) {
        decorator = around;
        if (chosen != null) {
            chosen = new Chosen(chosen.plain, chosen.choice);
        }
    }

    /**
     * Counts the operations of every form of the arithmetic that {@link #of} gives from now on.
     *
     * @param told of each operation; null ends it
     */
    static void count(Consumer<OperationCounter.Operation> told) {
        decorate(told == null ? UnaryOperator.identity() : each -> new CountingArithmetic(each, told));
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

    private static Chosen chosen() {
        Chosen own = chosen;
        return own == null ? decide() : own;
    }

    private static synchronized Chosen decide() {
        if (chosen != null) {
            return chosen;
        }
        Processor.required();
        String required = System.getProperty(PROPERTY);
        if (required != null) {
            Arithmetic kernel;
            try {
                kernel = named(required);
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw new IllegalStateException("-D" + PROPERTY + "=" + required + ": " + e.getMessage(), e);
            }
            LOG.info("Modulatory signals are computed by the {} kernel, as -D{} requires", required, PROPERTY);
            chosen = new Chosen(kernel, new Choice(required, "-D" + PROPERTY + " requires it"));
        } else if (compiled() != null) {
            LOG.info("Modulatory signals are computed by the native kernel ({})", Processor.inUse());
            chosen = new Chosen(compiled, new Choice(NATIVE, "it is the fastest, and its library loads"));
        } else {
            String reason = reason();
            LOG.info("Modulatory signals are composed of ND4J's operations, which is slower than the native kernel: {}",
                    reason);
            chosen = new Chosen(COMPOSED, new Choice(ND4J, reason));
        }
        return chosen;
    }

    /** Null, with the failure, if it can't be had. */
    private static synchronized Arithmetic compiled() {
        if (compiled == null && failure == null) {
            try {
                warnOfOthers();
                compiled = new NativeArithmetic(COMPOSED);
            } catch (VirtualMachineError e) {
                throw e;
            } catch (Throwable e) {
                // Class loaders, modules, processors, containers: whatever it is, the other form does the same.
                failure = e;
            }
        }
        return compiled;
    }

    private static void warnOfOthers() throws IOException {
        Path folder = Loader.getCacheDir().toPath();
        String objection = LibraryFolder.objection(folder, System.getProperty("user.name"));
        if (objection != null) {
            LOG.warn("IbHebb: native libraries, ND4J's too, are loaded from {}, which {}: whoever writes there runs code"
                    + " in this program. Name a folder of your own by -Dorg.bytedeco.javacpp.cachedir=FOLDER", folder,
                    objection);
        }
    }

    private static String reason() {
        if (failure instanceof UnsupportedOperationException) {
            return failure.getMessage();
        }
        try {
            return NativeLibrary.whyNotLoaded(failure);
        } catch (RuntimeException | LinkageError e) {
            // JavaCPP itself can't be had.
            return "its library does not load: " + failure;
        }
    }

    /** The form that was chosen, as it is and as it is to be used. */
    private static final class Chosen {

        final Arithmetic plain;
        final Arithmetic fastest;
        final Arithmetic composed;
        final Choice choice;

        Chosen(Arithmetic plain, Choice choice) {
            this.plain = plain;
            this.fastest = decorator.apply(plain);
            this.composed = plain == COMPOSED ? fastest : decorator.apply(COMPOSED);
            this.choice = choice;
        }
    }
}
