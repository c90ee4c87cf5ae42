package org.ibhebb.internal.layers;

import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.layer.LocalForm;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A user's form, whose mistakes are named: gradients that are not where Deeplearning4j looks for them would be none, or
 * those of the step before, and nobody would notice.
 */
public final class CheckedForm implements LocalForm {

    private final Layer layer;
    private final LocalForm form;
    private INDArray viewsOf;
    private Map<String, INDArray> views = Map.of();

    /**
     * @param layer the layer that does the work
     * @param form what its configuration gave for it
     * @throws IllegalStateException if there is none
     */
    public CheckedForm(Layer layer, LocalForm form) {
        this.layer = layer;
        this.form = require(form, "its configuration's localForm gave none");
    }

    @Override
    public INDArray forward(LayerWorkspaceMgr workspaces) {
        return require(form.forward(workspaces), "forward made no activations");
    }

    @Override
    public INDArray seen(INDArray activations) {
        return require(form.seen(activations), "seen returned nothing");
    }

    @Override
    public INDArray errors(INDArray signal) {
        INDArray errors = require(form.errors(signal), "errors made none");
        if (errors.rank() < 2 || errors.size(0) != signal.size(0) || errors.dataType() != signal.dataType()) {
            throw wrong("errors made some of shape " + Arrays.toString(errors.shape()) + " and type "
                    + errors.dataType() + " of a signal of shape " + Arrays.toString(signal.shape()) + " and type "
                    + signal.dataType() + ": they need its type, as many samples, and the neurons second");
        }
        return errors;
    }

    @Override
    public INDArray activity() {
        return form.activity();
    }

    @Override
    public Gradient gradient(INDArray errors, double activityGain, LayerWorkspaceMgr workspaces) {
        Gradient gradient = require(form.gradient(errors, activityGain, workspaces), "gradient made none");
        views().forEach((parameter, view) -> {
            INDArray own = gradient.getGradientFor(parameter);
            if (own == null) {
                throw wrong("gradient made none for parameter '" + parameter + "'");
            }
            if (own.data().address() + own.offset() * own.data().getElementSize()
                    != view.data().address() + view.offset() * view.data().getElementSize()) {
                throw wrong("gradient left that of parameter '" + parameter + "' in an array of its own, where"
                        + " Deeplearning4j does not look: write it into the layer's gradient view (gradientViews of a"
                        + " BaseLayer), and put that into the Gradient");
            }
        });
        return gradient;
    }

    @Override
    public boolean gradientIsScaled() {
        return form.gradientIsScaled();
    }

    /** Where Deeplearning4j looks for gradients. */
    private Map<String, INDArray> views() {
        INDArray all = layer.getGradientsViewArray();
        if (all != viewsOf) {
            viewsOf = all;
            views = layer.conf().getLayer().initializer().getGradientsFromFlattened(layer.conf(), all);
        }
        return views;
    }

    private <T> T require(T value, String problem) {
        if (value == null) {
            throw wrong(problem);
        }
        return value;
    }

    private IllegalStateException wrong(String problem) {
        return new IllegalStateException(LayerHost.name(layer) + ": the local form of "
                + layer.conf().getLayer().getClass().getName() + " is wrong: " + problem);
    }
}
