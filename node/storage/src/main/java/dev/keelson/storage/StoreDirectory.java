package dev.keelson.storage;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The data directory of a member. */
public final class StoreDirectory implements AutoCloseable {

    private StoreDirectory() {}

    /** Locks and checks the directory, makes it when missing, and finishes or clears what a crash left half done. */
    public static StoreDirectory open(Path dataDirectory) {
        throw new UnsupportedOperationException();
    }

    /** Whose data this is; null for a directory that was never initialized. */
    public @Nullable Identity identity() {
        throw new UnsupportedOperationException();
    }

    /** Makes the directory this member's, durably; only for one without identity. */
    public void initialize(Identity identity) {
        throw new UnsupportedOperationException();
    }

    public Path wal() {
        throw new UnsupportedOperationException();
    }

    public Path db() {
        throw new UnsupportedOperationException();
    }

    /** A directory name, not yet existing, for a checkpoint on its way to a peer; cleared at the next open. */
    public Path newCheckpoint() {
        throw new UnsupportedOperationException();
    }

    /** A directory name, not yet existing, for a snapshot to be received into; cleared at the next open. */
    public Path newIncoming() {
        throw new UnsupportedOperationException();
    }

    /** Puts a received, complete snapshot in the place of {@link #db}, which must be closed; durable when it returns. */
    public void install(Path received) {
        throw new UnsupportedOperationException();
    }

    /** The incarnation last remembered of a member, null when it was never seen. */
    public @Nullable Long incarnationOf(long memberId) {
        throw new UnsupportedOperationException();
    }

    /** Remembers the incarnation of a member; durable when it returns. */
    public void rememberPeer(long memberId, long incarnation) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
