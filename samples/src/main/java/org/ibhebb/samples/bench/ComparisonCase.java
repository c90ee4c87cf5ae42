package org.ibhebb.samples.bench;

import java.util.function.LongSupplier;
import org.ibhebb.samples.report.Progress;

/** A comparison of two sides, which are timed in turn. */
interface ComparisonCase extends BenchCase {

    /** Which comparison. */
    BenchPart part();

    /** Its name in the JSON file, from the second word on: {@code batch.hsic.n64.d512}. */
    String key();

    /** Its name in the table. */
    String title();

    /** What our side has to do at least. */
    Work work();

    /** Makes the arrays or networks. */
    Rivals prepare();

    /** Of how many steps a call of each side consists. */
    default int stepsOfACall() {
        return 1;
    }

    /** By which both sides are timed, in nanoseconds. */
    default LongSupplier clock() {
        return System::nanoTime;
    }

    @Override
    default int rounds() {
        return Alternation.ROUNDS;
    }

    @Override
    default BenchResult measure(double seconds, Machine machine, Progress progress) {
        Comparison calls = new Alternation(prepare(), seconds, clock()).run(progress);
        Comparison steps = new Comparison(calls.ours() / stepsOfACall(), calls.other() / stepsOfACall(), calls.ratio(),
                calls.low(), calls.high());
        return new ComparisonResult(this, steps, machine);
    }
}
