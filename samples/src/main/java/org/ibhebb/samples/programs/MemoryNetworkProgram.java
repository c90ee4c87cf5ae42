package org.ibhebb.samples.programs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.ibhebb.IbHebb;
import org.ibhebb.memory.MemoryNetwork;
import org.ibhebb.memory.MemoryPretrainer;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Learns handwritten digits one at a time, with a working memory that is a network itself. */
public final class MemoryNetworkProgram {

    private static final int TRAIN = 1347;
    private static final int PIXELS = 64;

    private MemoryNetworkProgram() {}

    /**
     * Pretrains a memory network, unless its file is there, trains with it, and prints the accuracy on other digits.
     *
     * @param arguments the memory network's file
     * @throws IOException if it can't be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        // Pretraining sees synthetic streams alone, never the task: one file serves many.
        MemoryNetwork memory = Files.exists(file)
                ? MemoryNetwork.load(file)
                : MemoryPretrainer.builder().units(256).activityWidth(16).recall(8).build()
                        .pretrain(done -> {}).save(file);
        LearningRule rule = LearningRule.builder().memory(memory, memory.recall()).build();
        MultiLayerConfiguration conf = IbHebb.convert(new NeuralNetConfiguration.Builder()
                .seed(1)
                .activation(Activation.RELU)
                .weightInit(WeightInit.RELU)
                .list()
                .layer(new DenseLayer.Builder().nIn(PIXELS).nOut(32).updater(new Adam(1e-4)).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT).nOut(10).activation(Activation.SOFTMAX)
                        .updater(new Adam(3e-3)).build())
                .build(), rule);
        MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init();

        List<float[]> digits = digits();
        for (float[] digit : digits.subList(0, TRAIN)) {
            INDArray label = Nd4j.zeros(1, 10);
            label.putScalar(0, (int) digit[PIXELS], 1);
            net.fit(pixels(digit), label);
        }
        List<float[]> test = digits.subList(TRAIN, digits.size());
        long correct = test.stream()
                .filter(digit -> net.output(pixels(digit)).argMax(1).getInt(0) == (int) digit[PIXELS])
                .count();
        System.out.printf("accuracy %.3f%n", (double) correct / test.size());
    }

    private static INDArray pixels(float[] digit) {
        return Nd4j.createFromArray(new float[][] {Arrays.copyOf(digit, PIXELS)}).divi(8).subi(1);
    }

    /** 64 numbers from 0 to 16 and the digit, in each; shuffled. */
    private static List<float[]> digits() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(
                MemoryNetworkProgram.class.getResourceAsStream("/org/ibhebb/samples/data/digits.csv.gz"))))) {
            List<float[]> digits = lines.lines().map(line -> {
                String[] fields = line.split(",");
                float[] numbers = new float[fields.length];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = Float.parseFloat(fields[i]);
                }
                return numbers;
            }).collect(Collectors.toList());
            Collections.shuffle(digits, new Random(1));
            return digits;
        }
    }
}
