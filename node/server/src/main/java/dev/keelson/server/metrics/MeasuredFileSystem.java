package dev.keelson.server.metrics;

import dev.keelson.log.file.File;
import dev.keelson.log.file.FileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A file system whose writes and syncs are measured as the log's. */
public final class MeasuredFileSystem implements FileSystem {

    private final FileSystem files;
    private final DiskMetrics metrics;

    public MeasuredFileSystem(FileSystem files, DiskMetrics metrics) {
        this.files = files;
        this.metrics = metrics;
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
        return new Measured(files.create(path));
    }

    @Override
    public File open(Path path) throws IOException {
        return new Measured(files.open(path));
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

    private final class Measured implements File {

        private final File file;

        Measured(File file) {
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
            int bytes = source.remaining();
            long began = System.nanoTime();
            file.write(source, position);
            metrics.logWrite.recordSince(began);
            metrics.logBytes.add(bytes);
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
            long began = System.nanoTime();
            file.sync();
            metrics.logSync.recordSince(began);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
