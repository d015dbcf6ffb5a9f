package dev.keelson.log;

import dev.keelson.log.file.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads and verifies one record at a time through a window of the file.
 *
 * <p>The accessors speak of the record of the last {@link #read} that found no fault.
 *
 * <p>Thread rule: one thread at a time.
 */
final class RecordReader {

    private final ByteBuffer window;
    private final ByteBuffer view;
    private final CRC32C crc = new CRC32C();

    private @Nullable File file;
    private long salt;
    private long limit;
    private long windowAt;
    private int windowBytes;

    private long offset;
    private int length;
    private long term;
    private long index;
    private long tag;
    private RecordType type = RecordType.MARK;

    RecordReader(int bufferBytes) {
        this.window = ByteBuffer.allocateDirect(bufferBytes).order(ByteOrder.LITTLE_ENDIAN);
        this.view = window.duplicate();
    }

    /** Turns to a file, of which nothing at or behind {@code readLimit} is looked at. */
    void open(File source, long segmentSalt, long readLimit) {
        file = source;
        salt = segmentSalt;
        limit = readLimit;
        windowBytes = 0;
    }

    /** Reads the record at {@code at}; returns what is wrong with it, or null when nothing is. */
    @Nullable
    String read(long at) throws IOException {
        if (!load(at, RecordFormat.HEADER_BYTES)) {
            return "the file ends within a record";
        }
        int base = (int) (at - windowAt);
        int payloadLength = window.getInt(base + RecordFormat.LENGTH_AT);
        long recordTag = window.getLong(base + RecordFormat.TAG_AT);
        RecordType recordType = RecordType.of(RecordFormat.typeCode(recordTag));
        if (recordType == null) {
            return recordTag == 0 ? "there is no record" : "unknown record type " + RecordFormat.typeCode(recordTag);
        }
        if (payloadLength < 0 || at + RecordFormat.size(payloadLength) > limit) {
            return "a record length of " + payloadLength + " runs past the end";
        }
        int stored = window.getInt(base);
        offset = at;
        length = payloadLength;
        tag = recordTag;
        type = recordType;
        term = window.getLong(base + RecordFormat.TERM_AT);
        index = window.getLong(base + RecordFormat.INDEX_AT);
        if (stored != (checksum() ^ RecordFormat.salt(salt, at))) {
            return "checksum mismatch";
        }
        return null;
    }

    private int checksum() throws IOException {
        crc.reset();
        long end = end();
        for (long at = offset + RecordFormat.LENGTH_AT; at < end; ) {
            boolean whole = end - offset <= window.capacity() && load(offset, (int) (end - offset));
            if (!whole && !load(at, 1)) {
                return 0;
            }
            int from = (int) (at - windowAt);
            int to = (int) Math.min(windowBytes, end - windowAt);
            view.limit(to).position(from);
            crc.update(view);
            at = windowAt + to;
        }
        return (int) crc.getValue();
    }

    /** A copy of the payload. */
    byte[] payload() throws IOException {
        byte[] payload = new byte[length];
        for (int done = 0; done < length; ) {
            long at = offset + RecordFormat.HEADER_BYTES + done;
            if (!load(at, 1)) {
                throw new IOException("the file became shorter while it was open");
            }
            int from = (int) (at - windowAt);
            int count = Math.min(length - done, windowBytes - from);
            window.get(from, payload, done, count);
            done += count;
        }
        return payload;
    }

    /** The eight bytes at {@code at}, or 0 behind the end of the file. */
    long peek(long at) throws IOException {
        return load(at, Long.BYTES) ? window.getLong((int) (at - windowAt)) : 0;
    }

    RecordType type() {
        return type;
    }

    long term() {
        return term;
    }

    long index() {
        return index;
    }

    int length() {
        return length;
    }

    boolean endOfBatch() {
        return RecordFormat.endOfBatch(tag);
    }

    /** The position that was durable when the record was written. */
    long synced() {
        return RecordFormat.synced(tag);
    }

    /** The offset behind the record. */
    long end() {
        return offset + RecordFormat.size(length);
    }

    private boolean load(long at, int count) throws IOException {
        if (at >= windowAt && at + count <= windowAt + windowBytes) {
            return true;
        }
        File source = file;
        if (source == null || at + count > limit) {
            return false;
        }
        window.clear().limit((int) Math.min(window.capacity(), limit - at));
        windowAt = at;
        windowBytes = 0;
        windowBytes = source.read(window, at);
        return windowBytes >= count;
    }
}
