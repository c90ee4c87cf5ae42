package org.ibhebb.samples.stream;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ibhebb.samples.data.StreamImages;

/**
 * Another program that learns images one at a time, in a process of its own: what it brings along does not meet what
 * this program does, nor do their licences. It reads images from its standard input, in the form that
 * {@code samples/peers/pytorch_online.py} describes, and writes one line: samples a second, and per cent of test images
 * right.
 *
 * @param name for people
 * @param command the program and its arguments
 */
record PeerProcess(String name, List<String> command) {

    /** Where the launcher has found Smile. */
    private static final String SMILE = "ibhebb.smile";

    /** What it reached. */
    record Outcome(double samplesPerSecond, double accuracy) {}

    /** Smile's, where {@code samples/smile} is built. */
    static Optional<PeerProcess> smile() {
        String classPath = System.getProperty(SMILE);
        return classPath == null ? Optional.empty() : Optional.of(new PeerProcess("Smile, MLP.update", List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java", "-Xmx1g", "-cp",
                classPath, "org.ibhebb.smile.OnlinePerceptron")));
    }

    /** @param text {@code NAME=COMMAND}, words apart by spaces; null for what is none */
    static PeerProcess parse(String text) {
        int sign = text.indexOf('=');
        return sign < 1 || text.substring(sign + 1).isBlank() ? null
                : new PeerProcess(text.substring(0, sign), Arrays.asList(text.substring(sign + 1).trim().split(" +")));
    }

    /**
     * Has it learn.
     *
     * @param images of which those for training come in their order
     * @param order of the images for training
     * @param hidden sizes of the hidden layers
     * @throws IOException with a sentence that says what went wrong
     */
    Outcome learn(StreamImages.Loaded images, int[] order, int[] hidden, long seed) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        } catch (IOException e) {
            throw StreamImages.problem(name + " can't be started (" + e.getMessage() + "): check the command "
                    + command);
        }
        try {
            try (DataOutputStream out = new DataOutputStream(
                    new BufferedOutputStream(process.getOutputStream(), 1 << 16))) {
                write(out, images, order, hidden, seed);
            } catch (IOException e) {
                // It ended before it had read all, and says why itself.
                throw failed(process.waitFor());
            }
            String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            int status = process.waitFor();
            if (status != 0 || !line.matches("[0-9.]+ [0-9.]+")) {
                throw failed(status);
            }
            String[] numbers = line.split(" ");
            return new Outcome(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StreamImages.problem(name + " was interrupted");
        } finally {
            process.destroy();
        }
    }

    private IOException failed(int status) {
        return StreamImages.problem(name + " has failed, with the exit status " + status
                + ": what it said stands above");
    }

    private static void write(DataOutputStream out, StreamImages.Loaded images, int[] order, int[] hidden, long seed)
            throws IOException {
        double[] moments = StreamImages.moments(images.train());
        out.writeInt(images.inputs());
        out.writeInt(images.classes());
        out.writeInt(hidden.length);
        for (int size : hidden) {
            out.writeInt(size);
        }
        out.writeLong(seed);
        out.writeFloat((float) moments[0]);
        out.writeFloat((float) moments[1]);
        out.writeInt(order.length);
        for (int image : order) {
            write(out, images.train(), images.trainLabels(), image, images.inputs());
        }
        out.writeInt(images.testLabels().length);
        for (int image = 0; image < images.testLabels().length; image++) {
            write(out, images.test(), images.testLabels(), image, images.inputs());
        }
    }

    private static void write(DataOutputStream out, byte[] pixels, byte[] labels, int image, int inputs)
            throws IOException {
        out.writeByte(labels[image]);
        out.write(pixels, image * inputs, inputs);
    }
}
