package org.ibhebb.compatibility;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.ConversionReport;
import org.ibhebb.IbHebb;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Models in Keras's own file format, as Deeplearning4j imports them. */
final class KerasModels {

    private static final Path FOLDER = Path.of("src", "test", "resources", "keras");
    private static final String SECTION = "Imported from Keras";
    private static final int SAMPLES = 128;

    private KerasModels() {}

    static List<Specimen> all() {
        return List.of(
                specimen("Sequential: Conv2D, BatchNormalization, MaxPooling2D, Conv2D, AveragePooling2D, Flatten,"
                                + " Dense",
                        () -> sequential("convolutional"), images(), 60),
                specimen("functional: Dense, Add and Concatenate, two inputs",
                        () -> functional("branches"), vectors(), 30),
                specimen("Sequential: Dense, softmax as an Activation layer",
                        () -> sequential("separate-activation"), Specimen.single(Samples.xor(1, SAMPLES, 20)), 30),
                specimen("Sequential: Dense, not compiled",
                        () -> sequential("separate-activation-not-compiled"), null, 0),
                specimen("Sequential: Conv2D, GlobalAveragePooling2D, softmax",
                        () -> sequential("global-pooling"), null, 0));
    }

    private static Specimen specimen(String name, Supplier<Model> model, MultiDataSet data, int epochs) {
        return new Specimen(SECTION, name, () -> report(model.get()), () -> converted(model.get()), data, epochs);
    }

    /** A Sequential model as Deeplearning4j makes a network of it. */
    static MultiLayerNetwork sequential(String name) {
        try {
            String file = file(name + ".h5").getPath();
            return KerasModelImport.importKerasSequentialModelAndWeights(file, !name.endsWith("not-compiled"));
        } catch (Exception e) {
            throw new IllegalStateException("could not import " + name, e);
        }
    }

    /** A functional model as Deeplearning4j makes a network of it. */
    static ComputationGraph functional(String name) {
        try {
            return KerasModelImport.importKerasModelAndWeights(file(name + ".h5").getPath());
        } catch (Exception e) {
            throw new IllegalStateException("could not import " + name, e);
        }
    }

    /** The same network, learning locally by the defaults. */
    static Model converted(Model imported) {
        return imported instanceof MultiLayerNetwork chain
                ? IbHebb.convert(chain, null)
                : IbHebb.convert((ComputationGraph) imported, null);
    }

    private static ConversionReport report(Model imported) {
        return Networks.report(converted(imported));
    }

    /** An array that lies beside the models. */
    static INDArray array(String name) {
        return Nd4j.createFromNpyFile(file(name + ".npy"));
    }

    private static File file(String name) {
        return FOLDER.resolve(name).toFile();
    }

    /** Textures with their channel last, as in Keras, and a channel of noise. */
    static MultiDataSet images() {
        DataSet textures = Samples.textures(1, SAMPLES, 10);
        INDArray seen = textures.getFeatures().reshape(SAMPLES, 10, 10, 1);
        return new MultiDataSet(Nd4j.concat(3, seen, Samples.noise(2, SAMPLES, 10, 10, 1)), textures.getLabels());
    }

    /** XOR, of which each input sees a part. */
    static MultiDataSet vectors() {
        DataSet xor = Samples.xor(1, SAMPLES, 20);
        INDArray all = xor.getFeatures();
        return new MultiDataSet(
                new INDArray[] {
                    all.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 14)).dup(),
                    all.get(NDArrayIndex.all(), NDArrayIndex.interval(14, 20)).dup()
                },
                new INDArray[] {xor.getLabels()});
    }
}
