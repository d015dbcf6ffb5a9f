package dev.keelson.server.peer;

import dev.keelson.raft.message.Message;
import java.nio.file.Path;

/** The port to where snapshots of a leader are put; used by one thread, which may block. */
public interface SnapshotInbox {

    /** A directory name, not yet existing, to receive into. */
    Path newDirectory();

    /** A snapshot came whole and lies, verified and durable, in {@code directory}: the node may install it. */
    void received(Message.InstallSnapshot announced, Path directory);
}
