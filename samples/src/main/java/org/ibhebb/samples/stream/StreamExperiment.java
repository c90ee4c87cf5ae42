package org.ibhebb.samples.stream;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ibhebb.samples.data.StreamImages;
import org.ibhebb.samples.folder.Checksum;
import org.ibhebb.samples.folder.Provenance;
import org.ibhebb.samples.folder.RunFolder;
import org.ibhebb.samples.option.Limits;
import org.ibhebb.samples.option.TypedCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ibhebb experiment stream}: a network that learns on the fly beside MOA's learners. */
@Command(name = "stream", sortOptions = false,
        description = "Learns seven published streams, and streams of yours, one sample at a time, each predicted"
                + " before it is learnt: by a local network with one setting for all of them, and by MOA's Hoeffding"
                + " tree, adaptive tree and adaptive forest of ten at their defaults, on the same samples. Shows how"
                + " many were right, and how many were learnt in a second of processor time. MOA's learners take part,"
                + " and its generators stand in the place of this program's, where samples/moa is built (mvn -Pmoa -pl"
                + " samples/moa -am package -DskipTests). Resumable.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ibhebb experiment stream --out stream",
            "  ibhebb experiment stream --streams sea,waveform --limit 10000 --seeds 3 --out some",
            "  ibhebb experiment stream --data csv:electricity.csv --data arff:weather.arff --out mine"
        })
public final class StreamExperiment implements Callable<Integer> {


    @Spec
    private CommandSpec command;

    @Option(names = "--out", required = true, paramLabel = "DIR", order = 1,
            description = "The folder for everything that comes out; made where there is none. Runs that are there"
                    + " already are not repeated.")
    private Path out;

    @Option(names = "--streams", paramLabel = "NAMES", split = ",", order = 2,
            description = "These of the published streams alone: sea, agrawal, hyperplane, rbf-fast, rbf-slow, led,"
                    + " waveform, or none. Default: all; with --data, none.")
    private List<String> names;

    @Option(names = "--data", paramLabel = "SOURCE", order = 3,
            description = "A stream of yours, as for ibhebb stream: csv:FILE, arff:FILE, generated:NAME or"
                    + " moa:STREAM. May be given several times.")
    private List<String> data = List.of();

    @Option(names = "--class", paramLabel = "COLUMN", order = 4,
            description = "The column of these files that is to be predicted. Default: the last one.")
    private String column;

