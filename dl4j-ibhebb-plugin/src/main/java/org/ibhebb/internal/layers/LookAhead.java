package org.ibhebb.internal.layers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.updater.ScheduleFree;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Where a layer takes its gradient under {@link ScheduleFree}: its parameters are an average x, and training passes see
 * them a little towards the moving point z. What is between them is the updater's state. DL4J asks a layer for its
 * updaters when it makes the network's; those that it gets hand their state to the layer, whichever network that is.
 */
final class LookAhead {

    /** By the first of the parameters that one state belongs to. */
    private final Map<String, INDArray> states = new HashMap<>();
    private List<Part> parts;
    /** All of the layer's parameters as training passes see them, one behind the other. */
    private INDArray ahead;
    private Map<String, INDArray> table;
    private INDArray copy;

    /** A layer's configuration as DL4J is to see it when it makes the network's updater. */
    TrainingConfig bound(TrainingConfig conf) {
        return new Bound(conf);
    }

    /**
     * Runs a training pass with the layer's parameters ahead.
     *
     * @param of the layer whose passes read them
     * @param parameters its view of the network's parameters
     */
    <T> T during(Layer of, INDArray parameters, Supplier<T> pass) {
        if (states.isEmpty() || parameters == null || parameters.isEmpty()) {
            return pass.get();
        }
        prepare(of, parameters);
        return ahead(of, parameters, pass);
    }

    /**
     * Runs a backward pass with the parameters as the forward pass before it had them.
     *
     * @param of the layer whose passes read them
     * @param parameters its view of the network's parameters
     */
    <T> T again(Layer of, INDArray parameters, Supplier<T> pass) {
        return parts == null ? during(of, parameters, pass) : ahead(of, parameters, pass);
    }

    private <T> T ahead(Layer of, INDArray parameters, Supplier<T> pass) {
        if (of instanceof BaseLayer) {
            Map<String, INDArray> own = of.paramTable();
            of.setParamTable(table);
            try {
                return pass.get();
            } finally {
                of.setParamTable(own);
            }
        }
        // Other layers keep their parameters where nothing else can be put.
        copy = copy == null || copy.length() != parameters.length() ? detached(parameters) : copy.assign(parameters);
        parameters.assign(ahead.reshape(parameters.shape()));
        try {
            return pass.get();
        } finally {
            parameters.assign(copy);
        }
    }

