package org.ibhebb.compatibility;

import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.ibhebb.ConversionReport;
import org.ibhebb.IbHebb;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * A model of Deeplearning4j's that somebody may have, and a task that it could learn.
 *
 * @param section what it is an example of
 * @param name as the document of compatible models calls it
 * @param report converts the model, and says how its layers learn
 * @param local makes the model, with its hidden layers learning locally
 * @param data the task; null for a model too large to be trained in a test
 * @param epochs how long it takes to tell whether it learns
 */
record Specimen(
        String section,
        String name,
        Supplier<ConversionReport> report,
        Supplier<Model> local,
        MultiDataSet data,
        int epochs) {

    static Specimen of(String section, String name, MultiLayerConfiguration conf, MultiDataSet data, int epochs) {
        return new Specimen(section, name, () -> IbHebb.report(IbHebb.convert(conf)),
                () -> Networks.network(IbHebb.convert(conf)), data, epochs);
    }

    static Specimen of(String section, String name, ComputationGraphConfiguration conf, MultiDataSet data, int epochs) {
        return new Specimen(section, name, () -> IbHebb.report(IbHebb.convert(conf)),
                () -> Networks.network(IbHebb.convert(conf)), data, epochs);
    }

    static MultiDataSet single(DataSet data) {
        return (MultiDataSet) data.toMultiDataSet();
    }

    /** As rows of the document begin. */
    @Override
    public String toString() {
        return section + ": " + name;
    }
}
