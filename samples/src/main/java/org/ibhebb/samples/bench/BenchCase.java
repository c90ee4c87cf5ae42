package org.ibhebb.samples.bench;

/** One comparison of the bench: light to hold, and prepared only when its turn comes. */
public interface BenchCase {

    /** Its name in the JSON file, from the second word on: {@code batch.hsic.n64.d512}. */
    String key();

    /** Its name in the table. */
    String title();

    /** What our side has to do at least. */
    Work work();

    /** Makes the arrays or networks. */
    Rivals prepare();
}
