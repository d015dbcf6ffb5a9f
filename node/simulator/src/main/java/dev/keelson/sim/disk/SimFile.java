package dev.keelson.sim.disk;

import dev.keelson.log.file.CrashFileSystem;
import dev.keelson.log.file.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * An open file of a {@link SimDisk}.
 *
 * <p>Thread rule: one thread.
 */
final class SimFile implements File {

    private static final int SECTOR_BYTES = Surface.SECTOR_BYTES;

    private final SimDisk disk;
    private final CrashFileSystem files;
    private final Path path;
    private final File file;
    private final Surface surface;

    /** {@code path} is the name it was opened by. */
    SimFile(SimDisk disk, Path path, File file) {
        this.disk = disk;
        this.files = disk.files();
        this.path = path;
        this.file = file;
        this.surface = disk.surface(files.inode(file));
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        long end = Math.min(files.size(file), position + target.remaining());
        long unreadable = surface.firstUnreadable(position, end);
        if (unreadable >= 0) {
            throw new IOException("unreadable sector at offset " + unreadable + " of " + path);
        }
        return file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        long size = files.size(file);
        long end = position + source.remaining();
        if (surface.blocks(position, end)) {
            throw new IOException("unreadable sector around offset " + position + " of " + path);
        }
        if (disk.isFull() && end > size) {
            int fits = (int) Math.max(0, size - position);
            if (fits > 0) {
                perform(source.slice(source.position(), fits), position);
            }
            throw disk.refuse(path, size);
        }
        perform(source, position);
    }

    private void perform(ByteBuffer source, long position) throws IOException {
        long end = position + source.remaining();
        remember(position);
        if (Surface.sector(end - 1) > Surface.sector(position)) {
            remember(end - 1);
        }
        surface.written(position, end);
        file.write(source, position);
    }

    /** Keeps the sector around {@code at} as the device held it before a write, when the whole of it exists. */
    private void remember(long at) {
        int sector = Surface.sector(at);
        long start = (long) sector * SECTOR_BYTES;
        if (start + SECTOR_BYTES <= files.size(file)) {
            surface.remember(new Surface.Former(sector, files.durableContents(file, start, SECTOR_BYTES)));
        }
    }

    @Override
    public void preallocate(long size) throws IOException {
        if (disk.isFull() && size > files.size(file)) {
            throw disk.refuse(path, files.size(file));
        }
        file.preallocate(size);
    }

    @Override
    public void truncate(long size) throws IOException {
        file.truncate(size);
        surface.truncated(size);
    }

    @Override
    public void sync() throws IOException {
        if (disk.draws(DiskFault.FAILED_SYNC)) {
            files.failSync(1);
            disk.injected(DiskFault.FAILED_SYNC, path, 0);
        } else if (disk.draws(DiskFault.LYING_SYNC) && disk.claim()) {
            files.lie(file);
            surface.deceived();
            disk.injected(DiskFault.LYING_SYNC, path, 0);
            return;
        }
        file.sync();
        surface.synced();
        disk.strikeAtRest();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
