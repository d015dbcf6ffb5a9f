package dev.keelson.server.metrics;

import dev.keelson.log.file.File;
import dev.keelson.log.file.FileSystem;
import dev.keelson.log.file.ForwardingFile;
import dev.keelson.log.file.ForwardingFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file system whose writes and syncs are measured as the log's. */
public final class MeasuredFileSystem extends ForwardingFileSystem {

    private final DiskMetrics metrics;

    public MeasuredFileSystem(FileSystem files, DiskMetrics metrics) {
        super(files);
        this.metrics = metrics;
    }

    @Override
    protected File given(File file) {
        return new Measured(file);
    }

    private final class Measured extends ForwardingFile {

        Measured(File file) {
            super(file);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            int bytes = source.remaining();
            long began = System.nanoTime();
            super.write(source, position);
            metrics.logWrite.recordSince(began);
            metrics.logBytes.add(bytes);
        }

        @Override
        public void sync() throws IOException {
            long began = System.nanoTime();
            super.sync();
            metrics.logSync.recordSince(began);
        }
    }
}
