package org.ibhebb.internal.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ibhebb.NativeRun;
import org.ibhebb.rule.Kernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Every operation of every form, with each of its arrays in every order and with every kind of stride and offset,
 * against the composed form on plain arrays: it gives the same numbers, or refuses an array that the documentation
 * excludes. Never anything else.
 */
class LayoutsTest {

    private static final double TOLERANCE = 1e-11;

    /** What an operation is called with: some arrays to read, some to write. */
    private interface Call {

        void run(Arithmetic arithmetic, INDArray[] in, INDArray[] out);
    }

    /**
     * @param in what it reads, as plain arrays
     * @param free how many of the first of these may be of any order and strides
     * @param out what it writes, as plain arrays
     */
    private record Operation(String name, List<INDArray> in, int free, List<INDArray> out, Call call) {

        @Override
        public String toString() {
            return name + " of " + in.stream().map(array -> Arrays.toString(array.shape())).toList();
        }
    }

    static Stream<Operation> operations() {
        List<Operation> all = new ArrayList<>();
        for (int[] size : new int[][] {{5, 4}, {1, 3}, {4, 1}, {2, 2}}) {
            matrices(all, size[0], size[1]);
        }
        windows(all, 5, 4);
        windows(all, 2, 6);
        convolutions(all);
        for (long[] shape : new long[][] {{5, 3}, {1, 3}, {4, 1}, {2, 3, 2, 4}, {3, 1, 2, 1}}) {
            for (int dimension = 0; dimension < shape.length; dimension++) {
                channels(all, shape, dimension);
            }
        }
        return all.stream();
    }

