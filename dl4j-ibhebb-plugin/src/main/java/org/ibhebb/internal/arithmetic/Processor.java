package org.ibhebb.internal.arithmetic;

import java.util.List;
import java.util.Locale;

/**
 * The kinds of processors that the native kernel has code for, each of which can do what those before it can: all of
 * x86-64, AVX2, AVX-512, in the order of {@code Processor} in {@code base.hpp}. On other architectures there is one kind,
 * the first. The same operations round differently for different kinds.
 */
enum Processor {
    BASELINE,
    AVX2,
    AVX512;

    private static final String PROPERTY = "ibhebb.processor";
    private static volatile Processor inUse = BASELINE;

    /**
     * The best kind whose code may run: for whoever wants the bits that another machine computes, or to try its code.
     *
     * @throws IllegalArgumentException if the property names none
     */
    static Processor required() {
        String name = System.getProperty(PROPERTY, AVX512.toString());
        List<Processor> all = List.of(values());
        return all.stream().filter(each -> each.toString().equals(name)).findAny()
                .orElseThrow(() -> new IllegalArgumentException("-D" + PROPERTY + "=" + name
                        + ": no kind of processor is called '" + name + "': there are " + all));
    }

    /**
     * Makes the native kernel, which has been loaded, run the code of a kind from now on, or of the best one below it
     * that this processor is of. No other thread may be computing.
     *
     * @return the kind that runs
     */
    static Processor use(Processor most) {
        inUse = values()[NativeLibrary.useProcessor(most.ordinal())];
        return inUse;
    }

    /** {@return the kind whose code runs, once the native kernel has been loaded} */
    static Processor inUse() {
        return inUse;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
