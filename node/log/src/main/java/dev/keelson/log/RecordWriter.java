package dev.keelson.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the records of a batch in one buffer and writes it with as few calls as it has buffers to fill, usually one.
 *
 * <p>Thread rule: one thread.
 */
final class RecordWriter {

    private static final byte[] PADDING = new byte[RecordFormat.ALIGNMENT];

    private final ByteBuffer buffer;
    private final ByteBuffer view;
    private final CRC32C crc = new CRC32C();
    private @Nullable Segment target;
    private long bufferAt;

    RecordWriter(int bufferBytes) {
        this.buffer = ByteBuffer.allocateDirect(bufferBytes).order(ByteOrder.LITTLE_ENDIAN);
        this.view = buffer.duplicate();
    }

    /** Starts a batch at {@code offset} of the segment. */
    void begin(Segment segment, long offset) {
        target = segment;
        bufferAt = offset;
        buffer.clear();
    }

    /** Puts bytes that are no record where the next record would go. */
    void raw(long first, long second) {
        buffer.putLong(first).putLong(second);
    }

    void add(long term, long index, byte[] payload, long tag) throws IOException {
        long size = RecordFormat.size(payload.length);
        if (size > buffer.remaining()) {
            drain();
        }
        int at = buffer.position();
        buffer.putInt(0).putInt(payload.length).putLong(term).putLong(index).putLong(tag);
        int padding = (int) (size - RecordFormat.HEADER_BYTES - payload.length);
        crc.reset();
        if (size - RecordFormat.HEADER_BYTES <= buffer.remaining()) {
            buffer.put(payload).put(PADDING, 0, padding);
            checksum(at, buffer.position());
            seal(at);
            return;
        }
        checksum(at, buffer.position());
        crc.update(payload);
        crc.update(PADDING, 0, padding);
        seal(at);
        putInPieces(payload);
        putInPieces(PADDING, padding);
    }

    /** Writes what is left and returns the offset behind it. */
    long finish() throws IOException {
        drain();
        return bufferAt;
    }

    /** Writes the bytes of {@code [from, to)} once more, so that the next sync covers them. */
    void rewrite(Segment segment, long from, long to) throws IOException {
        begin(segment, from);
        while (bufferAt < to) {
            buffer.limit((int) Math.min(to - bufferAt, buffer.capacity()));
            if (segment.file().read(buffer, bufferAt) == 0) {
                throw new IOException(segment.path() + " became shorter while it was open");
            }
            drain();
        }
    }

    private void checksum(int from, int to) {
        view.limit(to).position(from + RecordFormat.LENGTH_AT);
        crc.update(view);
    }

    private void seal(int at) {
        buffer.putInt(at, (int) crc.getValue() ^ RecordFormat.salt(target().salt(), bufferAt + at));
    }

    private void putInPieces(byte[] bytes) throws IOException {
        putInPieces(bytes, bytes.length);
    }

    private void putInPieces(byte[] bytes, int length) throws IOException {
        for (int done = 0; done < length; ) {
            if (!buffer.hasRemaining()) {
                drain();
            }
            int count = Math.min(length - done, buffer.remaining());
            buffer.put(bytes, done, count);
            done += count;
        }
    }

    private Segment target() {
        return Objects.requireNonNull(target, "no batch was begun");
    }

    private void drain() throws IOException {
        buffer.flip();
        int count = buffer.remaining();
        if (count > 0) {
            target().file().write(buffer, bufferAt);
        }
        bufferAt += count;
        buffer.clear();
    }
}