    private static INDArray detached(INDArray array) {
        try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            return array.dup();
        }
    }

    private void prepare(Layer of, INDArray parameters) {
        INDArray flat = parameters.reshape(parameters.length());
        if (ahead == null || ahead.length() != flat.length() || ahead.dataType() != flat.dataType()) {
            ahead = detached(flat);
            try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                // What other layers make of such a view is theirs.
                table = of instanceof BaseLayer
                        ? of.conf().getLayer().initializer().getGradientsFromFlattened(of.conf(), ahead)
                        : Map.of();
            }
            parts = null;
        }
        if (parts == null) {
            parts = parts(of, flat.length());
        }
        Arithmetic arithmetic = Arithmetic.of(flat.dataType());
        long covered = 0;
        for (Part part : parts) {
            if (part.from > covered) {
                between(ahead, covered, part.from).assign(between(flat, covered, part.from));
            }
            arithmetic.plusScaled(between(flat, part.from, part.to), part.deviation, part.share,
                    between(ahead, part.from, part.to));
            covered = part.to;
        }
        if (covered < flat.length()) {
            between(ahead, covered, flat.length()).assign(between(flat, covered, flat.length()));
        }
    }

    private static INDArray between(INDArray flat, long from, long to) {
        return from == 0 && to == flat.length() ? flat : flat.get(NDArrayIndex.interval(from, to));
    }

    /** As DL4J joins parameters: neighbours whose updaters are equal have one state. */
    private List<Part> parts(Layer of, long length) {
        List<Part> found = new ArrayList<>();
        String first = null;
        IUpdater shared = null;
        long from = 0;
        long to = 0;
        for (Map.Entry<String, INDArray> parameter : of.paramTable().entrySet()) {
            IUpdater own = of.conf().getLayer().getUpdaterByParam(parameter.getKey());
            if (!own.equals(shared)) {
                addPart(found, first, shared, from, to);
                first = parameter.getKey();
                shared = own;
                from = to;
            }
            to += parameter.getValue().length();
        }
        addPart(found, first, shared, from, to);
        if (to != length) {
            throw new IllegalStateException(LayerHost.name(of) + ": its parameters have " + to + " values, and their"
                    + " view " + length);
        }
        return found;
    }

    private void addPart(List<Part> found, String first, IUpdater updater, long from, long to) {
        INDArray state = first == null ? null : states.get(first);
        if (state != null && updater instanceof ScheduleFree average) {
            found.add(new Part(from, to, state.get(NDArrayIndex.interval(0, to - from)), 1 - average.getInertia()));
        }
    }

    /** Parameters from one place to another, and how far the moving point is from them. */
    private record Part(long from, long to, INDArray deviation, double share) {}

    /** The layer's training configuration, with updaters that hand their state to the layer. */
    private final class Bound implements TrainingConfig {

        private final TrainingConfig conf;

        Bound(TrainingConfig conf) {
            this.conf = conf;
        }

        @Override
        public IUpdater getUpdaterByParam(String paramName) {
            IUpdater updater = conf.getUpdaterByParam(paramName);
            return updater instanceof ScheduleFree average ? new Handing(average, paramName) : updater;
        }

        @Override
        public String getLayerName() {
            return conf.getLayerName();
        }

        @Override
        public List<Regularization> getRegularizationByParam(String paramName) {
            return conf.getRegularizationByParam(paramName);
        }

        @Override
        public boolean isPretrainParam(String paramName) {
            return conf.isPretrainParam(paramName);
        }

        @Override
        public GradientNormalization getGradientNormalization() {
            return conf.getGradientNormalization();
        }

        @Override
        public double getGradientNormalizationThreshold() {
            return conf.getGradientNormalizationThreshold();
        }

        @Override
        public void setDataType(DataType dataType) {
            conf.setDataType(dataType);
        }
    }

    /** Equal only to others of the same layer, so that no two layers have one state. */
    @SuppressWarnings("serial") // never leaves the updater that DL4J makes of it
    private final class Handing implements IUpdater {

        private final ScheduleFree average;
        private final String parameter;

        Handing(ScheduleFree average, String parameter) {
            this.average = average;
            this.parameter = parameter;
        }

        private LookAhead owner() {
            return LookAhead.this;
        }

        @Override
        public GradientUpdater<?> instantiate(INDArray viewArray, boolean initializeViewArray) {
            GradientUpdater<?> updater = average.instantiate(viewArray, initializeViewArray);
            states.put(parameter, viewArray.reshape(viewArray.length()));
            parts = null;
            return updater;
        }

        @Override
        public GradientUpdater<?> instantiate(Map<String, INDArray> updaterState, boolean initializeStateArrays) {
            return average.instantiate(updaterState, initializeStateArrays);
        }

        @Override
        public long stateSize(long numParams) {
            return average.stateSize(numParams);
        }

        @Override
        public double getLearningRate(int iteration, int epoch) {
            return average.getLearningRate(iteration, epoch);
        }

        @Override
        public boolean hasLearningRate() {
            return average.hasLearningRate();
        }

        @Override
        public void setLrAndSchedule(double lr, ISchedule lrSchedule) {
            average.setLrAndSchedule(lr, lrSchedule);
        }

        @Override
        @SuppressWarnings("MethodDoesntCallSuperMethod")
        public IUpdater clone() {
            return average.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Handing that && owner() == that.owner() && average.equals(that.average);
        }

        @Override
        public int hashCode() {
            return average.hashCode();
        }
    }
}
