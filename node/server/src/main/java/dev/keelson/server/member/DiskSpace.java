package dev.keelson.server.member;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongSupplier;

/**
 * How much room there is on the disk of a member, and a file that takes some of it up to give it back in need.
 *
 * <p>Log and store cannot go on without room: the one has to record even what makes room, the other rewrites its files in
 * order to shrink. So the disk counts as short while there still is some, and when there is none, which may happen within
 * a moment where others use the disk too, the file makes way.
 *
 * <p>Thread rule: any thread.
 */
final class DiskSpace {

    /** With less free than this a member lets nothing in that takes space. */
    static final long FREE_BYTES_MIN = 64L << 20;

    /** What the file takes up: enough to write down once all that the store holds in memory, and the log of that. */
    static final long RESERVE_BYTES = 32L << 20;

    /** With less free than this the file makes way. */
    private static final long SCARCE_BYTES = RESERVE_BYTES / 2;

    /** A disk that cannot be asked fails elsewhere, with a better reason than its lack of space. */
    private static final long UNKNOWN_BYTES = Long.MAX_VALUE;

    private static final String RESERVE = "reserve";
    private static final int CHUNK_BYTES = 1 << 20;

    private final Path reserve;
    private final LongSupplier freeBytes;

    /** @param freeBytes what this process may still write on the disk that {@code directory} lies on */
    DiskSpace(Path directory, LongSupplier freeBytes) {
        this.reserve = directory.resolve(RESERVE);
        this.freeBytes = freeBytes;
    }

    /** The disk is looked up once: that takes a look at all that are mounted. */
    static DiskSpace of(Path directory) {
        FileStore disk;
        try {
            disk = Files.getFileStore(directory);
        } catch (IOException unknown) {
            return new DiskSpace(directory, () -> UNKNOWN_BYTES);
        }
        return new DiskSpace(directory, () -> {
            try {
                return disk.getUsableSpace();
            } catch (IOException unknown) {
                return UNKNOWN_BYTES;
            }
        });
    }

    boolean isShort() {
        return freeBytes.getAsLong() < FREE_BYTES_MIN;
    }

    /** Whether there is next to nothing free. */
    boolean isScarce() {
        return freeBytes.getAsLong() < SCARCE_BYTES;
    }

    /** Lets the file make way if there is next to nothing else. */
    void makeWayIfScarce() {
        if (isScarce()) {
            makeWay();
        }
    }

    /** Gives up the file; true when there was one. */
    synchronized boolean makeWay() {
        try {
            return Files.deleteIfExists(reserve);
        } catch (IOException refused) {
            return false;
        }
    }

    /** Whether the file is missing, and may come back without making the disk short. */
    boolean mayBeRestored() {
        return !Files.exists(reserve) && freeBytes.getAsLong() >= FREE_BYTES_MIN + RESERVE_BYTES;
    }

    /** Writes the file anew; a disk that fills up meanwhile keeps the room. */
    synchronized void restore() {
        ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_BYTES);
        try (FileChannel file = FileChannel.open(reserve, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (long at = 0; at < RESERVE_BYTES; at += CHUNK_BYTES) {
                file.write(zeros.clear(), at);
            }
        } catch (IOException full) {
            makeWay();
        }
    }
}
