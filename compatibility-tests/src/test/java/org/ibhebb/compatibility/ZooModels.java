package org.ibhebb.compatibility;

import static org.ibhebb.compatibility.Networks.network;
import static org.ibhebb.compatibility.Networks.readout;
import static org.ibhebb.compatibility.Specimen.single;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.zoo.model.AlexNet;
import org.deeplearning4j.zoo.model.Darknet19;
import org.deeplearning4j.zoo.model.FaceNetNN4Small2;
import org.deeplearning4j.zoo.model.LeNet;
import org.deeplearning4j.zoo.model.ResNet50;
import org.deeplearning4j.zoo.model.SimpleCNN;
import org.deeplearning4j.zoo.model.SqueezeNet;
import org.deeplearning4j.zoo.model.TextGenerationLSTM;
import org.deeplearning4j.zoo.model.TinyYOLO;
import org.deeplearning4j.zoo.model.UNet;
import org.deeplearning4j.zoo.model.VGG16;
import org.deeplearning4j.zoo.model.VGG19;
import org.deeplearning4j.zoo.model.Xception;
import org.deeplearning4j.zoo.model.YOLO2;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The configurations that Deeplearning4j ships. */
final class ZooModels {

    private static final String SECTION = "Deeplearning4j's model zoo";
    private static final int SAMPLES = 64;

    private final List<Specimen> all = new ArrayList<>();

    private ZooModels() {}

    static List<Specimen> all() {
        ZooModels models = new ZooModels();
        models.small();
        models.large();
        models.refused();
        return models.all;
    }

    private void add(String name, MultiLayerConfiguration conf, MultiDataSet data, int epochs) {
        all.add(Specimen.of(SECTION, name, conf, data, epochs));
    }

    private void add(String name, ComputationGraphConfiguration conf, MultiDataSet data, int epochs) {
        all.add(Specimen.of(SECTION, name, conf, data, epochs));
    }

    private static int[] images(int channels, int side) {
        return new int[] {channels, side, side};
    }

    private static InputType type(int channels, int side) {
        return InputType.convolutional(side, side, channels);
    }

    private static MultiDataSet textures(int side) {
        return single(Samples.textures(1, SAMPLES, side));
    }

    private void small() {
        add("LeNet (1 x 12 x 12)",
                LeNet.builder().numClasses(2).inputShape(images(1, 12)).updater(new Adam(1e-3)).build().conf(),
                Samples.reshaped(textures(12), SAMPLES, 144), 15);
        add("SimpleCNN (1 x 16 x 16), an OutputLayer in place of its softmax", simpleCnn(), textures(16), 40);
        add("ResNet50 (1 x 32 x 32), global pooling and an OutputLayer in place of its last two", smallResNet50(),
                single(Samples.textures(1, 2 * SAMPLES, 32)), 12);
        add("TextGenerationLSTM (2 characters)", TextGenerationLSTM.builder().totalUniqueCharacters(2)
                .inputShape(new int[] {60, 2}).build().conf(), single(Samples.echoes(1, SAMPLES, 2, 8)), 20);
    }

    /** Its own max-pooling at the end takes images of 160 x 160 and more. */
    private static ComputationGraphConfiguration smallResNet50() {
        return ResNet50.builder().numClasses(2).inputShape(images(1, 32)).updater(new Adam(1e-3)).build().graphBuilder()
                .removeVertex("output").removeVertex("avgpool")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "res5c_branch")
                .addLayer("out", readout(2), "pool")
                .setOutputs("out")
                .build();
    }

    private static ComputationGraphConfiguration squeezeNet() {
        GraphBuilder graph = SqueezeNet.builder().numClasses(1000).build().graphBuilder();
        return graph.addInputs("input").setInputTypes(type(3, 227))
                .removeVertex("loss").removeVertex("softmax")
                .addLayer("out", readout(10), "avg_pool")
                .setOutputs("out")
                .build();
    }

    /** As a user of the zoo would: by transfer learning. */
    private static MultiLayerConfiguration simpleCnn() {
        return new TransferLearning.Builder(network(
                        SimpleCNN.builder().numClasses(8).inputShape(images(1, 16)).build().conf()))
                .fineTuneConfiguration(new FineTuneConfiguration.Builder().updater(new Adam(1e-3)).build())
                .removeOutputLayer()
                .addLayer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX).nIn(8).nOut(2).build())
                .build()
                .getLayerWiseConfigurations();
    }

    private void large() {
        add("AlexNet", AlexNet.builder().numClasses(10).build().conf(), null, 0);
        add("VGG16", VGG16.builder().numClasses(10).build().conf(), null, 0);
        add("VGG19", VGG19.builder().numClasses(10).build().conf(), null, 0);
        add("SqueezeNet, an OutputLayer in place of its softmax and LossLayer", squeezeNet(), null, 0);
        add("ResNet50", ResNet50.builder().numClasses(10).build().graphBuilder().build(), null, 0);
        add("Xception", Xception.builder().numClasses(10).build().graphBuilder()
                .addInputs("input").setInputTypes(type(3, 299)).build(), null, 0);
    }

    private void refused() {
        add("SimpleCNN", SimpleCNN.builder().numClasses(10).inputShape(images(3, 48)).build().conf(), null, 0);
        add("SqueezeNet", SqueezeNet.builder().numClasses(10).build().graphBuilder()
                .addInputs("input").setInputTypes(type(3, 227)).build(), null, 0);
        add("Darknet19", Darknet19.builder().numClasses(10).build().conf(), null, 0);
        add("TinyYOLO", TinyYOLO.builder().numClasses(10).build().conf(), null, 0);
        add("YOLO2", YOLO2.builder().numClasses(10).build().conf(), null, 0);
        add("UNet", UNet.builder().build().graphBuilder()
                .addInputs("input").setInputTypes(type(3, 512)).build(), null, 0);
        add("FaceNetNN4Small2", FaceNetNN4Small2.builder().numClasses(10).build().conf(), null, 0);
    }
}
