package dev.keelson.engine;

import dev.keelson.engine.forward.Forward;
import dev.keelson.raft.message.Message;

/**
 * The port to the other members.
 *
 * <p>Sending never blocks and promises nothing: a message may be lost, doubled, late or out of order. Snapshots go
 * through {@link SnapshotStore#send} instead.
 */
public interface Transport {

    /** Less than any time. */
    long NOT_CONNECTED = -1;

    void send(Message message);

    void send(Forward message);

    /** For how long the way to {@code peer} has been open, in milliseconds; {@link #NOT_CONNECTED} when it is not. */
    long connectedMillis(long peer);
}
