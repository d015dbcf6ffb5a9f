package dev.keelson.log.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system that hands everything on to another one; those made from it change what they are about.
 *
 * <p>Thread rule: that of the other.
 */
public abstract class ForwardingFileSystem implements FileSystem {

    private final FileSystem files;

    /** @param files what everything is handed on to */
    protected ForwardingFileSystem(FileSystem files) {
        this.files = files;
    }

    /** In which form an opened file is given to the caller. */
    protected abstract File given(File file);

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
        return given(files.create(path));
    }

    @Override
    public File open(Path path) throws IOException {
        return given(files.open(path));
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
}
