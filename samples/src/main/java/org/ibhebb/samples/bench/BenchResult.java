package org.ibhebb.samples.bench;

/**
 * What one case of the bench brought.
 *
 * @param part which comparison
 * @param of what was compared
 * @param times of both sides
 * @param machine on which the floor is worked out
 */
public record BenchResult(BenchPart part, BenchCase of, Comparison times, Machine machine) {

    String key() {
        return part + "." + of.key();
    }

    /** Seconds below which our side can't get. */
    double floor() {
        return machine.floor(of.work());
    }

    /** The rate at which our side gets through its matrix products, as a share of the machine's best. */
    double sgemmShare() {
        return of.work().flops() / times.ours() / machine.sgemm();
    }
}
