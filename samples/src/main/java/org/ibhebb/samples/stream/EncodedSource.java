package org.ibhebb.samples.stream;

import java.io.IOException;
import java.util.List;
import org.ibhebb.samples.data.ImageShape;
import org.ibhebb.spiking.SpikeEncoder;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Samples of another source as sequences of spikes. */
final class EncodedSource implements Source {

    private final Source source;
    private final int steps;
    private final SpikeEncoder encoder;
    private final SpikeEncoder ofTest;
    private final float[] sample;

    /**
     * @param source of values from 0 to 1
     * @param steps how many time steps its samples get
     * @param encoder gives them to those that are learnt
     * @param ofTest the same for those that are tested on, whose spikes do not depend on what was learnt
     */
    EncodedSource(Source source, int steps, SpikeEncoder encoder, SpikeEncoder ofTest) {
        this.source = source;
        this.steps = steps;
        this.encoder = encoder;
        this.ofTest = ofTest;
        this.sample = new float[source.inputs()];
    }

    @Override
    public int inputs() {
        return source.inputs() * steps;
    }

    @Override
    public ImageShape shape() {
        return source.shape();
    }

    @Override
    public List<Column> columns() {
        return Column.numbers(inputs());
    }

    @Override
    public int classes() {
        return source.classes();
    }

    @Override
    public int next(float[] x, int first) throws IOException {
        int label = source.next(sample, 0);
        if (label >= 0) {
            float[] spikes = encoded(encoder, sample);
            System.arraycopy(spikes, 0, x, first, spikes.length);
        }
        return label;
    }

    private float[] encoded(SpikeEncoder by, float[] rows) {
        INDArray values = Nd4j.createFromArray(rows).reshape(rows.length / source.inputs(), source.inputs());
        return by.encode(values).dup('c').data().asFloat();
    }

    @Override
    public Held test() {
        Held held = source.test();
        return held == null ? null : new Held(held.rows(), held.labels(), rows -> encoded(ofTest, rows));
    }

    @Override
    public boolean isUnscaled() {
        return source.isUnscaled();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
