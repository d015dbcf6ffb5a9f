package dev.keelson.storage.snapshot;

/**
 * A piece of a snapshot stream.
 *
 * @param file name of the file the bytes belong to; {@link #MANIFEST} for the last chunks, which list all files
 * @param offset where in the file the bytes begin
 * @param bytes at most {@link #BYTES_MAX}; shared, not copied
 * @param last whether the stream ends here
 */
public record SnapshotChunk(String file, long offset, byte[] bytes, boolean last) {

    /** Most bytes in one chunk. */
    public static final int BYTES_MAX = 1 << 20;

    /** The name under which the list of files, sizes and checksums ends the stream; no file is called so. */
    public static final String MANIFEST = "";
}
