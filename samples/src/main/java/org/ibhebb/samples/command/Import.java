package org.ibhebb.samples.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ibhebb.samples.folder.OutputFile;
import org.ibhebb.samples.training.Network;
import org.ibhebb.spiking.Nir;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ibhebb import}: a spiking network from elsewhere. */
@Command(name = "import", sortOptions = false,
        description = "Reads a spiking network that export or another program wrote, and saves it for Deeplearning4j.",
        footerHeading = "%nExample:%n",
        footer = "  ibhebb import spiking.nir --save spiking.zip")
public final class Import implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "FILE", description = "A graph of the Neuromorphic Intermediate Representation (HDF5).")
    private Path nir;

    @Option(names = "--save", paramLabel = "FILE", required = true, order = 1,
            description = "Write the network there, as DL4J's MultiLayerNetwork.load reads it where the plugin is on"
                    + " the class path.")
    private Path save;

    @Override
    public Integer call() throws IOException {
        OutputFile.check(command.commandLine(), "--save", save);
        Network.of(Nir.read(nir)).save(save);
        return 0;
    }
}
