package org.ibhebb.samples.option;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an enum constant by the name that users see; picocli's own way would also offer the Java name. */
public abstract class ByName<E extends Enum<E>> implements ITypeConverter<E> {

    private final Class<E> type;

    /** @param type of which the constants are the values that a flag can have */
    public ByName(Class<E> type) {
        this.type = type;
    }

    @Override
    public E convert(String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                        + Arrays.stream(type.getEnumConstants()).map(E::toString).collect(Collectors.joining(", "))));
    }
}
