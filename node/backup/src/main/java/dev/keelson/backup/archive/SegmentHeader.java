package dev.keelson.backup.archive;

import java.time.Instant;
import java.util.Map;

/**
 * What a segment says of itself.
 *
 * @param sequence 0 for the first of its chain
 * @param lo the first revision in it
 * @param hi the first revision behind it
 * @param term of the cluster's consensus, as last heard
 * @param end until when nothing is missing
 * @param previous the SHA-256 of the segment before it; for the first, of the name of its chain
 * @param leases that keys of it hang on, and the seconds that each was granted for, where somebody could tell
 */
public record SegmentHeader(
        ChainId chain,
        long sequence,
        long lo,
        long hi,
        long term,
        Instant end,
        byte[] previous,
        Map<Long, Long> leases) {

    public SegmentHeader {
        leases = Map.copyOf(leases);
    }
}
