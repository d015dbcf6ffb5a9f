package dev.keelson.storage.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * Writes pages one behind the other into a new file; the two metas come last, into the place that was left for them.
 *
 * <p>Thread rule: one thread.
 */
final class PageOutput {

    static final int PAGE_BYTES = 4096;

    private static final int GATHERED_BYTES = 64 * PAGE_BYTES;
    private static final long TRANSACTION = 2;

    private final FileChannel channel;
    private ByteBuffer gathered = ByteBuffer.allocate(GATHERED_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long gatheredAt = Layout.FIRST_PAGE * PAGE_BYTES;
    private long nextPage = Layout.FIRST_PAGE;

    PageOutput(FileChannel channel) {
        this.channel = channel;
    }

    /** An element of a page to write: of a leaf with a value, of a branch with a child. */
    record Element(int flags, byte[] key, byte[] value, long child) {

        int bytes() {
            return Layout.ELEMENT_BYTES + key.length + value.length;
        }
    }

    /** Writes a page and returns its id. */
    long write(boolean leaf, List<Element> elements, int bytes) throws IOException {
        int pages = Math.ceilDiv(bytes, PAGE_BYTES);
        int size = pages * PAGE_BYTES;
        if (gathered.remaining() < size) {
            flush();
            if (gathered.capacity() < size) {
                gathered = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        long id = nextPage;
        int start = gathered.position();
        encode(gathered, id, leaf, elements);
        gathered.putInt(start + Layout.OVERFLOW_AT, pages - 1);
        while (gathered.position() < start + size) {
            gathered.put((byte) 0);
        }
        nextPage += pages;
        return id;
    }

    /** A page in the form in which it stands in a file or in the value of a bucket. */
    static void encode(ByteBuffer out, long id, boolean leaf, List<Element> elements) {
        out.putLong(id)
                .putShort((short) (leaf ? Layout.LEAF_PAGE : Layout.BRANCH_PAGE))
                .putShort((short) elements.size())
                .putInt(0);
        int position = elements.size() * Layout.ELEMENT_BYTES;
        for (Element element : elements) {
            if (leaf) {
                out.putInt(element.flags())
                        .putInt(position)
                        .putInt(element.key().length)
                        .putInt(element.value().length);
            } else {
                out.putInt(position).putInt(element.key().length).putLong(element.child());
            }
            // Positions count from their element on.
            position += element.key().length + element.value().length - Layout.ELEMENT_BYTES;
        }
        for (Element element : elements) {
            out.put(element.key()).put(element.value());
        }
    }

    private void flush() throws IOException {
        gathered.flip();
        int size = gathered.limit();
        writeFully(gathered, gatheredAt);
        gatheredAt += size;
        gathered.clear();
    }

    private void writeFully(ByteBuffer source, long at) throws IOException {
        while (source.hasRemaining()) {
            channel.write(source, at + source.position());
        }
    }

    /** Writes the metas of a file with that root; returns the bytes of the file. */
    long finish(long root) throws IOException {
        flush();
        ByteBuffer metas = ByteBuffer.allocate(2 * PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 2; i++) {
            metas.position(i * PAGE_BYTES);
            metas.putLong(i)
                    .putShort((short) Layout.META_PAGE)
                    .putShort((short) 0)
                    .putInt(0);
            new Meta(PAGE_BYTES, root, Layout.NO_FREELIST, nextPage, TRANSACTION - i).write(metas);
        }
        writeFully(metas.clear(), 0);
        return nextPage * PAGE_BYTES;
    }
}
