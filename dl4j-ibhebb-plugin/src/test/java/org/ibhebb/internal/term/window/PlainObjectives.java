package org.ibhebb.internal.term.window;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.Objective;

/** The objectives once more, as plain loops straight from the table of formulas: slow, and independent of ND4J. */
final class PlainObjectives {

    private PlainObjectives() {}

    /** Those that there are, which is what parameterised tests of windows go through. */
    static Stream<Objective.Kind> kinds() {
        return Arrays.stream(Objective.Kind.values()).filter(Objective.Kind::readsWindow);
    }

    /**
     * An objective on activations as they are, of classes compared by label and with all samples current.
     *
     * @param z N x d
     * @param x N x dx
     * @param y one-hot, N x c
     */
    static double value(Objective objective, double[][] z, double[][] x, double[][] y) {
        int n = z.length;
        double pairs = (n - 1.0) * (n - 1.0);
        double[][] h = centring(n);
        double[][] kz = objective.kernel().type() == Kernel.Type.COSINE
                ? cosine(z) : gaussian(z, objective.kernel().sigma());
        double[][] ky = product(y, transposed(y));
        double g = objective.gamma();
        return switch (objective.kind()) {
            case HSIC -> (traceOf(gaussian(x, objective.sigmaX()), h, kz, h) - g * traceOf(ky, h, kz, h)) / pairs;
            case HSIC_ZZ -> (traceOf(kz, h, kz, h) - g * traceOf(ky, h, kz, h)) / pairs;
            case NORMALIZED_HSIC ->
                -traceOf(ky, h, kz, h) / Math.sqrt(traceOf(ky, h, ky, h) * traceOf(kz, h, kz, h));
            case NEIGHBOURHOOD -> neighbourhood(kz, ky);
            case REFERENCE -> {
                double[][] a = product(product(h, gaussian(x, objective.sigmaX())), h);
                double[][] b = product(product(h, ky), h);
                double[][] own = product(product(h, kz), h);
                double sum = 0;
                for (int q = 0; q < n; q++) {
                    sum += (a[q][q] - g * b[q][q]) * own[q][q];
                }
                yield 2 * sum / pairs;
            }
            default -> throw new IllegalArgumentException(objective + " is no objective of a window");
        };
    }

    private static double neighbourhood(double[][] k, double[][] s) {
        int n = k.length;
        double sum = 0;
        for (int p = 0; p < n; p++) {
            double same = 0;
            double all = 0;
            for (int q = 0; q < n; q++) {
                if (q != p) {
                    same += s[p][q] * k[p][q];
                    all += k[p][q];
                }
            }
            if (same > 0) {
                sum += Math.log(same) - Math.log(all);
            }
        }
        return -sum / n;
    }

    static double[][] gaussian(double[][] rows, double sigma) {
        double[][] k = new double[rows.length][rows.length];
        for (int p = 0; p < rows.length; p++) {
            for (int q = 0; q < rows.length; q++) {
                double distance = 0;
                for (int i = 0; i < rows[p].length; i++) {
                    distance += (rows[p][i] - rows[q][i]) * (rows[p][i] - rows[q][i]);
                }
                k[p][q] = Math.exp(-distance / (2 * sigma * sigma * rows[p].length));
            }
        }
        return k;
    }

    private static double[][] cosine(double[][] rows) {
        double[][] k = product(rows, transposed(rows));
        double[][] cosine = new double[k.length][k.length];
        for (int p = 0; p < k.length; p++) {
            for (int q = 0; q < k.length; q++) {
                cosine[p][q] = k[p][q] / Math.sqrt(k[p][p] * k[q][q]);
            }
        }
        return cosine;
    }

    private static double[][] centring(int n) {
        double[][] h = new double[n][n];
        for (int p = 0; p < n; p++) {
            for (int q = 0; q < n; q++) {
                h[p][q] = (p == q ? 1 : 0) - 1.0 / n;
            }
        }
        return h;
    }

    private static double traceOf(double[][]... factors) {
        double[][] all = List.of(factors).stream().reduce(PlainObjectives::product).orElseThrow();
        double trace = 0;
        for (int i = 0; i < all.length; i++) {
            trace += all[i][i];
        }
        return trace;
    }

    private static double[][] product(double[][] a, double[][] b) {
        double[][] product = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b[0].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    product[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return product;
    }

    private static double[][] transposed(double[][] a) {
        double[][] transposed = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                transposed[j][i] = a[i][j];
            }
        }
        return transposed;
    }
}
