package org.ibhebb.internal.layers;

import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.ibhebb.internal.learner.Network;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * DL4J's batch normalisation, in fewer passes over memory: outputs, gradients and running statistics are its own up to
 * rounding. It stands inside units of local layers, where DL4J's took two thirds of a training step.
 */
public class IbHebbBatchNormalization extends BatchNormalization {

    private final transient LookAhead lookAhead = new LookAhead();
    private final transient LayerHost host = new LayerHost(this);
    private transient INDArray mean;
    private transient INDArray variance;
    /** What the last forward pass normalised. */
    private transient INDArray seen;
    /** Whether it did so by the statistics of the mini-batch, and not by the running ones. */
    private transient boolean byMiniBatch;

    /**
     * Called by the configuration.
     *
     * @param conf the layer's configuration
     * @param dataType of the network
     */
    public IbHebbBatchNormalization(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        return training
                ? host.pass(paramsFlattened, () -> super.activate(true, workspaces))
                : super.activate(false, workspaces);
    }

    @Override
    public INDArray preOutput(INDArray x, TrainingMode training, LayerWorkspaceMgr workspaces) {
        seen = null;
        if (!takes(x) || x.size(channelDimension(x)) != layerConf().getNOut()) {
            // It has an answer of its own to both.
            return super.preOutput(x, training, workspaces);
        }
        INDArray maps = x.castTo(dataType);
        int channels = channelDimension(maps);
        Arithmetic kernel = Arithmetic.of(dataType);
        INDArray output = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, maps.shape(), order(maps));
        if (training == TrainingMode.TRAIN) {
            makeRoom(maps.size(channels));
            kernel.moments(maps, channels, mean, variance);
            lookAhead.during(this, paramsFlattened, () -> {
                kernel.standardize(maps, channels, mean, variance, layerConf().getEps(), gain(), offset(), output);
                return output;
            });
        } else {
            kernel.standardize(maps, channels, running(BatchNormalizationParamInitializer.GLOBAL_MEAN),
                    runningVariance(), layerConf().getEps(), gain(), offset(), output);
        }
        seen = x;
        byMiniBatch = training == TrainingMode.TRAIN;
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        return host.pass(paramsFlattened, () -> backward(epsilon, workspaces));
    }

    private Pair<Gradient, INDArray> backward(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        if (!takes(input)) {
            return super.backpropGradient(epsilon, workspaces);
        }
        if (input != seen) {
            throw new IllegalStateException(LayerHost.name(this) + ": a backward pass needs a forward pass before it,"
                    + " on the same input");
        }
        INDArray maps = input.castTo(dataType);
        if (!byMiniBatch) {
            return throughRunningStatistics(maps, epsilon, workspaces);
        }
        boolean locked = layerConf().isLockGammaBeta();
        INDArray gainGradient = locked
                ? Nd4j.createUninitialized(dataType, mean.shape())
                : gradientViews.get(BatchNormalizationParamInitializer.GAMMA);
        INDArray offsetGradient = locked
                ? Nd4j.createUninitialized(dataType, mean.shape())
                : gradientViews.get(BatchNormalizationParamInitializer.BETA);
        INDArray below = workspaces.createUninitialized(
                ArrayType.ACTIVATION_GRAD, dataType, maps.shape(), order(maps));
        INDArray errors = divided(epsilon);
        INDArray slope = lookAhead.during(this, paramsFlattened, this::slope);
        Arithmetic.of(dataType).standardizeGradient(maps, channelDimension(maps), mean, variance,
                layerConf().getEps(), slope, errors, gainGradient, offsetGradient, below);
        Gradient gradient = new DefaultGradient();
        if (!locked) {
            gradient.setGradientFor(BatchNormalizationParamInitializer.GAMMA, gainGradient);
            gradient.setGradientFor(BatchNormalizationParamInitializer.BETA, offsetGradient);
        }
        addRunningStatistics(gradient);
        return new Pair<>(gradient, below);
    }

    /**
     * The backward pass after one of inference, as frozen layers have it: the statistics are constants, and stay.
     */
    private Pair<Gradient, INDArray> throughRunningStatistics(
            INDArray maps, INDArray errors, LayerWorkspaceMgr workspaces) {
        int channels = channelDimension(maps);
        double epsilon = layerConf().getEps();
        INDArray zero = Nd4j.zeros(dataType, maps.size(channels));
        INDArray runningMean = running(BatchNormalizationParamInitializer.GLOBAL_MEAN);
        INDArray runningVariance = runningVariance();
        Arithmetic kernel = Arithmetic.of(dataType);
        INDArray below = workspaces.createUninitialized(
                ArrayType.ACTIVATION_GRAD, dataType, maps.shape(), order(maps));
        kernel.standardize(errors, channels, zero, runningVariance, epsilon, gain(), constant(0), below);
        Gradient gradient = new DefaultGradient();
        if (!layerConf().isLockGammaBeta()) {
            INDArray standardized = Nd4j.createUninitialized(dataType, maps.shape(), order(maps));
            kernel.standardize(
                    maps, channels, runningMean, runningVariance, epsilon, constant(1), constant(0), standardized);
            int[] others = others(channels, maps.rank());
            put(gradient, BatchNormalizationParamInitializer.GAMMA, standardized.muli(errors).sum(others));
            put(gradient, BatchNormalizationParamInitializer.BETA, errors.sum(others));
        }
        put(gradient, BatchNormalizationParamInitializer.GLOBAL_MEAN, zero);
        put(gradient, layerConf().isUseLogStd()
                ? BatchNormalizationParamInitializer.GLOBAL_LOG_STD
                : BatchNormalizationParamInitializer.GLOBAL_VAR, zero);
        return new Pair<>(gradient, below);
    }

    private void put(Gradient gradient, String key, INDArray values) {
        step(gradient, key).assign(values.reshape(values.length()));
    }

    private static int[] others(int dimension, int rank) {
        return IntStream.range(0, rank).filter(other -> other != dimension).toArray();
    }

    /**
     * Errors of unit size for gain and offset, where the unit learns so. To the layer below, which divides by gains of
     * its own, it makes no difference: each channel passes through by itself.
     */
    private INDArray divided(INDArray epsilon) {
        if (paramsFlattened == null || paramsFlattened.isEmpty()) {
            return epsilon;
        }
        INDArray errors = channelDimension(epsilon) == 3 ? epsilon.permute(0, 3, 1, 2) : epsilon;
        Network.of(paramsFlattened).divideInUnit(getIndex(), errors);
        return epsilon;
    }

    @Override
    public TrainingConfig getConfig() {
        return lookAhead.bound(super.getConfig());
    }

    /** DL4J moves the running statistics as it moves weights: by what is subtracted from them. */
    private void addRunningStatistics(Gradient gradient) {
        double rest = 1 - layerConf().getDecay();
        step(gradient, BatchNormalizationParamInitializer.GLOBAL_MEAN)
                .assign(running(BatchNormalizationParamInitializer.GLOBAL_MEAN)).subi(mean).muli(rest);
        INDArray now = runningVariance();
        if (layerConf().isUseLogStd()) {
            // log10 of the deviation, now and next.
            INDArray next = now.mul(layerConf().getDecay()).addi(variance.mul(rest));
            step(gradient, BatchNormalizationParamInitializer.GLOBAL_LOG_STD)
                    .assign(Transforms.log(now.div(next), false)).muli(ONE_ON_2LOGE_10);
        } else {
            step(gradient, BatchNormalizationParamInitializer.GLOBAL_VAR)
                    .assign(now).subi(variance).muli(rest);
        }
    }

    private INDArray step(Gradient gradient, String key) {
        INDArray view = gradientViews.get(key);
        gradient.setGradientFor(key, view);
        return view.reshape(view.length());
    }

    private INDArray running(String key) {
        INDArray values = params.get(key);
        return values.reshape(values.length());
    }

    private INDArray runningVariance() {
        return layerConf().isUseLogStd()
                ? Transforms.exp(
                        running(BatchNormalizationParamInitializer.GLOBAL_LOG_STD).mul(1 / ONE_ON_2LOGE_10), false)
                : running(BatchNormalizationParamInitializer.GLOBAL_VAR);
    }

    private INDArray gain() {
        return layerConf().isLockGammaBeta()
                ? constant(usesLockedValues() ? layerConf().getGamma() : 1)
                : getParam(BatchNormalizationParamInitializer.GAMMA);
    }

    private INDArray offset() {
        return layerConf().isLockGammaBeta()
                ? constant(usesLockedValues() ? layerConf().getBeta() : 0)
                : getParam(BatchNormalizationParamInitializer.BETA);
    }

    /** DL4J's forward pass leaves both locked values out unless both do something; its backward pass does not. */
    private boolean usesLockedValues() {
        return layerConf().getGamma() != 1 && layerConf().getBeta() != 0;
    }

    private INDArray slope() {
        return layerConf().isLockGammaBeta() ? constant(layerConf().getGamma()) : gain();
    }

    private INDArray constant(double value) {
        return Nd4j.valueArrayOf(new long[] {1, layerConf().getNOut()}, value, dataType);
    }

    /** The statistics outlive the workspaces of the forward pass. */
    private void makeRoom(long channels) {
        if (mean == null || mean.length() != channels || mean.dataType() != dataType) {
            try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                mean = Nd4j.createUninitialized(dataType, channels);
                variance = Nd4j.createUninitialized(dataType, channels);
            }
        }
    }

    private static boolean takes(INDArray x) {
        return x.rank() == 2 || x.rank() == 4;
    }

    private int channelDimension(INDArray x) {
        return x.rank() == 4 && layerConf().getCnn2DFormat() == CNN2DFormat.NHWC ? 3 : 1;
    }

    /** What comes from a dense layer is stored by columns, and what goes on to one should be. */
    private static char order(INDArray x) {
        return x.rank() == 2 && x.ordering() == 'f' ? 'f' : 'c';
    }

    @Override
    public void clear() {
        super.clear();
        seen = null;
    }
}
