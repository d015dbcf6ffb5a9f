package dev.keelson.server.json;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Base64 in either alphabet, padded or not, with line breaks in between: all that etcd takes. */
public final class Base64Text {

    private static final int QUANTUM = 4;

    private Base64Text() {}

    /** The bytes, or null when the text is no base64. */
    public static byte @Nullable [] decode(String text) {
        boolean padded = text.length() % QUANTUM == 0;
        String plain = text.indexOf('\n') < 0 && text.indexOf('\r') < 0
                ? text
                : text.replace("\n", "").replace("\r", "");
        if (padded ? plain.length() % QUANTUM != 0 : plain.indexOf('=') >= 0) {
            return null;
        }
        boolean url = plain.indexOf('-') >= 0 || plain.indexOf('_') >= 0;
        try {
            return (url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(plain);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
