package moa.classifiers.functions;

import com.github.javacliparser.FlagOption;
import com.github.javacliparser.IntOption;
import com.github.javacliparser.StringOption;
import com.yahoo.labs.samoa.instances.Instance;
import com.yahoo.labs.samoa.instances.InstancesHeader;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import moa.classifiers.AbstractClassifier;
import moa.classifiers.MultiClassClassifier;
import moa.core.Measurement;
import moa.core.StringUtils;
import org.ibhebb.moa.Attributes;
import org.ibhebb.moa.StreamOfInstances;

/**
 * A neural network that learns on the fly and forward only: each layer by itself, as soon as its own output is known,
 * by an information-bottleneck Hebbian rule.
 *
 * <p>The network is made at the first instance, from what that one says of its attributes. A nominal attribute has one
 * input for each of its values; a numeric one has one input. Inputs are brought to mean 0 and variance 1 by running
 * statistics, and an attribute that is missing counts as its running mean; with {@code -n} they are taken as they are,
 * and one that is missing has no input (0). There is an output for each value of the class attribute, and votes are
 * probabilities. An instance of weight w is learnt w times, a fraction by chance, at most {@value #MOST_TIMES} times.
 *
 * <p>Copies, which MOA's ensembles make, and models that MOA saves hold what the network has learnt in the form of
 * {@code StreamingNetwork.save}: they go on as this one would.
 */
public class IbHebbNetwork extends AbstractClassifier implements MultiClassClassifier {

    /** How often the heaviest instance is learnt. */
    static final int MOST_TIMES = 100;

    private static final long serialVersionUID = 1L;
    /** Of what stands behind the options in a saved model. */
    private static final int FORM = 1;
    private static final String SIZES = "[1-9]\\d{0,5}(,[1-9]\\d{0,5})*";

    public StringOption layersOption = new StringOption("layers", 'l',
            "The sizes of the hidden layers, from below, separated by commas.", "100,100");

    public IntOption memoryOption = new IntOption("memory", 'm', "How many instances working memory holds, the newest"
            + " included; 0 for none, which is faster.", 64, 0, 100_000);

    public FlagOption doNotStandardiseOption = new FlagOption("doNotStandardise", 'n', "Takes attributes as they are,"
            + " not brought to mean 0 and variance 1 by running statistics.");

    /** MOA's own, which it makes for those that are randomizable and shows to nobody. */
    public IntOption seedOption = randomSeedOption;

    /** Null before the first instance. */
    private transient StreamOfInstances learnt;

    /** A classifier with MOA's defaults. */
    public IbHebbNetwork() {}

    @Override
    public String getPurposeString() {
        return "A neural network that learns on the fly, forward only: each layer by itself, by an"
                + " information-bottleneck Hebbian rule.";
    }

    @Override
    public boolean isRandomizable() {
        return true;
    }

    @Override
    public void setModelContext(InstancesHeader context) {
        // Where there is no class MOA says so itself; streams of several targets have it beyond the last attribute.
        if (context != null && context.classIndex() >= 0 && context.classIndex() < context.numAttributes()) {
            Attributes.checkClass(context.classAttribute());
        }
        super.setModelContext(context);
    }

    @Override
    public void resetLearningImpl() {
        String layers = layersOption.getValue();
        if (!layers.matches(SIZES)) {
            throw new IllegalArgumentException("layers (-l) must be sizes of layers separated by commas, such as"
                    + " 100,100, and not '" + layers + "'");
        }
        if (memoryOption.getValue() == 1) {
            throw new IllegalArgumentException("memory (-m) must be 0 or at least 2: with 1 there is nothing that the"
                    + " newest instance could be compared with");
        }
        learnt = null;
    }

    @Override
    public void trainOnInstanceImpl(Instance instance) {
        StreamOfInstances stream = learnt == null ? made(instance) : learnt;
        stream.learn(instance, times(instance.weight()));
        // Not before: nothing stays behind of a first instance that is refused.
        learnt = stream;
    }

    private StreamOfInstances made(Instance first) {
        return new StreamOfInstances(Attributes.of(first),
                Arrays.stream(layersOption.getValue().split(",")).mapToInt(Integer::parseInt).toArray(),
                memoryOption.getValue(), !doNotStandardiseOption.isSet(), randomSeed);
    }

    private int times(double weight) {
        if (weight >= MOST_TIMES) {
            return MOST_TIMES;
        }
        int whole = (int) weight;
        return whole < weight && classifierRandom.nextDouble() < weight - whole ? whole + 1 : whole;
    }

    /** The probability of each class; nothing before the first instance. */
    @Override
    public double[] getVotesForInstance(Instance instance) {
        return learnt == null ? new double[0] : learnt.predict(instance);
    }

    @Override
    protected Measurement[] getModelMeasurementsImpl() {
        return learnt == null ? new Measurement[0] : new Measurement[] {
            new Measurement("inputs", learnt.inputs()),
            new Measurement("parameters", learnt.parameters()),
            new Measurement("instances learnt", learnt.count())
        };
    }

    @Override
    public void getModelDescription(StringBuilder out, int indent) {
        StringUtils.appendIndented(out, indent, learnt == null
                ? "A network that is made at the first instance"
                : IntStream.of(learnt.sizes()).mapToObj(String::valueOf).collect(Collectors.joining("-"))
                        + ": " + learnt.inputs() + " inputs of " + learnt.attributes() + " attributes, "
                        + learnt.parameters() + " parameters, which have learnt " + learnt.count() + " instances");
        StringUtils.appendNewline(out);
    }

    /** What it takes to go on, in bytes: parameters, working memory and running statistics are outside Java's heap. */
    @Override
    public long measureByteSize() {
        return learnt == null ? 0 : learnt.save().length;
    }

    // Java's serialisation, by which MOA copies and saves: of the options, and of what StreamingNetwork.save writes.

    private void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
        out.writeInt(FORM);
        out.writeBoolean(learnt != null);
        if (learnt != null) {
            learnt.write(out);
        }
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        int form = in.readInt();
        if (form != FORM) {
            throw new IOException("this model is of form " + form + ", and this release reads form " + FORM
                    + ": update dl4j-ibhebb-moa");
        }
        learnt = in.readBoolean() ? StreamOfInstances.read(in) : null;
    }
}
