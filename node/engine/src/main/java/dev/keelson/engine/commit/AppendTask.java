package dev.keelson.engine.commit;

import dev.keelson.raft.Ready;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.message.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one Ready wants stored, and what may only be said once it is.
 *
 * @param term the core's term when it was handed out
 * @param hardState the new hard state, null when unchanged
 * @param entries the entries to append
 * @param mustSync whether anything waits for the disk
 * @param messages to be sent after the sync
 * @param afterSync what else follows it, null for nothing
 */
record AppendTask(
        long term,
        @Nullable HardState hardState,
        List<Entry> entries,
        boolean mustSync,
        List<Message> messages,
        @Nullable Runnable afterSync) {

    static AppendTask of(Ready ready, @Nullable Runnable afterSync) {
        return new AppendTask(
                ready.term(),
                ready.hardState(),
                ready.entries(),
                ready.mustSync(),
                ready.messagesAfterSync(),
                afterSync);
    }

    boolean isEmpty() {
        return hardState == null && entries.isEmpty() && messages.isEmpty() && !mustSync && afterSync == null;
    }
}
