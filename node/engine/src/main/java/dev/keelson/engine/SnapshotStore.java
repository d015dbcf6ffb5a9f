package dev.keelson.engine;

import dev.keelson.mvcc.backend.Backend;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message.InstallSnapshot;
import java.util.function.Consumer;

/**
 * The port to the files behind the store: freezing them for a peer, and replacing them by a leader's.
 *
 * @see NodeEngine for when each is called
 */
public interface SnapshotStore {

    /** The backend in use. */
    Backend backend();

    /** A row of the backend as a crash at this moment would leave it; null when the row was never flushed. */
    byte @org.jspecify.annotations.Nullable [] durable(dev.keelson.mvcc.backend.Family family, byte[] key);

    /** Freezes the store as it is now. Called on the apply worker, so the metadata that goes with it stands still. */
    Frozen freeze();

    /**
     * Streams a frozen store to {@code message.to()} and discards it.
     *
     * @param done told once whether the peer has taken it, on any thread
     */
    void send(Frozen frozen, InstallSnapshot message, Consumer<Boolean> done);

    /**
     * Puts the received files of this snapshot in the place of the store's and opens them. The former backend is closed:
     * no view of it may be in use.
     */
    Backend install(SnapshotMetadata metadata);

    /**
     * Rewrites the files without what is superseded or removed, beside all other work on them.
     *
     * @param done told once, on any thread, whether that came to its end; it does not when the store is replaced or closed
     */
    void reclaim(Consumer<Boolean> done);

    /** A frozen copy of the store, owned by whoever holds it. */
    interface Frozen {

        /** Gives the copy up without sending it. */
        void discard();
    }
}
