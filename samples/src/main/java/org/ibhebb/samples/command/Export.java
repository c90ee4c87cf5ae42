package org.ibhebb.samples.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.ibhebb.IbHebb;
import org.ibhebb.samples.folder.DataException;
import org.ibhebb.samples.folder.OutputFile;
import org.ibhebb.spiking.Nir;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ibhebb export}: a spiking network for neuromorphic machines. */
@Command(name = "export", sortOptions = false,
        description = "Writes a spiking network, saved by train --save, for neuromorphic machines and other"
                + " simulators.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb train --data digits --model snn:64,32 --save spiking.zip",
            "  ibhebb export spiking.zip --nir spiking.nir"
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

    @Override
    public Integer call() throws IOException {
        OutputFile.check(command.commandLine(), "--nir", nir);
        Nir.write(network(), nir);
        return 0;
    }

    private MultiLayerNetwork network() throws DataException {
        try {
            return IbHebb.restoreMultiLayerNetwork(model);
        } catch (IOException e) {
            throw new DataException(e.getMessage(), e);
        }
    }
}
