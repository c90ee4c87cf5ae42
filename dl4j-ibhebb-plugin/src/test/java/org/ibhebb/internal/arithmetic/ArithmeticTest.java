package org.ibhebb.internal.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.ibhebb.Fixtures;
import org.ibhebb.NativeRun;
import org.ibhebb.internal.memory.Placement;
import org.ibhebb.internal.memory.Slots;
import org.ibhebb.internal.memory.StepBuffers;
import org.ibhebb.internal.memory.WorkingMemory;
import org.ibhebb.internal.term.window.Signals;
import org.ibhebb.internal.term.window.TestWindow;
import org.ibhebb.internal.term.window.Window;
import org.ibhebb.internal.view.Labels;
import org.ibhebb.rule.Kernel;
import org.ibhebb.rule.LabelKernel;
import org.ibhebb.rule.Objective;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.iter.NdIndexIterator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.profiler.ProfilerConfig;

/** The native kernel against the one that is composed of ND4J's operations. */
class ArithmeticTest {

    /** Sizes that are no multiple of any vector length, on both sides of the one where BLAS takes over. */
    private static final int[] SIZES = {1, 2, 3, 7, 31, 67};

    private static final Arithmetic COMPOSED = Arithmetic.named("nd4j");
    private static Arithmetic compiled;

    @BeforeAll
    static void load() {
        String required = System.getProperty("ibhebb.kernel");
        NativeRun.assume();
        try {
            compiled = Arithmetic.named("native");
        } catch (IllegalStateException e) {
            assumeTrue("native".equals(required), e.getMessage());
            throw e;
        }
    }

