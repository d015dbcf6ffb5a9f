package dev.keelson.server.member;

import dev.keelson.log.file.File;
import dev.keelson.log.file.FileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system that gives the reserve up before it lets a write fail: what is refused is tried once more then.
 *
 * <p>Only where trying again is harmless. A sync is not: after one that failed, nothing is known of what it was for.
 */
final class RoomyFileSystem implements FileSystem {

    private final FileSystem files;
    private final DiskSpace space;

    RoomyFileSystem(FileSystem files, DiskSpace space) {
        this.files = files;
        this.space = space;
    }

    private interface Attempt<T> {
        T make() throws IOException;
    }

    private <T> T insist(Attempt<T> attempt) throws IOException {
        try {
            return attempt.make();
        } catch (IOException refused) {
            if (space.makeWay()) {
                return attempt.make();
            }
            throw refused;
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
        return new Roomy(insist(() -> files.create(path)));
    }

    @Override
    public File open(Path path) throws IOException {
        return new Roomy(files.open(path));
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

    private final class Roomy implements File {

        private final File file;

        Roomy(File file) {
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
            int begin = source.position();
            insist(() -> {
                file.write(source.position(begin), position);
                return file;
            });
        }

        @Override
        public void preallocate(long size) throws IOException {
            insist(() -> {
                file.preallocate(size);
                return file;
            });
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
