package dev.keelson.log.file;

import dev.keelson.log.file.CrashFileSystem.Loss;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A file: what reads see, what the device holds, and the writes that lie between.
 *
 * <p>Invariant: unless a sync failed or the device was damaged, the durable bytes with all pending writes applied in
 * order are the present bytes.
 *
 * <p>Thread rule: one thread.
 */
final class CrashFileSystemInode implements CrashFileSystemNode {

    private final long number;
    private CrashFileSystemImage durable = new CrashFileSystemImage();
    private CrashFileSystemImage present = new CrashFileSystemImage();
    private final List<Write> pending = new ArrayList<>();
    /** How many of the pending writes, the first ones, a lying device has taken over from the kernel. */
    private int taken;

    private boolean forgetful;

    CrashFileSystemInode(long number) {
        this.number = number;
    }

    /** One change of the bytes. */
    private sealed interface Write {

        /** Applies the part {@code [from, to)} of it, counted in bytes from its beginning. */
        void apply(CrashFileSystemImage image, long from, long to);

        long at();

        long length();
    }

    private record Put(long at, byte[] bytes) implements Write {
        @Override
        public void apply(CrashFileSystemImage image, long from, long to) {
            image.write(at + from, bytes, (int) from, (int) (to - from));
        }

        @Override
        public long length() {
            return bytes.length;
        }
    }

    private record Zero(long at, long length) implements Write {
        @Override
        public void apply(CrashFileSystemImage image, long from, long to) {
            image.zero(at + from, to - from);
        }
    }

    /** Has no parts: it is applied when its end is. */
    private record Resize(long at) implements Write {
        @Override
        public void apply(CrashFileSystemImage image, long from, long to) {
            image.resize(at);
        }

        @Override
        public long length() {
            return 1;
        }
    }

    long number() {
        return number;
    }

    long size() {
        return present.size();
    }

    int read(long at, ByteBuffer target) {
        return present.read(at, target);
    }

    int readDurable(long at, ByteBuffer target) {
        return durable.read(at, target);
    }

    void write(long at, byte[] bytes) {
        perform(new Put(at, bytes));
    }

    void preallocate(long size) {
        if (size > present.size()) {
            perform(new Zero(present.size(), size - present.size()));
        }
    }

    void truncate(long size) {
        perform(new Resize(size));
    }

    private void perform(Write write) {
        whole(present, write);
        pending.add(write);
    }

    void sync() {
        pending.forEach(write -> whole(durable, write));
        pending.clear();
        taken = 0;
    }

    /** The device says that it has everything and keeps none of it durable yet. */
    void lie() {
        taken = pending.size();
    }

    /** As a kernel does: what a sync failed to write counts as clean, so the next sync does not try it again. */
    void failSync() {
        List<Write> dropped = pending.subList(taken, pending.size());
        forgetful |= !dropped.isEmpty();
        dropped.clear();
    }

    /** Only the first of the pending writes, the last of these torn, have reached the device. */
    void syncInPart(RandomGenerator random) {
        int whole = keepPrefix(random);
        pending.subList(0, whole).clear();
        taken = Math.max(0, taken - whole);
    }

    private int keepPrefix(RandomGenerator random) {
        int whole = random.nextInt(pending.size() + 1);
        pending.subList(0, whole).forEach(write -> whole(durable, write));
        if (whole < pending.size()) {
            Write torn = pending.get(whole);
            long sectors = (torn.length() - 1) / CrashFileSystem.SECTOR_BYTES;
            long end = sectors == 0 ? 0 : sectorsEnd(torn, random.nextLong(sectors + 1));
            if (end > 0) {
                torn.apply(durable, 0, end);
            }
        }
        return whole;
    }

    /** Where in the write its first {@code count} sectors end, the partial one at its beginning not counted. */
    private static long sectorsEnd(Write write, long count) {
        long first = (write.at() / CrashFileSystem.SECTOR_BYTES + count) * CrashFileSystem.SECTOR_BYTES;
        return Math.clamp(first - write.at(), 0, write.length());
    }

    /** Replaces a part of the bytes behind everyone's back. */
    void damage(long at, byte[] bytes) {
        int count = (int) Math.max(0, Math.min(bytes.length, present.size() - at));
        present.write(at, bytes, 0, count);
        if (at + count <= durable.size()) {
            durable.write(at, bytes, 0, count);
        }
    }

    void overwrite(byte[] bytes) {
        pending.clear();
        taken = 0;
        forgetful = false;
        durable.resize(0);
        durable.write(0, bytes, 0, bytes.length);
        present = durable.copy();
    }

    void lose(Loss loss, RandomGenerator random) {
        if (pending.isEmpty() && !forgetful) {
            return;
        }
        switch (loss) {
            case EVERYTHING -> {}
            case NOTHING -> pending.forEach(write -> whole(durable, write));
            case ALL_BUT_A_PREFIX -> keepPrefix(random);
            case ANY_SUBSET ->
                pending.stream().filter(_ -> random.nextBoolean()).forEach(write -> tear(durable, write, random));
        }
        pending.clear();
        taken = 0;
        forgetful = false;
        present = durable.copy();
    }

    private static void whole(CrashFileSystemImage image, Write write) {
        write.apply(image, 0, write.length());
    }

    /** Applies a random part of the sectors that the write touches. */
    private static void tear(CrashFileSystemImage image, Write write, RandomGenerator random) {
        for (long from = 0; from < write.length(); ) {
            long to = write instanceof Resize ? 1 : sectorsEnd(write, from == 0 ? 1 : 1 + sector(write, from));
            if (write instanceof Resize || random.nextInt(4) > 0) {
                write.apply(image, from, to);
            }
            from = to;
        }
    }

    private static long sector(Write write, long from) {
        return (write.at() + from) / CrashFileSystem.SECTOR_BYTES - write.at() / CrashFileSystem.SECTOR_BYTES;
    }

    CrashFileSystemInode copy() {
        var copy = new CrashFileSystemInode(number);
        copy.durable = durable.copy();
        copy.present = present.copy();
        copy.pending.addAll(pending);
        copy.taken = taken;
        copy.forgetful = forgetful;
        return copy;
    }
}
