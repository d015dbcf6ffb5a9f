package dev.keelson.sim.cluster;

import dev.keelson.engine.apply.Command;
import dev.keelson.engine.apply.CommandCodec;
import dev.keelson.engine.membership.MemberChange;
import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster has decided, written down once and never contradicted: the committed entries, and the leader of each
 * term.
 *
 * <p>Thread rule: one thread.
 */
public final class Canon {

    private final List<Decided> entries = new ArrayList<>();
    private final Map<Long, Long> leaders = new HashMap<>();

    /** A committed entry, by what tells it from every other at its index. */
    record Decided(long term, @Nullable MemberChange change, boolean isLateExpiry, int checksum) {

        boolean changesMembers() {
            return change != null;
        }

        static Decided of(Entry entry) {
            return new Decided(
                    entry.term(),
                    entry.type() == EntryType.CONF_CHANGE ? change(entry) : null,
                    entry.type() == EntryType.NORMAL && isLateExpiry(entry),
                    Arrays.hashCode(entry.payload()));
        }

        private static @Nullable MemberChange change(Entry entry) {
            ConfChange carried = ConfChange.decode(entry.payload());
            return carried.context().length == 0 ? null : MemberChange.of(carried);
        }

        /** Whether it is the end of a lease that a leader saw coming who leads no more. */
        private static boolean isLateExpiry(Entry entry) {
            return entry.payload().length > 0
                    && CommandCodec.decode(entry.payload()) instanceof Command.LeaseExpire expire
                    && expire.term() != entry.term();
        }
    }

    /** Index of the last entry known to be committed. */
    long lastIndex() {
        return entries.size();
    }

    Decided at(long index) {
        return entries.get((int) index - 1);
    }

    /** A member has committed this entry at {@code index}, which is at most the one after the last known. */
    void decide(long member, long index, Decided entry) {
        if (index == entries.size() + 1L) {
            entries.add(entry);
        } else if (!at(index).equals(entry)) {
            throw new AssertionError("member " + member + " committed " + entry + " at index " + index
                    + " where the cluster had committed " + at(index));
        }
    }

    void leads(long member, long term) {
        Long other = leaders.putIfAbsent(term, member);
        if (other != null && other != member) {
            throw new AssertionError("two leaders of term " + term + ": " + other + " and " + member);
        }
    }
}