    /** An operation that is added to the interface has to be added here too. */
    @Test
    void noOperationIsLeftOut() {
        Set<String> tried = operations().map(operation -> operation.name.split(" ")[0]).collect(Collectors.toSet());
        assertThat(tried).containsAll(Arrays.stream(Arithmetic.class.getDeclaredMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()) && method.getParameterCount() > 0)
                .map(Method::getName)
                .toList());
    }

    private static void matrices(List<Operation> all, int n, int d) {
        all.add(new Operation("isFinite", List.of(random(1, n, d)), 1, List.of(plain(1, 1)),
                (form, in, out) -> out[0].assign(form.isFinite(in[0]) ? 1 : 0)));
        all.add(new Operation("copyRows", List.of(random(1, n, d)), 1, List.of(plain(n + 2, d)), (form, in, out) -> {
            out[0].assign(3);
            form.copyRows(in[0], 0, n, out[0], 1);
        }));
        all.add(new Operation("normalize", List.of(random(1, n, d)), 1, List.of(plain(n, d), plain(n, 1)),
                (form, in, out) -> form.normalize(in[0], 1e-5, out[0], out[1])));
        all.add(new Operation("denormalize", List.of(random(1, n, d), random(2, n, d), positive(3, n, 1)), 0,
                List.of(plain(n, d)), (form, in, out) -> form.denormalize(in[0], in[1], in[2], out[0])));
        for (boolean independent : new boolean[] {false, true}) {
            all.add(new Operation("sameLabel", List.of(positive(1, n, d).muli(0.5)), 1, List.of(plain(n, n)),
                    (form, in, out) -> form.sameLabel(in[0], n, independent, out[0])));
        }
        all.add(new Operation("products", List.of(random(1, n, d)), 0, List.of(plain(n, n)),
                (form, in, out) -> form.products(in[0], n, n / 2, n, out[0])));
        for (boolean median : new boolean[] {false, true}) {
            all.add(new Operation("gaussian", List.of(random(1, n, d)), 1, List.of(plain(n, n)),
                    (form, in, out) -> form.gaussian(SlotRows.of(in[0]), n, median, 0.7, out[0])));
        }
        all.add(new Operation("cosine", List.of(random(1, n, d)), 1, List.of(plain(n, n)),
                (form, in, out) -> form.cosine(in[0], n, out[0])));
        all.add(new Operation("centre", List.of(symmetric(1, n), symmetric(2, n)), 0, List.of(plain(n, n)),
                (form, in, out) -> form.centre(in[0], in[1], 0.3, out[0])));
        if (n > 1) {
            all.add(new Operation("diagonalOnly", List.of(symmetric(1, n)), 0, List.of(plain(n, n)),
                    (form, in, out) -> form.diagonalOnly(in[0], out[0])));
        }
        int width = 3;
        all.add(new Operation("affine", List.of(random(1, n, d), random(2, d, width), random(3, 1, width)), 3,
                List.of(Nd4j.create(DataType.DOUBLE, new long[] {n, width}, 'f')),
                (form, in, out) -> form.affine(in[0], in[1], in[2], out[0])));
        all.add(new Operation("affine without bias", List.of(random(1, n, d), random(2, d, width)), 2,
                List.of(Nd4j.create(DataType.DOUBLE, new long[] {n, width}, 'f')),
                (form, in, out) -> form.affine(in[0], in[1], null, out[0])));
        all.add(new Operation("denseGradient", List.of(random(1, n, d), random(2, n, width)), 2,
                List.of(plain(d, width), plain(1, width)),
                (form, in, out) -> form.denseGradient(in[0], in[1], out[0], out[1])));
        all.add(new Operation("slope of ReLU", List.of(random(1, n, d), random(2, n, d)), 2, List.of(plain(n, d)),
                (form, in, out) -> out[0].assign(form.slope(new ActivationReLU(), in[0], in[1]))));
        all.add(new Operation("slope of tanh", List.of(random(1, n, d), random(2, n, d)), 2, List.of(plain(n, d)),
                (form, in, out) -> out[0].assign(form.slope(new ActivationTanH(), in[0], in[1]))));
    }

    private static void windows(List<Operation> all, int n, int d) {
        for (Span span : new Span[] {new Span(0, n, n), new Span(n - 1, 1, n), new Span(n - 1, 2, n)}) {
            INDArray u = random(1, n, d);
            List<INDArray> compared = List.of(u, symmetric(2, n));
            List<INDArray> signal = List.of(plain(span.count(), d));
            for (Kernel kernel : List.of(Kernel.gaussian(0.7), Kernel.medianGaussian(0.8), Kernel.cosine())) {
                String by = " by " + kernel.type() + ", " + span;
                if (kernel.type() != Kernel.Type.COSINE) {
                    all.add(new Operation("neighbourhood" + by, List.of(u, positive(2, n, n)), 1, signal,
                            (form, in, out) -> form.neighbourhood(
                                    SlotRows.of(in[0]), span, kernel, in[1], 2, false, out[0])));
                    all.add(new Operation("neighbourhoodLoss" + by, List.of(u, positive(2, n, n)), 1,
                            List.of(plain(1, 1)), (form, in, out) ->
                            out[0].assign(form.neighbourhoodLoss(in[0], span, kernel, in[1]))));
                }
                all.add(new Operation("throughKernel" + by, compared, 1, signal, (form, in, out) ->
                        form.throughKernel(SlotRows.of(in[0]), span, kernel, in[1], 2, false, out[0])));
                all.add(new Operation("hsicZz" + by, compared, 1, signal, (form, in, out) ->
                        form.hsicZz(SlotRows.of(in[0]), span, kernel, in[1], 0.6, 2, false, out[0])));
                all.add(new Operation("normalizedHsic" + by, compared, 1, signal, (form, in, out) ->
                        form.normalizedHsic(SlotRows.of(in[0]), span, kernel, in[1], 2, false, out[0])));
            }
            all.add(new Operation("group", List.of(u), 1, List.of(plain(n, 2), plain(n, 2)),
                    (form, in, out) -> form.group(in[0], n, 2, out[0], out[1])));
            all.add(new Operation("ungroup", List.of(u, positive(2, n, 2), random(3, span.count(), 2)), 1, signal,
                    (form, in, out) -> form.ungroup(in[0], span, in[1], in[2], false, out[0])));
        }
    }

    private static void convolutions(List<Operation> all) {
        for (Patches patches : List.of(
                new Patches(2, 3, 1, 2, 0, 0, 1, 1), new Patches(1, 1, 1, 1, 0, 0, 1, 1),
                new Patches(3, 1, 1, 1, 1, 0, 1, 1))) {
            int height = 4 + 2 * patches.paddingTop() - patches.kernelHeight() + 1;
            int width = (5 - patches.kernelWidth()) / patches.strideWidth() + 1;
            INDArray images = random(1, 2, 3, 4, 5);
            long[] filters = {2, 3, patches.kernelHeight(), patches.kernelWidth()};
            all.add(new Operation("convolve", List.of(images, random(2, filters), random(3, 1, 2)), 1,
                    List.of(plain(2, 2, height, width)),
                    (form, in, out) -> form.convolve(in[0], patches, in[1], in[2], out[0])));
            all.add(new Operation("convolutionGradient", List.of(images, random(2, 2, 2, height, width)), 1,
                    List.of(plain(filters), plain(1, 2)),
                    (form, in, out) -> form.convolutionGradient(in[0], patches, in[1], out[0], out[1])));
        }
    }

    private static void channels(List<Operation> all, long[] shape, int dimension) {
        INDArray maps = random(1, shape);
        int c = (int) shape[dimension];
        String along = " along " + dimension;
        all.add(new Operation("moments" + along, List.of(maps), 1, List.of(plain(1, c), plain(1, c)),
                (form, in, out) -> form.moments(in[0], dimension, out[0], out[1])));
        all.add(new Operation("standardize" + along,
                List.of(maps, random(2, 1, c), positive(3, 1, c), random(4, 1, c), random(5, 1, c)), 1,
                List.of(plain(shape)), (form, in, out) ->
                        form.standardize(in[0], dimension, in[1], in[2], 0.1, in[3], in[4], out[0])));
        all.add(new Operation("standardizeGradient" + along,
                List.of(maps, random(2, shape), random(3, 1, c), positive(4, 1, c), random(5, 1, c)), 2,
                List.of(plain(1, c), plain(1, c), plain(shape)), (form, in, out) -> form.standardizeGradient(
                        in[0], dimension, in[2], in[3], 0.1, in[4], in[1], out[0], out[1], out[2])));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void composed(Operation operation) {
        check(operation, Arithmetic.named("nd4j"), 3);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void compiled(Operation operation) {
        NativeRun.assume();
        check(operation, Arithmetic.named("native"), 10);
    }

    private static void check(Operation operation, Arithmetic form, int draws) {
        INDArray[] plainIn = operation.in.stream().map(INDArray::dup).toArray(INDArray[]::new);
        INDArray[] expected = operation.out.stream().map(each -> each.dup(each.ordering())).toArray(INDArray[]::new);
        operation.call.run(Arithmetic.named("nd4j"), plainIn, expected);

        int arrays = operation.in.size() + operation.out.size();
        Random random = new Random(arrays);
        for (int array = 0; array < arrays; array++) {
            for (int layout = 0; layout < LAYOUTS; layout++) {
                for (int draw = 0; draw < 2 + draws; draw++) {
                    int[] layouts = new int[arrays];
                    int others = draw;
                    Arrays.setAll(layouts, i -> others < 2 ? others : random.nextInt(LAYOUTS));
                    layouts[array] = layout;
                    check(operation, form, layouts, expected);
                }
            }
        }
    }

    private static void check(Operation operation, Arithmetic form, int[] layouts, INDArray[] expected) {
        INDArray[] in = new INDArray[operation.in.size()];
        INDArray[] out = new INDArray[operation.out.size()];
        boolean mayRefuse = false;
        for (int i = 0; i < layouts.length; i++) {
            if (i < in.length) {
                in[i] = inLayout(operation.in.get(i), layouts[i]);
                mayRefuse |= i >= operation.free && layouts[i] != PLAIN;
            } else {
                INDArray plain = operation.out.get(i - in.length);
                out[i - in.length] = layouts[i] == PLAIN ? plain.dup(plain.ordering()) : inLayout(plain, layouts[i]);
                out[i - in.length].assign(7);
                mayRefuse |= layouts[i] != PLAIN;
            }
        }
        String what = operation + " (" + form.name() + "), layouts " + Arrays.toString(layouts);
        try {
            operation.call.run(form, in, out);
        } catch (IllegalArgumentException e) {
            if (!mayRefuse) {
                fail(what + " was refused", e);
            }
            return;
        }
        for (int i = 0; i < out.length; i++) {
            double largest = Math.max(1, expected[i].normmaxNumber().doubleValue());
            assertThat(out[i].dup('c').sub(expected[i].dup('c')).normmaxNumber().doubleValue())
                    .as("%s, result %d: %s, not %s", what, i, out[i], expected[i])
                    .isLessThanOrEqualTo(TOLERANCE * largest);
        }
    }

    private static final int PLAIN = 0;
    private static final int LAYOUTS = 5;

    /** The same values: as they are, by columns, between others, permuted, or behind others without gaps. */
    private static INDArray inLayout(INDArray plain, int layout) {
        long[] shape = plain.shape();
        return switch (layout) {
            case PLAIN -> plain.dup('c');
            case 1 -> plain.dup('f');
            case 2 -> {
                long[] wide = Arrays.stream(shape).map(size -> 2 * size + 3).toArray();
                INDArrayIndex[] places = new INDArrayIndex[shape.length];
                for (int i = 0; i < shape.length; i++) {
                    places[i] = NDArrayIndex.interval(1, 2, 1 + 2 * shape[i]);
                }
                yield filled(Nd4j.valueArrayOf(wide, Double.NaN, DataType.DOUBLE).get(places).reshape(shape), plain);
            }
            case 3 -> {
                // Stored as if the first dimension were the last.
                int[] order = new int[shape.length];
                Arrays.setAll(order, i -> (i + 1) % shape.length);
                int[] back = new int[shape.length];
                Arrays.setAll(back, i -> (i + shape.length - 1) % shape.length);
                yield plain.permute(order).dup('c').permute(back);
            }
            default -> {
                long[] longer = shape.clone();
                longer[0] += 2;
                INDArray rows = Rows.between(
                        Nd4j.valueArrayOf(longer, Double.NaN, DataType.DOUBLE), 1, (int) shape[0] + 1);
                yield filled(rows, plain);
            }
        };
    }

    private static INDArray filled(INDArray view, INDArray values) {
        return view.assign(values);
    }

    private static INDArray plain(long... shape) {
        return Nd4j.create(DataType.DOUBLE, shape, 'c');
    }

    private static INDArray random(int seed, long... shape) {
        Random random = new Random(seed);
        double[] values = random.doubles(Arrays.stream(shape).reduce(1, Math::multiplyExact), -1, 1).toArray();
        return Nd4j.create(values, shape, 'c');
    }

    private static INDArray positive(int seed, long... shape) {
        return random(seed, shape).muli(0.5).addi(1);
    }

    private static INDArray symmetric(int seed, int n) {
        INDArray half = random(seed, n, n);
        return half.add(half.transpose());
    }
}