    static Stream<Objective> objectives() {
        List<Objective> all = new ArrayList<>();
        for (Objective.Kind kind : TestWindow.kinds()) {
            for (Kernel kernel : List.of(Kernel.gaussian(0.7), Kernel.medianGaussian(0.8), Kernel.cosine())) {
                if (kind != Objective.Kind.NEIGHBOURHOOD || kernel.type() != Kernel.Type.COSINE) {
                    all.add(Objective.of(kind).withKernel(kernel));
                }
            }
        }
        all.add(Objective.neighbourhood().withSigma(0.25));
        all.add(Objective.neighbourhood().withLabels(LabelKernel.gaussian(0.9)));
        all.add(Objective.hsic().withLabels(LabelKernel.medianGaussian(1)));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void signalsAgree(Objective objective) {
        forEachType((type, tolerance) -> {
            for (int n : SIZES) {
                for (int d : SIZES) {
                    Random random = new Random(31L * n + d);
                    int current = 1 + random.nextInt(n);
                    int first = random.nextInt(n);
                    check(objective, type, n, d, 0, 1, tolerance);
                    check(objective, type, n, d, 0, n, tolerance);
                    check(objective, type, n, d, first, current, tolerance);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void signalsOfGroupsAgree(Objective objective) {
        forEachType((type, tolerance) -> {
            for (int n : SIZES) {
                check(objective.withGroups(5), type, n, 35, n / 2, 1 + n / 3, tolerance);
                check(objective.withGroups(7), type, n, 7, 0, n, tolerance);
            }
        });
    }

    private static void check(
            Objective objective, DataType type, int n, int d, int first, int current, double tolerance) {
        Random random = new Random(n * 1000L + d);
        INDArray u = TestWindow.normal(random, n, d).castTo(type);
        INDArray inputs = TestWindow.normal(random, n, 5).castTo(type);
        List<Labels> labels = List.of(
                new Labels("classes", classes(random, n).castTo(type), Labels.Encoding.CLASSES),
                new Labels("marks", TestWindow.uniform(random, n, 3).castTo(type), Labels.Encoding.INDEPENDENT),
                new Labels("values", TestWindow.normal(random, n, 2).castTo(type), Labels.Encoding.REAL));
        List<Labels> used = objective.kind() == Objective.Kind.REFERENCE ? labels : labels.subList(0, 1);

        INDArray expected = gradient(COMPOSED, objective, first, current, n, u, inputs, used);
        INDArray actual = gradient(compiled, objective, first, current, n, u, inputs, used);

        // A single sample's signal may be what is left of terms that cancel: the window's largest says what is small.
        // So do all signals of two or three samples, or of one unit, and what is left of the neighbourhood's two reads
        // of memory in single precision: their terms are of size 1.
        boolean cancels = n <= 3 || d == 1
                || type == DataType.FLOAT && objective.kind() == Objective.Kind.NEIGHBOURHOOD;
        double scale = cancels
                ? 1
                : gradient(COMPOSED, objective, 0, n, n, u, inputs, used).normmaxNumber().doubleValue();
        agree(actual, expected, tolerance, objective + ", " + type + ", n=" + n + ", d=" + d + ", " + current
                + " current from " + first, scale);
    }

    private static INDArray classes(Random random, int n) {
        int[] drawn = random.ints(n, 0, 3).toArray();
        return TestWindow.oneHot(drawn, 3);
    }

    /** With an array that has more rows than the window, added to what the signal held, in views of other arrays. */
    private static INDArray gradient(Arithmetic kernel, Objective objective, int first, int current, int n,
            INDArray u, INDArray inputs, List<Labels> labels) {
        Window window = new Window(
                kernel, first, current, n, SlotRows.of(inputs), labels, new StepBuffers());
        INDArray signal = Nd4j.ones(u.dataType(), current, u.columns());
        INDArray larger = Nd4j.concat(0, u, Nd4j.valueArrayOf(new long[] {2, u.columns()}, Double.NaN, u.dataType()));
        Signals.gradient(objective, window, SlotRows.of(larger), 1, true, signal);
        INDArray added = signal.sub(1);

        // The same rows stored by columns, in a view with gaps.
        INDArray wide = Nd4j.create(u.dataType(), new long[] {n + 3, u.columns() + 2}, 'f');
        INDArray view = wide.get(NDArrayIndex.interval(2, 2 + n), NDArrayIndex.interval(1, 1 + u.columns()));
        view.assign(u);
        Signals.gradient(objective, window, SlotRows.of(view), 1, false, signal);
        assertThat(signal.distance2(added))
                .isLessThanOrEqualTo((u.dataType() == DataType.DOUBLE ? 1e-13 : 1e-5) * Math.sqrt(signal.length())
                        * Math.max(1, signal.normmaxNumber().doubleValue()));
        return signal;
    }

    /** Products that were kept while rows came and went are those of the rows that are there. */
    @Test
    void keptProductsAreThoseOfTheRows() {
        forEachType((type, tolerance) -> {
            for (Arithmetic kernel : List.of(COMPOSED, compiled)) {
                Random random = new Random(3);
                for (int capacity : new int[] {2, 7, 31}) {
                    Slots slots = new Slots(capacity);
                    WorkingMemory ring = WorkingMemory.ofActivations(Fixtures.plain().build());
                    INDArray kept = Nd4j.valueArrayOf(new long[] {capacity, capacity}, Double.NaN, type);
                    for (int step = 0; step < 40; step++) {
                        int batch = 1 + random.nextInt(capacity);
                        List<Placement> plan = slots.plan(batch);
                        Placement placement = plan.get(0);
                        ring.write(TestWindow.normal(random, batch, 5).castTo(type), placement);
                        slots.commit(plan);
                        int n = placement.window();
                        kernel.products(ring.window(placement).rows(), n, placement.slot(), batch, kept);

                        INDArray rows = Rows.first(ring.window(placement).rows(), n);
                        agree(kept.get(NDArrayIndex.interval(0, n), NDArrayIndex.interval(0, n)),
                                rows.mmul(rows.transpose()), tolerance, "products of " + n + " rows");
                    }
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void keptProductsChangeNothing(Objective objective) {
        forEachType((type, tolerance) -> {
            Random random = new Random(4);
            WorkingMemory ring = WorkingMemory.ofActivations(Fixtures.plain().build());
            Slots slots = new Slots(31);
            for (int step = 0; step < 30; step++) {
                // Every now and then no one asks for them, so that they have to be formed anew.
                boolean asked = step % 7 != 3;
                int batch = 1 + random.nextInt(4);
                List<Placement> plan = slots.plan(batch);
                Placement placement = plan.get(0);
                ring.write(TestWindow.normal(random, batch, 13).castTo(type), placement);
                slots.commit(plan);
                int n = placement.window();
                Window window = new Window(compiled, placement.slot(), batch, n,
                        SlotRows.of(TestWindow.normal(random, n, 5).castTo(type)),
                        List.of(new Labels("classes", classes(random, n).castTo(type), Labels.Encoding.CLASSES)),
                        new StepBuffers());
                if (asked && n > 3) {
                    INDArray with = Nd4j.create(type, batch, 13);
                    INDArray without = Nd4j.create(type, batch, 13);
                    Signals.gradient(objective, window, ring.window(placement), 1, false, with);
                    Signals.gradient(objective, window, SlotRows.of(ring.window(placement).rows()), 1, false, without);
                    agree(with, without, tolerance, objective + " at step " + step, 0.01);
                }
            }
        });
    }

    @Test
    void normalisationAgreesForEveryOrderAndStride() {
        forEachType((type, tolerance) -> {
            for (int n : SIZES) {
                for (int d : SIZES) {
                    for (INDArray rows : layouts(TestWindow.normal(new Random(n + d), n, d).castTo(type))) {
                        INDArray[] u = {Nd4j.create(type, n, d), Nd4j.create(type, n, d)};
                        INDArray[] inverse = {Nd4j.create(type, n, 1), Nd4j.create(type, n, 1)};
                        COMPOSED.normalize(rows, 1e-5, u[0], inverse[0]);
                        compiled.normalize(rows, 1e-5, u[1], inverse[1]);
                        // At d = 1 nothing varies: both are 0 but for rounding.
                        agree(u[1], u[0], tolerance, "normalised", 1);
                        agree(inverse[1], inverse[0], d == 1 ? 1e-3 : tolerance, "inverse deviation");

                        INDArray signal = TestWindow.normal(new Random(d), n, d).castTo(type);
                        for (char order : new char[] {'c', 'f'}) {
                            INDArray[] back = {
                                Nd4j.create(type, new long[] {n, d}, order), Nd4j.create(type, new long[] {n, d}, order)
                            };
                            COMPOSED.denormalize(signal, u[0], inverse[0], back[0]);
                            compiled.denormalize(signal, u[0], inverse[0], back[1]);
                            agree(back[1], back[0], tolerance, "derivative", d < 3 ? 1000 : 0);
                        }
                    }
                }
            }
        });
    }

    @Test
    void denseLayersAgreeForEveryOrderAndStride() {
        forEachType((type, tolerance) -> {
            for (int n : SIZES) {
                for (int in : new int[] {1, 5, 31}) {
                    for (int out : new int[] {1, 3, 67}) {
                        Random random = new Random(n * in + out);
                        INDArray input = TestWindow.normal(random, n, in).castTo(type);
                        INDArray delta = TestWindow.normal(random, n, out).castTo(type);
                        INDArray weights = TestWindow.normal(random, in, out).castTo(type);
                        INDArray bias = TestWindow.normal(random, 1, out).castTo(type);
                        INDArray gradient = input.transpose().mmul(delta);
                        INDArray preActivation = input.mmul(weights).addRowVector(bias);
                        List<INDArray> deltas = layouts(delta);
                        List<INDArray> weightViews = layouts(weights);
                        List<INDArray> inputs = layouts(input);
                        for (int i = 0; i < inputs.size(); i++) {
                            INDArray result = layouts(Nd4j.zerosLike(weights)).get((i + 1) % 3);
                            INDArray sums = Nd4j.create(type, 1, out);
                            compiled.denseGradient(inputs.get(i), deltas.get((i + out) % 3), result, sums);
                            agree(result, gradient, tolerance, "weights", 1);
                            agree(sums, delta.sum(true, 0), tolerance, "bias", 1);

                            INDArray output = Nd4j.create(type, new long[] {n, out}, 'f');
                            compiled.affine(inputs.get(i), weightViews.get((i + in) % 3), bias, output);
                            agree(output, preActivation, tolerance, "pre-activation", 1);
                            compiled.affine(inputs.get(i), weightViews.get((i + in) % 3), null, output);
                            agree(output.addRowVector(bias), preActivation, tolerance, "without a bias", 1);
                        }
                    }
                }
            }
        });
    }

    @Test
    void convolutionsAgreeForEveryGeometryOrderAndStride() {
        forEachType((type, tolerance) -> {
            for (Patches patches : List.of(
                    new Patches(3, 3, 1, 1, 1, 1, 1, 1), new Patches(3, 2, 2, 1, 0, 1, 1, 1),
                    new Patches(2, 3, 1, 3, 1, 2, 2, 1), new Patches(1, 1, 1, 1, 0, 0, 1, 1),
                    new Patches(1, 1, 2, 2, 0, 0, 1, 1), new Patches(5, 1, 1, 1, 4, 0, 1, 3))) {
                check(type, tolerance, patches, 2, 3, 5, 6);
                check(type, tolerance, patches, 1, 1, 11, 7);
            }
        });
    }

    /** Against the definition, one multiplication at a time. */
    private static void check(
            DataType type, double tolerance, Patches patches, int n, int maps, int height, int width) {
        int channels = 2;
        int outHeight = Math.max(1, (height + patches.paddingTop() * 2
                - (patches.kernelHeight() - 1) * patches.dilationHeight() - 1) / patches.strideHeight() + 1);
        int outWidth = Math.max(1, (width + patches.paddingLeft() * 2
                - (patches.kernelWidth() - 1) * patches.dilationWidth() - 1) / patches.strideWidth() + 1);
        Nd4j.getRandom().setSeed(7);
        INDArray images = Nd4j.randn(type, n, channels, height, width);
        INDArray weights = Nd4j.randn(type, maps, channels, patches.kernelHeight(), patches.kernelWidth());
        INDArray bias = Nd4j.randn(type, 1, maps);
        INDArray delta = Nd4j.randn(type, n, maps, outHeight, outWidth);
        INDArray output = Nd4j.zeros(DataType.DOUBLE, delta.shape());
        INDArray gradient = Nd4j.zeros(DataType.DOUBLE, weights.shape());
        INDArray sums = Nd4j.zeros(DataType.DOUBLE, 1, maps);
        for (int sample = 0; sample < n; sample++) {
            for (int map = 0; map < maps; map++) {
                for (int oy = 0; oy < outHeight; oy++) {
                    for (int ox = 0; ox < outWidth; ox++) {
                        double sum = bias.getDouble(map);
                        double own = delta.getDouble(sample, map, oy, ox);
                        sums.putScalar(map, sums.getDouble(map) + own);
                        for (int channel = 0; channel < channels; channel++) {
                            for (int ky = 0; ky < patches.kernelHeight(); ky++) {
                                for (int kx = 0; kx < patches.kernelWidth(); kx++) {
                                    int y = oy * patches.strideHeight() + ky * patches.dilationHeight()
                                            - patches.paddingTop();
                                    int x = ox * patches.strideWidth() + kx * patches.dilationWidth()
                                            - patches.paddingLeft();
                                    if (y < 0 || y >= height || x < 0 || x >= width) {
                                        continue;
                                    }
                                    double value = images.getDouble(sample, channel, y, x);
                                    sum += value * weights.getDouble(map, channel, ky, kx);
                                    gradient.putScalar(new int[] {map, channel, ky, kx},
                                            gradient.getDouble(map, channel, ky, kx) + value * own);
                                }
                            }
                        }
                        output.putScalar(new int[] {sample, map, oy, ox}, sum);
                    }
                }
            }
        }
        INDArray channelsLast = images.permute(0, 2, 3, 1).dup('c').permute(0, 3, 1, 2);
        for (Arithmetic kernel : List.of(COMPOSED, compiled)) {
            for (INDArray view : List.of(images, images.dup('f'), channelsLast)) {
                String what = kernel.name() + ", " + type + ", " + patches + ", order " + view.ordering();
                INDArray actual = Nd4j.create(type, delta.shape());
                kernel.convolve(view, patches, weights, bias, actual);
                agree(actual.castTo(DataType.DOUBLE), output, tolerance, what, 1);
                INDArray own = Nd4j.create(type, weights.shape());
                INDArray ownBias = Nd4j.create(type, 1, maps);
                kernel.convolutionGradient(view, patches, delta, own, ownBias);
                agree(own.castTo(DataType.DOUBLE), gradient, tolerance, what, 1);
                agree(ownBias.castTo(DataType.DOUBLE), sums, tolerance, what, 1);
            }
        }
    }

    @Test
    void batchNormalizationAgreesForEveryOrderAndStride() {
        forEachType((type, tolerance) -> {
            for (int dimension : new int[] {1, 3}) {
                for (long[] shape : new long[][] {{2, 3, 4, 5}, {1, 1, 2, 1}, {3, 7, 1, 3}, {5, 2, 1, 1}}) {
                    check(type, tolerance, dimension, shape);
                }
            }
            for (int n : SIZES) {
                for (int width : SIZES) {
                    check(type, tolerance, 1, n, width);
                }
            }
        });
    }

    /** Against the definition, one value at a time. */
    private static void check(DataType type, double tolerance, int dimension, long... shape) {
        double epsilon = 1e-2;
        Nd4j.getRandom().setSeed(11);
        INDArray maps = Nd4j.randn(type, shape).addi(2);
        INDArray signal = Nd4j.randn(type, shape);
        int channels = (int) shape[dimension];
        INDArray gain = Nd4j.randn(type, 1, channels);
        INDArray offset = Nd4j.randn(type, 1, channels);
        int[] channel = new int[(int) maps.length()];
        double[] x = new double[channel.length];
        double[] delta = new double[channel.length];
        NdIndexIterator indices = new NdIndexIterator('c', shape);
        for (int i = 0; i < channel.length; i++) {
            long[] index = indices.next();
            channel[i] = (int) index[dimension];
            x[i] = maps.getDouble(index);
            delta[i] = signal.getDouble(index);
        }
        double count = (double) channel.length / channels;
        double[] mean = new double[channels];
        double[] variance = new double[channels];
        double[] gains = new double[channels];
        double[] offsets = new double[channels];
        for (int i = 0; i < x.length; i++) {
            mean[channel[i]] += x[i] / count;
        }
        for (int i = 0; i < x.length; i++) {
            variance[channel[i]] += (x[i] - mean[channel[i]]) * (x[i] - mean[channel[i]]) / count;
        }
        double[] standard = new double[x.length];
        double[] output = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int c = channel[i];
            standard[i] = (x[i] - mean[c]) / Math.sqrt(variance[c] + epsilon);
            output[i] = gain.getDouble(c) * standard[i] + offset.getDouble(c);
            gains[c] += delta[i] * standard[i];
            offsets[c] += delta[i];
        }
        double[] below = new double[x.length];
        double terms = 1;
        for (int i = 0; i < x.length; i++) {
            int c = channel[i];
            double factor = gain.getDouble(c) / Math.sqrt(variance[c] + epsilon);
            below[i] = factor * (delta[i] - offsets[c] / count - standard[i] * gains[c] / count);
            terms = Math.max(terms, Math.abs(factor * delta[i]));
        }
        for (Arithmetic kernel : List.of(COMPOSED, compiled)) {
            for (INDArray view : orders(maps)) {
                for (INDArray given : orders(signal)) {
                    String what = kernel.name() + ", " + type + ", " + maps.shapeInfoToString() + ", channels in "
                            + dimension + ", order " + view.ordering() + given.ordering();
                    INDArray means = Nd4j.create(type, channels);
                    INDArray variances = Nd4j.create(type, channels);
                    kernel.moments(view, dimension, means, variances);
                    agree(means, mean, tolerance, what, 1);
                    agree(variances, variance, tolerance, what, 1);
                    for (char order : maps.rank() == 2 ? new char[] {'c', 'f'} : new char[] {'c'}) {
                        INDArray result = Nd4j.create(type, shape, order);
                        kernel.standardize(view, dimension, means, variances, epsilon, gain, offset, result);
                        agree(result, output, tolerance, what, terms);
                        INDArray ownGains = Nd4j.create(type, channels);
                        INDArray ownOffsets = Nd4j.create(type, channels);
                        INDArray derivative = Nd4j.create(type, shape, order);
                        kernel.standardizeGradient(view, dimension, means, variances, epsilon, gain, given, ownGains,
                                ownOffsets, derivative);
                        agree(ownGains, gains, tolerance, what, count);
                        agree(ownOffsets, offsets, tolerance, what, count);
                        agree(derivative, below, tolerance, what, terms * 10);
                    }
                }
            }
        }
    }

    /** The same values by rows, by columns, with the second dimension last in memory, and in a view with gaps. */
    private static List<INDArray> orders(INDArray array) {
        if (array.rank() == 2) {
            return layouts(array);
        }
        INDArray wide = Nd4j.zeros(array.dataType(), array.size(0), array.size(1), array.size(2), array.size(3) + 2);
        INDArray view = wide.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all(),
                NDArrayIndex.interval(1, 1 + array.size(3)));
        view.assign(array);
        return List.of(array.dup('c'), array.dup('f'),
                array.permute(0, 2, 3, 1).dup('c').permute(0, 3, 1, 2), view);
    }

    private static void agree(INDArray actual, double[] expected, double tolerance, String what, double scale) {
        INDArray plain = Nd4j.createFromArray(expected);
        INDArray values = actual.dup('c').castTo(DataType.DOUBLE);
        agree(values.reshape(values.length()), plain, tolerance, what, scale);
    }

    @ParameterizedTest
    @EnumSource(value = Activation.class, names = {"RELU", "IDENTITY", "TANH", "LEAKYRELU", "RELU6", "THRESHOLDEDRELU"})
    void slopesAgree(Activation activation) {
        forEachType((type, tolerance) -> {
            for (INDArray a : layouts(TestWindow.normal(new Random(5), 13, 7).castTo(type))) {
                a.putScalar(3, 2, 0).putScalar(5, 5, 7.5);
                for (INDArray signal : layouts(TestWindow.normal(new Random(6), 13, 7).castTo(type))) {
                    INDArray expected = COMPOSED.slope(activation.getActivationFunction(), a.dup(), signal.dup());
                    agree(compiled.slope(activation.getActivationFunction(), a.dup(a.ordering()),
                            signal.dup(signal.ordering())), expected, tolerance, activation.name());
                }
            }
        });
    }

    @Test
    void slopeOfARectifierWithSettingsIsNotThatOfAPlainOne() {
        IActivation leaky = new ActivationReLU(0.8, 0.1, 0.2);
        INDArray a = TestWindow.normal(new Random(5), 13, 7);
        INDArray signal = TestWindow.normal(new Random(6), 13, 7);

        agree(compiled.slope(leaky, a.dup(), signal.dup()), COMPOSED.slope(leaky, a.dup(), signal.dup()), 1e-12, "");
    }

    @Test
    void findsEveryValueThatIsNotFinite() {
        forEachType((type, tolerance) -> {
            for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                for (INDArray array : layouts(TestWindow.normal(new Random(5), 7, 11).castTo(type))) {
                    assertThat(compiled.isFinite(array)).isTrue();
                    for (int row = 0; row < 7; row++) {
                        double good = array.getDouble(row, 10 - row);
                        array.putScalar(row, 10 - row, bad);
                        assertThat(compiled.isFinite(array)).isFalse();
                        array.putScalar(row, 10 - row, good);
                    }
                }
                INDArray images = Nd4j.ones(type, 2, 3, 5, 4).permute(0, 2, 3, 1);
                assertThat(compiled.isFinite(images)).isTrue();
                assertThat(compiled.isFinite(images.putScalar(new int[] {1, 4, 3, 2}, bad))).isFalse();
            }
        });
    }

    /** The largest finite values are finite, and so are sums that overflow. */
    @Test
    void hugeValuesAreFinite() {
        for (Arithmetic each : List.of(COMPOSED, compiled)) {
            assertThat(each.isFinite(Nd4j.valueArrayOf(new long[] {3, 50}, Double.MAX_VALUE, DataType.DOUBLE)))
                    .isTrue();
            assertThat(each.isFinite(Nd4j.valueArrayOf(20, 1e38F))).isTrue();
            assertThat(each.isFinite(Nd4j.valueArrayOf(20, Float.POSITIVE_INFINITY))).isFalse();
            assertThat(each.isFinite(Nd4j.valueArrayOf(20, 60000.0).castTo(DataType.FLOAT16))).isTrue();
            assertThat(each.isFinite(Nd4j.valueArrayOf(20, Double.NaN).castTo(DataType.FLOAT16))).isFalse();
        }
    }

    /** Data of any type may come to a network whose kernel is required by name. */
    @Test
    void whetherDataIsFiniteIsSaidOfEveryType() {
        for (DataType type : List.of(DataType.FLOAT16, DataType.BFLOAT16, DataType.FLOAT, DataType.DOUBLE)) {
            assertThat(Arithmetic.allFinite(Nd4j.valueArrayOf(new long[] {2, 3}, 1.5).castTo(type))).isTrue();
            assertThat(Arithmetic.allFinite(Nd4j.valueArrayOf(new long[] {2, 3}, Double.NaN).castTo(type))).isFalse();
        }
        assertThat(Arithmetic.allFinite(Nd4j.ones(DataType.INT32, 3))).isTrue();
    }

    /** A row that is no number makes none of what is compared with it, in both forms alike. */
    @ParameterizedTest
    @MethodSource("objectives")
    void whatIsNoNumberGoesThrough(Objective objective) {
        forEachType((type, tolerance) -> {
            for (int n : new int[] {2, 7, 67}) {
                for (int count : new int[] {1, n}) {
                    Random random = new Random(n);
                    INDArray u = TestWindow.normal(random, n, 6).castTo(type);
                    u.putScalar(n - 1, 2, Double.NaN);
                    INDArray inputs = TestWindow.normal(random, n, 5).castTo(type);
                    List<Labels> labels =
                            List.of(new Labels("classes", classes(random, n).castTo(type), Labels.Encoding.CLASSES));
                    for (Arithmetic each : List.of(COMPOSED, compiled)) {
                        Window window = new Window(each, 0, count, n, SlotRows.of(inputs), labels, new StepBuffers());
                        INDArray signal = Nd4j.create(type, count, 6);
                        Signals.gradient(objective, window, SlotRows.of(u), 1, false, signal);
                        assertThat(each.isFinite(signal))
                                .as(each.name() + ", " + type + ", " + count + " of " + n + ": " + signal)
                                .isFalse();
                    }
                }
            }
        });
    }

    @Test
    void kernelsOfWhatIsNoNumberAgree() {
        forEachType((type, tolerance) -> {
            for (int n : new int[] {3, 40}) {
                INDArray rows = TestWindow.normal(new Random(1), n, 50).castTo(type).putScalar(1, 7, Double.NaN);
                for (boolean median : new boolean[] {false, true}) {
                    INDArray[] kernels = {Nd4j.create(type, n, n), Nd4j.create(type, n, n)};
                    COMPOSED.gaussian(SlotRows.of(rows), n, median, 1, kernels[0]);
                    compiled.gaussian(SlotRows.of(rows), n, median, 1, kernels[1]);
                    for (INDArray kernel : kernels) {
                        assertThat(kernel.getDouble(0, 1)).isNaN();
                        assertThat(kernel.getDouble(1, n - 1)).isNaN();
                        assertThat(Double.isNaN(kernel.getDouble(0, 2))).isEqualTo(median);
                    }
                }
            }
        });
    }

    /** Rows that are all equal, or most of them, leave no rounding error that a median would take for a distance. */
    @Test
    void equalRowsAreAtDistanceZero() {
        forEachType((type, tolerance) -> {
            for (int n : new int[] {3, 31, 67}) {
                for (int d : new int[] {5, 64, 300}) {
                    INDArray rows = Nd4j.create(type, n, d);
                    rows.addiRowVector(TestWindow.normal(new Random(d), 1, d).castTo(type).addi(3));
                    INDArray same = Nd4j.ones(type, n, n);
                    for (int each = 0; each < n / 2; each++) {
                        same.putScalar(each, n - 1, 0);
                        same.putScalar(n - 1, each, 0);
                    }
                    for (Arithmetic form : List.of(COMPOSED, compiled)) {
                        for (Span span : List.of(new Span(0, n, n), new Span(1, 2, n))) {
                            INDArray signal = Nd4j.create(type, span.count(), d);
                            form.neighbourhood(SlotRows.of(rows), span, Kernel.medianGaussian(1), same, 1, false, signal);
                            assertThat(signal.normmaxNumber().doubleValue()).isZero();
                        }
                        INDArray kernel = Nd4j.create(type, n, n);
                        form.gaussian(SlotRows.of(rows), n, true, 1, kernel);
                        assertThat(kernel.minNumber().doubleValue()).isEqualTo(1);
                    }
                }
            }
        });
    }

    /** Nothing to sum is 0. */
    @Test
    void emptySumsAreZero() {
        for (Arithmetic form : List.of(COMPOSED, compiled)) {
            INDArray bias = Nd4j.createFromArray(new float[][] {{1, 2, 3}});
            INDArray result = Nd4j.valueArrayOf(new long[] {3, 2}, 7.0, DataType.FLOAT).transpose();
            form.affine(Nd4j.create(DataType.FLOAT, 2, 0), Nd4j.create(DataType.FLOAT, 0, 3), bias, result);
            assertThat(result.toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 2, 3}, {1, 2, 3}});

            INDArray weights = Nd4j.ones(DataType.FLOAT, 4, 3);
            form.denseGradient(Nd4j.create(DataType.FLOAT, 0, 4), Nd4j.create(DataType.FLOAT, 0, 3), weights, bias);
            assertThat(weights.sumNumber().doubleValue()).isZero();
            assertThat(bias.sumNumber().doubleValue()).isZero();
        }
    }

    /** What has no answer has one exception. */
    @Test
    void emptyArraysAndSizesBelowZeroAreRefused() {
        INDArray none = Nd4j.create(DataType.FLOAT, 0, 3);
        INDArray three = Nd4j.ones(DataType.FLOAT, 1, 3);
        INDArray square = Nd4j.ones(DataType.FLOAT, 3, 3);
        for (Arithmetic form : List.of(COMPOSED, compiled)) {
            refused(() -> form.moments(none, 1, three, three));
            refused(() -> form.standardize(none, 1, three, three, 1, three, three, none));
            refused(() -> form.normalize(none, 1e-5, none, Nd4j.create(DataType.FLOAT, 0, 1)));
            refused(() -> form.sameLabel(square, 0, false, none));
            refused(() -> form.sameLabel(square, -1, false, square));
            refused(() -> form.gaussian(SlotRows.of(square), -3, false, 1, square));
            refused(() -> form.gaussian(SlotRows.of(square), 3, false, Double.NaN, square));
            refused(() -> form.products(square, 0, 0, 0, square));
            refused(() -> form.centre(none, null, 0, none));
            refused(() -> form.diagonalOnly(Nd4j.ones(DataType.FLOAT, 1, 1), Nd4j.ones(DataType.FLOAT, 1, 1)));
            refused(() -> form.copyRows(square, 0, -1, square, 0));
            refused(() -> form.group(square, 3, 0, square, square));
            refused(() -> form.affine(square, three, null, square));
            refused(() -> form.denseGradient(square, three, square, null));
            refused(() -> form.centre(square, three, 1, square));
            assertThat(form.isFinite(none)).isTrue();
        }
    }

    /** ND4J can be told to stop at infinite values, which none of the composed form's steps need. */
    @ParameterizedTest
    @MethodSource("objectives")
    @SuppressWarnings("deprecation")
    void noStepOfTheComposedFormIsInfinite(Objective objective) {
        OpExecutioner.ProfilingMode before = Nd4j.getExecutioner().getProfilingMode();
        Nd4j.getExecutioner().setProfilingConfig(ProfilerConfig.builder().checkForINF(true).checkForNAN(true).build());
        try {
            for (int n : new int[] {1, 2, 9}) {
                Random random = new Random(n);
                INDArray u = TestWindow.normal(random, n, 6);
                // One class has a single sample, and one row is of zeros.
                int[] drawn = new int[n];
                drawn[n - 1] = 1;
                u.getRow(0).assign(0);
                List<Labels> labels = List.of(new Labels("classes", TestWindow.oneHot(drawn, 2), Labels.Encoding.CLASSES));
                Window window = new Window(COMPOSED, 0, n, n, SlotRows.of(u), labels, new StepBuffers());
                INDArray signal = Nd4j.create(DataType.DOUBLE, n, 6);
                Signals.gradient(objective, window, SlotRows.of(u), 1, false, signal);
            }
        } finally {
            Nd4j.getExecutioner().setProfilingConfig(ProfilerConfig.builder().build());
            Nd4j.getExecutioner().setProfilingMode(before);
        }
    }

    @Test
    void rowsAreCopied() {
        forEachType((type, tolerance) -> {
            for (INDArray from : layouts(TestWindow.normal(new Random(5), 13, 7).castTo(type))) {
                INDArray to = Nd4j.zeros(type, 20, 7);
                compiled.copyRows(from, 4, 6, to, 11);
                for (int row = 0; row < 20; row++) {
                    for (int column = 0; column < 7; column++) {
                        boolean copied = row >= 11 && row < 17;
                        assertThat(to.getDouble(row, column))
                                .isEqualTo(copied ? from.getDouble(row - 11 + 4, column) : 0);
                    }
                }
            }
        });
    }

    @Test
    void labelsOutsideTheirRangeAreReported() {
        INDArray kernel = Nd4j.create(DataType.FLOAT, 2, 2);
        for (Arithmetic each : List.of(COMPOSED, compiled)) {
            assertThat(each.sameLabel(Nd4j.createFromArray(new float[][] {{0, 1}, {1, 0}}), 2, false, kernel)).isTrue();
            assertThat(each.sameLabel(Nd4j.createFromArray(new float[][] {{0, 1}, {1.1F, 0}}), 2, false, kernel))
                    .isFalse();
            assertThat(each.sameLabel(Nd4j.createFromArray(new float[][] {{0, 1}, {-.1F, 0}}), 2, false, kernel))
                    .isFalse();
            // Only rows of the window count.
            assertThat(each.sameLabel(Nd4j.createFromArray(new float[][] {{0, 1}, {1, 0}, {7, 0}}), 2, true, kernel))
                    .isTrue();
        }
    }

    /** Native code can't defend itself: nothing that does not fit gets there. */
    @Test
    void shapesThatDoNotFitAreRefused() {
        INDArray rows = Nd4j.rand(DataType.FLOAT, 4, 3);
        INDArray column = Nd4j.create(DataType.FLOAT, 4, 1);
        INDArray square = Nd4j.create(DataType.FLOAT, 4, 4);
        refused(() -> compiled.normalize(rows, 1e-5, Nd4j.create(DataType.FLOAT, 4, 2), column));
        refused(() -> compiled.normalize(rows, 1e-5, Nd4j.create(DataType.FLOAT, new long[] {4, 3}, 'f'), column));
        refused(() -> compiled.normalize(rows, 1e-5, rows.dup(), Nd4j.create(DataType.FLOAT, 3, 1)));
        refused(() -> compiled.normalize(rows, 1e-5, rows.castTo(DataType.DOUBLE), column));
        refused(() -> compiled.normalize(Nd4j.create(DataType.FLOAT, 4, 3, 2), 1e-5, rows, column));
        refused(() -> compiled.denormalize(rows, rows, column, Nd4j.create(DataType.FLOAT, 3, 3)));
        refused(() -> compiled.copyRows(rows, 2, 3, rows.dup(), 0));
        refused(() -> compiled.copyRows(rows, 0, 3, rows.dup(), 2));
        refused(() -> compiled.copyRows(rows, 0, 3, square, 0));
        refused(() -> compiled.copyRows(rows, -1, 3, rows.dup(), 0));
        refused(() -> compiled.sameLabel(rows, 5, false, Nd4j.create(DataType.FLOAT, 5, 5)));
        refused(() -> compiled.sameLabel(rows, 3, false, square));
        refused(() -> compiled.products(rows, 4, 0, 1, Nd4j.create(DataType.FLOAT, 4, 3)));
        refused(() -> compiled.products(rows, 4, 4, 1, square));
        refused(() -> compiled.products(rows, 4, 0, 5, square));
        refused(() -> compiled.products(rows, 5, 0, 1, Nd4j.create(DataType.FLOAT, 5, 5)));
        refused(() -> compiled.gaussian(SlotRows.of(rows), 4, false, 1, rows));
        refused(() -> compiled.centre(rows, null, 0, rows));
        refused(() -> compiled.centre(square, rows, 0, square));
        refused(() -> compiled.diagonalOnly(square, rows));
        refused(() -> compiled.denseGradient(rows, square, rows, null));
        refused(() -> compiled.denseGradient(rows, rows.reshape(3, 4), square, null));
        refused(() -> compiled.denseGradient(rows, rows, Nd4j.create(DataType.FLOAT, 3, 3), column));
        refused(() -> compiled.affine(rows, square, null, rows));
        refused(() -> compiled.affine(rows, Nd4j.create(DataType.FLOAT, 3, 3), null, square));
        refused(() -> compiled.affine(
                rows, Nd4j.create(DataType.FLOAT, 3, 3), null, Nd4j.create(DataType.FLOAT, new long[] {4, 3}, 'c')));
        // Columns so far apart that BLAS could not count it; nothing is there.
        INDArray far = Nd4j.create(square.data(), new long[] {4, 3}, new long[] {1, 1L << 31}, 0, 'f');
        refused(() -> compiled.affine(rows, Nd4j.create(DataType.FLOAT, 3, 3), null, far));
        INDArray farther = Nd4j.create(square.data(), new long[] {4, 3}, new long[] {1, (1L << 32) + 4}, 0, 'f');
        refused(() -> compiled.affine(rows, Nd4j.create(DataType.FLOAT, 3, 3), null, farther));

        Patches three = new Patches(3, 3, 1, 1, 1, 1, 1, 1);
        INDArray images = Nd4j.create(DataType.FLOAT, 2, 3, 5, 5);
        INDArray filters = Nd4j.create(DataType.FLOAT, 4, 3, 3, 3);
        INDArray maps = Nd4j.create(DataType.FLOAT, 2, 4, 5, 5);
        refused(() -> compiled.convolve(images, three, filters, null, images.dup()));
        refused(() -> compiled.convolve(images, three, images, null, maps));
        refused(() -> compiled.convolve(images, new Patches(2, 3, 1, 1, 1, 1, 1, 1), filters, null, maps));
        refused(() -> compiled.convolve(images, three, filters, rows, maps));
        refused(() -> compiled.convolve(images, three, filters, null, maps.dup('f')));
        refused(() -> compiled.convolutionGradient(images, three, maps.dup('f'), filters, null));
        refused(() -> compiled.convolutionGradient(rows, three, maps, filters, null));
        refused(() -> new Patches(3, 3, 0, 1, 1, 1, 1, 1));

        INDArray four = Nd4j.ones(DataType.FLOAT, 1, 4);
        INDArray triple = Nd4j.ones(DataType.FLOAT, 3);
        refused(() -> compiled.moments(maps, 1, four, triple));
        refused(() -> compiled.moments(maps, 4, four, four));
        refused(() -> compiled.moments(Nd4j.ones(DataType.FLOAT, 2, 3, 4), 1, triple, triple));
        refused(() -> compiled.moments(maps, 1, four, four.castTo(DataType.DOUBLE)));
        refused(() -> compiled.standardize(maps, 1, four, four, 1, triple, four, maps.dup()));
        refused(() -> compiled.standardize(maps, 1, four, four, 1, four, four, images));
        refused(() -> compiled.standardize(maps, 1, four, four, 1, four, four, maps.dup('f')));
        refused(() -> compiled.standardizeGradient(
                maps, 1, four, four, 1, four, images, four, four, maps.dup()));
        refused(() -> compiled.standardizeGradient(
                maps, 1, four, four, 1, four, maps, triple, four, maps.dup()));
        Span all = new Span(0, 4, 4);
        SlotRows slots = SlotRows.of(rows);
        Kernel width = Kernel.gaussian(1);
        refused(() -> compiled.neighbourhood(slots, all, width, square, 1, false, square));
        refused(() -> compiled.neighbourhood(slots, all, width, rows, 1, false, rows.dup()));
        refused(() -> compiled.neighbourhood(slots, all, Kernel.cosine(), square, 1, false, rows.dup()));
        refused(() -> compiled.neighbourhood(slots, new Span(0, 5, 5), width, square, 1, false, rows.dup()));
        refused(() -> compiled.throughKernel(slots, all, width, rows, 1, false, rows.dup()));
        refused(() -> compiled.hsicZz(slots, all, width, square, 1, 1, false, rows.dup('f')));
        refused(() -> compiled.normalizedHsic(slots, all, width, square.castTo(DataType.DOUBLE), 1, false, rows.dup()));
        refused(() -> compiled.group(rows, 4, 2, square, square));
        refused(() -> compiled.group(rows, 4, 3, rows.dup(), square));
        refused(() -> compiled.ungroup(rows, all, rows, square, false, rows.dup()));
        refused(() -> new Span(0, 0, 3));
        refused(() -> new Span(3, 1, 3));
        assertThatThrownBy(() -> compiled.normalize(
                        rows.castTo(DataType.FLOAT16), 1e-5, rows.castTo(DataType.FLOAT16),
                        column.castTo(DataType.FLOAT16)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("FLOAT and DOUBLE");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
    }

    /** The same matrix by rows, by columns, and as a view with gaps. */
    private static List<INDArray> layouts(INDArray matrix) {
        INDArray wide = Nd4j.rand(matrix.dataType(), 2L * matrix.rows() + 1, matrix.columns() + 3L);
        INDArray view = wide.get(
                NDArrayIndex.interval(1, 2, 2L * matrix.rows() + 1), NDArrayIndex.interval(2, 2L + matrix.columns()));
        view.assign(matrix);
        return List.of(matrix.dup('c'), matrix.dup('f'), view);
    }

    private interface Checked {

        void with(DataType type, double tolerance);
    }

    private static void forEachType(Checked checked) {
        checked.with(DataType.DOUBLE, 1e-12);
        checked.with(DataType.FLOAT, 1e-5);
    }

    private static void agree(INDArray actual, INDArray expected, double tolerance, String what) {
        agree(actual, expected, tolerance, what, 0);
    }

    /**
     * The largest difference, relative to the largest value.
     *
     * @param scale the size of the numbers that the values are differences of, where it is larger than the values
     */
    private static void agree(INDArray actual, INDArray expected, double tolerance, String what, double scale) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double largest = Math.max(scale, expected.normmaxNumber().doubleValue());
        assertThat(actual.sub(expected).normmaxNumber().doubleValue())
                .as(what)
                .isLessThanOrEqualTo(tolerance * largest);
    }
}
