package org.ibhebb.samples.option;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** Commands as a user types them. */
public final class TypedCommand {

    private TypedCommand() {}

    /** The one that is being carried out. */
    public static String of(CommandSpec command) {
        return of(Stream.concat(Stream.of("samples/ibhebb"),
                command.root().commandLine().getParseResult().originalArgs().stream()));
    }

    /** Words, between quotes where a shell would read something else. */
    public static String of(Stream<String> words) {
        return words
                .map(word -> word.matches("[A-Za-z0-9_./:,=@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
