package org.ibhebb.moa;

import com.yahoo.labs.samoa.instances.Instance;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.stream.StreamingNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A streaming network that learns instances of one stream. */
public final class StreamOfInstances {

    private final Attributes attributes;
    private final int[] hidden;
    private final boolean standardises;
    private final MultiLayerNetwork network;
    private final StreamingNetwork stream;
    private final float[] row;

    /**
     * A new one.
     *
     * @param attributes of the instances that will come
     * @param hidden the sizes of hidden layers
     * @param memory how many instances working memory holds; 0 for none
     * @param standardises whether inputs are brought to mean 0 and variance 1
     * @param seed fixes the initial weights
     */
    public StreamOfInstances(Attributes attributes, int[] hidden, int memory, boolean standardises, int seed) {
        this.attributes = attributes;
        this.hidden = hidden;
        this.standardises = standardises;
        this.network = network(attributes, hidden, seed);
        this.stream = StreamingNetwork.builder(network).rule(rule(memory)).standardizeInputs(standardises)
                .missingValues(standardises).build();
        this.row = new float[attributes.inputs()];
    }

    /** One that was saved. */
    private StreamOfInstances(Attributes attributes, int[] hidden, boolean standardises, byte[] learnt)
            throws IOException {
        this.attributes = attributes;
        this.hidden = hidden;
        this.standardises = standardises;
        this.network = network(attributes, hidden, 0);
        Path file = Files.createTempFile("ibhebb", ".ibstream");
        try {
            Files.write(file, learnt);
            this.stream = StreamingNetwork.builder(network).resume(file);
        } finally {
            Files.delete(file);
        }
        this.row = new float[attributes.inputs()];
    }

    private static MultiLayerNetwork network(Attributes attributes, int[] hidden, int seed) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder().seed(seed)
                .updater(new NoOp()).dataType(DataType.FLOAT).activation(Activation.RELU).weightInit(WeightInit.RELU)
                .list();
        int below = attributes.inputs();
        for (int size : hidden) {
            layers.layer(new DenseLayer.Builder().nIn(below).nOut(size).build());
            below = size;
        }
        layers.layer(new OutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX)
                .weightInit(WeightInit.XAVIER).nIn(below).nOut(attributes.classes()).build());
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }

    private static LearningRule rule(int memory) {
        LearningRule.Builder rule = LearningRule.builder().objective(Objective.prediction().withRate(1));
        if (memory > 0) {
            rule.plus(Objective.neighbourhood().withSigma(0.35).withWeight(0.3)).memory(memory);
        }
        return rule.build();
    }

    /**
     * Learns an instance.
     *
     * @param instance of the stream
     * @param times how often
     * @throws IllegalArgumentException with what is wrong, if it can't be learnt; nothing has changed then
     */
    public void learn(Instance instance, int times) {
        double label = instance.classValue();
        if (!(label >= 0 && label < attributes.classes())) {
            throw new IllegalArgumentException("class " + label + " is none of the " + attributes.classes()
                    + " that the stream's header names");
        }
        attributes.write(instance, missing(), row);
        int[] labels = {(int) label};
        for (int i = 0; i < times; i++) {
            // Nobody waits for a prediction here, which saves one.
            stream.learn(row, labels, null);
        }
    }

    /**
     * Predicts an instance's class.
     *
     * @param instance of the stream
     * @return the probability of each
     * @throws IllegalArgumentException with what is wrong, if the instance is of another stream or not finite
     */
    public double[] predict(Instance instance) {
        // Not the row that learns: MOA may ask for votes while another thread trains.
        float[] inputs = new float[attributes.inputs()];
        attributes.write(instance, missing(), inputs);
        float[] predicted = stream.predict(inputs);
        double[] votes = new double[predicted.length];
        for (int k = 0; k < votes.length; k++) {
            votes[k] = predicted[k];
        }
        return votes;
    }

    private float missing() {
        return standardises ? Float.NaN : 0;
    }

    /**
     * How many attributes there are besides the class.
     *
     * @return 1 at least
     */
    public int attributes() {
        return attributes.count();
    }

    /**
     * How many inputs these have.
     *
     * @return 1 at least
     */
    public int inputs() {
        return attributes.inputs();
    }

    /**
     * How wide all layers are, the inputs included.
     *
     * @return from below
     */
    public int[] sizes() {
        int[] sizes = new int[hidden.length + 2];
        sizes[0] = attributes.inputs();
        System.arraycopy(hidden, 0, sizes, 1, hidden.length);
        sizes[hidden.length + 1] = attributes.classes();
        return sizes;
    }

    /**
     * How many parameters learn.
     *
     * @return of all layers
     */
    public long parameters() {
        return network.numParams();
    }

    /**
     * How often something was learnt.
     *
     * @return the sum over all instances
     */
    public long count() {
        return stream.learnt();
    }

    /**
     * What {@link StreamingNetwork#save} writes.
     *
     * @return the bytes of such a file
     */
    public byte[] save() {
        try {
            Path file = Files.createTempFile("ibhebb", ".ibstream");
            try {
                stream.save(file);
                return Files.readAllBytes(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes all that {@link #read} needs to go on as if nothing had happened.
     *
     * @param out where to
     * @throws IOException if it can't be written
     */
    public void write(DataOutput out) throws IOException {
        attributes.write(out);
        Attributes.writeInts(out, hidden);
        out.writeBoolean(standardises);
        byte[] learnt = save();
        out.writeInt(learnt.length);
        out.write(learnt);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param in where from
     * @return what goes on as the other one would
     * @throws IOException if it can't be read
     */
    public static StreamOfInstances read(DataInput in) throws IOException {
        Attributes attributes = Attributes.read(in);
        int[] hidden = Attributes.readInts(in);
        boolean standardises = in.readBoolean();
        byte[] learnt = new byte[in.readInt()];
        in.readFully(learnt);
        return new StreamOfInstances(attributes, hidden, standardises, learnt);
    }
}
