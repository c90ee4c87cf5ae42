package org.ibhebb.samples.suite;

import static org.nd4j.linalg.activations.Activation.LEAKYRELU;
import static org.nd4j.linalg.activations.Activation.RELU;
import static org.nd4j.linalg.activations.Activation.SIGMOID;
import static org.nd4j.linalg.activations.Activation.TANH;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.activations.Activation;

/** The lines of the suite. To add one is to add a line here. */
final class Tasks {

    private static final int ALL = 100_000;
    private static final String SGD = "sgd:0.1";
    private static final String NESTEROVS = "nesterovs:0.1";
    private static final String SLOW_NESTEROVS = "nesterovs:0.01";
    private static final String ADAM = "adam:0.001";

    private final List<Task> tasks = new ArrayList<>();

    private Tasks() {
        images();
        tables();
        shapes();
        values();
        autoencoders();
        sequences();
        layers();
        batches();
    }

    static List<Task> all() {
        return List.copyOf(new Tasks().tasks);
    }

    private void images() {
        String group = "images";
        quick(task("mnist-6k", group, data(Source.MNIST, 6000), "dense:128,64", RELU, 64, 3, ADAM));
        task("mnist-6k-nesterovs", group, data(Source.MNIST, 6000), "dense:128,64", RELU, 64, 3, "nesterovs:0.006");
        task("mnist-12k", group, data(Source.MNIST, 12_000), "dense:128,64", RELU, 128, 10, ADAM);
        quick(task("fashion-6k", group, data(Source.FASHION_MNIST, 6000), "dense:128,64", RELU, 64, 3, ADAM));
        task("fashion-12k", group, data(Source.FASHION_MNIST, 12_000), "dense:128,64", RELU, 128, 10, ADAM);
        task("mnist-conv-1500", group, data(Source.MNIST, 1500), "conv:20,50", RELU, 54, 2, ADAM);
        task("cifar-conv-3k", group, data(Source.CIFAR10, 3000), "conv:24,48", LEAKYRELU, 32, 4, ADAM);
        task("cifar-conv-bn-3k", group, data(Source.CIFAR10, 3000), "conv-bn:24,48,96", LEAKYRELU, 32, 4, ADAM);
    }

    private void tables() {
        String group = "tables";
        quick(task("iris", group, data(Source.IRIS), "dense:3,3", TANH, ALL, 1000, SGD));
        task("iris-relu", group, data(Source.IRIS), "dense:10,10", RELU, 16, 60, ADAM);
        quick(task("wine", group, data(Source.WINE), "dense:16,8", RELU, 16, 50, ADAM));
        task("breast-cancer", group, data(Source.BREAST_CANCER), "dense:30,15", RELU, 32, 50, ADAM);
        quick(task("digits", group, data(Source.DIGITS), "dense:64,32", RELU, 32, 20, ADAM));
        task("digits-sgd", group, data(Source.DIGITS), "dense:64,32", RELU, 32, 20, SGD);
        quick(task("imbalance", group, data(Source.IMBALANCE), "dense:16", RELU, 8, 10, ADAM));
        task("imbalance-sgd", group, data(Source.IMBALANCE), "dense:16", RELU, 32, 30, SGD);
        quick(task("tags-40", group, data(Source.TAGS), "dense:64", RELU, 32, 30, ADAM));
    }

    private void shapes() {
        String group = "generated classes";
        quick(task("moons", group, data(Source.MOONS), "dense:20", RELU, 50, 100, SLOW_NESTEROVS));
        task("moons-tanh", group, data(Source.MOONS), "dense:8,8", TANH, 50, 100, SLOW_NESTEROVS);
        quick(task("circles", group, data(Source.CIRCLES), "dense:20", TANH, 50, 100, ADAM));
        task("saturn", group, data(Source.SATURN), "dense:20", RELU, 50, 60, "nesterovs:0.005");
        task("blobs-2", group, data(Source.BLOBS, 2), "dense:20", RELU, 50, 30, SLOW_NESTEROVS);
        quick(task("blobs-50", group, data(Source.BLOBS, 50), "dense:64,64", RELU, 50, 20, ADAM));
        task("blobs-200", group, data(Source.BLOBS, 200), "dense:128", RELU, 64, 15, ADAM);
        quick(task("xor", group, data(Source.XOR), "dense:4", SIGMOID, ALL, 2000, SGD));
        task("xor-tanh", group, data(Source.XOR), "dense:8", TANH, ALL, 500, SGD);
        quick(task("parity-4", group, data(Source.PARITY), "dense:16,16", RELU, ALL, 1000, SGD));
    }

