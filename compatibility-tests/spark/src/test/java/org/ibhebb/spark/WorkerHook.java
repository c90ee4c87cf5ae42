package org.ibhebb.spark;

import java.io.Serializable;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.spark.api.TrainingHook;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Looks, on the worker, at what is about to be trained, and on what. */
record WorkerHook(Look look) implements TrainingHook {

    /** What to do; an exception fails the training. */
    interface Look extends Serializable {
        void at(Object minibatch, Model model);
    }

    @Override
    public void preUpdate(DataSet minibatch, Model model) {
        look.at(minibatch, model);
    }

    @Override
    public void preUpdate(MultiDataSet minibatch, Model model) {
        look.at(minibatch, model);
    }

    @Override
    public void postUpdate(DataSet minibatch, Model model) {}

    @Override
    public void postUpdate(MultiDataSet minibatch, Model model) {}
}
