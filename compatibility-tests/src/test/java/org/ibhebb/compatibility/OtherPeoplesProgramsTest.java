package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ibhebb.compatibility.Networks.report;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import javax.tools.ToolProvider;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.datasets.iterator.utilty.SingletonMultiDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.ConversionReport.Learning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Programs for plain Deeplearning4j, in the style of its examples. Each is compiled again with one line changed and
 * nothing else, and its hidden layers then learn locally: what is left of its loss is clearly less than with the same
 * line changed to freeze them.
 */
class OtherPeoplesProgramsTest {

    private static final Path SOURCES =
            Path.of("src", "test", "java", "org", "ibhebb", "compatibility", "programs");
    private static final int SAMPLES = 128;
    private static final int DIMENSIONS = 20;

    @TempDir
    Path folder;

    /** The line that is changed, as it stands in the program, and what it is changed to. */
    private record Change(String from, String to) {

        static final Change CHAIN = new Change(
                "MultiLayerNetwork net = new MultiLayerNetwork(conf);",
                "MultiLayerNetwork net = new MultiLayerNetwork(org.ibhebb.IbHebb.convert(conf));");
        static final Change GRAPH = new Change(
                "ComputationGraph net = new ComputationGraph(conf);",
                "ComputationGraph net = new ComputationGraph(org.ibhebb.IbHebb.convert(conf));");

        /** The same change for the control. */
        Change toFrozen() {
            return new Change(from, to.replace("org.ibhebb.IbHebb.convert", "org.ibhebb.compatibility.Frozen.hidden"));
        }
    }

    /** The program with the line changed, ready to be run. */
    private Method changed(String program, Change change) throws Exception {
        List<String> before = Files.readAllLines(SOURCES.resolve(program + ".java"));
        List<String> after = before.stream().map(line -> line.replace(change.from, change.to)).toList();
        assertThat(IntStream.range(0, before.size()).filter(i -> !after.get(i).equals(before.get(i))).count())
                .as("lines of %s that have changed", program).isEqualTo(1);
        assertThat(String.join("\n", before)).doesNotContain("ibhebb.IbHebb");

        Path to = Files.createTempDirectory(folder, program);
        Path source = Files.write(to.resolve(program + ".java"), after);
        int failed = ToolProvider.getSystemJavaCompiler().run(null, null, null,
                "-proc:none", "-cp", System.getProperty("java.class.path"), "-d", to.toString(), source.toString());
        assertThat(failed).isZero();
        return entry(to, program);
    }

