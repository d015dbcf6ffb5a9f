package dev.keelson.backup.store;

import java.util.regex.Pattern;

/** What objects may be called: what every store can keep, and nothing that leads out of it. */
public final class ObjectNames {

    /** Bytes of a name; S3 allows 1,024 with what stands before it in the bucket. */
    static final int BYTES_MAX = 512;

    private static final Pattern SOUND =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

    private ObjectNames() {}

    /** Whether an object may have that name. */
    public static boolean isSound(String name) {
        return name.length() <= BYTES_MAX && SOUND.matcher(name).matches();
    }

    /** @throws IllegalArgumentException when no object may have that name */
    public static void require(String name) {
        if (!isSound(name)) {
            throw new IllegalArgumentException("\"" + name + "\" is no name of an object");
        }
    }
}
