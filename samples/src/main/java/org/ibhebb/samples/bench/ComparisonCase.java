package org.ibhebb.samples.bench;

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

    @Override
    default int rounds() {
        return Alternation.ROUNDS;
    }

    @Override
    default BenchResult measure(double seconds, Machine machine, Progress progress) {
        return new ComparisonResult(this, new Alternation(prepare(), seconds).run(progress), machine);
    }
}
