package org.ibhebb.samples.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.samples.folder.WholeFile;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Both kinds of Deeplearning4j network, as training and evaluation see them. */
public interface Network {

    void fit(INDArray inputs, INDArray labels);

    /** In inference. */
    INDArray output(INDArray inputs);

    void endEpoch();

    /** With the state of its updater, as DL4J's own load methods read it; whole or not at all. */
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
                WholeFile.write(file, unfinished -> network.save(unfinished.toFile(), true));
            }

            @Override
            public Model model() {
                return network;
            }
        };
    }

    /**
     * A multi-layer network that was saved.
     *
     * @throws IllegalArgumentException naming the file, if it holds none
     * @throws IOException if the file can't be read
     */
    static MultiLayerNetwork load(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("there is no file " + file);
        }
        try {
            return MultiLayerNetwork.load(file.toFile(), false);
        } catch (RuntimeException | IOException e) {
            // Deeplearning4j answers other files by exceptions of any kind.
            throw new IllegalArgumentException(file + " can't be read as a saved MultiLayerNetwork: it is damaged, or of"
                    + " another kind", e);
        }
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
                WholeFile.write(file, unfinished -> network.save(unfinished.toFile(), true));
            }

            @Override
            public Model model() {
                return network;
            }
        };
    }
}
