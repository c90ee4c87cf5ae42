package org.ibhebb.samples.option;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of numbers on the command line: each names the flag, its value and its limit. */
public final class Limits {

    private Limits() {}

    /** @param value null passes: the flag was not given */
    public static void atLeastOne(CommandSpec command, String flag, Integer value) {
        if (value != null && value < 1) {
            throw new ParameterException(command.commandLine(), flag + " must be at least 1, not " + value);
        }
    }

    /** @param value null passes: the flag was not given */
    public static void noneOrAtLeastTwo(CommandSpec command, String flag, Integer value) {
        if (value != null && value != 0 && value < 2) {
            throw new ParameterException(command.commandLine(), flag + " must be 0 or at least 2, not " + value);
        }
    }

    /** @param value null passes: the flag was not given */
    public static void positive(CommandSpec command, String flag, Double value) {
        if (value != null && (!(value > 0) || Double.isInfinite(value))) {
            throw new ParameterException(command.commandLine(), flag + " must be a number above 0, not " + value);
        }
    }
}