    private void values() {
        String group = "real values";
        quick(task("sum", group, data(Source.SUM), "dense:10", TANH, 100, 100, SLOW_NESTEROVS));
        quick(task("sinc", group, data(Source.SINC), "dense:50,50", TANH, 100, 200, SLOW_NESTEROVS));
        task("sine", group, data(Source.SINE), "dense:20", TANH, 50, 100, ADAM);
        quick(task("square", group, data(Source.SQUARE), "dense:10", TANH, 32, 100, ADAM));
        task("square-1", group, data(Source.SQUARE), "dense:1", TANH, 32, 100, ADAM);
        quick(task("friedman", group, data(Source.FRIEDMAN), "dense:32,16", RELU, 32, 60, ADAM));
        task("friedman-nesterovs", group, data(Source.FRIEDMAN), "dense:32,16", RELU, 32, 60, SLOW_NESTEROVS);
    }

    private void autoencoders() {
        String group = "autoencoders";
        quick(task("8-3-8", group, data(Source.EIGHT), "dense:3", TANH, ALL, 2000, SGD));
        task("8-6-2-6-8", group, data(Source.BUNDLE), "dense:6,2,6", TANH, 32, 60, ADAM);
        quick(task("digits-autoencoder", group, data(Source.DIGITS_THEMSELVES), "dense:32,8,32", RELU, 32, 30, ADAM));
    }

    private void sequences() {
        String group = "sequences";
        quick(task("control-charts", group, data(Source.CHARTS), "lstm-last:12", TANH, 32, 10, "adam:0.005"));
        task("echo", group, data(Source.ECHO), "lstm:16", TANH, 32, 10, "adam:0.01");
        task("waves", group, data(Source.WAVES), "lstm-last:20", TANH, 16, 12, "adam:0.003");
        task("waves-rnn", group, data(Source.WAVES), "rnn-last:20", TANH, 16, 12, "adam:0.003");
        task("adding", group, data(Source.ADDING), "lstm-last:16", TANH, 32, 15, "adam:0.01");
    }

    private void layers() {
        String group = "widths and depths";
        for (int width : List.of(1, 2, 3, 16, 128, 512)) {
            Task task = task("width-" + width, group, data(Source.DIGITS), "dense:" + width, RELU, 32, 20, ADAM);
            if (width == 2) {
                quick(task);
            }
        }
        for (int depth : List.of(1, 2, 4, 8)) {
            Task task = task("depth-" + depth, group, data(Source.DIGITS), "dense:64" + ",64".repeat(depth - 1), RELU,
                    32, 20, ADAM);
            if (depth == 4) {
                quick(task);
            }
        }
        task("mnist-depth-4", group, data(Source.MNIST, 6000), "dense:128,128,128,128", RELU, 64, 3, ADAM);
        task("mnist-depth-8", group, data(Source.MNIST, 6000), "dense:256,256,256,256,256,256,256,256", RELU, 64,
                3, ADAM);
    }

    private void batches() {
        String group = "mini-batches and inputs";
        for (int batch : List.of(1, 8, 32, 128, 1000)) {
            // The same number of steps would leave large batches many more passes than any user gives them.
            int epochs = batch == 1 ? 3 : batch == 8 ? 10 : batch == 32 ? 20 : batch == 128 ? 40 : 100;
            Task task = task("batch-" + batch, group, data(Source.DIGITS), "dense:64,32", RELU, batch, epochs, ADAM);
            if (batch == 1) {
                quick(task);
            }
        }
        quick(sorted(task("sorted-32", group, data(Source.DIGITS), "dense:64,32", RELU, 32, 20, ADAM)));
        sorted(task("sorted-160", group, data(Source.BLOBS, 4), "dense:32", RELU, 160, 60, ADAM));
        for (double scale : List.of(0.01, 100.0)) {
            Task.Data scaled = new Task.Data(Source.DIGITS, 0, scale);
            task("digits-x" + (scale < 1 ? "0.01" : "100"), group, scaled, "dense:64,32", RELU, 32, 20, ADAM);
            quick(task("digits-x" + (scale < 1 ? "0.01" : "100") + "-nesterovs", group, scaled, "dense:64,32", RELU, 32,
                    20, NESTEROVS));
        }
    }

    private static Task.Data data(Source source) {
        return data(source, 0);
    }

    private static Task.Data data(Source source, int size) {
        return new Task.Data(source, size, 1);
    }

    private Task task(String name, String group, Task.Data data, String network, Activation activation, int batch,
            int epochs, String updater) {
        Task task = new Task(name, group, data, network, activation, batch, epochs, updater, false, false);
        tasks.add(task);
        return task;
    }

    private Task quick(Task task) {
        return replace(task, task.sorted(), true);
    }

    private Task sorted(Task task) {
        return replace(task, true, task.quick());
    }

    private Task replace(Task task, boolean sorted, boolean quick) {
        Task changed = new Task(task.name(), task.group(), task.data(), task.network(), task.activation(),
                task.batch(), task.epochs(), task.updater(), sorted, quick);
        tasks.set(tasks.indexOf(task), changed);
        return changed;
    }
}
