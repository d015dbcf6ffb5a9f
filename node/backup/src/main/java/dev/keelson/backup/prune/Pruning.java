package dev.keelson.backup.prune;

import dev.keelson.backup.archive.Archive;
import dev.keelson.backup.archive.SegmentName;
import dev.keelson.backup.full.Catalog;
import dev.keelson.backup.full.Manifest;
import dev.keelson.backup.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Deletes backups that nobody keeps, and segments that lead on from none that is kept.
 *
 * <p>A manifest goes before its snapshot, so what is half deleted is no backup; what the store keeps in spite of that is told
 * and left.
 */
public record Pruning(Catalog catalog) {

    /**
     * What was done.
     *
     * @param refused what the store says of objects that it keeps
     */
    public record Outcome(List<Manifest> deleted, int kept, int segments, List<String> refused) {}

    /** Prunes the backups of each cluster by itself. */
    public Outcome run(Retention retention, Instant now) {
        var deleted = new ArrayList<Manifest>();
        var refused = new ArrayList<String>();
        int kept = 0;
        int segments = 0;
        List<Manifest> all = catalog.list().backups();
        for (long cluster : all.stream().map(Manifest::cluster).distinct().toList()) {
            List<Manifest> backups =
                    all.stream().filter(backup -> backup.cluster() == cluster).toList();
            Set<Manifest> keep = retention.kept(backups, Manifest::created, now);
            for (Manifest backup : backups) {
                if (keep.contains(backup)) {
                    kept++;
                } else if (delete(catalog.manifestOf(backup), refused)) {
                    boolean _ = delete(backup.object().name(), refused);
                    deleted.add(backup);
                }
            }
            segments += deleteSegments(cluster, keep, refused);
        }
        return new Outcome(deleted, kept, segments, refused);
    }

    private int deleteSegments(long cluster, Set<Manifest> kept, List<String> refused) {
        long oldest = kept.stream()
                .mapToLong(backup -> backup.history().revision())
                .min()
                .orElse(0);
        int deleted = 0;
        for (Archive.Chain chain : new Archive(catalog.store(), catalog.keys()).chains(cluster)) {
            // The last one stays: it is where the archiver goes on.
            for (SegmentName segment :
                    chain.segments().subList(0, chain.segments().size() - 1)) {
                if (segment.hi() <= oldest && delete(segment.object(), refused)) {
                    deleted++;
                }
            }
        }
        return deleted;
    }

    private boolean delete(String object, List<String> refused) {
        try {
            catalog.store().delete(object);
            return true;
        } catch (StoreException failure) {
            if (failure.kind() != StoreException.Kind.REFUSED) {
                throw failure;
            }
            refused.add(String.valueOf(failure.getMessage()));
            return false;
        }
    }
}
