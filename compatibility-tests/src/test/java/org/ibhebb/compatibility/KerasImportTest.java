package org.ibhebb.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.ibhebb.compatibility.KerasModels.array;
import static org.ibhebb.compatibility.KerasModels.converted;
import static org.ibhebb.compatibility.KerasModels.functional;
import static org.ibhebb.compatibility.KerasModels.sequential;
import static org.ibhebb.compatibility.Networks.outputs;
import static org.ibhebb.compatibility.Networks.readout;
import static org.ibhebb.compatibility.Networks.train;
import static org.ibhebb.compatibility.Networks.values;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.ibhebb.ConversionReport.Entry;
import org.ibhebb.IbHebb;
import org.ibhebb.ConversionReport.Learning;
import org.ibhebb.updater.ScheduleFree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Models that Deeplearning4j imports from Keras's files go on learning locally. What they must answer was computed
 * without an importer (see the folder's README).
 */
@DisabledOnOs(value = OS.MAC, architectures = "aarch64", disabledReason = "there is no HDF5 library of this version")
class KerasImportTest {

    private static Model imported(String name) {
        return name.equals("branches") ? functional(name) : sequential(name);
    }

    private static INDArray[] inputs(String name) {
        return IntStream.range(0, name.equals("branches") ? 2 : 1)
                .mapToObj(i -> array(name + "-input" + i)).toArray(INDArray[]::new);
    }

    private static void assertAnswers(Model network, String name) {
        assertThat(values(outputs(network, inputs(name))[0])).usingComparatorWithPrecision(1e-5)
                .containsExactly(values(array(name + "-output")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"convolutional", "branches", "separate-activation"})
    void beforeTrainingItAnswersAsTheModelInTheFile(String name) {
        Model imported = imported(name);
        assertAnswers(imported, name);
        Model local = converted(imported);
        assertAnswers(local, name);
        double[] answers = values(outputs(imported, inputs(name))[0]);
        assertThat(values(outputs(local, inputs(name))[0])).usingComparatorWithPrecision(1e-6).containsExactly(answers);
        Model reverted = local instanceof MultiLayerNetwork chain
                ? IbHebb.revert(chain)
                : IbHebb.revert((ComputationGraph) local);
        assertThat(values(outputs(reverted, inputs(name))[0])).isEqualTo(answers);
    }

    @Test
    void everyHiddenLayerOfASequentialModelIsLocalAndItsLastOneTheReadout() {
        assertThat(IbHebb.report(sequential("convolutional").getLayerWiseConfigurations()).layers())
                .filteredOn(entry -> entry.learning() != Learning.NO_WEIGHTS)
                .extracting(Entry::name, Entry::learning)
                .containsExactly(
                        tuple("conv2d_1", Learning.LOCAL),
                        tuple("batch_normalization_1", Learning.LOCAL),
                        tuple("conv2d_2", Learning.LOCAL),
                        tuple("dense_1", Learning.LOCAL),
                        tuple("dense_2", Learning.READOUT));
    }

    @Test
    void everyHiddenLayerOfAFunctionalModelIsLocalAndItsLastOneTheReadout() {
        assertThat(IbHebb.report(functional("branches").getConfiguration()).layers())
                .filteredOn(entry -> entry.learning() != Learning.NO_WEIGHTS)
                .extracting(Entry::name, Entry::learning)
                .containsExactlyInAnyOrder(
                        tuple("dense_1", Learning.LOCAL),
                        tuple("dense_2", Learning.LOCAL),
                        tuple("dense_3", Learning.LOCAL),
                        tuple("dense_4", Learning.LOCAL),
                        tuple("dense_5", Learning.READOUT));
    }

    static Stream<Specimen> trained() {
        return KerasModels.all().stream().filter(model -> model.data() != null);
    }

    @ParameterizedTest
    @MethodSource("trained")
    @EnabledIfSystemProperty(named = "ibhebb.tests", matches = "whole",
            disabledReason = "takes long: mvn -Pwhole verify")
    void itGoesOnLearningFurtherThanWithFrozenLayers(Specimen model) {
        Trial trial = Trial.of(model);
        assertThat(trial.result()).isEqualTo("learns");
        String[] localOfHidden = trial.layers().split(" of ");
        assertThat(localOfHidden[0]).isEqualTo(localOfHidden[1]);
    }

    /** The optimiser of the file is the network's updater: of it the schedule counts, and reverting gives it back. */
    @Test
    void itLearnsByTheFilesOwnOptimiser() {
        MultiLayerNetwork local = (MultiLayerNetwork) converted(sequential("convolutional"));
        OutputLayer output = (OutputLayer) local.getOutputLayer().conf().getLayer();
        assertThat(output.getIUpdater()).isEqualTo(ScheduleFree.ofReadout(
                        output.getNIn(), Adam.builder().learningRate(0.01).epsilon(1e-7).build())
                // Convolutions share weights.
                .withInertia(ScheduleFree.CAREFUL_INERTIA));
    }

    @Test
    void aModelThatWasNotCompiledHasNoLossAndIsRefused() {
        MultiLayerNetwork imported = sequential("separate-activation-not-compiled");
        assertThatThrownBy(() -> IbHebb.convert(imported, null))
                .hasMessageContainingAll("output layer 'activation_1' (ActivationLayer)", "OutputLayer", "LossLayer");
    }

    @Test
    void aLossThatIsPutOnItMakesItLearn() {
        MultiLayerNetwork imported = new TransferLearning.Builder(sequential("separate-activation-not-compiled"))
                .fineTuneConfiguration(new FineTuneConfiguration.Builder().updater(new Adam(1e-2)).build())
                .addLayer(new LossLayer.Builder(LossFunction.MCXENT).build())
                .build();
        Model local = converted(imported);
        assertAnswers(local, "separate-activation-not-compiled");
        double[] before = values(local.params());
        train(local, Samples.xor(1, 32, 20), 1);
        assertThat(values(local.params())).isNotEqualTo(before);
    }

    @Test
    void aModelWithoutADenseLayerIsRefusedUntilItHasAReadout() {
        MultiLayerNetwork imported = sequential("global-pooling");
        assertAnswers(imported, "global-pooling");
        assertThatThrownBy(() -> IbHebb.convert(imported, null))
                .hasMessageContainingAll("output layer 'activation_1_loss' (LossLayer)", "put an OutputLayer");

        OutputLayer readout = readout(2);
        readout.setNIn(2);
        MultiLayerNetwork withReadout = new TransferLearning.Builder(imported)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder().updater(new Adam(1e-2)).build())
                .removeLayersFromOutput(2)
                .addLayer(readout)
                .build();
        assertThat(Networks.report(converted(withReadout)).count(Learning.LOCAL)).isEqualTo(2);
    }
}
