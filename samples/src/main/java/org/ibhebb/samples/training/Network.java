package org.ibhebb.samples.training;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.samples.folder.WholeFile;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Both kinds of Deeplearning4j network, as training and evaluation see them. */
public interface Network {

    void fit(INDArray inputs, INDArray labels);

    /** In inference. */
    INDArray output(INDArray inputs);

    void endEpoch();

    /** With all that it remembers, as DL4J's own load methods read it; whole or not at all. */
    void save(Path file) throws IOException;

    Model model();

    static Network of(MultiLayerNetwork network) {
        network.init();
        return new Network() {
            @Override
            public void fit(INDArray inputs, INDArray labels) {
                network.fit(inputs, labels);
            }

            @Override
            public INDArray output(INDArray inputs) {
                return network.output(inputs, false);
            }

            @Override
            public void endEpoch() {
                network.incrementEpochCount();
            }

            @Override
            public void save(Path file) throws IOException {
                WholeFile.write(file, unfinished -> IbHebb.save(network, unfinished));
            }

            @Override
            public Model model() {
                return network;
            }
        };
    }

    static Network of(ComputationGraph network) {
        network.init();
        return new Network() {
            @Override
            public void fit(INDArray inputs, INDArray labels) {
                network.fit(new INDArray[] {inputs}, new INDArray[] {labels});
            }

            @Override
            public INDArray output(INDArray inputs) {
                return network.outputSingle(false, inputs);
            }

            @Override
            public void endEpoch() {
                network.incrementEpochCount();
            }

            @Override
            public void save(Path file) throws IOException {
                WholeFile.write(file, unfinished -> IbHebb.save(network, unfinished));
            }

            @Override
            public Model model() {
                return network;
            }
        };
    }
}
