package org.ibhebb.memory;

import java.util.Collections;
import org.ibhebb.internal.memory.MemoryHeader;
import org.ibhebb.internal.memory.Recaller;
import org.ibhebb.internal.memory.Reservoir;

/** A memory network that recalls as good as exactly, built by hand: an oracle for everything that uses one. */
public final class DelayLines {

    /** Until a trace is too faint for single precision: 2^-40. */
    private static final int LENGTH = 40;

    private DelayLines() {}

    /**
     * A memory network in which each column has a chain of units to itself, along which a sample's value is halved at
     * each step; the readout doubles it as often. Halving loses nothing.
     *
     * @param width columns of a block
     * @param recall samples in a window, at most 40
     */
    public static MemoryNetwork recalling(int width, int recall) {
        return new MemoryNetwork(recaller(width, recall, 1 << 20));
    }

    /** The same, with inputs that are wider than so many columns projected to these. */
    public static Recaller recaller(int width, int recall, int inputWidth) {
        int units = width * LENGTH;
        int[] columns = new int[units];
        float[] signs = new float[units];
        float[] readout = new float[units * (recall - 1) * width];
        for (int column = 0; column < width; column++) {
            for (int back = 0; back < LENGTH; back++) {
                int unit = column * LENGTH + back;
                columns[unit] = column;
                // Only the first unit of a chain hears anything.
                signs[unit] = back == 0 ? 1 : 0;
                if (back < recall - 1) {
                    readout[unit * (recall - 1) * width + back * width + column] = (float) Math.pow(2, back);
                }
            }
        }
        MemoryHeader header = new MemoryHeader(MemoryHeader.VERSION, units, width, recall, 2, inputWidth, 0.5f, 0,
                new MemoryHeader.Measured(0, 0, Collections.nCopies(recall - 1, 1.0), 1), null);
        Reservoir reservoir = new Reservoir(columns, signs, 0.5f);
        return Recaller.sealed(header, reservoir, readout).known();
    }
}
