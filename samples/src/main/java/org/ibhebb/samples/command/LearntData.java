package org.ibhebb.samples.command;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.ibhebb.samples.data.ArffFile;
import org.ibhebb.samples.data.CsvFile;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.data.LearningTask;
import org.ibhebb.samples.folder.DataException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What {@code --data} names: a data set or a file.
 *
 * @param set null where it is a file
 * @param file null where it is a data set
 * @param format of the file; null where it is a data set
 */
record LearntData(DataSets set, Path file, Format format) {

    /** What a file may be written in. */
    enum Format {
        CSV("csv:", CsvFile::load), ARFF("arff:", ArffFile::load);

        private final String prefix;
        private final Loader loader;

        Format(String prefix, Loader loader) {
            this.prefix = prefix;
            this.loader = loader;
        }
    }

    /** Reads a file; draws the rows to test on by a seed. */
    private interface Loader {
        LearningTask load(Path file, String classColumn, double testShare, long seed) throws DataException;
    }

    boolean isFile() {
        return file != null;
    }

    /** Reads the file. */
    LearningTask load(String classColumn, double testShare, long seed) throws DataException {
        return format.loader.load(file, classColumn, testShare, seed);
    }

    /** Reads the name of a data set, or {@code csv:} or {@code arff:} and that of a file. */
    static final class Converter implements ITypeConverter<LearntData> {
        @Override
        public LearntData convert(String text) {
            for (Format format : Format.values()) {
                if (text.startsWith(format.prefix) && text.length() > format.prefix.length()) {
                    return new LearntData(null, Path.of(text.substring(format.prefix.length())), format);
                }
            }
            return new LearntData(Arrays.stream(DataSets.values())
                    .filter(set -> set.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
                            + Arrays.stream(DataSets.values()).map(DataSets::toString)
                                    .collect(Collectors.joining(", ")) + ", csv:FILE, arff:FILE")), null, null);
        }
    }
}
