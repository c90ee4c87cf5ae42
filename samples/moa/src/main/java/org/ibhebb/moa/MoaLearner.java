package org.ibhebb.moa;

import com.yahoo.labs.samoa.instances.Attribute;
import com.yahoo.labs.samoa.instances.DenseInstance;
import com.yahoo.labs.samoa.instances.Instance;
import com.yahoo.labs.samoa.instances.Instances;
import com.yahoo.labs.samoa.instances.InstancesHeader;
import java.util.ArrayList;
import java.util.List;
import moa.classifiers.Classifier;
import moa.core.Utils;
import org.ibhebb.samples.stream.Column;
import org.ibhebb.samples.stream.OnlineLearner;

/** One of MOA's classifiers, which learns the inputs of a network as the attributes that they were made of. */
final class MoaLearner implements OnlineLearner {

    private final Classifier classifier;
    private final List<Column> columns;
    private final int inputs;
    private final InstancesHeader header;
    private final List<Instance> taken = new ArrayList<>();

    MoaLearner(Classifier classifier, List<Column> columns, int classes) {
        this.classifier = classifier;
        this.columns = columns;
        this.inputs = columns.stream().mapToInt(Column::inputs).sum();
        List<Attribute> attributes = new ArrayList<>();
        columns.forEach(column -> attributes.add(column.isNumeric()
                ? new Attribute(column.name())
                : new Attribute(column.name(), column.values())));
        List<String> names = new ArrayList<>();
        for (int k = 0; k < classes; k++) {
            names.add("class " + k);
        }
        attributes.add(new Attribute("class", names));
        Instances all = new Instances("stream", attributes, 0);
        all.setClassIndex(columns.size());
        this.header = new InstancesHeader(all);
        classifier.setModelContext(header);
        classifier.prepareForUse();
    }

    @Override
    public void take(float[] rows, int[] labels, int count) {
        taken.clear();
        for (int i = 0; i < count; i++) {
            double[] values = new double[columns.size() + 1];
            int place = i * inputs;
            for (int k = 0; k < columns.size(); k++) {
                values[k] = columns.get(k).isNumeric() ? rows[place] : value(rows, place, columns.get(k).inputs());
                place += columns.get(k).inputs();
            }
            values[columns.size()] = labels[i];
            Instance instance = new DenseInstance(1, values);
            instance.setDataset(header);
            taken.add(instance);
        }
    }

    /** The number of the value whose input is 1; NaN, as MOA has what is missing, where there is none. */
    private static double value(float[] rows, int place, int count) {
        for (int j = 0; j < count; j++) {
            if (rows[place + j] == 1) {
                return j;
            }
        }
        return Double.NaN;
    }

    @Override
    public void learn(int[] predicted) {
        for (int i = 0; i < taken.size(); i++) {
            Instance instance = taken.get(i);
            double[] votes = classifier.getVotesForInstance(instance);
            // As MOA's own evaluators count it where nothing was learnt yet.
            predicted[i] = votes.length == 0 ? 0 : Utils.maxIndex(votes);
            classifier.trainOnInstance(instance);
        }
    }
}
