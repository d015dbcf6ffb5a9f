package dev.keelson.backup.archive;

import dev.keelson.backup.cluster.Change;
import dev.keelson.backup.full.BackupRefusedException;
import dev.keelson.backup.full.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The segments that lead from a full backup to a moment.
 *
 * <p>Invariant: they follow each other by their names, and the first reaches back to the backup.
 */
public final class Stretch {

    private static final long LEASE_SECONDS_UNKNOWN = 60;

    private final Archive archive;
    private final Manifest base;
    private final List<SegmentName> segments;
    private final Map<Long, Long> leases = new HashMap<>();

    /** How far to go: the last revision, and the last time. */
    public record End(long revision, Instant time) {}

    /** Receives what changed behind the backup, and how the archive has the backup's own last revision. */
    public interface Visitor {

        /** @param sub 0 for the first of a revision */
        void change(Change change, long sub);

        /** A change of the revision that the backup ends with, as far as the archive has it. */
        void overlap(Change change, long sub);
    }

    private Stretch(Archive archive, Manifest base, List<SegmentName> segments) {
        this.archive = archive;
        this.base = base;
        this.segments = List.copyOf(segments);
    }

    /** No way at all: the backup itself. */
    public static Stretch none(Archive archive, Manifest base) {
        return new Stretch(archive, base, List.of());
    }

    /**
     * The stretch from a backup along a chain up to an end; null when the chain does not reach back to the backup.
     *
     * @throws BackupRefusedException when a segment on the way is missing
     */
    public static @Nullable Stretch along(Archive archive, Archive.Chain chain, Manifest base, End end) {
        long revision = base.history().revision();
        var needed = new ArrayList<SegmentName>();
        Instant before = Instant.MIN;
        for (SegmentName name : chain.segments()) {
            // All of a segment came later than a time when the one before it ended later.
            if (name.hi() > revision && name.lo() <= end.revision() && !before.isAfter(end.time())) {
                needed.add(name);
            }
            before = name.end();
        }
        boolean follows = chain.id().backup().equals(base.id())
                || chain.segments().getFirst().lo() <= revision;
        if (!follows || needed.isEmpty()) {
            return follows ? new Stretch(archive, base, needed) : null;
        }
        Archive.requireWhole(needed);
        if (needed.getFirst().lo() > revision + 1) {
            throw new BackupRefusedException(
                    "the segment that begins with revision " + (revision + 1) + " is missing in "
                            + chain.id().folder() + " behind backup " + base.id() + ": the first there is "
                            + needed.getFirst().object());
        }
        return new Stretch(archive, base, needed);
    }

    /** Reads all of it, a segment at a time, and proves each before anything of it is given out. */
    public void read(End end, Visitor visitor) {
        byte[] previous = null;
        for (SegmentName name : segments) {
            if (previous == null && name.sequence() == 0) {
                previous = name.chain().origin();
            }
            Archive.Loaded loaded = previous == null ? archive.load(name) : archive.loadBehind(name, previous);
            previous = loaded.sum();
            leases.putAll(loaded.segment().header().leases());
            // Twice: all of it must be sound before the first change is believed.
            SegmentBody.read(name, loaded.segment(), (_, _, _) -> {});
            SegmentBody.read(name, loaded.segment(), (millis, change, sub) -> {
                if (change.revision() == base.history().revision()) {
                    visitor.overlap(change, sub);
                } else if (change.revision() > base.history().revision()
                        && change.revision() <= end.revision()
                        && millis <= end.time().toEpochMilli()) {
                    visitor.change(change, sub);
                }
            });
        }
    }

    /** What a lease was granted for, of those that {@link #read} has come by; a minute when nobody could tell. */
    public long leaseSeconds(long id) {
        return leases.getOrDefault(id, LEASE_SECONDS_UNKNOWN);
    }

    /** Segments on the way. */
    public int segments() {
        return segments.size();
    }
}
