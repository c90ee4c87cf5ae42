package org.ibhebb.listeners;

import java.util.function.ToDoubleFunction;

/** The measures once more, as plain loops straight from their definitions, independent of ND4J. */
final class PlainPlane {

    private static final double EPSILON = 1e-5;
    private static final double STEP = 1e-5;

    private PlainPlane() {}

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

    static double[][] sameLabel(double[][] labels) {
        double[][] k = new double[labels.length][labels.length];
        for (int p = 0; p < labels.length; p++) {
            for (int q = 0; q < labels.length; q++) {
                for (int i = 0; i < labels[p].length; i++) {
                    k[p][q] += labels[p][i] * labels[q][i];
                }
            }
        }
        return k;
    }

    static double[][] layerNormed(double[][] rows) {
        double[][] normed = new double[rows.length][rows[0].length];
        for (int n = 0; n < rows.length; n++) {
            double mean = 0;
            double square = 0;
            for (double value : rows[n]) {
                mean += value / rows[n].length;
            }
            for (double value : rows[n]) {
                square += (value - mean) * (value - mean) / rows[n].length;
            }
            for (int i = 0; i < rows[n].length; i++) {
                normed[n][i] = (rows[n][i] - mean) / Math.sqrt(square + EPSILON);
            }
        }
        return normed;
    }

    /** The sum over all pairs of k_pq times l with its rows and columns brought to mean 0, over (N - 1)^2. */
    static double hsic(double[][] k, double[][] l) {
        int n = k.length;
        double[] means = new double[n];
        double all = 0;
        for (int p = 0; p < n; p++) {
            for (int q = 0; q < n; q++) {
                means[p] += l[p][q] / n;
                all += l[p][q] / n / n;
            }
        }
        double sum = 0;
        for (int p = 0; p < n; p++) {
            for (int q = 0; q < n; q++) {
                sum += k[p][q] * (l[p][q] - means[p] - means[q] + all);
            }
        }
        return sum / (n - 1) / (n - 1);
    }

    static double normalized(double[][] k, double[][] l) {
        return hsic(k, l) / Math.sqrt(hsic(k, k) * hsic(l, l));
    }

    /** The derivative of a function of a matrix, by central differences. */
    static double[][] derivative(double[][] at, ToDoubleFunction<double[][]> function) {
        double[][] derivative = new double[at.length][at[0].length];
        for (int n = 0; n < at.length; n++) {
            for (int i = 0; i < at[n].length; i++) {
                double here = at[n][i];
                at[n][i] = here + STEP;
                double above = function.applyAsDouble(at);
                at[n][i] = here - STEP;
                double below = function.applyAsDouble(at);
                at[n][i] = here;
                derivative[n][i] = (above - below) / (2 * STEP);
            }
        }
        return derivative;
    }

    /** {@code a' b}, and the sums of b below it: the gradient of weights and biases, in one row. */
    static double[] gradient(double[][] presynaptic, double[][] delta) {
        int inputs = presynaptic[0].length;
        int outputs = delta[0].length;
        double[] gradient = new double[(inputs + 1) * outputs];
        for (int n = 0; n < delta.length; n++) {
            for (int j = 0; j < outputs; j++) {
                for (int i = 0; i < inputs; i++) {
                    gradient[i * outputs + j] += presynaptic[n][i] * delta[n][j];
                }
                gradient[inputs * outputs + j] += delta[n][j];
            }
        }
        return gradient;
    }

    static double[][] affine(double[][] rows, double[][] weights, double[] bias) {
        double[][] result = new double[rows.length][bias.length];
        for (int n = 0; n < rows.length; n++) {
            for (int j = 0; j < bias.length; j++) {
                result[n][j] = bias[j];
                for (int i = 0; i < rows[n].length; i++) {
                    result[n][j] += rows[n][i] * weights[i][j];
                }
            }
        }
        return result;
    }

    static double[][] softmax(double[][] rows) {
        double[][] shares = new double[rows.length][rows[0].length];
        for (int n = 0; n < rows.length; n++) {
            double sum = 0;
            for (double value : rows[n]) {
                sum += Math.exp(value);
            }
            for (int i = 0; i < rows[n].length; i++) {
                shares[n][i] = Math.exp(rows[n][i]) / sum;
            }
        }
        return shares;
    }

    static double cosine(double[] a, double[] b) {
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
