package org.ibhebb.samples;

import java.util.List;

/**
 * How much of an experiment is carried out.
 *
 * @param sizes one for each of its parts
 * @param seeds runs of each row
 */
record Scale(List<Part.Size> sizes, int seeds) {}
