package org.ibhebb.samples.folder;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Properties;
import org.ibhebb.internal.arithmetic.Arithmetic;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What measured times depend on beside the code.
 *
 * @param kernel the {@link Arithmetic} that networks of this process use
 * @param blasThreads threads that a matrix product may use
 * @param load the system's load average at the start; negative where it can't be known
 * @param deeplearning4j its version
 * @param plugin this project's version
 * @param date and time of the start
 */
public record Provenance(String kernel, int blasThreads, int processors, double load, String platform, String java,
        String deeplearning4j, String plugin, String date) {

    private static final String UNKNOWN = "unknown";

    /** That of this process. */
    public static Provenance here() {
        return new Provenance(
                Arithmetic.of(DataType.FLOAT).name(),
                Nd4j.factory().blas().getMaxThreads(),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.version"),
                version("org.deeplearning4j/deeplearning4j-nn"),
                version("org.ibhebb/dl4j-ibhebb-plugin"),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** The version that Maven wrote into a jar; there is none in a folder of classes. */
    private static String version(String artifact) {
        try (InputStream in = Provenance.class.getResourceAsStream("/META-INF/maven/" + artifact + "/pom.properties")) {
            if (in == null) {
                return UNKNOWN;
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", UNKNOWN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
