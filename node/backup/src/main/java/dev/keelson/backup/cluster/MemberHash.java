package dev.keelson.backup.cluster;

/**
 * A member's answer to {@code HashKV}. Two compare only above the same compaction.
 *
 * @param compactRevision -1 before the first compaction
 */
public record MemberHash(long memberId, int hash, long compactRevision, long revision) {}
