package org.ibhebb.internal.file;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The checksum that files end in: SHA-256. */
public final class Checksum {

    /** How many bytes one has. */
    public static final int BYTES = 32;

    private Checksum() {}

    /**
     * A checksum of bytes that come in parts.
     *
     * @return one of nothing yet
     */
    public static MessageDigest begun() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /**
     * The checksum of some bytes.
     *
     * @param bytes not changed
     * @param length how many of the first ones count
     * @return as many bytes as {@link #BYTES} says
     */
    public static byte[] of(byte[] bytes, int length) {
        MessageDigest digest = begun();
        digest.update(bytes, 0, length);
        return digest.digest();
    }
}
