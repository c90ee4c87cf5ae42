package moa.classifiers.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.yahoo.labs.samoa.instances.Attribute;
import com.yahoo.labs.samoa.instances.DenseInstance;
import com.yahoo.labs.samoa.instances.Instance;
import com.yahoo.labs.samoa.instances.Instances;
import com.yahoo.labs.samoa.instances.InstancesHeader;
import com.yahoo.labs.samoa.instances.SparseInstance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import moa.classifiers.Classifier;
import moa.classifiers.MultiClassClassifier;
import moa.core.AutoClassDiscovery;
import moa.core.Measurement;
import moa.core.SerializeUtils;
import moa.evaluation.preview.LearningCurve;
import moa.options.ClassOption;
import moa.streams.ExampleStream;
import moa.streams.generators.AgrawalGenerator;
import moa.tasks.MainTask;
import org.ibhebb.moa.Attributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MOA is the oracle here: its tasks, ensembles and streams run the classifier as they run any other. */
class IbHebbNetworkTest {

    private static final String LEARNER = "(functions.IbHebbNetwork -l 30,20 -m 16)";

    @TempDir
    private Path folder;

    private static IbHebbNetwork learner(String options) throws Exception {
        IbHebbNetwork learner = (IbHebbNetwork) ClassOption.cliStringToObject("functions.IbHebbNetwork " + options,
                MultiClassClassifier.class, null);
        learner.prepareForUse();
        return learner;
    }

    private static ExampleStream<?> agrawal() {
        AgrawalGenerator stream = new AgrawalGenerator();
        stream.prepareForUse();
        return stream;
    }

    private static Instance next(ExampleStream<?> stream) {
        return (Instance) stream.nextInstance().getData();
    }

    private static void train(Classifier learner, ExampleStream<?> stream, int count) {
        for (int i = 0; i < count; i++) {
            learner.trainOnInstance(next(stream));
        }
    }

    private static InstancesHeader header(Attribute... attributes) {
        Instances data = new Instances("test", List.of(attributes), 0);
        data.setClassIndex(attributes.length - 1);
        return new InstancesHeader(data);
    }

    private static Attribute nominal(String name, String... values) {
        return new Attribute(name, List.of(values));
    }

    private static Instance instance(InstancesHeader header, double... values) {
        DenseInstance instance = new DenseInstance(1, values);
        instance.setDataset(header);
        return instance;
    }

    // Tasks

    private static double accuracy(String task) throws Exception {
        LearningCurve curve = (LearningCurve) ((MainTask) ClassOption.cliStringToObject(task, MainTask.class, null))
                .doTask();
        int column = IntStream.range(0, curve.getMeasurementNameCount())
                .filter(k -> curve.getMeasurementName(k).equals("classifications correct (percent)"))
                .findFirst().orElseThrow();
        return curve.getMeasurement(curve.numEntries() - 1, column);
    }

    @ParameterizedTest
    @CsvSource({
        "EvaluatePrequential, %s, generators.SEAGenerator, 86",
        "EvaluateInterleavedTestThenTrain, %s, generators.SEAGenerator, 83",
        "EvaluateInterleavedTestThenTrain, %s, generators.WaveformGenerator, 77",
        // 24 nominal attributes; at most 74 % can be right.
        "EvaluatePrequential, %s, generators.LEDGenerator, 60",
        "EvaluatePrequential, (meta.OzaBag -s 3 -l %s), generators.SEAGenerator, 86",
        "EvaluateInterleavedTestThenTrain, (meta.OzaBag -s 3 -l %s), generators.WaveformGenerator, 77",
        "EvaluatePrequential, (meta.LeveragingBag -s 2 -l %s), generators.SEAGenerator, 84",
        "EvaluatePrequential, (meta.OzaBoost -s 2 -l %s), generators.SEAGenerator, 80",
        "EvaluatePrequential, (drift.DriftDetectionMethodClassifier -l %s), generators.SEAGenerator, 86"
    })
    void runsInTasksAndEnsembles(String task, String learner, String stream, double least) throws Exception {
        assertThat(accuracy(String.format("%s -l %s -s %s -i 4000 -f 1000", task,
                String.format(learner, LEARNER), stream))).isGreaterThan(least);
    }

    @Test
    void windowsListIt() {
        assertThat(AutoClassDiscovery.findClassesOfType("moa.classifiers", MultiClassClassifier.class))
                .contains(IbHebbNetwork.class);
    }

    @Test
    void votesAreProbabilitiesOnceSomethingWasLearnt() throws Exception {
        IbHebbNetwork learner = learner("-l 20");
        ExampleStream<?> stream = agrawal();
        Instance instance = next(stream);
        assertThat(learner.getVotesForInstance(instance)).isEmpty();
        assertThat(learner.getModelMeasurements()).extracting(Measurement::getName).doesNotContain("parameters");
        train(learner, stream, 1);
        assertThat(DoubleStream.of(learner.getVotesForInstance(instance)).sum()).isEqualTo(1, within(1e-5));
        assertThat(learner.getVotesForInstance(instance)).hasSize(2);
    }

