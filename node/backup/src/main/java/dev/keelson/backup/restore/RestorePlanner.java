package dev.keelson.backup.restore;

import dev.keelson.backup.archive.Archive;
import dev.keelson.backup.archive.Archive.Chain;
import dev.keelson.backup.archive.Stretch;
import dev.keelson.backup.archive.Stretch.End;
import dev.keelson.backup.full.BackupRefusedException;
import dev.keelson.backup.full.Catalog;
import dev.keelson.backup.full.Manifest;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the backup and the segments that lead to a moment: the newest backup that does, so that as little as possible has
 * to be read.
 */
public record RestorePlanner(Catalog catalog) {

    private static final Instant ANY_TIME = Instant.ofEpochMilli(Long.MAX_VALUE);

    /**
     * Chooses.
     *
     * @param cluster whose backups count, in hexadecimal; empty when the store has those of one only
     * @throws BackupRefusedException when nothing in the store leads there; the message says what does
     */
    public RestorePlan plan(String cluster, RestorePoint point) {
        List<Manifest> backups = backups(cluster);
        var archive = new Archive(catalog.store(), catalog.keys());
        List<Chain> chains = archive.chains(backups.getLast().cluster());
        return switch (point) {
            case RestorePoint.OfBackup(String id) -> ofBackup(archive, catalog.byId(id));
            case RestorePoint.Newest _ -> newest(archive, backups, chains);
            case RestorePoint.AtRevision(long revision) -> atRevision(archive, backups, chains, revision);
            case RestorePoint.AtTime(Instant time) -> atTime(archive, backups, chains, time);
        };
    }

    private List<Manifest> backups(String cluster) {
        Catalog.Listing listing = catalog.list();
        List<Manifest> all = listing.backups();
        if (all.isEmpty() && !listing.refused().isEmpty()) {
            throw listing.refused().getFirst();
        }
        List<String> clusters =
                all.stream().map(Manifest::clusterHex).distinct().toList();
        if (clusters.size() > 1 && cluster.isEmpty()) {
            throw new BackupRefusedException("there are backups of several clusters in "
                    + catalog.store().describe() + ": " + String.join(", ", clusters)
                    + "; say which with --cluster-id");
        }
        List<Manifest> backups = all.stream()
                .filter(backup -> cluster.isEmpty() || backup.clusterHex().equals(cluster))
                .toList();
        if (backups.isEmpty()) {
            throw new BackupRefusedException("there is no backup" + (cluster.isEmpty() ? "" : " of cluster " + cluster)
                    + " in " + catalog.store().describe() + "; make one with keelson backup create");
        }
        return backups;
    }

    private static RestorePlan ofBackup(Archive archive, Manifest backup) {
        return new RestorePlan(
                backup, Stretch.none(archive, backup), new End(backup.history().revision(), ANY_TIME));
    }

    private static RestorePlan newest(Archive archive, List<Manifest> backups, List<Chain> chains) {
        Manifest last = backups.getLast();
        boolean archived = !chains.isEmpty() && !chains.getLast().last().end().isBefore(last.created());
        if (archived) {
            Chain chain = chains.getLast();
            RestorePlan plan =
                    along(archive, backups, chain, new End(chain.last().hi() - 1, ANY_TIME), _ -> true);
            if (plan != null) {
                return plan;
            }
        }
        return ofBackup(archive, last);
    }

    /** The plan from the newest backup that a chain reaches back to and that lies before an end. */
    private static @Nullable RestorePlan along(
            Archive archive, List<Manifest> backups, Chain chain, End end, Predicate<Manifest> allowed) {
        for (Manifest backup : backups.reversed()) {
            boolean before = backup.history().revision() <= end.revision() && allowed.test(backup);
            Stretch stretch = before ? Stretch.along(archive, chain, backup, end) : null;
            if (stretch != null) {
                return new RestorePlan(backup, stretch, end);
            }
        }
        return null;
    }

    private static RestorePlan atRevision(Archive archive, List<Manifest> backups, List<Chain> chains, long revision) {
        for (Manifest backup : backups.reversed()) {
            if (backup.history().revision() == revision) {
                return ofBackup(archive, backup);
            }
        }
        var end = new End(revision, ANY_TIME);
        for (Chain chain : chains.reversed()) {
            if (chain.last().hi() > revision) {
                RestorePlan plan = along(archive, backups, chain, end, _ -> true);
                if (plan != null) {
                    return plan;
                }
            }
        }
        for (Manifest backup : backups.reversed()) {
            if (backup.history().compactRevision() <= revision
                    && revision < backup.history().revision()) {
                RestorePlan whole = ofBackup(archive, backup);
                return new RestorePlan(backup, whole.stretch(), end);
            }
        }
        throw outside("revision " + revision, backups, chains);
    }

    private static RestorePlan atTime(Archive archive, List<Manifest> backups, List<Chain> chains, Instant time) {
        for (Chain chain : chains.reversed()) {
            if (!chain.last().end().isBefore(time)) {
                var end = new End(chain.last().hi() - 1, time);
                RestorePlan plan = along(
                        archive,
                        backups,
                        chain,
                        end,
                        backup -> !backup.created().isAfter(time));
                if (plan != null) {
                    return plan;
                }
            }
        }
        throw outside("time " + time, backups, chains);
    }

    private static BackupRefusedException outside(String what, List<Manifest> backups, List<Chain> chains) {
        String reach = chains.stream()
                .map(chain -> "from revision " + (chain.segments().getFirst().lo() - 1) + " to "
                        + (chain.last().hi() - 1) + " at " + chain.last().end())
                .collect(Collectors.joining(", "));
        Manifest first = backups.getFirst();
        return new BackupRefusedException(what + " lies outside of what can be restored: backups begin with "
                + first.id() + " of " + first.created()
                + (reach.isEmpty() ? ", and there is no archive" : ", archives reach " + reach)
                + "; give a point within, or --backup for one that keelson backup list shows");
    }
}
