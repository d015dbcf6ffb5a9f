package dev.keelson.raft;

import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything the core wants done since the last Ready; each item is handed out once.
 *
 * @param term goes back with the acknowledgement of {@code entries}: the term of the leader who changed the log last
 * @param softState who leads and what this node is, when it changed
 * @param hardState what must survive a crash, when it changed
 * @param entries to append to the log; the first may lie at or below the log's end, which it then replaces
 * @param mustSync whether anything here waits for the disk; a moved commit index does only for a membership change
 * @param messages to send at once
 * @param messagesAfterSync to send when {@code hardState} and {@code entries} of this and earlier Readys are durable
 * @param committedEntries to apply, in order; durable here already. With a membership change among them, only once the
 *     commit index is durable too: two voters agree that one of them goes, it goes, and the other starts anew having
 *     forgotten that they did; it would ask the one that is gone for its vote for ever
 * @param readStates reads that were confirmed
 * @param snapshot to put in the place of state machine and log, when one arrived; no entries come until it is there
 */
public record Ready(
        long term,
        @Nullable SoftState softState,
        @Nullable HardState hardState,
        List<Entry> entries,
        boolean mustSync,
        List<Message> messages,
        List<Message> messagesAfterSync,
        List<Entry> committedEntries,
        List<ReadState> readStates,
        @Nullable SnapshotMetadata snapshot) {

    /** Whether a membership change is among {@code committedEntries}. */
    public boolean changesConf() {
        return changesConf(committedEntries);
    }

    static boolean changesConf(List<Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).type() == EntryType.CONF_CHANGE) {
                return true;
            }
        }
        return false;
    }
}
