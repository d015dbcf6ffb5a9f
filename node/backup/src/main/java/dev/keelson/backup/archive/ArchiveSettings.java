package dev.keelson.backup.archive;

import java.time.Duration;

/**
 * How an archiver cuts its segments.
 *
 * @param every the longest that a change waits for its segment to be sealed
 * @param bytes of changes at which one is sealed before
 * @param idleEvery how often an archive is carried on while nothing changes, so that it shows until when nothing did
 * @param pauseMax the longest wait between two attempts to reach the store
 */
public record ArchiveSettings(Duration every, int bytes, Duration idleEvery, Duration pauseMax) {

    /** A recovery point of some seconds; an object a minute while nothing changes. */
    public static final ArchiveSettings STANDARD =
            new ArchiveSettings(Duration.ofSeconds(5), 4 << 20, Duration.ofMinutes(1), Duration.ofSeconds(10));
}
