package dev.keelson.storage.etcdfile;

/**
 * What {@code etcdutl snapshot status} says of a file.
 *
 * @param hash CRC-32C over all buckets
 * @param revision the highest
 * @param keys that are live
 * @param bytes of the file, without its checksum
 * @param version of etcd whose format it has; empty before 3.6
 */
public record FileStatus(int hash, long revision, long keys, long bytes, String version) {}
