package org.ibhebb.internal.stream;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.StampedLock;
import org.ibhebb.internal.memory.Recaller;
import org.ibhebb.rule.MemoryFile;

/**
 * A network that learns on the fly, and who may use it when: one batch is learnt at a time, and predictions come from
 * the state between two batches.
 */
public final class Learner {

    private final Contents contents;
    private final Settings settings;
    private final Engine engine;
    /** What recalls earlier samples; null where they are remembered exactly, or not at all. */
    private final Recaller network;
    /** Null until a sample is learnt by it. */
    private Engine recalling;
    private final StampedLock lock = new StampedLock();
    /** Whether the network's parameters have moved otherwise than by this learner. */
    private boolean overtaken;

    /**
     * A learner that knows nothing yet but the network's own parameters.
     *
     * @param chain the network
     * @param settings how it learns
     * @param inJava whether to learn in Java even where native code could
     * @throws IllegalArgumentException naming the layer and the reason, if one can't learn by its rule
     * @throws IllegalStateException if the rules' memory network can't be had
     */
    public Learner(LayerChain chain, Settings settings, boolean inJava) {
        this(new Contents(Drawing.of(chain, settings), chain.parameters()), settings,
                inJava ? Engines.java() : Engines.inUse(), recaller(Drawing.memoryNetwork(chain, settings)));
    }

    private Learner(Contents contents, Settings settings, Engine engine, Recaller network) {
        this.contents = contents;
        this.settings = settings;
        this.engine = engine;
        this.network = network;
    }

    private static Recaller recaller(MemoryFile reference) {
        return reference == null ? null : Recaller.of(reference);
    }

    /** What has been learnt before is in the contents by now, be it by another learner. */
    private Engine learning() {
        if (network == null) {
            return engine;
        }
        if (recalling == null) {
            recalling = new RecallingEngine(engine, network, contents);
        }
        return recalling;
    }

    /**
     * A learner that goes on where another one was saved.
     *
     * @param chain the network, whose parameters are overwritten
     * @param file what {@link #save} wrote
     * @param inJava whether to learn in Java even where native code could
     * @return the learner
     * @throws IOException if the file can't be read, or is damaged, or is of another network; nothing has changed then
     */
    public static Learner resume(LayerChain chain, Path file, boolean inJava) throws IOException {
        LearnerFile saved = LearnerFile.read(file);
        Learner learner = new Learner(chain, saved.settings(), inJava);
        saved.restore(learner.contents);
        return learner;
    }

    /**
     * Room for samples of this network.
     *
     * @return to be used by one thread at a time
     */
    public Batch batch() {
        return new Batch(contents.type(), contents.plan().inputs(), contents.plan().outputs());
    }

    /**
     * Learns a batch, strictly one sample after the other.
     *
     * @param batch inputs and labels, which have been checked
     * @param predicts whether the batch receives what the network predicted of each sample before it was learnt
     */
    public void learn(Batch batch, boolean predicts) {
        long stamp = lock.writeLock();
        try {
            catchUp();
            learning().learn(contents, batch, predicts);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    private void catchUp() {
        if (overtaken) {
            contents.follow();
            overtaken = false;
        }
    }

    /**
     * Moves the network's own parameters otherwise, while nobody reads them. What learns sample by sample goes on from
     * there.
     *
     * @param step moves them, or throws and leaves them as they are
     */
    public void otherwise(Runnable step) {
        long stamp = lock.writeLock();
        try {
            step.run();
            overtaken = true;
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /**
     * Predicts a batch.
     *
     * @param batch inputs, which have been checked; receives the predictions
     */
    public void predict(Batch batch) {
        long stamp = lock.readLock();
        try {
            engine.predict(contents, contents.predicting(), batch);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /**
     * The first sample of a batch with a number that is not finite.
     *
     * @param batch inputs, and labels if there are any
     * @return its place in the batch; -1 if all are finite
     */
    public int firstBad(Batch batch) {
        return engine.firstBad(contents, batch);
    }

    /**
     * What this learner knows now.
     *
     * @return a learner that predicts, and does not follow this one
     */
    public Learner snapshot() {
        long stamp = lock.readLock();
        try {
            return new Learner(contents.snapshot(), settings, engine, null);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /**
     * Writes all that it takes to go on as if nothing had happened, the network's parameters included. The file is
     * replaced whole, or not at all.
     *
     * @param file where to
     * @throws IOException if it can't be written
     */
    public void save(Path file) throws IOException {
        LearnerFile saved;
        long stamp = lock.writeLock();
        try {
            catchUp();
            // Others may predict while a copy is made. Who may write may always read instead.
            stamp = lock.tryConvertToReadLock(stamp);
            saved = LearnerFile.of(contents, settings);
        } finally {
            lock.unlock(stamp);
        }
        saved.write(file);
    }

    /**
     * How many samples have been learnt.
     *
     * @return since the learner was new, those before it was saved included
     */
    public long learnt() {
        long stamp = lock.readLock();
        try {
            return (long) contents.clock().get(Plan.LEARNT);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /**
     * How many inputs a sample has.
     *
     * @return at least 1
     */
    public int inputs() {
        return contents.plan().inputs();
    }

    /**
     * How many time steps a sample has.
     *
     * @return 0 for vectors
     */
    public int timeSteps() {
        return contents.plan().timeSteps();
    }

    /**
     * How many values a prediction has.
     *
     * @return at least 1
     */
    public int outputs() {
        return contents.plan().outputs();
    }

    /**
     * Whether a label can be the number of a class.
     *
     * @return true if the output layer tells exclusive classes apart
     */
    public boolean hasClasses() {
        return contents.plan().settings().encoding() == Plan.Encoding.CLASSES;
    }

    /**
     * Whether labels are probabilities.
     *
     * @return false if they may be any values
     */
    public boolean hasProbabilities() {
        return contents.plan().settings().encoding() != Plan.Encoding.REAL;
    }

    /**
     * How it learns.
     *
     * @return the settings
     */
    public Settings settings() {
        return settings;
    }

    /**
     * Which engine learns.
     *
     * @return {@code native} or {@code java}
     */
    public String engine() {
        return engine.toString();
    }

    Contents contents() {
        return contents;
    }
}
