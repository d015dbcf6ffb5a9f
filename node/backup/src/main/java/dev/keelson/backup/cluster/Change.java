package dev.keelson.backup.cluster;

/**
 * One change of one key, as a row of etcd's history.
 *
 * @param deletion whether the key was deleted
 * @param row the key and what became of it, byte for byte as etcd keeps it
 */
public record Change(long revision, boolean deletion, long lease, byte[] row) {}
