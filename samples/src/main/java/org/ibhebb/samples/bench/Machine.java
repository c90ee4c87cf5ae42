package org.ibhebb.samples.bench;

import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How fast this machine is at what no kernel can do without, measured through ND4J and Java.
 *
 * @param sgemm matrix product in single precision, operations a second
 * @param dgemm the same in double precision
 * @param copy bytes read and written a second, by the size of the array that is copied: small ones stay in the
 *     processor's caches
 */
public record Machine(double sgemm, double dgemm, TreeMap<Integer, Double> copy) {

    private static final int ORDER = 512;
    /** For the first cache, the second, the last, and memory. */
    private static final int[] KIBIBYTES = {16, 256, 4 << 10, 64 << 10};
    private static final int LEAST_RUNS = 5;

    /**
     * Measures.
     *
     * @param seconds for each of the rates
     */
    public static Machine measure(double seconds) {
        TreeMap<Integer, Double> copy = new TreeMap<>();
        for (int kibibytes : KIBIBYTES) {
            copy.put(kibibytes, copy(kibibytes, seconds));
        }
        return new Machine(gemm(DataType.FLOAT, seconds), gemm(DataType.DOUBLE, seconds), copy);
    }

    /** From memory to memory. */
    double memoryCopy() {
        return copy.lastEntry().getValue();
    }

    /** Seconds below which this work can't be done, if its arrays are as near as they can be. */
    double floor(Work work) {
        // A copy of x KiB works on twice as much.
        Map.Entry<Integer, Double> fitting = copy.ceilingEntry((int) Math.ceil(work.bytes() / 2048));
        return Math.max(work.flops() / sgemm, work.bytes() / (fitting == null ? memoryCopy() : fitting.getValue()));
    }

    private static double gemm(DataType type, double seconds) {
        INDArray a = Nd4j.rand(type, ORDER, ORDER);
        INDArray b = Nd4j.rand(type, ORDER, ORDER);
        INDArray c = Nd4j.createUninitialized(type, new long[] {ORDER, ORDER}, 'f');
        return 2.0 * ORDER * ORDER * ORDER / best(seconds, 1, () -> Nd4j.gemm(a, b, c, false, false, 1, 0));
    }

    private static double copy(int kibibytes, double seconds) {
        float[] from = new float[kibibytes << 8];
        float[] to = new float[from.length];
        int calls = Math.max(1, (1 << 10) / kibibytes);
        return 2.0 * 1024 * kibibytes
                / best(seconds, calls, () -> System.arraycopy(from, 0, to, 0, from.length));
    }

    /** Seconds of a call in the fastest of several runs: what others did to the machine only ever adds. */
    private static double best(double seconds, int calls, Runnable task) {
        long best = Long.MAX_VALUE;
        long begin = System.nanoTime();
        for (int run = 0; run < LEAST_RUNS || System.nanoTime() - begin < seconds * 1e9; run++) {
            long start = System.nanoTime();
            for (int call = 0; call < calls; call++) {
                task.run();
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        return best / 1e9 / calls;
    }
}
