package dev.keelson.storage;

import dev.keelson.mvcc.backend.Backend;
import dev.keelson.mvcc.backend.BackendConformance;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The rules that every backend keeps, on RocksDB. */
class RocksBackendConformanceTest extends BackendConformance {

    @TempDir
    private Path temporary;

    private Path db = Path.of("db");
    private int crashes;

    @Override
    protected Backend open() {
        db = temporary.resolve("db");
        return RocksBackend.open(db, StorageConfig.defaults());
    }

    @Override
    protected Backend reopen(Backend backend) throws Exception {
        backend.flush();
        Path crashed = Directories.copy(db, temporary.resolve("crashed" + ++crashes));
        backend.close();
        db = crashed;
        return RocksBackend.open(db, StorageConfig.defaults());
    }
}
