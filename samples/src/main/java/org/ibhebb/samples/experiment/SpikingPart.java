package org.ibhebb.samples.experiment;

import java.util.Optional;
import org.ibhebb.samples.data.DataSets;
import org.ibhebb.samples.data.TemporalTask;
import org.ibhebb.samples.option.ByName;

/** The parts of {@code experiment spiking}: data sets of images, and generated tasks that time alone tells. */
enum SpikingPart {
    /** Digits. */
    MNIST(DataSets.MNIST, null),
    /** Pictures of clothes. */
    FASHION_MNIST(DataSets.FASHION_MNIST, null),
    /** Small digits. */
    DIGITS(DataSets.DIGITS, null),
    /** Which of two groups of spikes comes first. */
    ORDER(null, TemporalTask.ORDER),
    /** Whether what comes late is the partner of what came early. */
    MATCH(null, TemporalTask.MATCH);

    /** Null where samples are generated. */
    private final DataSets images;
    /** Null where samples are images. */
    private final TemporalTask task;

    SpikingPart(DataSets images, TemporalTask task) {
        this.images = images;
        this.task = task;
    }

    Optional<DataSets> images() {
        return Optional.ofNullable(images);
    }

    Optional<TemporalTask> task() {
        return Optional.ofNullable(task);
    }

    @Override
    public String toString() {
        return images == null ? task.toString() : images.toString();
    }

    /** Reads one by its name. */
    static final class Converter extends ByName<SpikingPart> {
        Converter() {
            super(SpikingPart.class);
        }
    }
}
