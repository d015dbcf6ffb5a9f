package dev.keelson.backup.seal;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.util.Objects;
import javax.crypto.Cipher;

/**
 * Opens a sealed object, a chunk at a time; gives out nothing of a chunk before it has proven sound, and ends only behind
 * the last one.
 *
 * <p>Thread rule: one thread.
 */
public final class SealedInput extends InputStream {

    private final String object;
    private final InputStream in;
    private final SealHeader header;
    private byte[] sealed;
    private byte[] chunk = {};
    private int at;
    private long number;
    private boolean last;

    private SealedInput(String object, InputStream in, SealHeader header) throws IOException {
        this.object = object;
        this.in = in;
        this.header = header;
        this.sealed = in.readNBytes(header.chunkBytes() + SealHeader.TAG_BYTES);
    }

    /**
     * Begins to read an object.
     *
     * @throws SealException when it does not open with the keys at hand under that name
     */
    public static SealedInput open(String object, KeyRing keys, InputStream in) throws IOException {
        return new SealedInput(object, in, SealHeader.read(object, keys, in));
    }

    private boolean fill() throws IOException {
        while (at == chunk.length && !last) {
            byte[] next = in.readNBytes(header.chunkBytes() + SealHeader.TAG_BYTES);
            last = next.length == 0;
            try {
                chunk = header.chunk(Cipher.DECRYPT_MODE, number, last).doFinal(sealed);
            } catch (GeneralSecurityException changed) {
                throw new SealException(
                        "object " + object + " was changed or cut off at or behind byte "
                                + (header.bytes().length
                                        + number * (header.chunkBytes() + (long) SealHeader.TAG_BYTES)),
                        changed);
            }
            sealed = next;
            number++;
            at = 0;
        }
        return at < chunk.length;
    }

    @Override
    public int read() throws IOException {
        return fill() ? chunk[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int taken = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, target, offset, taken);
        at += taken;
        return taken;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
