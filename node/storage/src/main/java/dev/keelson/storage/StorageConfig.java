package dev.keelson.storage;

/**
 * The memory and threads that the store may use.
 *
 * @param blockCacheBytes uncompressed blocks of all families together
 * @param writeBufferBytes what was written and not yet flushed, all families together; reaching it starts a flush
 * @param backgroundJobs threads that flush and compact
 */
public record StorageConfig(long blockCacheBytes, long writeBufferBytes, int backgroundJobs) {

    public StorageConfig {
        if (blockCacheBytes < 1 || writeBufferBytes < 1 || backgroundJobs < 1) {
            throw new IllegalArgumentException("storage limits must be positive, were: blockCacheBytes "
                    + blockCacheBytes + ", writeBufferBytes " + writeBufferBytes + ", backgroundJobs "
                    + backgroundJobs);
        }
    }

    public static StorageConfig defaults() {
        return new StorageConfig(64L << 20, 64L << 20, 2);
    }
}
