package org.ibhebb.internal.ledger;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.ibhebb.ledger.Ledger.Access;
import org.ibhebb.ledger.Ledger.Kind;

/** The products of layers that have weights. */
final class Products {

    private final Sheet sheet;
    private final Arrays arrays;
    private final long samples;
    private final boolean lean;

    Products(Sheet sheet, Arrays arrays, long samples, boolean lean) {
        this.sheet = sheet;
        this.arrays = arrays;
        this.samples = samples;
        this.lean = lean;
    }

    /**
     * Input times weights.
     *
     * @param seam whether by the plugin's arithmetic
     * @param weights what is read of them
     * @param result is written
     */
    void forward(Stage stage, boolean seam, Access[] weights, Array result) {
        List<Access> all = new ArrayList<>();
        all.add(arrays.input(stage).read());
        all.addAll(List.of(weights));
        all.addAll(patches(stage, seam));
        all.addAll(made(result));
        if (stage.biases() > 0 && !lean) {
            all.add(result.update());
        }
        String name = convolves(stage) ? "convolve" : "affine";
        sheet.add(name, seam, samples * stage.macs(), arrays.activity(stage), stage.readsSpikes(),
                all.toArray(Access[]::new));
    }

    /** Input times delta. */
    void gradient(Stage stage, boolean seam, boolean accumulates, Array delta) {
        gradient(stage, seam, accumulates, delta, arrays.input(stage), stage.macs(), stage.readsSpikes());
    }

    /**
     * Presynaptic activity times delta.
     *
     * @param macs of a sample
     * @param binary whether the activity is zeros and ones
     */
    void gradient(Stage stage, boolean seam, boolean accumulates, Array delta, Array activity, long macs,
            boolean binary) {
        List<Access> all = new ArrayList<>();
        all.add(activity.read());
        all.add(delta.read());
        all.addAll(patches(stage, seam));
        Array weights = arrays.weightGradient(stage);
        Array bias = arrays.biasGradient(stage);
        all.addAll(accumulates ? List.of(weights.update()) : made(weights));
        if (bias != null) {
            all.add(accumulates ? bias.update() : bias.write());
        }
        sheet.add(convolves(stage) ? "convolutionGradient" : "denseGradient", seam, samples * macs,
                arrays.activity(stage), binary, all.toArray(Access[]::new));
    }

    /** The same, into the weights themselves. */
    void gradientStep(Stage stage, Array delta) {
        Array bias = arrays.bias(stage);
        sheet.other("gradient and step", samples * stage.macs(), arrays.activity(stage), arrays.input(stage).read(),
                delta.read(), arrays.weights(stage).update(), bias == null ? null : bias.update());
    }

    /**
     * Input times delta, into average, moving point and the point ahead, a few neurons at a time, whose gradient stays
     * nearby.
     */
    void advance(Stage stage, Array delta) {
        List<Access> all = new ArrayList<>(List.of(arrays.input(stage).read(), delta.read()));
        all.add(arrays.weights(stage).update());
        if (stage.biases() > 0) {
            all.add(arrays.bias(stage).update());
        }
        all.add(arrays.state(stage, 0).update());
        all.add(arrays.keptAhead(stage).write());
        sheet.seam("advance", samples * stage.macs(), arrays.activity(stage), all.toArray(Access[]::new));
    }

    /** Delta times weights: the error of what stands below. */
    void errorBelow(Stage stage, Array delta, Array below) {
        List<Access> all = new ArrayList<>(List.of(arrays.weights(stage).read(), delta.read()));
        all.addAll(made(below));
        sheet.other("error below", samples * stage.macs(), 1, all.toArray(Access[]::new));
    }

    /** OpenBLAS sets a product to 0 before it adds to it, which is a pass of its own. */
    private List<Access> made(Array product) {
        return lean ? List.of(product.write()) : List.of(product.write(), product.update());
    }

    /** The plugin's convolutions lay out one image's patches at a time; Deeplearning4j's own need not. */
    private List<Access> patches(Stage stage, boolean seam) {
        if (!convolves(stage) || !seam) {
            return List.of();
        }
        Array room = arrays.of(stage.name() + " patches", Kind.SCRATCH, stage.patch() * stage.places());
        long all = sheet.bytes(samples * stage.patch() * stage.uses());
        return List.of(new Access(room.name(), room.kind(), room.bytes(), all, all));
    }

    private static boolean convolves(Stage stage) {
        return stage.layer() instanceof ConvolutionLayer;
    }
}
