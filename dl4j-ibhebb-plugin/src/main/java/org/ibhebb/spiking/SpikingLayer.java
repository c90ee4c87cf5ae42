package org.ibhebb.spiking;

/** A layer configuration whose layers have spiking neurons. */
public interface SpikingLayer {

    /**
     * How its neurons work, and learn.
     *
     * @return never null
     */
    SpikingSettings getSettings();
}
