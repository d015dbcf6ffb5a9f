package dev.keelson.storage;

import dev.keelson.mvcc.backend.Family;
import java.util.ArrayDeque;
import java.util.Deque;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;

/**
 * How RocksDB is set up, and the native objects that the settings consist of; they live as long as the store is open.
 *
 * <p>Memory is bounded whatever the size of the data: blocks, indexes and filters share one cache (indexes and filters in
 * partitions, so that a table's index comes in by pieces), and all memtables share one budget. All table files stay open:
 * their number grows with the data divided by 64 MiB, and an open file costs a few kilobytes.
 *
 * <p>RocksDB's own log is off, the Raft log is the only one; a flush therefore takes all families at one point.
 */
final class RocksOptions implements AutoCloseable {

    private static final int KEYS_BLOCK_BYTES = 8 << 10;
    private static final int SCANNED_BLOCK_BYTES = 16 << 10;
    private static final double BLOOM_BITS_PER_KEY = 10;
    private static final double INDEX_SHARE_OF_CACHE = 0.5;
    private static final long TABLE_FILE_BYTES = 64L << 20;
    private static final long BYTES_PER_BACKGROUND_SYNC = 1L << 20;
    private static final long MANIFEST_BYTES_MAX = 16L << 20;
    private static final long DIAGNOSTIC_LOG_BYTES_MAX = 4L << 20;
    private static final int DIAGNOSTIC_LOGS = 2;
    private static final int MEMTABLES_MAX = 4;
    private static final long ARENA_BLOCK_BYTES = 256L << 10;

    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final StorageConfig config;
    private final Cache cache;
    private final BloomFilter bloom;
    private final DiskPace pace;

    RocksOptions(StorageConfig config) {
        this.config = config;
        this.cache = own(new LRUCache(config.blockCacheBytes(), -1, false, INDEX_SHARE_OF_CACHE));
        this.bloom = own(new BloomFilter(BLOOM_BITS_PER_KEY));
        this.pace = own(new DiskPace());
    }

    private <T extends AutoCloseable> T own(T nativeObject) {
        owned.push(nativeObject);
        return nativeObject;
    }

    DiskPace pace() {
        return pace;
    }

    DBOptions database(boolean create) {
        return own(new DBOptions())
                .setCreateIfMissing(create)
                .setCreateMissingColumnFamilies(true)
                .setAtomicFlush(true)
                .setParanoidChecks(true)
                .setDbWriteBufferSize(config.writeBufferBytes())
                .setRateLimiter(pace.limiter())
                .setSstFileManager(pace.fileRemoval())
                .setMaxBackgroundJobs(config.backgroundJobs())
                .setMaxOpenFiles(-1)
                .setSkipStatsUpdateOnDbOpen(true)
                .setAvoidUnnecessaryBlockingIO(true)
                .setBytesPerSync(BYTES_PER_BACKGROUND_SYNC)
                .setMaxManifestFileSize(MANIFEST_BYTES_MAX)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(DIAGNOSTIC_LOGS)
                .setMaxLogFileSize(DIAGNOSTIC_LOG_BYTES_MAX)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0);
    }

    ColumnFamilyOptions family(Family family) {
        BlockBasedTableConfig table = switch (family) {
            // Every put asks for a key that may not be there.
            case KEYS ->
                table(KEYS_BLOCK_BYTES)
                        .setFilterPolicy(bloom)
                        .setWholeKeyFiltering(true)
                        .setPartitionFilters(true);
            // Rows come and go in order of their keys: large blocks compress well and are read in a row.
            case HISTORY -> table(SCANNED_BLOCK_BYTES);
            case VERSIONS, LEASES, LEASE_KEYS, META -> table(KEYS_BLOCK_BYTES);
        };
        return defaults().setTableFormatConfig(table);
    }

    ColumnFamilyOptions defaults() {
        return own(new ColumnFamilyOptions())
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setLevelCompactionDynamicLevelBytes(true)
                .setTargetFileSizeBase(TABLE_FILE_BYTES)
                .setWriteBufferSize(config.writeBufferBytes())
                .setMaxWriteBufferNumber(MEMTABLES_MAX)
                .setArenaBlockSize(ARENA_BLOCK_BYTES)
                .setTableFormatConfig(table(KEYS_BLOCK_BYTES));
    }

    private BlockBasedTableConfig table(int blockBytes) {
        return new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(blockBytes)
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinTopLevelIndexAndFilter(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
    }

    @Override
    public void close() {
        for (AutoCloseable nativeObject : owned) {
            try {
                nativeObject.close();
            } catch (Exception cause) {
                throw new IllegalStateException("closing a native object throws nothing", cause);
            }
        }
    }
}
