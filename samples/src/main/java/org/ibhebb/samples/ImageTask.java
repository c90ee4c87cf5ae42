package org.ibhebb.samples;

/**
 * What a network is to learn: images to train on, others to be tested on.
 *
 * @param name as on the command line
 * @param classes how many there are
 */
record ImageTask(String name, int classes, Images train, Images test) {}
