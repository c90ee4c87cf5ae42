package org.ibhebb.compatibility;

import static org.ibhebb.compatibility.Networks.builder;
import static org.ibhebb.compatibility.Networks.readout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CapsuleLayer;
import org.deeplearning4j.nn.conf.layers.CapsuleStrengthLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.PrimaryCapsules;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small chains of layers, one for each of Deeplearning4j's layers. */
final class LayerModels {

    private static final int SAMPLES = 192;
    private static final int DIMENSIONS = 20;
    private static final int SIDE = 6;
    private static final int FEATURES = 24;
    private static final int STEPS = 4;
    private static final int WORDS = 24;

    private static final InputType VECTOR = InputType.feedForward(DIMENSIONS);
    private static final InputType IMAGE = InputType.convolutional(SIDE, SIDE, 1);
    private static final InputType SEQUENCE = InputType.recurrent(FEATURES, STEPS);

    private static final MultiDataSet VECTORS = Specimen.single(Samples.xor(1, SAMPLES, DIMENSIONS));
    private static final MultiDataSet NEEDLE = Specimen.single(Samples.needle(1, SAMPLES, FEATURES));
    private static final MultiDataSet IMAGES = Specimen.single(Samples.textures(1, SAMPLES, SIDE));
    private static final MultiDataSet EDGES = Specimen.single(Samples.xorImages(1, SAMPLES, SIDE));
    private static final MultiDataSet SEQUENCES =
            Specimen.single(needles());

    /** With a label for each time step. */
    private static final DataSet ECHOES = Samples.echoes(1, SAMPLES, FEATURES, STEPS);

    private final List<Specimen> all = new ArrayList<>();
    private String section;
    private int epochs;

    private LayerModels() {}

    static List<Specimen> all() {
        LayerModels models = new LayerModels();
        models.dense();
        models.convolutional();
        models.recurrent();
        models.embedding();
        models.weightless();
        models.frozen();
        models.activations();
        models.outputs();
        return models.all;
    }

    private void section(String title, int epochsOfEach) {
        section = title;
        epochs = epochsOfEach;
    }

    private void add(String name, InputType type, MultiDataSet data, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = builder().list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        all.add(Specimen.of(section, name, list.setInputType(type).build(), data, epochs));
    }

    private void vectors(String name, Layer... layers) {
        add(name, VECTOR, VECTORS, withReadout(layers));
    }

    private void images(String name, Layer... layers) {
        add(name, IMAGE, IMAGES, withReadout(with(layers, new GlobalPoolingLayer(PoolingType.AVG))));
    }

