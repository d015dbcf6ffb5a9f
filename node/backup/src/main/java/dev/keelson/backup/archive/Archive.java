package dev.keelson.backup.archive;

import dev.keelson.backup.full.BackupRefusedException;
import dev.keelson.backup.seal.KeyRing;
import dev.keelson.backup.seal.Wrapping;
import dev.keelson.backup.store.BackupStore;
import dev.keelson.backup.store.BackupStore.StoredObject;
import dev.keelson.backup.store.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The segments in a store. */
public record Archive(BackupStore store, KeyRing keys) {

    /** The segments of one chain, in their order. */
    public record Chain(ChainId id, List<SegmentName> segments) {

        public Chain {
            segments = List.copyOf(segments);
        }

        /** Its last segment. */
        public SegmentName last() {
            return segments.getLast();
        }
    }

    /** The chains of a cluster, the one that was written to last at the end. */
    public List<Chain> chains(long cluster) {
        Map<ChainId, List<SegmentName>> chains = new LinkedHashMap<>();
        for (StoredObject object : store.list(ChainId.folderOf(cluster))) {
            SegmentName name = SegmentName.parse(object.name());
            if (name != null) {
                chains.computeIfAbsent(name.chain(), _ -> new ArrayList<>()).add(name);
            }
        }
        return chains.entrySet().stream()
                .map(chain -> new Chain(
                        chain.getKey(),
                        chain.getValue().stream()
                                .sorted(Comparator.comparing(SegmentName::sequence))
                                .toList()))
                .sorted(Comparator.comparing(chain -> chain.last().end()))
                .toList();
    }

    /** A segment, and what the one behind it knows it by. */
    record Loaded(Segment segment, byte[] sum) {}

    /**
     * Loads a segment.
     *
     * @throws BackupRefusedException when it was changed, or is another one than its name says
     * @throws dev.keelson.backup.seal.SealException when the keys at hand do not open it
     */
    Loaded load(SegmentName name) {
        byte[] encoded;
        try (InputStream raw = store.get(name.object());
                InputStream in = Wrapping.unwrap(name.object(), keys, raw)) {
            encoded = in.readNBytes(Segment.BYTES_MAX);
        } catch (EOFException shorter) {
            throw new BackupRefusedException(
                    "segment " + name.object() + " is refused: " + shorter.getMessage(), shorter);
        } catch (IOException cause) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE, "cannot read " + name.object() + " in " + store.describe(), cause);
        }
        return new Loaded(Segment.decode(name, encoded), Segment.sum(encoded));
    }

    /**
     * Loads a segment that is to follow another.
     *
     * @throws BackupRefusedException when it does not
     */
    Loaded loadBehind(SegmentName name, byte[] previous) {
        Loaded loaded = load(name);
        if (!Arrays.equals(loaded.segment().header().previous(), previous)) {
            throw Segment.refused(name, "it does not follow the segment before it; one of them is of another archive");
        }
        return loaded;
    }

    /**
     * Checks by their names that segments of one chain follow each other.
     *
     * @throws BackupRefusedException that names the gap
     */
    static void requireWhole(List<SegmentName> segments) {
        for (int i = 1; i < segments.size(); i++) {
            SegmentName before = segments.get(i - 1);
            SegmentName name = segments.get(i);
            if (name.sequence() != before.sequence() + 1 || name.lo() != before.hi()) {
                throw new BackupRefusedException("a segment is missing behind " + before.object()
                        + ": the next there is " + name.object() + ", and revision " + before.hi()
                        + " is in neither; restore to a point before it, or from a backup behind it");
            }
        }
    }
}
