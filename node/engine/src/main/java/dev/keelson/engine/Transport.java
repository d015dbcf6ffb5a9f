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

    void send(Message message);

    void send(Forward message);
}
