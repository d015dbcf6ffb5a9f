package dev.keelson.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file that hands everything on to another one; those made from it change what they are about.
 *
 * <p>Thread rule: that of the other.
 */
public abstract class ForwardingFile implements File {

    private final File file;

    /** @param file what everything is handed on to */
    protected ForwardingFile(File file) {
        this.file = file;
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        file.write(source, position);
    }

    @Override
    public void preallocate(long size) throws IOException {
        file.preallocate(size);
    }

    @Override
    public void truncate(long size) throws IOException {
        file.truncate(size);
    }

    @Override
    public void sync() throws IOException {
        file.sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
