package org.ibhebb.samples.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.samples.folder.DataException;
import org.ibhebb.samples.folder.OutputFile;
import org.ibhebb.spiking.Nir;
import org.ibhebb.spiking.SpikingConvolutionLayer;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code ibhebb export}: a spiking network for neuromorphic machines. */
@Command(name = "export", sortOptions = false,
        description = "Writes a spiking network, saved by train --save, for neuromorphic machines and other"
                + " simulators.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb train --data digits --model snn:64,32 --save spiking.zip",
            "  ibhebb export spiking.zip --nir spiking.nir",
            "  ibhebb train --data mnist --model scnn:16,32 --save maps.zip",
            "  ibhebb export maps.zip --nir maps.nir --image 28x28x1"
        })
public final class Export implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "MODEL", description = "The network, as train --save writes it.")
    private Path model;

    @Option(names = "--nir", paramLabel = "FILE", required = true, order = 1,
            description = "Write it there, as a graph of the Neuromorphic Intermediate Representation (HDF5). NIR knows"
                    + " the reset to zero alone: others are warned of.")
    private Path nir;

    @Option(names = "--image", paramLabel = "HxWxC", converter = ImageType.class, order = 2,
            description = "How large the images are that a convolutional network takes: height, width and channels,"
                    + " such as 28x28x1. NIR says it, and saved networks do not.")
    private InputType image;

    @Override
    public Integer call() throws IOException {
        OutputFile.check(command.commandLine(), "--nir", nir);
        MultiLayerNetwork network = network();
        if (image == null) {
            if (network.getLayer(0).conf().getLayer() instanceof SpikingConvolutionLayer
                    && network.getLayerWiseConfigurations().getInputPreProcess(0) == null) {
                throw new ParameterException(command.commandLine(), model + " takes images, and does not say how large"
                        + " they are: give --image HxWxC, such as --image 28x28x1");
            }
            Nir.write(network, nir);
        } else {
            Nir.write(network, image, nir);
        }
        return 0;
    }

    /** Reads the size of an image. */
    static final class ImageType implements ITypeConverter<InputType> {

        private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,5})x([1-9]\\d{0,5})x([1-9]\\d{0,5})");

        @Override
        public InputType convert(String text) {
            Matcher size = SIZE.matcher(text);
            if (!size.matches()) {
                throw new TypeConversionException("'" + text + "' is no size of images: give height, width and"
                        + " channels, such as 28x28x1");
            }
            return InputType.convolutional(Long.parseLong(size.group(1)), Long.parseLong(size.group(2)),
                    Long.parseLong(size.group(3)));
        }
    }

    private MultiLayerNetwork network() throws DataException {
        try {
            return IbHebb.restoreMultiLayerNetwork(model);
        } catch (IOException e) {
            throw new DataException(e.getMessage(), e);
        }
    }
}
