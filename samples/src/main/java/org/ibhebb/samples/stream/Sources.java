package org.ibhebb.samples.stream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import org.ibhebb.samples.data.ArffReader;
import org.ibhebb.samples.data.StreamImages;
import org.ibhebb.samples.data.TextFile;

/** What {@code --data} may name besides images. */
final class Sources {

    static final String STANDARD_INPUT = "-";
    static final String CSV = "csv:";
    static final String ARFF = "arff:";
    static final String MOA = "moa";

    private Sources() {}

    /** Whether there is a kind of source that such a name is of. */
    static boolean exist(String data) {
        return data.equals(STANDARD_INPUT) || isFile(data) || data.startsWith(MOA + ":")
                || data.startsWith(Generator.PREFIX);
    }

    static boolean isFile(String data) {
        return data.startsWith(CSV) || data.startsWith(ARFF);
    }

    /** Where the file is that such a name is of. */
    static Path file(String data) {
        return Path.of(data.substring(data.indexOf(':') + 1));
    }

    /**
     * Opens it.
     *
     * @param column the class's; null for the last one, and for what has none
     * @param classes how many there may be; 0 for those of the first lines
     */
    static Source open(String data, String column, int classes) throws IOException {
        if (data.equals(STANDARD_INPUT)) {
            return new CsvSource(
                    "standard input", new InputStreamReader(System.in, StandardCharsets.UTF_8), column, classes);
        }
        if (data.startsWith(Generator.PREFIX)) {
            return Generator.open(data);
        }
        if (!isFile(data)) {
            return peer().orElseThrow(() -> noMoa("--data " + data + " is a stream of MOA's"))
                    .open(data.substring(MOA.length() + 1));
        }
        Path file = file(data);
        BufferedReader in = TextFile.open(file);
        try {
            return data.startsWith(CSV)
                    ? new CsvSource(file.toString(), in, column, classes)
                    : new ArffSource(new ArffReader(file.toString(), in), column);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** Says how MOA gets onto the class path, after the beginning of a sentence. */
    static IOException noMoa(String what) {
        return StreamImages.problem(what + ", which is not on the class path: build what brings it by 'mvn -Pmoa -pl"
                + " samples/moa -am package -DskipTests', and samples/ibhebb finds it");
    }

    /** MOA, if it is on the class path. */
    static Optional<Peer> peer() {
        return ServiceLoader.load(Peer.class).stream().map(ServiceLoader.Provider::get)
                .filter(peer -> peer.name().equals(MOA)).findFirst();
    }
}
