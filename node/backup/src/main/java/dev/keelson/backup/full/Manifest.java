package dev.keelson.backup.full;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a full backup is. It is put when everything else is there: without one there is no backup.
 *
 * @param id of the backup, unique in its store
 * @param cluster the id of the cluster it was taken of
 * @param created when its snapshot had come: nothing in it is of later
 * @param term of the cluster's consensus at that time
 * @param history of the snapshot, and its hash
 * @param comparedWith the id of the member whose {@code HashKV} was the same; null when none could be compared, because
 *     the cluster was compacted in the meantime
 * @param content the snapshot, a file of etcd's
 * @param object the object that holds it, wrapped
 * @param version of etcd whose format it has
 */
public record Manifest(
        String id,
        long cluster,
        Instant created,
        long term,
        History history,
        @Nullable Long comparedWith,
        Blob content,
        Blob object,
        String version) {

    /** The version of the form of manifests. */
    static final int FORMAT = 1;

    /**
     * What a snapshot holds.
     *
     * @param hash what {@code HashKV} answers at its revision
     * @param compactRevision the compaction that it begins behind, -1 for none
     * @param keys that are live
     * @param changes that it knows
     */
    public record History(long revision, long compactRevision, int hash, long keys, long changes) {}

    /** Bytes that are told from others by their number and SHA-256. */
    public record Blob(String name, long bytes, String sha256) {}

    /** The id of the cluster, as etcd writes it. */
    public String clusterHex() {
        return Long.toHexString(cluster);
    }
}