    private static Method entry(Path classes, String program) throws MalformedURLException, ClassNotFoundException {
        ClassLoader above = OtherPeoplesProgramsTest.class.getClassLoader();
        URL[] urls = {classes.toUri().toURL()};
        ClassLoader loader = new URLClassLoader(urls, above) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                // The unchanged program is on the class path too.
                return name.endsWith("." + program) ? findClass(name) : super.loadClass(name, resolve);
            }
        };
        Class<?> type = loader.loadClass("org.ibhebb.compatibility.programs." + program);
        return Arrays.stream(type.getMethods()).filter(method -> method.getName().equals("train")).findFirst()
                .orElseThrow();
    }

    private static Model run(Method program, Object... arguments) throws Exception {
        try {
            return (Model) program.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private void assertLearns(
            String program, Change change, ToDoubleFunction<Model> loss, Object... arguments) throws Exception {
        Model local = run(changed(program, change), arguments);
        assertThat(report(local).layers()).extracting(entry -> entry.learning())
                .isSubsetOf(Learning.LOCAL, Learning.READOUT, Learning.NO_WEIGHTS);
        Model frozen = run(changed(program, change.toFrozen()), arguments);
        assertThat(loss.applyAsDouble(local)).isLessThan(0.8 * loss.applyAsDouble(frozen));
    }

    private static DataSetIterator iterator(DataSet data) {
        return new ListDataSetIterator<>(data.asList(), 32);
    }

    private static ToDoubleFunction<Model> lossOn(DataSet data) {
        return network -> ((MultiLayerNetwork) network).score(data);
    }

    @Test
    void lenetForDigits() throws Exception {
        DataSet images = Samples.textures(1, SAMPLES, 28);
        DataSet flat = new DataSet(images.getFeatures().reshape(SAMPLES, 28 * 28), images.getLabels());
        assertLearns("LeNetForDigits", Change.CHAIN, lossOn(flat), iterator(flat), 2, 2);
    }

    @Test
    void cnnForColourImages() throws Exception {
        DataSet grey = Samples.textures(1, SAMPLES, 32);
        INDArray colours = Nd4j.concat(1, grey.getFeatures(), grey.getFeatures().neg(), grey.getFeatures());
        DataSet images = new DataSet(colours, grey.getLabels());
        assertLearns("CnnForColourImages", Change.CHAIN, lossOn(images), iterator(images), 2, 4);
    }

    @Test
    void lstmForSequences() throws Exception {
        DataSet sequences = Samples.needleSequences(1, SAMPLES, 40, 6);
        assertLearns("LstmForSequences", Change.CHAIN, lossOn(sequences), iterator(sequences), 40, 2, 10);
    }

    @Test
    void deepAutoencoder() throws Exception {
        INDArray inputs = Samples.xor(1, SAMPLES, DIMENSIONS).getFeatures();
        DataSet data = new DataSet(inputs, inputs);
        assertLearns("DeepAutoencoder", Change.CHAIN, lossOn(data), iterator(data), 40);
    }

    @Test
    void regressionOfAFunction() throws Exception {
        DataSet data = new DataSet(
                Samples.xor(1, SAMPLES, DIMENSIONS).getFeatures(), product(Samples.factors(1, SAMPLES)));
        assertLearns("RegressionOfAFunction", Change.CHAIN, lossOn(data), iterator(data), 30);
    }

    @Test
    void multiTaskGraph() throws Exception {
        DataSet xor = Samples.xor(1, SAMPLES, DIMENSIONS);
        INDArray factors = Samples.factors(1, SAMPLES);
        MultiDataSet data = new MultiDataSet(
                new INDArray[] {xor.getFeatures()},
                new INDArray[] {xor.getLabels(), product(factors).addi(factors.getColumn(0, true))});
        assertLearns("MultiTaskGraph", Change.GRAPH, network -> ((ComputationGraph) network).score(data),
                new SingletonMultiDataSetIterator(data), DIMENSIONS, 80);
    }

    /** A text that goes back and forth, so that one character does not tell the next one. */
    @Test
    void characterModel() throws Exception {
        String phrase = "abcdedcb";
        int length = 40;
        INDArray features = Nd4j.create(SAMPLES / 4, 5, length);
        INDArray labels = Nd4j.create(SAMPLES / 4, 5, length);
        for (int text = 0; text < SAMPLES / 4; text++) {
            for (int at = 0; at < length; at++) {
                features.putScalar(new int[] {text, phrase.charAt((text + at) % 8) - 'a', at}, 1);
                labels.putScalar(new int[] {text, phrase.charAt((text + at + 1) % 8) - 'a', at}, 1);
            }
        }
        DataSet texts = new DataSet(features, labels);
        assertLearns("CharacterModel", Change.CHAIN, lossOn(texts), iterator(texts), 5, 40);
        MultiLayerNetwork net = (MultiLayerNetwork) run(
                changed("CharacterModel", Change.CHAIN), iterator(texts), 5, 40);
        StringBuilder written = new StringBuilder("ab");
        INDArray next = net.rnnTimeStep(oneHot('a'));
        next = net.rnnTimeStep(oneHot('b'));
        while (written.length() < 12) {
            char character = (char) ('a' + next.argMax(1).getInt(0));
            written.append(character);
            next = net.rnnTimeStep(oneHot(character));
        }
        assertThat(written).hasToString("abcdedcbabcd");
    }

    private static INDArray oneHot(char character) {
        return Nd4j.create(1, 5).putScalar(0, character - 'a', 1);
    }

    @Test
    void sequencesOfDifferentLengths() throws Exception {
        DataSet sequences = Samples.ofDifferentLengths(Samples.needleSequences(1, SAMPLES, 40, 6), false);
        INDArray there = sequences.getFeaturesMaskArray();
        INDArray labels = Nd4j.create(SAMPLES, 2, 6);
        INDArray last = Nd4j.create(SAMPLES, 6);
        for (int sample = 0; sample < SAMPLES; sample++) {
            int end = there.getRow(sample).sumNumber().intValue() - 1;
            last.putScalar(sample, end, 1);
            labels.putScalar(new int[] {sample, sequences.getLabels().getRow(sample).argMax().getInt(0), end}, 1);
        }
        DataSet data = new DataSet(sequences.getFeatures(), labels, there, last);
        assertLearns("SequencesOfDifferentLengths", Change.CHAIN, lossOn(data), iterator(data), 40, 2, 10);
    }

    private static INDArray product(INDArray factors) {
        return factors.getColumn(0, true).mul(factors.getColumn(1, true));
    }
}
