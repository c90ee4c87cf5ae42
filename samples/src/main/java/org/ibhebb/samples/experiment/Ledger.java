package org.ibhebb.samples.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ibhebb.samples.report.Csv;
import org.ibhebb.samples.training.Result;

/** Everything that an experiment's runs brought, for programs. */
final class Ledger {

    private Ledger() {}

    /** Every run, and each row's mean. */
    static Map<String, Object> json(List<Findings> findings) {
        List<Object> summary = new ArrayList<>();
        List<Object> runs = new ArrayList<>();
        for (Findings part : findings) {
            part.results().forEach((row, results) -> {
                Map<String, Object> mean = new LinkedHashMap<>();
                mean.put("part", part.part().title());
                mean.put("row", row.title());
                mean.put("evaluatedOn", part.part().task().heldOut().toString());
                mean.put("accuracy", part.accuracy(row));
                mean.put("control", row.isControl());
                mean.put("epochs", part.size().epochs());
                mean.put("trainSamples", part.size().trainSamples());
                mean.put("batch", row.batch());
                mean.put("memory", results.get(0).memory());
                mean.put("trainSeconds", part.trainSeconds(row).mean());
                summary.add(mean);
                for (Result result : results) {
                    Map<String, Object> run = new LinkedHashMap<>();
                    run.put("part", part.part().title());
                    run.put("row", row.title());
                    run.put("result", result);
                    runs.add(run);
                }
            });
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("summary", summary);
        json.put("runs", runs);
        return json;
    }

    /** A line a run and epoch. */
    static String csv(List<Findings> findings) {
        Csv csv = new Csv("part", "row", "data", "model", "rule", "learning_rule", "memory", "batch", "lr", "lr_hidden",
                "flip", "seed", "train_samples", "evaluated_on", "epoch", "accuracy", "train_seconds",
                "evaluation_seconds", "samples_per_second");
        for (Findings part : findings) {
            part.results().forEach((row, results) -> results.forEach(result -> result.epochs().forEach(epoch -> csv.add(
                    part.part().title(), row.title(), result.data(), result.model(), result.rule(),
                    result.learningRule() == null ? null : result.learningRule().toJson(), result.memory(),
                    result.batch(), result.lr(), result.lrHidden(), result.flip(), result.seed(), result.trainSamples(),
                    part.part().task().heldOut(), epoch.epoch(), epoch.accuracy(), epoch.trainSeconds(),
                    epoch.evaluationSeconds(), epoch.samplesPerSecond()))));
        }
        return csv.toString();
    }
}
