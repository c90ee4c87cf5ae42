package org.ibhebb.internal.stream;

/**
 * Sums over the rows of a square matrix of which one row and one column change at a time, as the oldest sample of a
 * working memory gives way to the newest. Each row's sum is kept in parts, of about the root of its length: a column
 * that changes costs one part of each row and not all of it. A sum is that of its parts, whatever they were before, so
 * that it does not matter when they were formed: a network that is resumed forms them anew, and has the same bits.
 */
final class RowSums {

    /** The elements that are summed. */
    @FunctionalInterface
    interface Elements {

        double at(int row, int column);
    }

    private static final int SHORTEST = 8;

    private final Reals numbers;
    private final long total;
    private final long rows;
    private final long parts;
    private final int length;
    private final int count;

    /**
     * @param numbers where the sums are
     * @param start the first of them
     * @param n how many rows there can be
     */
    RowSums(Reals numbers, long start, int n) {
        this.numbers = numbers;
        this.total = start;
        this.rows = start + 1;
        this.parts = rows + n;
        this.length = length(n);
        this.count = count(n);
    }

    private static int length(int n) {
        int length = SHORTEST;
        while ((long) length * length < n) {
            length *= 2;
        }
        return length;
    }

    private static int count(int n) {
        return (n + length(n) - 1) / length(n);
    }

    /** How many numbers the sums of n rows of n elements take. */
    static long numbers(int n) {
        return 1 + n + (long) n * count(n);
    }

    /**
     * Takes in that a row and a column have changed.
     *
     * @param changed which
     * @param whole whether all of them have
     * @param filled how many there are
     */
    void refresh(int changed, boolean whole, int filled, Elements elements) {
        int used = (filled + length - 1) / length;
        double all = 0;
        for (int p = 0; p < filled; p++) {
            boolean every = whole || p == changed;
            int last = every ? used : changed / length + 1;
            for (int part = every ? 0 : changed / length; part < last; part++) {
                double sum = 0;
                for (int q = part * length; q < Math.min(filled, (part + 1) * length); q++) {
                    sum += elements.at(p, q);
                }
                numbers.put(parts + (long) p * count + part, sum);
            }
            double row = 0;
            for (int part = 0; part < used; part++) {
                row += numbers.get(parts + (long) p * count + part);
            }
            numbers.put(rows + p, row);
            all += row;
        }
        numbers.put(total, all);
    }

    double row(int p) {
        return numbers.get(rows + p);
    }

    double total() {
        return numbers.get(total);
    }
}
