package dev.keelson.log.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A tree of files in memory that keeps apart what is durable and what a power loss may take.
 *
 * <p>Per file there is a durable image and the writes since the last sync; per directory the durable names and the
 * changes since its last sync. {@link #losePower} keeps of each list all, nothing, a prefix, or a random subset, writes
 * torn into sectors. {@link #endProcess} ends the process at a call: from then on every call throws.
 *
 * <p>Thread rule: one thread.
 */
public final class CrashFileSystem implements FileSystem {

    /** What a device writes as a whole. */
    public static final int SECTOR_BYTES = 512;

    private final CrashFileSystemCalls calls = new CrashFileSystemCalls();
    private final CrashFileSystemDirectory root;
    private long inodes;
    private int failingSync = Integer.MAX_VALUE;

    /** The process ended here. */
    public static final class ProcessEnded extends Error {
        private static final long serialVersionUID = 1;

        ProcessEnded() {
            super("the process ended", null, false, false);
        }
    }

    /** What a power loss does to that which was not synced. */
    public enum Loss {
        EVERYTHING,
        NOTHING,
        ALL_BUT_A_PREFIX,
        ANY_SUBSET
    }

    /** When within a call the process ends; in the middle means that a part of what the call does is done. */
    public enum Moment {
        BEFORE,
        MIDDLE,
        AFTER
    }

    /** The kinds of calls. */
    public enum Call {
        CREATE_DIRECTORIES,
        LIST,
        EXISTS,
        CREATE,
        OPEN,
        RENAME,
        DELETE,
        SYNC_DIRECTORY,
        SIZE,
        READ,
        WRITE,
        PREALLOCATE,
        TRUNCATE,
        SYNC;

        /** Whether the call only looks. */
        public boolean reads() {
            return this == LIST || this == EXISTS || this == OPEN || this == SIZE || this == READ;
        }
    }

    public CrashFileSystem() {
        this(new CrashFileSystemDirectory());
    }

    private CrashFileSystem(CrashFileSystemDirectory root) {
        this.root = root;
    }

    /** Another disk with the same contents, durable and not; it has counted no call and plans no end. */
    public CrashFileSystem copy() {
        var copy = new CrashFileSystem(root.copy(new IdentityHashMap<>()));
        copy.inodes = inodes;
        return copy;
    }

    /** How many calls were made. */
    public int calls() {
        return calls.count();
    }

    /** The kind of the call that was made last, the one that ended the process included; null before the first. */
    public @Nullable Call latestCall() {
        return calls.latest();
    }

    /** How many calls were made of each kind that was. */
    public Map<Call, Integer> callsByKind() {
        return calls.byKind();
    }

    /** Ends the process at the call with this number (the first is 1) before the call does anything. */
    public void failAtCall(int call) {
        calls.endAt(call, Moment.BEFORE, null);
    }

    /** Ends the process at the call with this number (the next is 1); {@code random} draws the part that is done. */
    public void endProcess(int call, Moment moment, RandomGenerator random) {
        calls.endAt(call, moment, random);
    }

    /** Lets the sync with this number (the next is 1) fail as a disk error does. */
    public void failSync(int sync) {
        failingSync = sync;
    }

    /** The power goes: names and bytes that were not synced are lost as {@code loss} says. */
    public void losePower(Loss loss, RandomGenerator random) {
        killProcess();
        root.lose(loss, random);
    }

    /** The process ends but the machine goes on: nothing is lost and nothing becomes durable. */
    public void killProcess() {
        calls.endNever();
        failingSync = Integer.MAX_VALUE;
    }

    /** All files that have a name, in the order of their paths; no call. */
    public List<Path> files() {
        var found = new ArrayList<Path>();
        collect(Path.of("/"), root, found);
        return found;
    }

    private static void collect(Path at, CrashFileSystemDirectory directory, List<Path> found) {
        directory.names().forEach((name, node) -> {
            switch (node) {
                case CrashFileSystemDirectory child -> collect(at.resolve(name), child, found);
                case CrashFileSystemInode _ -> found.add(at.resolve(name));
            }
        });
    }

    /** A number that a file keeps whatever its name; no call. */
    public long inode(Path path) throws IOException {
        return find(path).number();
    }

    /** The size of a file; no call. */
    public long size(Path path) throws IOException {
        return find(path).size();
    }

    /** The bytes of a file, to be damaged at rest; no call. */
    public byte[] contents(Path path) throws IOException {
        return contents(path, 0, Math.toIntExact(find(path).size()));
    }

    /** The bytes of a part of a file that lies within it; no call. */
    public byte[] contents(Path path, long at, int length) throws IOException {
        byte[] bytes = new byte[length];
        find(path).read(at, ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** The durable bytes of a part of an open file, zeros where there are none; no call. */
    public byte[] durableContents(File file, long at, int length) {
        byte[] bytes = new byte[length];
        ((OpenFile) file).inode.readDurable(at, ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** The size of an open file of this tree; no call. */
    public long size(File file) {
        return ((OpenFile) file).inode.size();
    }

    /** The number that an open file keeps whatever its name; no call. */
    public long inode(File file) {
        return ((OpenFile) file).inode.number();
    }

    /**
     * A sync of an open file that only looks like one: what is pending waits in the device now, where a failed sync does
     * not drop it; no call.
     */
    public void lie(File file) {
        ((OpenFile) file).inode.lie();
    }

    /** Replaces the bytes of a file, durably; no call. */
    public void overwrite(Path path, byte[] bytes) throws IOException {
        find(path).overwrite(bytes);
    }

    /** Replaces a part of a file, durably, and lets the rest and what is pending be; no call. */
    public void damage(Path path, long at, byte[] bytes) throws IOException {
        find(path).damage(at, bytes);
    }

    private CrashFileSystemDirectory directory(Path path) throws IOException {
        CrashFileSystemDirectory at = root;
        for (Path name : path) {
            if (!(at.get(name.toString()) instanceof CrashFileSystemDirectory child)) {
                throw new FileNotFoundException(path.toString());
            }
            at = child;
        }
        return at;
    }

    private CrashFileSystemDirectory parent(Path path) throws IOException {
        return directory(Objects.requireNonNull(path.getParent(), "files lie in directories"));
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    private CrashFileSystemInode find(Path path) throws IOException {
        if (!(parent(path).get(name(path)) instanceof CrashFileSystemInode inode)) {
            throw new FileNotFoundException(path.toString());
        }
        return inode;
    }

    @Override
    public void createDirectories(Path path) throws IOException {
        RandomGenerator part = calls.begin(Call.CREATE_DIRECTORIES);
        int levels = part == null ? path.getNameCount() : part.nextInt(path.getNameCount());
        CrashFileSystemDirectory at = root;
        for (Path name : path) {
            if (levels-- == 0) {
                break;
            }
            if (at.get(name.toString()) == null) {
                at.add(name.toString(), new CrashFileSystemDirectory());
            }
            if (!(at.get(name.toString()) instanceof CrashFileSystemDirectory child)) {
                throw new FileAlreadyExistsException(path.toString());
            }
            at = child;
        }
        calls.end();
    }

    @Override
    public List<String> list(Path path) throws IOException {
        calls.begin(Call.LIST);
        List<String> names = List.copyOf(directory(path).names().keySet());
        calls.end();
        return names;
    }

    @Override
    public boolean exists(Path path) {
        calls.begin(Call.EXISTS);
        boolean found;
        try {
            found = path.getNameCount() == 0 || parent(path).get(name(path)) != null;
        } catch (IOException _) {
            found = false;
        }
        calls.end();
        return found;
    }

    @Override
    public File create(Path path) throws IOException {
        calls.begin(Call.CREATE);
        CrashFileSystemDirectory parent = parent(path);
        if (parent.get(name(path)) != null) {
            throw new FileAlreadyExistsException(path.toString());
        }
        var inode = new CrashFileSystemInode(++inodes);
        parent.add(name(path), inode);
        calls.end();
        return new OpenFile(inode);
    }

    @Override
    public File open(Path path) throws IOException {
        calls.begin(Call.OPEN);
        CrashFileSystemInode inode = find(path);
        calls.end();
        return new OpenFile(inode);
    }

    /** Across directories the new name and the end of the old one become durable each by itself. */
    @Override
    public void rename(Path from, Path to) throws IOException {
        RandomGenerator part = calls.begin(Call.RENAME);
        CrashFileSystemDirectory source = parent(from);
        CrashFileSystemDirectory target = parent(to);
        CrashFileSystemNode node = source.get(name(from));
        if (node == null) {
            throw new FileNotFoundException(from.toString());
        }
        if (target.get(name(to)) instanceof CrashFileSystemDirectory full
                && !full.names().isEmpty()) {
            throw new DirectoryNotEmptyException(to.toString());
        }
        if (part == null && source == target) {
            source.rename(name(from), name(to), node);
        } else {
            target.add(name(to), node);
            if (part == null) {
                source.remove(name(from));
            }
        }
        calls.end();
    }

    @Override
    public void delete(Path path) throws IOException {
        calls.begin(Call.DELETE);
        CrashFileSystemDirectory parent = parent(path);
        CrashFileSystemNode node = parent.get(name(path));
        if (node == null) {
            throw new FileNotFoundException(path.toString());
        }
        if (node instanceof CrashFileSystemDirectory full && !full.names().isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        parent.remove(name(path));
        calls.end();
    }

    @Override
    public void syncDirectory(Path path) throws IOException {
        RandomGenerator part = calls.begin(Call.SYNC_DIRECTORY);
        CrashFileSystemDirectory directory = directory(path);
        if (part == null) {
            directory.sync();
        } else {
            directory.syncInPart(part);
        }
        calls.end();
    }

    private static int share(long whole, @Nullable RandomGenerator part) {
        return Math.toIntExact(part == null || whole == 0 ? whole : part.nextLong(whole));
    }

    private final class OpenFile implements File {

        private final CrashFileSystemInode inode;

        OpenFile(CrashFileSystemInode inode) {
            this.inode = inode;
        }

        @Override
        public long size() {
            calls.begin(Call.SIZE);
            calls.end();
            return inode.size();
        }

        @Override
        public int read(ByteBuffer target, long position) {
            calls.begin(Call.READ);
            int count = inode.read(position, target);
            calls.end();
            return count;
        }

        @Override
        public void write(ByteBuffer source, long position) {
            RandomGenerator part = calls.begin(Call.WRITE);
            byte[] bytes = new byte[share(source.remaining(), part)];
            source.get(bytes);
            inode.write(position, bytes);
            calls.end();
        }

        @Override
        public void preallocate(long size) {
            RandomGenerator part = calls.begin(Call.PREALLOCATE);
            inode.preallocate(inode.size() + share(Math.max(0, size - inode.size()), part));
            calls.end();
        }

        @Override
        public void truncate(long size) {
            RandomGenerator part = calls.begin(Call.TRUNCATE);
            if (part == null || part.nextBoolean()) {
                inode.truncate(size);
            }
            calls.end();
        }

        @Override
        public void sync() throws IOException {
            RandomGenerator part = calls.begin(Call.SYNC);
            failingSync--;
            if (failingSync == 0) {
                inode.failSync();
                throw new IOException("input/output error");
            }
            if (part == null) {
                inode.sync();
            } else {
                inode.syncInPart(part);
            }
            calls.end();
        }

        @Override
        public void close() {
            // A process that ended closes its files too, so this is no call that could end it.
        }
    }
}
