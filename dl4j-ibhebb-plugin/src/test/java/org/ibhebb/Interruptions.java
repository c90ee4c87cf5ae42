package org.ibhebb;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.ibhebb.memory.DelayLines;
import org.ibhebb.rule.LearningRule;
import org.ibhebb.rule.Objective;
import org.ibhebb.spiking.SpikeRateLayer;
import org.ibhebb.spiking.SpikingDenseLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks and data for tests of saved state: every objective, memory, kind of layer and size of mini-batch. */
public final class Interruptions {

    /** Of the data, and of the networks' readouts. */
    private static final int CLASSES = 3;
    private static final int STEPS = 4;

    private Interruptions() {}

    /** What a network learns by. */
    public enum Objectives {
        DEFAULT(() -> LearningRule.builder()),
        NEIGHBOURHOOD(() -> Fixtures.plain().objective(Objective.neighbourhood()).gain(true)),
        HSIC(() -> Fixtures.plain().objective(Objective.hsic())),
        HSIC_ZZ(() -> LearningRule.builder().objective(Objective.hsicZZ())),
        NORMALIZED_HSIC(() -> LearningRule.builder().objective(Objective.normalizedHsic())),
        PREDICTION(() -> LearningRule.builder().objective(Objective.prediction())),
        PREDICTION_OF_MINI_BATCHES(() -> Fixtures.plain().objective(Fixtures.predictionOfMiniBatches())
                .plus(Objective.neighbourhood())),
        REFERENCE(() -> Fixtures.plain().objective(Objective.reference()));

        private final Supplier<LearningRule.Builder> rule;

        Objectives(Supplier<LearningRule.Builder> rule) {
            this.rule = rule;
        }

        LearningRule.Builder rule() {
            return rule.get();
        }
    }

    /** What remembers its samples. */
    public enum Memory {
        EXACT {
            @Override
            LearningRule of(Objectives objective) {
                return objective.rule().memory(11).build();
            }
        },
        RECALLED {
            @Override
            LearningRule of(Objectives objective) {
                return objective.rule().memory(DelayLines.recalling(4, 9), 9).build();
            }
        };

        abstract LearningRule of(Objectives objective);
    }

    /** What it is made of. */
    public enum Layers {
        DENSE {
            @Override
            MultiLayerConfiguration stock(DataType type) {
                return list(type).layer(dense(7)).layer(dense(17)).layer(Fixtures.readout(0, CLASSES))
                        .setInputType(InputType.feedForward(5)).build();
            }

            @Override
            DataSet data(int samples, long seed) {
                return new DataSet(Fixtures.noise(seed, samples, 5), labels(samples, seed));
            }
        },
        CONVOLUTION {
            @Override
            MultiLayerConfiguration stock(DataType type) {
                return list(type)
                        .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).build())
                        .layer(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build())
                        .layer(dense(6))
                        .layer(Fixtures.readout(0, CLASSES))
                        .setInputType(InputType.convolutional(6, 6, 1)).build();
            }

            @Override
            DataSet data(int samples, long seed) {
                return new DataSet(Fixtures.noise(seed, samples, 1, 6, 6), labels(samples, seed));
            }
        },
        BATCH_NORMALIZATION {
            @Override
            MultiLayerConfiguration stock(DataType type) {
                return list(type)
                        .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.IDENTITY).build())
                        .layer(new BatchNormalization())
                        .layer(new ActivationLayer(Activation.RELU))
                        .layer(dense(6))
                        .layer(Fixtures.readout(0, CLASSES))
                        .setInputType(InputType.convolutional(6, 6, 1)).build();
            }

            @Override
            DataSet data(int samples, long seed) {
                return CONVOLUTION.data(samples, seed);
            }
        },
        RECURRENT {
            @Override
            MultiLayerConfiguration stock(DataType type) {
                return list(type)
                        .layer(new LastTimeStep(new LSTM.Builder().nOut(5).build()))
                        .layer(Fixtures.readout(0, CLASSES))
                        .setInputType(InputType.recurrent(2, 4)).build();
            }

            @Override
            DataSet data(int samples, long seed) {
                return new DataSet(Fixtures.noise(seed, samples, 2, 4), labels(samples, seed));
            }
        },
        WRAPPED {
            @Override
            MultiLayerConfiguration stock(DataType type) {
                return list(type)
                        .layer(new Convolution1DLayer.Builder(2).nOut(4).build())
                        .layer(new GlobalPoolingLayer())
                        .layer(dense(6))
                        .layer(Fixtures.readout(0, CLASSES))
                        .setInputType(InputType.recurrent(2, 4)).build();
            }

            @Override
            DataSet data(int samples, long seed) {
                return RECURRENT.data(samples, seed);
            }
        },
        SPIKING {
            @Override
            MultiLayerConfiguration stock(DataType type) {
                return list(type)
                        .layer(new SpikingDenseLayer.Builder().nOut(7).build())
                        .layer(new SpikingDenseLayer.Builder().nOut(6).learning(SpikingDenseLayer.Learning.TRACE).build())
                        .layer(new SpikeRateLayer())
                        .layer(Fixtures.readout(0, CLASSES))
                        .setInputType(InputType.feedForward(5)).build();
            }

            @Override
            DataSet data(int samples, long seed) {
                return DENSE.data(samples, seed);
            }
        },
        TIME_STEPS {
            @Override
            MultiLayerConfiguration stock(DataType type) {
                return list(type)
                        .layer(new LSTM.Builder().nOut(5).build())
                        .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX)
                                .nOut(CLASSES).build())
                        .setInputType(InputType.recurrent(2, 4)).build();
            }

            @Override
            DataSet data(int samples, long seed) {
                return new DataSet(Fixtures.noise(seed, samples, 2, STEPS),
                        labels(samples * STEPS, seed).reshape(samples, STEPS, CLASSES).permute(0, 2, 1).dup('c'));
            }
        };

        abstract MultiLayerConfiguration stock(DataType type);

        abstract DataSet data(int samples, long seed);
    }

    private static NeuralNetConfiguration.ListBuilder list(DataType type) {
        return Fixtures.builder(new Adam(1e-2)).dataType(type).activation(Activation.TANH).list();
    }

    private static DenseLayer dense(int width) {
        return new DenseLayer.Builder().nOut(width).build();
    }

    private static INDArray labels(int samples, long seed) {
        return Fixtures.oneHot(seed, samples, CLASSES).dup('c');
    }

    /** The steps of a training: mini-batches of one size, each of its own data. */
    public static List<DataSet> batches(Layers layers, int size, int count, DataType type) {
        Random seeds = new Random(size);
        return Stream.generate(() -> layers.data(size, seeds.nextInt(1 << 20)))
                .limit(count)
                .map(batch -> new DataSet(batch.getFeatures().castTo(type), batch.getLabels().castTo(type)))
                .toList();
    }

    public static MultiLayerConfiguration conf(Objectives objective, Memory memory, Layers layers, DataType type) {
        return IbHebb.convert(layers.stock(type), memory.of(objective));
    }
}
