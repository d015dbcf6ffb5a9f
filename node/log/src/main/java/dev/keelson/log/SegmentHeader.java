package dev.keelson.log;

import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import java.nio.ByteBuffer;

/**
 * The first record of a segment: everything that the segments before it would have told, but for their entries.
 *
 * @param base the position of the segment's first byte; all before it is durable
 * @param fresh whether the segments before this one are void
 * @param previousIndex the last index before this segment
 * @param previousTerm the term of the entry at {@code previousIndex}
 * @param start where the log starts
 * @param hardState the last hard state before this segment
 */
record SegmentHeader(
        long base, boolean fresh, long previousIndex, long previousTerm, SnapshotMetadata start, HardState hardState) {

    byte[] payload() {
        byte[] confState = ConfStateCodec.encode(start.confState());
        return ByteBuffer.allocate(1 + 5 * Long.BYTES + confState.length)
                .put((byte) (fresh ? 1 : 0))
                .putLong(start.index())
                .putLong(start.term())
                .putLong(hardState.term())
                .putLong(hardState.vote())
                .putLong(hardState.commit())
                .put(confState)
                .array();
    }

    /** Reads the header out of the record that {@code reader} stands on. */
    static SegmentHeader decode(RecordReader reader, byte[] payload) {
        var bytes = ByteBuffer.wrap(payload);
        boolean fresh = bytes.get() == 1;
        long startIndex = bytes.getLong();
        long startTerm = bytes.getLong();
        var hardState = new HardState(bytes.getLong(), bytes.getLong(), bytes.getLong());
        var start = new SnapshotMetadata(startIndex, startTerm, ConfStateCodec.decode(bytes));
        return new SegmentHeader(reader.synced(), fresh, reader.index(), reader.term(), start, hardState);
    }
}
