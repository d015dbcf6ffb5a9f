package dev.keelson.backup.store;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;

/**
 * Counts and digests what is written through it, and tells how far that is.
 *
 * <p>Thread rule: one thread.
 */
public final class CountedOutput extends FilterOutputStream {

    private final MessageDigest digest = Digests.sha256();
    private final Progress progress;
    private long bytes;

    public CountedOutput(OutputStream out, Progress progress) {
        super(out);
        this.progress = progress;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        out.write(source, offset, length);
        digest.update(source, offset, length);
        bytes += length;
        progress.moved(length);
    }

    public long bytes() {
        return bytes;
    }

    /** The SHA-256 of what was written. To be asked once. */
    public byte[] sha256() {
        return digest.digest();
    }
}
