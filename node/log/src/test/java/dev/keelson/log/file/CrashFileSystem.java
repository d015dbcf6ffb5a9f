package dev.keelson.log.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A tree of files in memory that keeps apart what is durable and what a power loss may take.
 *
 * <p>Per file there is a durable image and the writes since the last sync; per directory the durable names and the
 * changes since its last sync. {@link #losePower} keeps of each list all, nothing, a prefix, or a random subset, writes
 * torn into sectors. {@link #failAtCall} ends the process at a call: from then on every call throws.
 *
 * <p>Thread rule: one thread.
 */
public final class CrashFileSystem implements FileSystem {

    private static final int SECTOR_BYTES = 512;

    private final Map<Path, Directory> directories = new HashMap<>();
    private int calls;
    private int failingCall = Integer.MAX_VALUE;
    private int failingSync = Integer.MAX_VALUE;

    /** The process ended here. */
    public static final class ProcessEnded extends Error {
        private static final long serialVersionUID = 1;
    }

    /** What a power loss does to that which was not synced. */
    public enum Loss {
        EVERYTHING,
        NOTHING,
        ALL_BUT_A_PREFIX,
        ANY_SUBSET
    }

    private record Change(String name, @Nullable Inode inode, String removed) {}

    private record Write(long at, byte[] bytes, boolean resize) {}

    private static final class Directory {
        private TreeMap<String, Inode> durable = new TreeMap<>();
        private TreeMap<String, Inode> names = new TreeMap<>();
        private final List<Change> changes = new ArrayList<>();
    }

    private static final class Inode {
        private byte[] durable = {};
        private byte[] bytes = {};
        private final List<Write> writes = new ArrayList<>();
    }

    /** How many calls were made. */
    public int calls() {
        return calls;
    }

    /** Ends the process at the call with this number (the first is 1) before the call does anything. */
    public void failAtCall(int call) {
        failingCall = calls + call;
    }

    /** Lets the sync with this number (the next is 1) fail as a disk error does. */
    public void failSync(int sync) {
        failingSync = sync;
    }

    /** The power goes: names and bytes that were not synced are lost as {@code loss} says. */
    public void losePower(Loss loss, RandomGenerator random) {
        failingCall = Integer.MAX_VALUE;
        failingSync = Integer.MAX_VALUE;
        for (Directory directory : directories.values()) {
            for (Change change : kept(directory.changes, loss, random)) {
                applyTo(directory.durable, change);
            }
            directory.changes.clear();
            directory.names = new TreeMap<>(directory.durable);
            directory.names.values().forEach(inode -> lose(inode, loss, random));
        }
    }

    /** The process ends but the machine goes on: nothing is lost and nothing becomes durable. */
    public void killProcess() {
        failingCall = Integer.MAX_VALUE;
        failingSync = Integer.MAX_VALUE;
    }

    /** The bytes of a file, to be damaged at rest; the file has nothing unsynced afterwards. */
    public byte[] contents(Path path) throws IOException {
        Inode inode = find(path);
        return inode.bytes.clone();
    }

    /** Replaces the bytes of a file, durably. */
    public void overwrite(Path path, byte[] bytes) throws IOException {
        Inode inode = find(path);
        inode.bytes = bytes.clone();
        inode.durable = bytes.clone();
        inode.writes.clear();
    }

    private static <T> List<T> kept(List<T> all, Loss loss, RandomGenerator random) {
        return switch (loss) {
            case EVERYTHING -> List.of();
            case NOTHING -> all;
            case ALL_BUT_A_PREFIX -> all.subList(0, random.nextInt(all.size() + 1));
            case ANY_SUBSET -> all.stream().filter(_ -> random.nextBoolean()).toList();
        };
    }

    private static void lose(Inode inode, Loss loss, RandomGenerator random) {
        byte[] image = inode.durable;
        for (Write write : kept(inode.writes, loss, random)) {
            image = loss == Loss.ANY_SUBSET ? tear(image, write, random) : apply(image, write);
        }
        inode.writes.clear();
        inode.durable = image;
        inode.bytes = image.clone();
    }

    /** Applies a random half of the sectors that the write touches. */
    private static byte[] tear(byte[] image, Write write, RandomGenerator random) {
        if (write.resize) {
            return apply(image, write);
        }
        byte[] torn = image;
        long end = write.at + write.bytes.length;
        for (long at = write.at; at < end; ) {
            long next = Math.min(end, (at / SECTOR_BYTES + 1) * SECTOR_BYTES);
            if (random.nextInt(4) > 0) {
                byte[] sector = Arrays.copyOfRange(write.bytes, (int) (at - write.at), (int) (next - write.at));
                torn = apply(torn, new Write(at, sector, false));
            }
            at = next;
        }
        return torn;
    }

    private static byte[] apply(byte[] image, Write write) {
        if (write.resize) {
            return Arrays.copyOf(image, (int) write.at);
        }
        int end = (int) write.at + write.bytes.length;
        byte[] changed = Arrays.copyOf(image, Math.max(image.length, end));
        System.arraycopy(write.bytes, 0, changed, (int) write.at, write.bytes.length);
        return changed;
    }

    private static void applyTo(TreeMap<String, Inode> names, Change change) {
        names.remove(change.removed);
        if (change.inode != null) {
            names.put(change.name, change.inode);
        }
    }

    private void call() {
        calls++;
        if (calls >= failingCall) {
            throw new ProcessEnded();
        }
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent(), "files lie in directories");
    }

    private Directory directory(Path path) throws IOException {
        Directory directory = directories.get(path);
        if (directory == null) {
            throw new FileNotFoundException(path.toString());
        }
        return directory;
    }

    private Inode find(Path path) throws IOException {
        Inode inode = directory(parent(path)).names.get(path.getFileName().toString());
        if (inode == null) {
            throw new FileNotFoundException(path.toString());
        }
        return inode;
    }

    private void change(Path directory, Change change) throws IOException {
        Directory found = directory(directory);
        applyTo(found.names, change);
        found.changes.add(change);
    }

    @Override
    public void createDirectories(Path path) {
        call();
        // Directories are durable at once: what their loss does is no different from a log that never was.
        for (Path at = path; at != null; at = at.getParent()) {
            directories.putIfAbsent(at, new Directory());
        }
    }

    @Override
    public List<String> list(Path path) throws IOException {
        call();
        return List.copyOf(directory(path).names.keySet());
    }

    @Override
    public boolean exists(Path path) {
        call();
        Directory parent = directories.get(path.getParent());
        return directories.containsKey(path)
                || parent != null && parent.names.containsKey(path.getFileName().toString());
    }

    @Override
    public File create(Path path) throws IOException {
        call();
        String name = path.getFileName().toString();
        if (directory(parent(path)).names.containsKey(name)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        var inode = new Inode();
        change(parent(path), new Change(name, inode, ""));
        return new OpenFile(inode);
    }

    @Override
    public File open(Path path) throws IOException {
        call();
        return new OpenFile(find(path));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        call();
        change(
                parent(from),
                new Change(
                        to.getFileName().toString(),
                        find(from),
                        from.getFileName().toString()));
    }

    @Override
    public void delete(Path path) throws IOException {
        call();
        find(path);
        change(parent(path), new Change("", null, path.getFileName().toString()));
    }

    @Override
    public void syncDirectory(Path path) throws IOException {
        call();
        Directory directory = directory(path);
        directory.changes.clear();
        directory.durable = new TreeMap<>(directory.names);
    }

    private final class OpenFile implements File {

        private final Inode inode;

        OpenFile(Inode inode) {
            this.inode = inode;
        }

        @Override
        public long size() {
            call();
            return inode.bytes.length;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            call();
            int count = (int) Math.max(0, Math.min(target.remaining(), inode.bytes.length - position));
            if (count > 0) {
                target.put(inode.bytes, (int) position, count);
            }
            return count;
        }

        @Override
        public void write(ByteBuffer source, long position) {
            call();
            byte[] bytes = new byte[source.remaining()];
            source.get(bytes);
            perform(new Write(position, bytes, false));
        }

        @Override
        public void preallocate(long size) {
            call();
            if (size > inode.bytes.length) {
                perform(new Write(inode.bytes.length, new byte[(int) size - inode.bytes.length], false));
            }
        }

        @Override
        public void truncate(long size) {
            call();
            perform(new Write(size, new byte[0], true));
        }

        private void perform(Write write) {
            inode.bytes = apply(inode.bytes, write);
            inode.writes.add(write);
        }

        @Override
        public void sync() throws IOException {
            call();
            failingSync--;
            List<Write> covered = List.copyOf(inode.writes);
            // As a kernel does: what a sync failed to write counts as clean, so the next sync does not try it again.
            inode.writes.clear();
            if (failingSync == 0) {
                throw new IOException("input/output error");
            }
            for (Write write : covered) {
                inode.durable = CrashFileSystem.apply(inode.durable, write);
            }
        }

        @Override
        public void close() {
            // A process that ended closes its files too, so this is no call that could end it.
        }
    }
}
