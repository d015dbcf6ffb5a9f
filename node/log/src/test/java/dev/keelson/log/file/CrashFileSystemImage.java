package dev.keelson.log.file;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes of one file in pages, of which those that were never written cost nothing.
 *
 * <p>Invariant: everything behind the size is zero, so that a file that grows again shows zeros.
 *
 * <p>Thread rule: one thread.
 */
final class CrashFileSystemImage {

    private static final int PAGE_BYTES = 4096;
    /** Stands for every page without a written byte; itself never written. */
    private static final byte[] ZEROS = new byte[PAGE_BYTES];

    private byte[][] pages = {};
    private long size;

    long size() {
        return size;
    }

    CrashFileSystemImage copy() {
        var copy = new CrashFileSystemImage();
        copy.size = size;
        copy.pages = pages.clone();
        for (int i = 0; i < pages.length; i++) {
            copy.pages[i] = pages[i] == ZEROS ? ZEROS : pages[i].clone();
        }
        return copy;
    }

    /** Fills {@code target} from {@code at}, or as much of it as there is; returns how much. */
    int read(long at, ByteBuffer target) {
        int count = (int) Math.max(0, Math.min(target.remaining(), size - at));
        for (int done = 0; done < count; ) {
            int inPage = (int) ((at + done) % PAGE_BYTES);
            int part = Math.min(count - done, PAGE_BYTES - inPage);
            target.put(pages[page(at + done)], inPage, part);
            done += part;
        }
        return count;
    }

    void write(long at, byte[] bytes, int from, int count) {
        grow(at + count);
        for (int done = 0; done < count; ) {
            int inPage = (int) ((at + done) % PAGE_BYTES);
            int part = Math.min(count - done, PAGE_BYTES - inPage);
            System.arraycopy(bytes, from + done, writable(page(at + done)), inPage, part);
            done += part;
        }
    }

    void zero(long at, long count) {
        grow(at + count);
        erase(at, at + count);
    }

    void resize(long newSize) {
        if (newSize < size) {
            erase(newSize, size);
            pages = Arrays.copyOf(pages, pagesFor(newSize));
        }
        grow(newSize);
        size = newSize;
    }

    private void grow(long newSize) {
        int old = pages.length;
        int needed = pagesFor(newSize);
        if (needed > old) {
            pages = Arrays.copyOf(pages, needed);
            Arrays.fill(pages, old, needed, ZEROS);
        }
        size = Math.max(size, newSize);
    }

    private void erase(long from, long to) {
        for (long at = from; at < to; ) {
            int inPage = (int) (at % PAGE_BYTES);
            int part = (int) Math.min(to - at, PAGE_BYTES - inPage);
            if (part == PAGE_BYTES) {
                pages[page(at)] = ZEROS;
            } else if (pages[page(at)] != ZEROS) {
                Arrays.fill(pages[page(at)], inPage, inPage + part, (byte) 0);
            }
            at += part;
        }
    }

    private byte[] writable(int page) {
        if (pages[page] == ZEROS) {
            pages[page] = new byte[PAGE_BYTES];
        }
        return pages[page];
    }

    private static int page(long at) {
        return Math.toIntExact(at / PAGE_BYTES);
    }

    private static int pagesFor(long bytes) {
        return page(bytes + PAGE_BYTES - 1);
    }
}
