package dev.keelson.storage.bolt;

import dev.keelson.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A file of bbolt, read by positioned reads; nothing in it is believed.
 *
 * <p>Invariants: no read reaches outside the pages that the file says it uses, nor outside the file; a walk visits every
 * page at most once, so it ends; one page and what belongs to it is in memory for each level of a walk.
 *
 * <p>Thread rule: one thread.
 */
public final class BoltFile implements AutoCloseable {

    /** A page with all that belongs to it; etcd makes them little more than twice as large as its largest request. */
    private static final long PAGE_BYTES_MAX = 256L << 20;

    private static final int BUCKETS_DEEP_MAX = 16;

    private final Path path;
    private final FileChannel channel;
    private final Meta meta;

    private BoltFile(Path path, FileChannel channel, long bytes) throws IOException {
        this.path = path;
        this.channel = channel;
        this.meta = newest(bytes);
        long pages = bytes / meta.pageBytes();
        if (Long.compareUnsigned(meta.highWater(), pages) > 0) {
            throw new DamagedBoltFileException(
                    path,
                    "it uses " + Long.toUnsignedString(meta.highWater()) + " pages of " + meta.pageBytes()
                            + " bytes but ends after " + bytes + " bytes");
        }
    }

    /**
     * Opens the first {@code bytes} of a file.
     *
     * @throws DamagedBoltFileException when it is not bbolt's or shorter than it says
     */
    @SuppressWarnings("MustBeClosedChecker")
    public static BoltFile open(Path path, long bytes) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path);
            return new BoltFile(path, channel, Math.min(bytes, channel.size()));
        } catch (IOException cause) {
            release(path, channel);
            throw failed(path, cause);
        } catch (RuntimeException refused) {
            release(path, channel);
            throw refused;
        }
    }

    private static void release(Path path, @Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException cause) {
            throw failed(path, cause);
        }
    }

    private static StorageException failed(Path path, IOException cause) {
        return new StorageException("cannot read " + path + ": " + cause, cause);
    }

    private Meta newest(long bytes) throws IOException {
        Meta.Found first = metaAt(0, bytes);
        @Nullable Meta second = null;
        if (first instanceof Meta.Found.Whole(Meta whole)) {
            second = secondMeta(whole.pageBytes(), bytes);
            return second == null || second.transaction() < whole.transaction() ? whole : second;
        }
        for (int pageBytes : Meta.pageSizes()) {
            second = second == null ? secondMeta(pageBytes, bytes) : second;
        }
        if (second != null) {
            return second;
        }
        throw new DamagedBoltFileException(path, 0, ((Meta.Found.Unsound) first).why());
    }

    private @Nullable Meta secondMeta(int pageBytes, long bytes) throws IOException {
        return metaAt(pageBytes, bytes) instanceof Meta.Found.Whole(Meta meta1) && meta1.pageBytes() == pageBytes
                ? meta1
                : null;
    }

    private Meta.Found metaAt(long pageAt, long bytes) throws IOException {
        long at = pageAt + Layout.PAGE_HEADER_BYTES;
        if (at + Meta.BYTES > bytes) {
            return new Meta.Found.Unsound("it has " + bytes + " bytes, too few for a file of bbolt");
        }
        return Meta.read(readFully(at, Meta.BYTES));
    }

    private ByteBuffer readFully(long at, int bytes) throws IOException {
        var target = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (target.hasRemaining()) {
            if (channel.read(target, at + target.position()) < 0) {
                throw new IOException("it became shorter while it was read");
            }
        }
        return target.flip();
    }

    /** Bytes of all pages in use. */
    public long bytes() {
        return meta.highWater() * meta.pageBytes();
    }

    /** The bucket that holds all others. */
    public BoltCursor root() {
        return new BoltCursor(this, meta.root(), null, new BitSet());
    }

    /** The bucket of that name in the one that holds all others; null when there is none. */
    public @Nullable BoltCursor bucket(byte[] name) {
        BoltCursor root = root();
        while (root.next()) {
            if (root.isBucket() && Arrays.equals(root.key(), name)) {
                return root.bucket();
            }
        }
        return null;
    }

    /**
     * Walks all of the file: each page in use must be free or reached once, and every page that is reached sound.
     *
     * @throws DamagedBoltFileException when something is wrong
     */
    public void check() {
        var reached = new BitSet();
        BitSet free = readFreelist(reached);
        check(new BoltCursor(this, meta.root(), null, reached), 0);
        if (free == null) {
            return;
        }
        for (long page = Layout.FIRST_PAGE; page < meta.highWater(); page++) {
            if (reached.get((int) page) == free.get((int) page)) {
                throw refused(page, free.get((int) page) ? "it is free and in use" : "it is neither free nor in use");
            }
        }
    }

    private void check(BoltCursor bucket, int deep) {
        if (deep > BUCKETS_DEEP_MAX) {
            throw new DamagedBoltFileException(path, "buckets lie more than " + BUCKETS_DEEP_MAX + " deep");
        }
        while (bucket.next()) {
            if (bucket.isBucket()) {
                check(bucket.bucket(), deep + 1);
            }
        }
    }

    /** The free pages, null for a file that does not list them. */
    private @Nullable BitSet readFreelist(BitSet reached) {
        if (meta.freelist() == Layout.NO_FREELIST) {
            return null;
        }
        long id = meta.freelist();
        ByteBuffer page = readRun(id, reached);
        if ((page.getShort(Layout.FLAGS_AT) & 0xffff) != Layout.FREELIST_PAGE) {
            throw refused(id, "it should be the list of free pages");
        }
        long count = page.getShort(Layout.COUNT_AT) & 0xffff;
        int at = Layout.PAGE_HEADER_BYTES;
        if (count == Layout.COUNT_IN_BODY) {
            count = page.getLong(at);
            at += Long.BYTES;
        }
        if (count < 0 || count > (page.limit() - at) / Long.BYTES) {
            throw refused(id, "a list of " + Long.toUnsignedString(count) + " free pages does not fit");
        }
        var free = new BitSet();
        for (int i = 0; i < count; i++) {
            long each = page.getLong(at + i * Long.BYTES);
            if (isOutside(each) || free.get((int) each)) {
                throw refused(
                        id,
                        "the free page " + Long.toUnsignedString(each) + " is twice in the list or none of the file's");
            }
            free.set((int) each);
        }
        return free;
    }

    private boolean isOutside(long page) {
        return page < Layout.FIRST_PAGE || page >= meta.highWater();
    }

    Page readPage(long id, BitSet reached) {
        return Page.of(readRun(id, reached), what -> refused(id, what));
    }

    /** A page with those that belong to it, none of which may have been {@code reached} before. */
    private ByteBuffer readRun(long id, BitSet reached) {
        if (isOutside(id) || id > Integer.MAX_VALUE) {
            throw refused(id, "there is no such page, pages in use are [2, " + meta.highWater() + ")");
        }
        try {
            long at = id * meta.pageBytes();
            ByteBuffer header = readFully(at, Layout.PAGE_HEADER_BYTES);
            if (header.getLong(0) != id) {
                throw refused(id, "it says that it is page " + Long.toUnsignedString(header.getLong(0)));
            }
            long pages = 1 + Integer.toUnsignedLong(header.getInt(Layout.OVERFLOW_AT));
            if (pages > meta.highWater() - id || pages * meta.pageBytes() > PAGE_BYTES_MAX) {
                throw refused(id, pages + " pages do not belong to it");
            }
            int end = (int) (id + pages);
            int twice = reached.nextSetBit((int) id);
            if (twice >= 0 && twice < end) {
                throw refused(twice, "it is used twice");
            }
            reached.set((int) id, end);
            return readFully(at, (int) pages * meta.pageBytes());
        } catch (IOException cause) {
            throw failed(path, cause);
        }
    }

    DamagedBoltFileException refused(long page, String what) {
        return new DamagedBoltFileException(path, page, what);
    }

    @Override
    public void close() {
        release(path, channel);
    }
}
