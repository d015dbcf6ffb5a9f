package dev.keelson.backup.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digest that objects are told apart by. */
public final class Digests {

    private Digests() {}

    /** A new SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
