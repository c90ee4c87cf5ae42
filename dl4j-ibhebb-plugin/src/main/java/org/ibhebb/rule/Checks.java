package org.ibhebb.rule;

/** The checks that every setting of a rule passes: each names the setting, its value and its limit. */
final class Checks {

    private Checks() {}

    static void present(Object value, String name) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
    }

    static void positive(double value, String name) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " (" + value + ") must be a finite number above 0");
        }
    }

    static void notNegative(double value, String name) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " (" + value + ") must be a finite number, 0 or more");
        }
    }

    static void atLeast(int limit, int value, String name) {
        if (value < limit) {
            throw new IllegalArgumentException(name + " (" + value + ") must be at least " + limit);
        }
    }
}
