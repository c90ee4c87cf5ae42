package org.ibhebb.samples.data;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URL;
import java.nio.file.Path;
import org.deeplearning4j.common.resources.DL4JResources;
import org.eclipse.deeplearning4j.resources.utils.MnistResourceConstants;
import org.nd4j.common.resources.Downloader;

/** DL4J's own download of MNIST: from its server to its folder, where DL4J's iterators find the files too. */
final class MnistDownload {

    private static final int TRIES = 2;
    private static final int TIMEOUT_MILLIS = 30_000;

    private MnistDownload() {}

    /** Where DL4J keeps its files: {@code ~/.deeplearning4j} unless its system property says otherwise. */
    static Path directory() {
        return DL4JResources.getBaseDirectory().toPath();
    }

    /** Fetches the four files, checking each, into {@link #directory()}. */
    static void run(PrintWriter notes) throws IOException {
        notes.println("mnist: downloading 11 MB to " + directory());
        notes.flush();
        fetch(MnistResourceConstants.TRAINING_FILES_URL_RELATIVE, MnistResourceConstants.TRAINING_FILES_MD_5);
        fetch(MnistResourceConstants.TRAINING_FILE_LABELS_URL_RELATIVE,
                MnistResourceConstants.TRAINING_FILE_LABELS_MD_5);
        fetch(MnistResourceConstants.TEST_FILES_URL_RELATIVE, MnistResourceConstants.TEST_FILES_MD_5);
        fetch(MnistResourceConstants.TEST_FILE_LABELS_URL_RELATIVE, MnistResourceConstants.TEST_FILE_LABELS_MD_5);
    }

    private static void fetch(String relativeUrl, String md5) throws IOException {
        URL url = DL4JResources.getURL(relativeUrl);
        Path file = directory().resolve(Path.of(relativeUrl).getFileName());
        Downloader.download("MNIST", url, file.toFile(), md5, TRIES, TIMEOUT_MILLIS, TIMEOUT_MILLIS);
    }
}
