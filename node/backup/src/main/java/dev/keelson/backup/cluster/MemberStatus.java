package dev.keelson.backup.cluster;

/**
 * What a member says of itself.
 *
 * @param endpoint it was asked at
 * @param appliedIndex how far in the log it is
 * @param storeBytes what its data takes
 * @param version of etcd that it speaks
 */
public record MemberStatus(
        String endpoint,
        long clusterId,
        long memberId,
        Role role,
        long term,
        long appliedIndex,
        long storeBytes,
        String version) {

    /** Its part in the cluster. */
    public enum Role {
        LEARNER,
        FOLLOWER,
        LEADER
    }
}
