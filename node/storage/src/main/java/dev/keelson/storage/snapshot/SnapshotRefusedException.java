package dev.keelson.storage.snapshot;

/** A snapshot stream is damaged, incomplete or not a snapshot; the message says where. */
public final class SnapshotRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    SnapshotRefusedException(String message) {
        super(message);
    }
}
