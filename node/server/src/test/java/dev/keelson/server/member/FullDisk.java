package dev.keelson.server.member;

import dev.keelson.log.file.File;
import dev.keelson.log.file.FileSystem;
import dev.keelson.log.file.NioFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Real files on a disk without room for as long as one of them exists.
 *
 * @param obstacle what takes all the room
 */
record FullDisk(Path obstacle, FileSystem files) implements FileSystem {

    FullDisk(Path obstacle) {
        this(obstacle, new NioFileSystem());
    }

    private void requireRoom() throws IOException {
        if (Files.exists(obstacle)) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        files.createDirectories(directory);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return files.list(directory);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return files.exists(path);
    }

    @Override
    public File create(Path path) throws IOException {
        return new OnFullDisk(files.create(path));
    }

    @Override
    public File open(Path path) throws IOException {
        return new OnFullDisk(files.open(path));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        files.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        files.delete(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        files.syncDirectory(directory);
    }

    private final class OnFullDisk implements File {

        private final File file;

        OnFullDisk(File file) {
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
            requireRoom();
            file.write(source, position);
        }

        @Override
        public void preallocate(long size) throws IOException {
            requireRoom();
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
}
