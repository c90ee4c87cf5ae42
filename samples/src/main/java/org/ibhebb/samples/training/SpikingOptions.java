package org.ibhebb.samples.training;

import org.ibhebb.spiking.SpikingDenseLayer.Reset;
import picocli.CommandLine.Option;

/** The flags that say more of a spiking network than {@code --model} does. */
public final class SpikingOptions {

    @Option(names = "--steps", paramLabel = "T", order = 4,
            description = "For how many time steps spiking neurons see each sample. Default: 8.")
    private Integer steps;

    @Option(names = "--encode", paramLabel = "NAME", converter = ModelSpec.Encoding.Converter.class, order = 4,
            description = "As what spiking neurons see a sample. current: as a current that is the same at each time"
                    + " step. For images also poisson: as spikes, at each time step with a probability that is the"
                    + " pixel's intensity; test images have the same spikes whenever they are shown. latency: as one"
                    + " spike for each pixel, the earlier the brighter it is, and none for black. Default: current.")
    private ModelSpec.Encoding encoding;

    @Option(names = "--synaptic-decay", paramLabel = "X", order = 4,
            description = "What a spiking neuron's synaptic current keeps from one time step to the next, from 0 to"
                    + " below 1. Default: 0, no such current.")
    private Double synapticDecay;

    @Option(names = "--refractory", paramLabel = "N", order = 4,
            description = "For how many time steps after a spike a neuron rests. Default: 0.")
    private Integer refractory;

    @Option(names = "--reset-to-zero", order = 4,
            description = "Let a spike set a neuron's membrane to 0, which is all that NIR and other machines know, in"
                    + " the place of taking the threshold from it.")
    private boolean toZero;

    /** Used by picocli. */
    public SpikingOptions() {}

    /**
     * A model with what these flags say.
     *
     * @param model as {@code --model} names it
     * @return the same where nothing was said
     * @throws IllegalArgumentException with a sentence that says what is wrong, if it is not spiking or can't be so
     */
    public ModelSpec of(ModelSpec model) {
        ModelSpec said = steps == null ? model : model.withSteps(steps);
        said = encoding == null ? said : said.with(encoding);
        said = synapticDecay == null ? said : said.withSynapticDecay(synapticDecay);
        said = toZero ? said.with(Reset.TO_ZERO) : said;
        said = refractory == null ? said : said.withRefractorySteps(refractory);
        // Encoders of some kinds need more than one time step.
        said.encoder(0);
        return said;
    }
}
