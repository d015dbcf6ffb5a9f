package dev.keelson.engine.commit;

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
 * @param mustSync whether anything waits for the disk; a moved commit index alone does not
 * @param messages to be sent after the sync
 */
record AppendTask(
        long term, @Nullable HardState hardState, List<Entry> entries, boolean mustSync, List<Message> messages) {}
