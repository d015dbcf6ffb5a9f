package dev.keelson.operator.execute;

import org.jspecify.annotations.Nullable;

/** Ids of members and clusters as text: hexadecimal, as etcd's tools print them. */
public final class Ids {
    private static final int HEXADECIMAL = 16;

    private Ids() {}

    public static String text(long id) {
        return Long.toHexString(id);
    }

    public static @Nullable Long parse(@Nullable String text) {
        return text == null ? null : Long.valueOf(Long.parseUnsignedLong(text, HEXADECIMAL));
    }
}
