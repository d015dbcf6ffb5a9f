package dev.keelson.server.peer;

/**
 * Consecutive bytes of one file of a snapshot.
 *
 * @param file a plain name, relative to the snapshot
 * @param offset where in the file the data begins
 * @param data not written to by anybody from here on
 * @param last nothing of this file follows
 */
public record SnapshotChunk(String file, long offset, byte[] data, boolean last) {}
