package dev.keelson.storage;

/**
 * Whose data a directory holds.
 *
 * @param clusterId the cluster
 * @param memberId the member
 * @param incarnation drawn at random when the directory was made; tells it from an earlier directory of the same member
 */
public record Identity(long clusterId, long memberId, long incarnation) {}