    @Test
    void saysWhatItIs() throws Exception {
        IbHebbNetwork learner = learner("-l 7,5");
        StringBuilder before = new StringBuilder();
        learner.getModelDescription(before, 0);
        assertThat(before.toString()).contains("first instance");
        train(learner, agrawal(), 10);
        StringBuilder after = new StringBuilder();
        learner.getDescription(after, 0);
        // Agrawal: six numbers, and nominal attributes of 5, 20 and 9 values.
        assertThat(after.toString()).contains("40-7-5-2", "9 attributes");
        double parameters = 40 * 7 + 7 + 7 * 5 + 5 + 5 * 2 + 2;
        assertThat(Measurement.getMeasurementNamed("parameters", learner.getModelMeasurements()).getValue())
                .isEqualTo(parameters);
        assertThat(learner.measureByteSize()).isGreaterThan((long) (parameters * Float.BYTES * 2));
    }

    // Copies

    @Test
    void aCopyLearnsOnAsItsOriginalAndIndependently() throws Exception {
        IbHebbNetwork learner = learner("-l 20,10 -m 16");
        ExampleStream<?> stream = agrawal();
        train(learner, stream, 1_000);
        Classifier copy = learner.copy();
        List<Instance> more = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            more.add(next(stream));
        }
        Instance asked = next(stream);
        double[] before = learner.getVotesForInstance(asked);
        assertThat(copy.getVotesForInstance(asked)).isEqualTo(before);
        more.forEach(copy::trainOnInstance);
        double[] after = copy.getVotesForInstance(asked);
        assertThat(after).isNotEqualTo(before);
        assertThat(learner.getVotesForInstance(asked)).isEqualTo(before);
        more.forEach(learner::trainOnInstance);
        assertThat(learner.getVotesForInstance(asked)).isEqualTo(after);
        assertThat(learner.trainingWeightSeenByModel()).isEqualTo(1_300);
    }

    @Test
    void aCopyOfWhatHasLearntNothingLearns() throws Exception {
        Classifier copy = learner("-l 20").copy();
        train(copy, agrawal(), 100);
        assertThat(copy.getVotesForInstance(next(agrawal()))).hasSize(2);
    }

    @Test
    void aModelThatMoaSavedIsRead() throws Exception {
        IbHebbNetwork learner = learner("-l 20,10 -n");
        ExampleStream<?> stream = agrawal();
        train(learner, stream, 200);
        Path file = folder.resolve("learner.moa");
        SerializeUtils.writeToFile(file.toFile(), learner);
        IbHebbNetwork read = (IbHebbNetwork) SerializeUtils.readFromFile(file.toFile());
        Instance asked = next(stream);
        assertThat(read.getVotesForInstance(asked)).isEqualTo(learner.getVotesForInstance(asked));
        assertThat(read.layersOption.getValue()).isEqualTo("20,10");
    }

    @Test
    void resetForgetsAndTheSeedDecides() throws Exception {
        IbHebbNetwork learner = learner("-l 20 -r 7");
        Instance asked = next(agrawal());
        train(learner, agrawal(), 200);
        double[] first = learner.getVotesForInstance(asked);
        learner.resetLearning();
        assertThat(learner.getVotesForInstance(asked)).isEmpty();
        train(learner, agrawal(), 200);
        assertThat(learner.getVotesForInstance(asked)).isEqualTo(first);
        IbHebbNetwork other = learner("-l 20 -r 8");
        train(other, agrawal(), 200);
        assertThat(other.getVotesForInstance(asked)).isNotEqualTo(first);
    }

    // Instances

    @Test
    void nominalAttributesAreOneHotAndSparseInstancesTheSame() {
        InstancesHeader header = header(nominal("colour", "red", "green", "blue"), new Attribute("size"),
                nominal("kind", "a", "b"), nominal("class", "no", "yes"));
        Attributes attributes = Attributes.of(instance(header, 0, 0, 0, 0));
        assertThat(attributes.inputs()).isEqualTo(6);
        assertThat(row(attributes, instance(header, 2, -1.5, 1, 1))).containsExactly(0, 0, 1, -1.5f, 0, 1);
        assertThat(row(attributes, instance(header, 0, 4, 0, 0))).containsExactly(1, 0, 0, 4, 1, 0);
        SparseInstance sparse = new SparseInstance(1, new double[] {-1.5, 1}, new int[] {1, 3}, 4);
        sparse.setDataset(header);
        assertThat(row(attributes, sparse)).containsExactly(1, 0, 0, -1.5f, 1, 0);
        // What is missing, and a value that the header does not know.
        assertThat(row(attributes, instance(header, Double.NaN, Double.NaN, 7, 0)))
                .containsExactly(9, 9, 9, 9, 9, 9);
    }

    private static float[] row(Attributes attributes, Instance instance) {
        float[] row = new float[attributes.inputs()];
        Arrays.fill(row, -7);
        attributes.write(instance, 9, row);
        return row;
    }

    /** The class is the sign of a number; where that is missing, a nominal attribute, which is noise elsewhere. */
    @ParameterizedTest
    @ValueSource(strings = {"-l 20", "-l 20 -n"})
    void learnsWhereValuesAreMissing(String options) throws Exception {
        InstancesHeader header =
                header(new Attribute("number"), nominal("other", "p", "q"), nominal("class", "n", "y"));
        IbHebbNetwork learner = learner(options);
        Random random = new Random(5);
        int right = 0;
        for (int i = 0; i < 5_000; i++) {
            boolean missing = random.nextInt(4) == 0;
            double number = missing ? Double.NaN : random.nextGaussian();
            int other = random.nextInt(2);
            int label = missing ? other : number > 0 ? 1 : 0;
            Instance instance = instance(header, number, other, label);
            right += i >= 4_000 && learner.correctlyClassifies(instance) ? 1 : 0;
            learner.trainOnInstance(instance);
        }
        assertThat(right).isGreaterThan(850);
    }

    @Test
    void aWeightIsHowOftenItIsLearnt() throws Exception {
        InstancesHeader header = header(new Attribute("number"), nominal("class", "n", "y"));
        IbHebbNetwork learner = learner("-l 5");
        Instance heavy = instance(header, 1, 1);
        heavy.setWeight(3);
        learner.trainOnInstance(heavy);
        assertThat(count(learner)).isEqualTo(3);
        Instance none = instance(header, 1, 1);
        none.setWeight(0);
        learner.trainOnInstance(none);
        assertThat(count(learner)).isEqualTo(3);
        heavy.setWeight(1e9);
        learner.trainOnInstance(heavy);
        assertThat(count(learner)).isEqualTo(3 + IbHebbNetwork.MOST_TIMES);
        double before = count(learner);
        heavy.setWeight(0.25);
        for (int i = 0; i < 4_000; i++) {
            learner.trainOnInstance(heavy);
        }
        // Five standard deviations.
        assertThat(count(learner) - before).isEqualTo(1_000, within(140.0));
        Instance unlabelled = instance(header, 1, Double.NaN);
        double learnt = count(learner);
        learner.trainOnInstance(unlabelled);
        assertThat(count(learner)).isEqualTo(learnt);
    }

    private static double count(IbHebbNetwork learner) {
        return Measurement.getMeasurementNamed("instances learnt", learner.getModelMeasurements())
                .getValue();
    }

    // Refusals

    @Test
    void aRegressionIsRefused() throws Exception {
        InstancesHeader header = header(new Attribute("number"), new Attribute("price"));
        IbHebbNetwork learner = learner("");
        assertThatThrownBy(() -> learner.setModelContext(header)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'price' is a number").hasMessageContaining("regressors");
        assertThatThrownBy(() -> learner.trainOnInstance(instance(header, 1, 2)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'price' is a number");
        InstancesHeader one = header(new Attribute("number"), nominal("class", "all"));
        assertThatThrownBy(() -> learner.setModelContext(one)).hasMessageContaining("1 value");
    }

    @Test
    void whatCannotBeLearntIsRefusedAndChangesNothing() throws Exception {
        InstancesHeader header = header(new Attribute("number"), nominal("class", "n", "y"));
        IbHebbNetwork learner = learner("-l 5");
        assertThatThrownBy(() -> learner.trainOnInstance(instance(header, Double.NEGATIVE_INFINITY, 1)))
                .hasMessageContaining("'number' is -Infinity");
        assertThat(learner.getVotesForInstance(instance(header, 1, 1))).isEmpty();
        learner.trainOnInstance(instance(header, 1, 1));
        double[] before = learner.getVotesForInstance(instance(header, 1, 1));
        assertThatThrownBy(() -> learner.trainOnInstance(instance(header, Double.POSITIVE_INFINITY, 1)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'number' is Infinity");
        assertThatThrownBy(() -> learner.trainOnInstance(instance(header, 1e300, 1)))
                .hasMessageContaining("'number' is 1.0E300");
        assertThatThrownBy(() -> learner.trainOnInstance(instance(header, 1, 2)))
                .hasMessageContaining("class 2.0 is none of the 2");
        InstancesHeader wider = header(new Attribute("number"), new Attribute("more"), nominal("class", "n", "y"));
        assertThatThrownBy(() -> learner.trainOnInstance(instance(wider, 1, 2, 1)))
                .hasMessageContaining("another stream");
        assertThat(learner.getVotesForInstance(instance(header, 1, 1))).isEqualTo(before);
        InstancesHeader dates = header(new Attribute("when", "yyyy"), nominal("class", "n", "y"));
        assertThatThrownBy(() -> learner("").trainOnInstance(instance(dates, 1, 1)))
                .hasMessageContaining("'when' is neither numeric nor nominal");
    }

    @Test
    void optionsAreChecked() {
        assertThatThrownBy(() -> learner("-l 10,x")).hasStackTraceContaining("layers (-l) must be sizes");
        assertThatThrownBy(() -> learner("-m 1")).hasStackTraceContaining("memory (-m) must be 0 or at least 2");
    }
}
