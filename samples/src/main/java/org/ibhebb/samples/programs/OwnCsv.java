package org.ibhebb.samples.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.ibhebb.IbHebb;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.SplitTestAndTrain;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Learns a file of one's own: a line of names, then numbers and a class last, separated by commas. */
public final class OwnCsv {

    private OwnCsv() {}

    /**
     * Trains on three quarters of the file, and prints the accuracy on the rest.
     *
     * @param arguments the file
     * @throws IOException if it can't be read
     */
    public static void main(String[] arguments) throws IOException {
        List<String[]> rows = Files.readAllLines(Path.of(arguments[0])).stream().skip(1)
                .map(line -> line.split(",")).toList();
        int inputs = rows.get(0).length - 1;
        List<String> classes = rows.stream().map(row -> row[inputs]).distinct().sorted().toList();
        INDArray features = Nd4j.zeros(rows.size(), inputs);
        INDArray labels = Nd4j.zeros(rows.size(), classes.size());
        for (int i = 0; i < rows.size(); i++) {
            for (int j = 0; j < inputs; j++) {
                features.putScalar(i, j, Double.parseDouble(rows.get(i)[j]));
            }
            labels.putScalar(i, classes.indexOf(rows.get(i)[inputs]), 1);
        }
        DataSet all = new DataSet(features, labels);
        all.shuffle(1);
        SplitTestAndTrain split = all.splitTestAndTrain(0.75);
        NormalizerStandardize standardise = new NormalizerStandardize();
        standardise.fit(split.getTrain()); // The test rows have no part in it.
        standardise.transform(split.getTrain());
        standardise.transform(split.getTest());

        MultiLayerConfiguration conf = IbHebb.convert(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(1e-2))
                .activation(Activation.RELU)
                .weightInit(WeightInit.RELU)
                .list()
                .layer(new DenseLayer.Builder().nIn(inputs).nOut(32).build())
                .layer(new DenseLayer.Builder().nOut(16).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT).nOut(classes.size())
                        .activation(Activation.SOFTMAX).build())
                .build());
        MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init();
        net.fit(new ListDataSetIterator<>(split.getTrain().asList(), 16), 60);
        System.out.printf("accuracy %.3f%n",
                net.evaluate(new ListDataSetIterator<>(split.getTest().asList(), 16)).accuracy());
    }
}
