package org.ibhebb.samples.stream;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Who gets a loan (Agrawal, Imielinski and Swami, 1993): six numbers and three nominal values of a person, by function
 * 1 of that paper, and from the drift on by function 4. Numbers are perturbed by up to 5 % of their range after the
 * class has been told.
 */
final class AgrawalStream extends GeneratedSource {

    private static final int LEVELS = 5;
    private static final int CARS = 20;
    private static final int ZIPCODES = 9;
    private static final double PERTURBED = 0.05;

    private final Random random;
    private final long drift;
    private long count;

    /** @param drift how many samples come before it */
    AgrawalStream(long seed, long drift) {
        super(List.of(new Column("salary", null), new Column("commission", null), new Column("age", null),
                nominal("elevel", LEVELS), nominal("car", CARS), nominal("zipcode", ZIPCODES),
                new Column("hvalue", null), new Column("hyears", null), new Column("loan", null)), 2);
        this.random = new Random(seed);
        this.drift = drift;
    }

    @Override
    public int next(float[] x, int first) {
        double salary = between(20_000, 150_000);
        double commission = salary >= 75_000 ? 0 : between(10_000, 75_000);
        int age = 20 + random.nextInt(61);
        int level = random.nextInt(LEVELS);
        int car = random.nextInt(CARS);
        int zipcode = random.nextInt(ZIPCODES);
        // Houses of the first zip codes are worth more.
        double value = (ZIPCODES - zipcode) * 100_000 * between(0.5, 1.5);
        int years = 1 + random.nextInt(30);
        double loan = between(0, 500_000);
        boolean granted = count++ < drift ? byAge(age) : bySalary(age, level, salary);
        int place = first;
        x[place++] = perturbed(salary, 20_000, 150_000);
        x[place++] = commission == 0 ? 0 : perturbed(commission, 10_000, 75_000);
        x[place++] = Math.round(perturbed(age, 20, 80));
        place = oneOf(x, place, LEVELS, level);
        place = oneOf(x, place, CARS, car);
        place = oneOf(x, place, ZIPCODES, zipcode);
        x[place++] = perturbed(value, 0, (ZIPCODES - zipcode) * 150_000);
        x[place++] = Math.round(perturbed(years, 1, 30));
        x[place] = perturbed(loan, 0, 500_000);
        return granted ? 0 : 1;
    }

    /** Function 1 of the paper. */
    static boolean byAge(int age) {
        return age < 40 || age >= 60;
    }

    /** Function 4 of the paper. */
    static boolean bySalary(int age, int level, double salary) {
        if (age < 40) {
            return level <= 1 ? isIn(salary, 25_000, 75_000) : isIn(salary, 50_000, 100_000);
        }
        if (age < 60) {
            return level >= 1 && level <= 3 ? isIn(salary, 50_000, 100_000) : isIn(salary, 75_000, 125_000);
        }
        return level >= 2 ? isIn(salary, 50_000, 100_000) : isIn(salary, 25_000, 75_000);
    }

    private static boolean isIn(double value, double least, double most) {
        return value >= least && value <= most;
    }

    private double between(double least, double most) {
        return least + (most - least) * random.nextDouble();
    }

    private float perturbed(double value, double least, double most) {
        double moved = value + PERTURBED * (most - least) * (2 * random.nextDouble() - 1);
        return (float) Math.max(least, Math.min(most, moved));
    }

    private static int oneOf(float[] x, int place, int count, int value) {
        Arrays.fill(x, place, place + count, 0);
        x[place + value] = 1;
        return place + count;
    }
}
