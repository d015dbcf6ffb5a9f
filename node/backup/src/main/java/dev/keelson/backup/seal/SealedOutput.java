package dev.keelson.backup.seal;

import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/**
 * Seals what is written, a chunk at a time; {@link #finish} seals the last one, without which the object does not open.
 *
 * <p>Thread rule: one thread.
 */
public final class SealedOutput extends OutputStream {

    private final OutputStream out;
    private final SealHeader header;
    private final byte[] chunk;
    private int filled;
    private long number;

    SealedOutput(OutputStream out, SealHeader header) throws IOException {
        this.out = out;
        this.header = header;
        this.chunk = new byte[header.chunkBytes()];
        out.write(header.bytes());
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            // A full chunk is kept until more comes: it may be the last.
            if (filled == chunk.length) {
                seal(false);
            }
            int taken = Math.min(end - at, chunk.length - filled);
            System.arraycopy(bytes, at, chunk, filled, taken);
            filled += taken;
            at += taken;
        }
    }

    private void seal(boolean last) throws IOException {
        try {
            out.write(header.chunk(Cipher.ENCRYPT_MODE, number, last).doFinal(chunk, 0, filled));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every Java platform has " + SealHeader.CIPHER, missing);
        }
        number++;
        filled = 0;
    }

    /** Seals what is left. What it writes to stays open. */
    public void finish() throws IOException {
        seal(true);
        out.flush();
    }
}