    @Option(names = "--classes", paramLabel = "N", defaultValue = "0", order = 4,
            description = "How many classes CSV may have. Default: those in the first 1,000 lines.")
    private int classes;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50000", order = 5,
            description = "Samples of each stream. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--model", paramLabel = "MODEL", defaultValue = "mlp:100,100", order = 6,
            description = "mlp:A,B,...: dense layers of those sizes. Default: ${DEFAULT-VALUE}.")
    private String model;

    @Option(names = "--memory", paramLabel = "N", defaultValue = "64", order = 7,
            description = "Samples that the network's working memory holds, the newest included; 0 for none. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int memory;

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "1", order = 8,
            description = "Runs of everything: each seed gives other samples of a generator and other initial weights."
                    + " Default: ${DEFAULT-VALUE}.")
    private int seeds;

    @Option(names = "--again", order = 9,
            description = "Repeat what the network learns, for the library has changed; other runs are kept.")
    private boolean again;

    @Override
    public Integer call() throws IOException {
        check();
        Optional<Peer> peer = Sources.peer();
        List<NamedStream> streams = streams(peer.isPresent());
        try (RunFolder folder = RunFolder.open(command.commandLine(), out)) {
            Provenance provenance = Provenance.here();
            List<StreamRun> done = carryOut(folder, streams, peer);
            StreamPage page = new StreamPage(streams, done, peer.map(Peer::version).orElse(null),
                    TypedCommand.of(command));
            page.write(folder.path(), provenance);
            PrintWriter print = command.commandLine().getOut();
            page.summary().forEach(print::println);
            print.println("Wrote " + folder.path().resolve("index.html"));
            print.flush();
        }
        return 0;
    }

    private void check() {
        Limits.atLeastOne(command, "--seeds", seeds);
        Limits.atLeastOne(command, "--limit", limit);
        Perceptron.check(command, model);
        Limits.noneOrAtLeastTwo(command, "--memory", memory);
        for (String each : data) {
            if (!Sources.exist(each) || each.equals(Sources.STANDARD_INPUT)) {
                throw wrong("--data '" + each + "' is none of csv:FILE, arff:FILE, generated:NAME, moa:STREAM");
            }
        }
        if (column != null && data.stream().noneMatch(Sources::isFile)) {
            throw wrong("--class is for --data csv:FILE and arff:FILE");
        }
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }

    private List<NamedStream> streams(boolean moa) {
        List<String> known = NamedStream.published();
        List<String> wanted = names == null ? data.isEmpty() ? known : List.of()
                : names.equals(List.of("none")) ? List.of() : names;
        for (String name : wanted) {
            if (!known.contains(name)) {
                throw wrong("--streams: there is no stream '" + name + "': there are " + String.join(", ", known));
            }
        }
        List<NamedStream> streams = new ArrayList<>(
                NamedStream.published(moa).stream().filter(stream -> wanted.contains(stream.name())).toList());
        data.stream().distinct().map(NamedStream::given).forEach(streams::add);
        if (streams.isEmpty()) {
            throw wrong("there is nothing to learn: name streams by --streams or --data");
        }
        return streams;
    }

    private List<StreamRun> carryOut(RunFolder folder, List<NamedStream> streams, Optional<Peer> peer)
            throws IOException {
        PrintWriter print = command.commandLine().getOut();
        if (peer.isEmpty()) {
            print.println("MOA takes no part: samples/moa is not built (mvn -Pmoa -pl samples/moa -am package"
                    + " -DskipTests).");
        }
        Contest contest = new Contest(peer.orElse(null), column, classes);
        List<StreamRun> asked = asked(streams, peer);
        List<StreamRun> done = new ArrayList<>();
        for (StreamRun run : asked) {
            boolean repeats = again && run.learner().equals(Contest.NETWORK);
            StreamRun outcome = folder.outcome(run, StreamRun.class, repeats, contest::carryOut);
            done.add(outcome);
            print.printf(Locale.ROOT, "%d/%d %s, %s, seed %d: %.2f %% of %,d, %,.0f samples/s%n", done.size(),
                    asked.size(), outcome.data(), outcome.learner(), outcome.seed(), outcome.accuracy(),
                    outcome.samples(), outcome.samplesPerSecond());
            print.flush();
        }
        return done;
    }

    /** What is slow comes last: the forest. */
    private List<StreamRun> asked(List<NamedStream> streams, Optional<Peer> peer) throws IOException {
        Map<NamedStream, String> contents = new HashMap<>();
        for (NamedStream stream : streams) {
            contents.put(stream, Sources.isFile(stream.data()) ? content(Sources.file(stream.data())) : null);
        }
        List<StreamRun> asked = new ArrayList<>();
        for (String learner : learners(peer)) {
            boolean network = learner.equals(Contest.NETWORK);
            for (NamedStream stream : streams) {
                for (long seed = 1; seed <= seeds; seed++) {
                    asked.add(StreamRun.of(stream.data(seed, limit), contents.get(stream), learner,
                            network ? model : null, network ? memory : 0, limit, seed));
                }
            }
        }
        return asked;
    }

    private static List<String> learners(Optional<Peer> peer) {
        List<String> learners = new ArrayList<>(List.of(Contest.NETWORK));
        peer.ifPresent(each -> learners.addAll(each.learners()));
        return learners;
    }

    /** The checksum of a file, and what is said of its class: what was learnt of another content is not this. */
    private String content(Path file) throws IOException {
        try {
            return Checksum.of(file) + (column == null ? "" : " " + column)
                    + (classes == 0 ? "" : " of " + classes);
        } catch (IOException e) {
            throw StreamImages.problem(file + " cannot be read (" + e + "): check that it is a readable file");
        }
    }

}
