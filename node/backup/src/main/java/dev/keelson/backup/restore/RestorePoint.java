package dev.keelson.backup.restore;

import java.time.Instant;

/** The moment that a restore is to come to. */
public sealed interface RestorePoint {

    /** The newest there is. */
    record Newest() implements RestorePoint {}

    /** The moment of one full backup. */
    record OfBackup(String id) implements RestorePoint {}

    /** Behind a revision, with nothing of the next. */
    record AtRevision(long revision) implements RestorePoint {}

    /** What had come to the archive at a time. */
    record AtTime(Instant time) implements RestorePoint {}
}
