package dev.keelson.backup.seal;

import dev.keelson.backup.store.BackupStore.Content;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * How the content of an object is wrapped on its way to a store: compressed, then sealed, each or not. The endings of its
 * name say how, so whoever has the store, gunzip and the key has the content.
 *
 * @param compressed by gzip
 * @param keys by the first of which it is sealed, if there is one
 */
public record Wrapping(boolean compressed, KeyRing keys) {

    private static final String GZIP = ".gz";
    private static final String SEALED = ".sealed";
    private static final int BUFFER_BYTES = 1 << 16;

    /** Cheap enough to run beside a member; higher levels take three times as long for a tenth less. */
    private static final int GZIP_LEVEL = 1;

    private static final SecureRandom RANDOM = new SecureRandom();

    /** The name an object has with all its endings. */
    public String name(String plain) {
        return plain + (compressed ? GZIP : "") + (keys.first() == null ? "" : SEALED);
    }

    /** The name of an object without the endings. */
    public static String plainName(String name) {
        String unsealed = name.endsWith(SEALED) ? name.substring(0, name.length() - SEALED.length()) : name;
        return unsealed.endsWith(GZIP) ? unsealed.substring(0, unsealed.length() - GZIP.length()) : unsealed;
    }

    /** Whether an object of that name is sealed. */
    public static boolean isSealed(String name) {
        return name.endsWith(SEALED);
    }

    /** The wrapped form of what an object of that name, with its endings, is to hold; the same bytes each time. */
    public Content wrap(String name, Content content) {
        SealKey key = keys.first();
        if (key == null) {
            return out -> compress(out, content);
        }
        // One header for all attempts: under one key and one nonce there is only ever the same text.
        SealHeader header = SealHeader.make(name, key, RANDOM);
        return out -> {
            var sealed = new SealedOutput(out, header);
            compress(sealed, content);
            sealed.finish();
        };
    }

    private void compress(OutputStream out, Content content) throws IOException {
        if (!compressed) {
            content.writeTo(out);
            return;
        }
        var gzip = new GZIPOutputStream(out, BUFFER_BYTES) {
            {
                def.setLevel(GZIP_LEVEL);
            }
        };
        content.writeTo(gzip);
        gzip.finish();
    }

    /**
     * Reads what an object of that name holds.
     *
     * @throws SealException when it does not open with the keys at hand
     */
    public static InputStream unwrap(String name, KeyRing keys, InputStream in) throws IOException {
        InputStream buffered = new BufferedInputStream(in, BUFFER_BYTES);
        InputStream opened = isSealed(name) ? SealedInput.open(name, keys, buffered) : buffered;
        String unsealed = isSealed(name) ? name.substring(0, name.length() - SEALED.length()) : name;
        return unsealed.endsWith(GZIP) ? new GZIPInputStream(opened, BUFFER_BYTES) : opened;
    }
}