    private void cubes(String name, Layer... layers) {
        add(name, InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 3, SIDE, SIDE, 1),
                Samples.stacked(IMAGES, 3), withReadout(with(layers, new GlobalPoolingLayer(PoolingType.AVG))));
    }

    private void sequences(String name, Layer... layers) {
        add(name, SEQUENCE, SEQUENCES, withReadout(layers));
    }

    private static Layer[] withReadout(Layer... layers) {
        return with(layers, readout(2));
    }

    private static Layer[] with(Layer[] layers, Layer last) {
        Layer[] more = Arrays.copyOf(layers, layers.length + 1);
        more[layers.length] = last;
        return more;
    }

    private static ConvolutionLayer convolution() {
        return new ConvolutionLayer.Builder(3, 3).nOut(4).build();
    }

    private static ConvolutionLayer small() {
        return new ConvolutionLayer.Builder(2, 2).nOut(4).build();
    }

    /** Narrow, so that chance does not give the readout what it needs. */
    private static LSTM lstm(int units) {
        return new LSTM.Builder().nOut(units).activation(Activation.TANH).build();
    }

    private static GlobalPoolingLayer pooled() {
        return new GlobalPoolingLayer();
    }

    private void dense() {
        section("Dense layers", 20);
        vectors("dense stack", Networks.dense(12), Networks.dense(8));
        vectors("dense with layer normalisation", new DenseLayer.Builder().nOut(12).hasLayerNorm(true).build());
        vectors("dense without bias", new DenseLayer.Builder().nOut(12).hasBias(false).build());
        vectors("dense, batch normalisation", new DenseLayer.Builder().nOut(12).build(), new BatchNormalization());
        vectors("dense, PReLULayer", new DenseLayer.Builder().nOut(12).activation(Activation.IDENTITY).build(),
                new PReLULayer.Builder().inputShape(12).build());
        vectors("dense, ElementWiseMultiplicationLayer", Networks.dense(12),
                new ElementWiseMultiplicationLayer.Builder().nIn(12).nOut(12).activation(Activation.TANH).build());
        vectors("AutoEncoder", new AutoEncoder.Builder().nOut(12).build());
        vectors("VariationalAutoencoder", new VariationalAutoencoder.Builder().nOut(3).encoderLayerSizes(12)
                .decoderLayerSizes(12).build());
    }

    private void convolutional() {
        section("Convolutions", 20);
        images("ConvolutionLayer", convolution());
        images("ConvolutionLayer, batch normalisation, activation layer",
                new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.IDENTITY).build(),
                new BatchNormalization(), new ActivationLayer(Activation.RELU));
        images("ConvolutionLayer, strided, same mode", new ConvolutionLayer.Builder(3, 3).nOut(4)
                .stride(2, 2).convolutionMode(ConvolutionMode.Same).build());
        epochs = 60;
        images("ConvolutionLayer, dilated", new ConvolutionLayer.Builder(2, 2).nOut(3).dilation(3, 3).build());
        epochs = 20;
        add("ConvolutionLayer, channels last", InputType.convolutional(SIDE, SIDE, 1, CNN2DFormat.NHWC),
                Samples.reshaped(IMAGES, SAMPLES, SIDE, SIDE, 1),
                withReadout(new ConvolutionLayer.Builder(3, 3).nOut(4).dataFormat(CNN2DFormat.NHWC).build(),
                        new GlobalPoolingLayer.Builder(PoolingType.AVG).build()));
        epochs = 60;
        images("DepthwiseConvolution2D", new DepthwiseConvolution2D.Builder(3, 3).depthMultiplier(4).build());
        epochs = 20;
        images("ConvolutionLayer, SeparableConvolution2D", convolution(),
                new SeparableConvolution2D.Builder(2, 2).nOut(4).build());
        images("Deconvolution2D", new Deconvolution2D.Builder(3, 3).nOut(4).build());
        add("LocallyConnected2D", IMAGE, EDGES, withReadout(new LocallyConnected2D.Builder().kernelSize(3, 3)
                .stride(3, 3).nIn(1).nOut(3).setInputSize(SIDE, SIDE).activation(Activation.RELU).build()));
        sequences("Convolution1DLayer", new Convolution1DLayer.Builder(2).nOut(3).build(), pooled());
        sequences("LocallyConnected1D", new LocallyConnected1D.Builder().kernelSize(2).nIn(FEATURES).nOut(3)
                .setInputSize(STEPS).activation(Activation.RELU).build(), pooled());
        cubes("Convolution3D", new Convolution3D.Builder(2, 3, 3).nOut(4).build());
        add("PrimaryCapsules, CapsuleLayer, CapsuleStrengthLayer", IMAGE, EDGES, withReadout(
                new PrimaryCapsules.Builder(4, 2).kernelSize(3, 3).stride(1, 1).build(),
                new CapsuleLayer.Builder(4, 4, 2).build(), new CapsuleStrengthLayer.Builder().build()));
        epochs = 30;
        cubes("Deconvolution3D", new Deconvolution3D.Builder().kernelSize(2, 2, 2).nOut(4).build());
    }

    @SuppressWarnings("deprecation") // old models have them
    private void recurrent() {
        section("Recurrent layers and attention", 20);
        sequences("LSTM, global pooling", lstm(2), pooled());
        epochs = 40;
        sequences("two LSTMs, LastTimeStep", lstm(2), new LastTimeStep(lstm(2)));
        epochs = 20;
        sequences("GravesLSTM", new GravesLSTM.Builder().nOut(3).activation(Activation.TANH).build(), pooled());
        sequences("GravesBidirectionalLSTM",
                new GravesBidirectionalLSTM.Builder().nOut(2).activation(Activation.TANH).build(), pooled());
        sequences("SimpleRnn", new SimpleRnn.Builder().nOut(2).activation(Activation.TANH).build(), pooled());
        sequences("Bidirectional LSTM, side by side", new Bidirectional(lstm(3)), pooled());
        sequences("Bidirectional LSTM, added", new Bidirectional(Bidirectional.Mode.ADD, lstm(3)), pooled());
        sequences("LastTimeStep of Bidirectional", new LastTimeStep(new Bidirectional(lstm(3))));
        sequences("TimeDistributed dense layer", new TimeDistributed(new DenseLayer.Builder().nIn(FEATURES).nOut(3)
                .activation(Activation.RELU).build()), pooled());
        sequences("SelfAttentionLayer", new SelfAttentionLayer.Builder().nHeads(2).headSize(3).nOut(3)
                .projectInput(true).build(), new ActivationLayer(Activation.TANH), pooled());
        sequences("RecurrentAttentionLayer", new RecurrentAttentionLayer.Builder().nHeads(2).headSize(3)
                .nIn(FEATURES).nOut(3).projectInput(true).activation(Activation.TANH).build(), pooled());
        sequences("dense layer on single time steps", lstm(2), Networks.dense(3), lstm(2), pooled());
        add("LSTM, LastTimeStep; sequences of different lengths", SEQUENCE,
                Specimen.single(Samples.ofDifferentLengths(needles(), false)),
                withReadout(lstm(2), new LastTimeStep(lstm(2))));
        add("Bidirectional LSTM, global pooling; sequences of different lengths", SEQUENCE,
                Specimen.single(Samples.ofDifferentLengths(needles(), false)),
                withReadout(new Bidirectional(lstm(3)), pooled()));
        section("A label for each time step", 30);
        steps("LSTM", lstm(3));
        steps("SimpleRnn", new SimpleRnn.Builder().nOut(6).activation(Activation.TANH).build());
        steps("Convolution1DLayer", new Convolution1DLayer.Builder(3).convolutionMode(ConvolutionMode.Same).nOut(3)
                .activation(Activation.TANH).build());
        steps("two LSTMs and a dense layer between", wideLstm(), Networks.dense(12), wideLstm());
        add("Bidirectional LSTM; sequences of different lengths", SEQUENCE,
                Specimen.single(Samples.ofDifferentLengths(ECHOES, true)), new Bidirectional(lstm(3)), readoutOfSteps());
        all.add(Specimen.of(section, "LSTM with truncated back-propagation through time", builder().list()
                .layer(lstm(3))
                .layer(readoutOfSteps())
                .backpropType(BackpropType.TruncatedBPTT).tBPTTLength(2)
                .setInputType(SEQUENCE).build(), Specimen.single(ECHOES), epochs));
    }

    private static DataSet needles() {
        return Samples.needleSequences(1, SAMPLES, FEATURES, STEPS);
    }

    private void steps(String name, Layer... layers) {
        add(name, SEQUENCE, Specimen.single(ECHOES), with(layers, readoutOfSteps()));
    }

    private static LSTM wideLstm() {
        return new LSTM.Builder().nOut(6).activation(Activation.TANH).build();
    }

    private static Layer readoutOfSteps() {
        return new RnnOutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(2).build();
    }

    private void embedding() {
        section("Embeddings", 30);
        add("EmbeddingSequenceLayer", InputType.feedForward(WORDS), Samples.words(1, SAMPLES, WORDS, 3),
                withReadout(new EmbeddingSequenceLayer.Builder().nIn(WORDS).nOut(4).inputLength(3).build(), pooled()));
        add("EmbeddingSequenceLayer, LSTM", InputType.feedForward(WORDS), Samples.words(1, SAMPLES, WORDS, 3),
                withReadout(new EmbeddingSequenceLayer.Builder().nIn(WORDS).nOut(4).inputLength(3).build(),
                        new LastTimeStep(lstm(3))));
    }

    private void weightless() {
        section("Layers without weights, between local ones", 20);
        images("SubsamplingLayer", convolution(),
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX).kernelSize(2, 2).stride(1, 1).build(),
                small());
        images("LocalResponseNormalization", convolution(), new LocalResponseNormalization(), small());
        images("Upsampling2D", convolution(), new Upsampling2D.Builder(2).build(), small());
        epochs = 40;
        images("ZeroPaddingLayer", convolution(), new ZeroPaddingLayer(1, 1), small());
        epochs = 20;
        images("Cropping2D", convolution(), new Cropping2D(1, 1), small());
        images("SpaceToDepthLayer", convolution(),
                new SpaceToDepthLayer.Builder<>(2, CNN2DFormat.NCHW).build(), small());
        sequences("Subsampling1DLayer", new Convolution1DLayer.Builder(2).nOut(3).build(),
                new Subsampling1DLayer.Builder(Subsampling1DLayer.PoolingType.MAX, 2, 2).build(), lstm(2), pooled());
        cubes("Subsampling3DLayer", new Convolution3D.Builder(2, 3, 3).nOut(4).build(),
                new Subsampling3DLayer.Builder(Subsampling3DLayer.PoolingType.AVG).kernelSize(1, 2, 2)
                        .stride(1, 1, 1).build(), new Convolution3D.Builder(1, 2, 2).nOut(3).build());
        vectors("DropoutLayer", Networks.dense(12), new DropoutLayer(0.9), Networks.dense(8));
        vectors("RepeatVector", Networks.dense(12), new RepeatVector.Builder<>(3).build(),
                new LSTM.Builder().nOut(8).activation(Activation.TANH).build(), pooled());
    }

    private void frozen() {
        section("Frozen layers", 30);
        vectors("FrozenLayer below local ones", new FrozenLayer(new DenseLayer.Builder().nIn(DIMENSIONS).nOut(32)
                .activation(Activation.RELU).build()), Networks.dense(12));
        vectors("FrozenLayer above a local one", Networks.dense(12), new FrozenLayer(new DenseLayer.Builder()
                .nIn(12).nOut(16).activation(Activation.RELU).build()));
        vectors("FrozenLayerWithBackprop above a local one", Networks.dense(12), new FrozenLayerWithBackprop(
                new DenseLayer.Builder().nIn(12).nOut(16).activation(Activation.RELU).build()));
    }

    private void activations() {
        section("Activation functions, of two dense layers", 30);
        for (Activation activation : Activation.values()) {
            add(activation.name(), InputType.feedForward(FEATURES), NEEDLE, withReadout(
                    new DenseLayer.Builder().nOut(6).activation(activation).build(),
                    new DenseLayer.Builder().nOut(4).activation(activation).build()));
        }
    }

    private void outputs() {
        section("Output layers", 30);
        add("RnnLossLayer", SEQUENCE, SEQUENCES, lstm(2),
                new RnnLossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build());
        add("CnnLossLayer", IMAGE, IMAGES, convolution(),
                new CnnLossLayer.Builder(LossFunction.MSE).activation(Activation.IDENTITY).build());
        add("LossLayer on a DenseLayer of activation IDENTITY", VECTOR, VECTORS, Networks.dense(12),
                new DenseLayer.Builder().nOut(2).activation(Activation.IDENTITY).build(),
                new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build());
        add("LossLayer with softmax on a DenseLayer with ReLU", VECTOR, VECTORS, Networks.dense(2),
                new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build());
        add("CenterLossOutputLayer", VECTOR, VECTORS, Networks.dense(12),
                new CenterLossOutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).nOut(2).build());
        add("OCNNOutputLayer", VECTOR, VECTORS, Networks.dense(12), new OCNNOutputLayer.Builder().nIn(12)
                .hiddenLayerSize(6).activation(Activation.SIGMOID).build());
        add("ActivationLayer", VECTOR, VECTORS, Networks.dense(2), new ActivationLayer(Activation.SOFTMAX));
    }
}
