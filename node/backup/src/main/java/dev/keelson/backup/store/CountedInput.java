package dev.keelson.backup.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;

/**
 * Counts and digests what is read through it, and tells how far that is.
 *
 * <p>Thread rule: one thread.
 */
public final class CountedInput extends FilterInputStream {

    private final MessageDigest digest = Digests.sha256();
    private final Progress progress;
    private long bytes;

    public CountedInput(InputStream in, Progress progress) {
        super(in);
        this.progress = progress;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = in.read(target, offset, length);
        if (read > 0) {
            digest.update(target, offset, read);
            bytes += read;
            progress.moved(read);
        }
        return read;
    }

    @Override
    public long skip(long wanted) throws IOException {
        return readNBytes((int) Math.min(wanted, 1 << 16)).length;
    }

    /** Reads what is left. */
    public void drain() throws IOException {
        transferTo(OutputStream.nullOutputStream());
    }

    public long bytes() {
        return bytes;
    }

    /** The SHA-256 of what was read. To be asked once. */
    public byte[] sha256() {
        return digest.digest();
    }
}
