package org.ibhebb.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.nd4j.linalg.dataset.DataSet;

/** Spark as these tests run it. */
final class Spark {

    /** System properties that workers need too, where this JVM has them. */
    private static final List<String> FOR_WORKERS = List.of(
            "ibhebb.kernel", "aeron.publication.unblock.timeout", "aeron.dir.delete.on.shutdown");

    private Spark() {}

    /** In this JVM, one thread. */
    static JavaSparkContext local() {
        return new JavaSparkContext(conf().setMaster("local[1]"));
    }

    /**
     * Two workers that are JVMs of their own, so that all they know of a network has come to them through a serialiser.
     * Spark starts them from SPARK_HOME, whose jars an installation would have: here they have this JVM's class path.
     *
     * @param serializer Java's or Kryo's, by its class name in Spark
     */
    static JavaSparkContext cluster(String serializer) throws IOException {
        Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        return new JavaSparkContext(conf()
                .setMaster("local-cluster[2,1,512]")
                .set("spark.serializer", "org.apache.spark.serializer." + serializer)
                .set("spark.kryo.registrator", "org.nd4j.kryo.Nd4jRegistrator")
                .set("spark.executor.memory", "512m")
                // No job begins with one worker while the other still starts.
                .set("spark.scheduler.minRegisteredResourcesRatio", "1")
                .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .set("spark.executor.extraJavaOptions", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0"
                        + FOR_WORKERS.stream()
                                .filter(name -> System.getProperty(name) != null)
                                .map(name -> " -D" + name + "=" + System.getProperty(name))
                                .collect(Collectors.joining())));
    }

    /** What the last of several calls of a network's {@code fit} gives. */
    static <M> M fit(int calls, JavaRDD<DataSet> samples, Function<JavaRDD<DataSet>, M> fit) {
        M trained = fit.apply(samples);
        for (int call = 1; call < calls; call++) {
            trained = fit.apply(samples);
        }
        return trained;
    }

    private static SparkConf conf() {
        return new SparkConf()
                .setAppName("DL4J-IbHebb")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "localhost")
                .set("spark.driver.bindAddress", "127.0.0.1");
    }
}
