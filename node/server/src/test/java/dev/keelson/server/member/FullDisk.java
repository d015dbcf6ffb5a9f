package dev.keelson.server.member;

import dev.keelson.log.file.File;
import dev.keelson.log.file.ForwardingFile;
import dev.keelson.log.file.ForwardingFileSystem;
import dev.keelson.log.file.NioFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Real files on a disk without room for as long as one of them exists. */
final class FullDisk extends ForwardingFileSystem {

    private final Path obstacle;

    /** @param obstacle what takes all the room */
    FullDisk(Path obstacle) {
        super(new NioFileSystem());
        this.obstacle = obstacle;
    }

    private void requireRoom() throws IOException {
        if (Files.exists(obstacle)) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    protected File given(File file) {
        return new OnFullDisk(file);
    }

    private final class OnFullDisk extends ForwardingFile {

        OnFullDisk(File file) {
            super(file);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            requireRoom();
            super.write(source, position);
        }

        @Override
        public void preallocate(long size) throws IOException {
            requireRoom();
            super.preallocate(size);
        }
    }
}
