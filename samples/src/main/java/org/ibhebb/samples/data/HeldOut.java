package org.ibhebb.samples.data;

/** What a network is evaluated on: images that it is not trained on. */
public enum HeldOut {
    /** The data set's test images. */
    TEST("test"),
    /** The last of its training images: for choices that the test images must not see. */
    VALIDATION("validation");

    private final String label;

    HeldOut(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }
}
