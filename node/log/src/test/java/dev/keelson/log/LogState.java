package dev.keelson.log;

import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Everything that a log tells its reader, and how tests make entries. */
record LogState(SnapshotMetadata start, HardState hardState, List<Entry> entries) {

    static LogState of(SegmentedLog log) {
        List<Entry> entries = log.entries(log.firstIndex(), log.lastIndex() + 1, Long.MAX_VALUE);
        for (Entry entry : entries) {
            if (log.term(entry.index()) != entry.term()) {
                throw new AssertionError("term(" + entry.index() + ") disagrees with " + entry);
            }
        }
        if (log.term(log.firstIndex() - 1) != log.start().term()
                || log.start().index() != log.firstIndex() - 1
                || entries.size() != log.lastIndex() - log.start().index()) {
            throw new AssertionError("start " + log.start() + " and entries disagree");
        }
        return new LogState(log.start(), log.hardState(), entries);
    }

    /** An entry whose payload nobody else has. */
    static Entry entry(long term, long index, int bytes) {
        byte[] payload = new byte[bytes];
        new Random(31 * term + index).nextBytes(payload);
        return new Entry(term, index, index % 7 == 0 ? EntryType.CONF_CHANGE : EntryType.NORMAL, payload);
    }

    /** Entries of {@code [lo, hi)}. */
    static List<Entry> entries(long term, long lo, long hi, int bytes) {
        var entries = new ArrayList<Entry>();
        for (long index = lo; index < hi; index++) {
            entries.add(entry(term, index, bytes));
        }
        return entries;
    }
}
