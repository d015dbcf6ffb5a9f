package dev.keelson.backup.archive;

import java.time.Instant;

/**
 * Where a chain goes on.
 *
 * @param sequence of the next segment
 * @param lo the next revision
 * @param term of the cluster's consensus, as last heard
 * @param end until when nothing is missing
 * @param previous the sum of the last segment
 */
record Position(ChainId chain, long sequence, long lo, long term, Instant end, byte[] previous) {

    static Position behind(Segment segment, byte[] sum) {
        SegmentHeader header = segment.header();
        return new Position(header.chain(), header.sequence() + 1, header.hi(), header.term(), header.end(), sum);
    }
}
