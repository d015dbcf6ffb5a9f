package dev.keelson.backup.store;

import dev.keelson.backup.store.StoreException.Kind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Objects as files of a directory, which a volume may be mounted at.
 *
 * <p>An object is written beside the others under a name that no object has, made durable and then linked to its own: a
 * link is never made over a file that is there. What interrupted puts leave is invisible, and goes with the next put that
 * finds it a day old.
 */
public final class DirectoryStore implements BackupStore {

    private static final String UNFINISHED = ".unfinished";
    private static final long UNFINISHED_KEPT_MILLIS = 24L * 3_600_000;
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path root;

    /** @param root made when it is not there */
    public DirectoryStore(Path root) {
        try {
            // Listings do not follow links, and a volume may be linked to.
            this.root = Files.createDirectories(root).toRealPath();
        } catch (IOException cause) {
            throw failed(root, "make", root.toString(), cause);
        }
    }

    @Override
    public void put(String name, Content content) {
        Path target = path(name);
        Path unfinished = root.resolve(UNFINISHED);
        Path part = unfinished.resolve(UUID.randomUUID().toString());
        try {
            if (Files.exists(target)) {
                throw exists(name);
            }
            Files.createDirectories(unfinished);
            clear(unfinished);
            write(part, content);
            Path parent = Objects.requireNonNull(target.getParent());
            Files.createDirectories(parent);
            Files.createLink(target, part);
            sync(parent);
        } catch (FileAlreadyExistsException twice) {
            throw exists(name);
        } catch (IOException cause) {
            throw failed("put", name, cause);
        } finally {
            remove(part);
        }
    }

    private static void write(Path part, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES)) {
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    /** Makes the new name durable, and those of the directories that were made for it. */
    private void sync(Path directory) throws IOException {
        for (Path at = directory; at != null && at.startsWith(root); at = at.getParent()) {
            try (FileChannel channel = FileChannel.open(at)) {
                channel.force(true);
            }
        }
    }

    private static void clear(Path unfinished) throws IOException {
        long oldest = System.currentTimeMillis() - UNFINISHED_KEPT_MILLIS;
        try (Stream<Path> parts = Files.list(unfinished)) {
            for (Path part : (Iterable<Path>) parts::iterator) {
                if (Files.getLastModifiedTime(part).toMillis() < oldest) {
                    Files.deleteIfExists(part);
                }
            }
        } catch (NoSuchFileException _) {
            // Another process cleared it at the same time, which is as well.
        }
    }

    private void remove(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException cause) {
            throw failed("clear away", root.relativize(part).toString(), cause);
        }
    }

    @Override
    public InputStream get(String name, long from) {
        try {
            FileChannel channel = FileChannel.open(path(name));
            return Channels.newInputStream(channel.position(from));
        } catch (IOException cause) {
            throw failed("read", name, cause);
        }
    }

    @Override
    public List<StoredObject> list(String prefix) {
        int slash = prefix.lastIndexOf('/');
        Path from = slash < 0 ? root : path(prefix.substring(0, slash));
        var found = new ArrayList<StoredObject>();
        try {
            Files.walkFileTree(from, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String object = root.relativize(file).toString().replace('\\', '/');
                    if (attributes.isRegularFile() && ObjectNames.isSound(object) && object.startsWith(prefix)) {
                        found.add(new StoredObject(object, attributes.size()));
                    }
                    return FileVisitResult.CONTINUE;
                }

                /** What is deleted while the others are looked at is no longer there, and they are. */
                @Override
                public FileVisitResult visitFileFailed(Path file, IOException cause) throws IOException {
                    if (cause instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw cause;
                }
            });
        } catch (IOException cause) {
            throw failed("list", prefix, cause);
        }
        found.sort(Comparator.comparing(StoredObject::name));
        return found;
    }

    @Override
    public void delete(String name) {
        Path file = path(name);
        try {
            Files.deleteIfExists(file);
            Path parent = Objects.requireNonNull(file.getParent());
            while (!parent.equals(root) && Files.isDirectory(parent) && isEmpty(parent)) {
                Files.deleteIfExists(parent);
                parent = Objects.requireNonNull(parent.getParent());
            }
        } catch (DirectoryNotEmptyException _) {
            // Somebody put an object there in between: the directory stays.
        } catch (IOException cause) {
            throw failed("delete", name, cause);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    @Override
    public String describe() {
        return root.toString();
    }

    private Path path(String name) {
        ObjectNames.require(name);
        return root.resolve(name);
    }

    private StoreException exists(String name) {
        return new StoreException(Kind.EXISTS, "there is an object " + name + " in " + root + " already");
    }

    private StoreException failed(String what, String name, IOException cause) {
        return failed(root, what, name, cause);
    }

    private static StoreException failed(Path root, String what, String name, IOException cause) {
        Kind kind = kind(cause);
        String advice = switch (kind) {
            case MISSING -> ": there is none";
            case REFUSED -> ": " + cause + "; let this user write there";
            case FULL -> ": there is no space left; make some, or give another place";
            case EXISTS, UNAVAILABLE -> ": " + cause;
        };
        return new StoreException(kind, "cannot " + what + " " + name + " in " + root + advice, cause);
    }

    private static Kind kind(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return Kind.MISSING;
        }
        if (cause instanceof AccessDeniedException) {
            return Kind.REFUSED;
        }
        String reason = cause instanceof FileSystemException named ? named.getReason() : cause.getMessage();
        String text = reason == null ? "" : reason.toLowerCase(Locale.ROOT);
        if (text.contains("no space left") || text.contains("quota exceeded") || text.contains("file too large")) {
            return Kind.FULL;
        }
        return text.contains("read-only") || text.contains("not permitted") ? Kind.REFUSED : Kind.UNAVAILABLE;
    }

    @Override
    public void close() {}
}
