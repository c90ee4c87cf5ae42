package org.ibhebb.samples;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.ibhebb.rule.Objective;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an enum constant by the name that users see; picocli's own way would also offer the Java name. */
abstract class ByName<E extends Enum<E>> implements ITypeConverter<E> {

    private final Class<E> type;

    ByName(Class<E> type) {
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

    /** For {@code --data}. */
    static final class OfData extends ByName<DataSets> {
        OfData() {
            super(DataSets.class);
        }
    }

    /** For {@code --rule}. */
    static final class OfRule extends ByName<TrainingRule> {
        OfRule() {
            super(TrainingRule.class);
        }
    }

    /** For {@code --only}. */
    static final class OfPart extends ByName<BenchPart> {
        OfPart() {
            super(BenchPart.class);
        }
    }

    /** For {@code --part}. */
    static final class OfPaperPart extends ByName<PaperPart> {
        OfPaperPart() {
            super(PaperPart.class);
        }
    }

    /** For {@code --part}. */
    static final class OfBestPart extends ByName<BestPart> {
        OfBestPart() {
            super(BestPart.class);
        }
    }

    /** For {@code --objective}. */
    static final class OfObjective extends ByName<Objective.Kind> {
        OfObjective() {
            super(Objective.Kind.class);
        }
    }
}
