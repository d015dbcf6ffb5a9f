package dev.keelson.server.member;

import dev.keelson.log.file.File;
import dev.keelson.log.file.FileSystem;
import dev.keelson.log.file.ForwardingFile;
import dev.keelson.log.file.ForwardingFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A file system that gives the reserve up before it lets a write fail: what is refused is tried once more then.
 *
 * <p>Only where trying again is harmless. A sync is not: after one that failed, nothing is known of what it was for.
 */
final class RoomyFileSystem extends ForwardingFileSystem {

    private final DiskSpace space;

    RoomyFileSystem(FileSystem files, DiskSpace space) {
        super(files);
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
    public File create(Path path) throws IOException {
        return insist(() -> super.create(path));
    }

    @Override
    protected File given(File file) {
        return new Roomy(file);
    }

    private final class Roomy extends ForwardingFile {

        Roomy(File file) {
            super(file);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            int begin = source.position();
            insist(() -> {
                super.write(source.position(begin), position);
                return source;
            });
        }

        @Override
        public void preallocate(long size) throws IOException {
            insist(() -> {
                super.preallocate(size);
                return size;
            });
        }
    }
}
