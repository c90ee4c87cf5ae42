package org.ibhebb.samples.command;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.ibhebb.samples.data.DataSets;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What {@code --data} names: a data set or a file.
 *
 * @param set null where it is a file
 * @param csv null where it is a data set
 */
record LearntData(DataSets set, Path csv) {

    private static final String CSV = "csv:";

    /** Reads the name of a data set, or {@code csv:} and that of a file. */
    static final class Converter implements ITypeConverter<LearntData> {
        @Override
        public LearntData convert(String text) {
            if (text.startsWith(CSV) && text.length() > CSV.length()) {
                return new LearntData(null, Path.of(text.substring(CSV.length())));
            }
            return new LearntData(Arrays.stream(DataSets.values())
                    .filter(set -> set.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                            + Arrays.stream(DataSets.values()).map(DataSets::toString)
                                    .collect(Collectors.joining(", ")) + ", csv:FILE")), null);
        }
    }
}
