package org.ibhebb.samples.bench;

import java.util.Map;

/** What one case of the bench brought. */
public interface BenchResult {

    /** For people, below the header of its part. */
    String line();

    /** By their names in the JSON file. */
    Map<String, Double> figures();
}
