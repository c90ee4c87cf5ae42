package org.ibhebb.samples.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.ibhebb.samples.report.Spread;
import org.ibhebb.samples.training.Result;
import org.ibhebb.samples.training.Row;

/**
 * What came out of a part of an experiment.
 *
 * @param size how much was trained
 * @param results of each row, one a seed
 */
record Findings(Part part, Part.Size size, Map<Row, List<Result>> results) {

    void add(Row row, Result result) {
        results.computeIfAbsent(row, first -> new ArrayList<>()).add(result);
    }

    /** Percent of the images right, at the end. */
    Spread accuracy(Row row) {
        return spread(row, Result::accuracy);
    }

    /** The same after some epoch, counted from 1. */
    Spread accuracyAfter(Row row, int epoch) {
        return spread(row, result -> result.epochs().get(epoch - 1).accuracy());
    }

    /** What training took in all. */
    Spread trainSeconds(Row row) {
        return spread(row, Result::seconds);
    }

    /** Of whatever a result tells. */
    Spread spread(Row row, ToDoubleFunction<Result> value) {
        return Spread.of(results.get(row).stream().map(value::applyAsDouble).toList());
    }
}
