package dev.keelson.server.peer;

import dev.keelson.raft.message.Message;
import java.io.IOException;

/** The port to the place where a snapshot of a leader is put together; used by one thread, which may block. */
public interface SnapshotSink {

    /** Begins a snapshot. What was left of an earlier one is discarded. */
    Incoming begin(Message.InstallSnapshot announced) throws IOException;

    /** One snapshot on its way in; ends with {@link #finish} or {@link #discard}. */
    interface Incoming {

        void write(SnapshotChunk chunk) throws IOException;

        /** Everything came: makes sure that it is whole and durable, and hands it to the node. */
        void finish() throws IOException;

        void discard();
    }
}
