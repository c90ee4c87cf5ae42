package org.ibhebb.samples.programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.List;
import java.util.zip.GZIPInputStream;
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
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A program of Deeplearning4j's that one line turns to local learning: handwritten digits of 8 x 8 pixels. */
public final class OneLine {

    private OneLine() {}

    /**
     * Trains, and prints the accuracy on digits that were not trained on.
     *
     * @param arguments none
     * @throws IOException if the digits can't be read
     */
    public static void main(String[] arguments) throws IOException {
        SplitTestAndTrain digits = digits().splitTestAndTrain(0.75);
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(5e-3))
                .activation(Activation.RELU)
                .weightInit(WeightInit.RELU)
                .list()
                .layer(new DenseLayer.Builder().nIn(64).nOut(64).build())
                .layer(new DenseLayer.Builder().nOut(32).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT).nOut(10).activation(Activation.SOFTMAX).build())
                .build();

        conf = IbHebb.convert(conf); // The one line: without it, this is back-propagation.

        MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init();
        net.fit(new ListDataSetIterator<>(digits.getTrain().asList(), 32), 20);
        double accuracy = net.evaluate(new ListDataSetIterator<>(digits.getTest().asList(), 32)).accuracy();
        System.out.printf("accuracy %.3f%n", accuracy);
    }

    /** 64 numbers from 0 to 16 and the digit, line by line; shuffled. */
    private static DataSet digits() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(
                OneLine.class.getResourceAsStream("/org/ibhebb/samples/data/digits.csv.gz"))))) {
            List<float[]> rows = lines.lines().map(OneLine::numbers).toList();
            INDArray all = Nd4j.createFromArray(rows.toArray(float[][]::new));
            INDArray labels = Nd4j.zeros(rows.size(), 10);
            for (int i = 0; i < rows.size(); i++) {
                labels.putScalar(i, (int) rows.get(i)[64], 1);
            }
            DataSet digits = new DataSet(all.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 64)).div(16), labels);
            digits.shuffle(1);
            return digits;
        }
    }

    private static float[] numbers(String line) {
        String[] fields = line.split(",");
        float[] numbers = new float[fields.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Float.parseFloat(fields[i]);
        }
        return numbers;
    }
}
