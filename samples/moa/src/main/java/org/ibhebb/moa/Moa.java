package org.ibhebb.moa;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import moa.classifiers.Classifier;
import moa.core.Globals;
import moa.options.ClassOption;
import moa.options.OptionHandler;
import moa.streams.ExampleStream;
import moa.streams.InstanceStream;
import org.ibhebb.samples.folder.DataException;
import org.ibhebb.samples.stream.Column;
import org.ibhebb.samples.stream.OnlineLearner;
import org.ibhebb.samples.stream.Peer;
import org.ibhebb.samples.stream.Source;

/** MOA, for the program {@code samples/ibhebb}. */
public final class Moa implements Peer {

    /** By their names; all at MOA's defaults but for the forest, whose default is 100 trees. */
    private static final Map<String, String> LEARNERS = new LinkedHashMap<>();

    static {
        LEARNERS.put("Hoeffding tree", "trees.HoeffdingTree");
        LEARNERS.put("adaptive tree", "trees.HoeffdingAdaptiveTree");
        LEARNERS.put("adaptive forest of 10", "meta.AdaptiveRandomForest -s 10");
    }

    /** For {@code ServiceLoader}. */
    public Moa() {}

    @Override
    public String name() {
        return "moa";
    }

    @Override
    public Source open(String description) throws IOException {
        String inner = description.strip();
        // In brackets, as MOA's command lines have it, or without.
        if (inner.startsWith("(") && inner.endsWith(")")) {
            inner = inner.substring(1, inner.length() - 1);
        }
        try {
            InstanceStream stream = (InstanceStream) ClassOption.cliStringToObject(inner, ExampleStream.class, null);
            ((OptionHandler) stream).prepareForUse();
            return new MoaSource(stream);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            // MOA declares no narrower one.
            throw new DataException("MOA has no stream '" + description + "' (" + reason(e) + "): describe one as"
                    + " MOA does, such as moa:\"(generators.SEAGenerator -i 7)\"", e);
        }
    }

    @Override
    public String version() {
        return "MOA " + Globals.versionString.strip();
    }

    @Override
    public List<String> learners() {
        return List.copyOf(LEARNERS.keySet());
    }

    @Override
    public OnlineLearner learner(String name, List<Column> columns, int classes) {
        try {
            Classifier classifier = (Classifier) ClassOption.cliStringToObject(LEARNERS.get(name), Classifier.class,
                    null);
            return new MoaLearner(classifier, columns, classes);
        } catch (Exception e) {
            // MOA declares no narrower one.
            throw new IllegalStateException("MOA has no " + LEARNERS.get(name), e);
        }
    }

    /** What MOA says first, and what it leaves to the cause. */
    private static String reason(Throwable problem) {
        String first = problem.getMessage() == null
                ? problem.toString()
                : problem.getMessage().strip().lines().findFirst().orElse("");
        return problem.getCause() == null ? first : first + " " + reason(problem.getCause());
    }
}
