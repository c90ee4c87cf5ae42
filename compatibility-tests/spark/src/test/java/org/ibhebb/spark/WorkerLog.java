package org.ibhebb.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.ibhebb.internal.layers.Predictors;
import org.ibhebb.internal.learner.SignalObserver;
import org.ibhebb.rule.LearningRule;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Writes down on workers, each JVM in a file of its own, what every training step of one layer was made of. */
final class WorkerLog extends BaseTrainingListener implements Serializable {

    private static final long serialVersionUID = 1;

    /**
     * A step.
     *
     * @param samples in the mini-batch
     * @param remembered samples that working memory held before
     * @param rule by which the layer learnt
     */
    record Step(int samples, int remembered, LearningRule rule) {

        private String line() {
            return samples + " " + remembered + " " + rule.toJson() + System.lineSeparator();
        }

        private static Step of(String line) {
            String[] parts = line.split(" ", 3);
            return new Step(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), LearningRule.fromJson(parts[2]));
        }
    }

    private final String folder;
    private final String layer;

    WorkerLog(Path folder, String layer) {
        this.folder = folder.toString();
        this.layer = layer;
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
        Predictors.observe(model, this::write);
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
        Predictors.observe(model, this::write);
    }

    private void write(SignalObserver.Seen seen) {
        if (!seen.layer().contains("'" + layer + "'")) {
            return;
        }
        try {
            Files.writeString(Path.of(folder, "worker-" + ProcessHandle.current().pid()),
                    new Step((int) seen.rows().size(0), seen.remembered(), seen.rule()).line(),
                    StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each worker's steps in the order of time. */
    List<List<Step>> workers() throws IOException {
        List<List<Step>> workers = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            for (Path file : files.toList()) {
                workers.add(Files.readAllLines(file).stream().map(Step::of).toList());
            }
        }
        return workers;
    }
}
