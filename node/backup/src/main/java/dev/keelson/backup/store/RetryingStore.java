package dev.keelson.backup.store;

import dev.keelson.backup.store.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Supplier;

/**
 * A store that is asked again, ever more slowly, while what is wrong with it may pass.
 *
 * <p>A put whose answer was lost may have been done: when it is repeated and the name is taken, what is there is compared
 * with what was to be put.
 */
public final class RetryingStore implements BackupStore {

    private static final int BUFFER_BYTES = 1 << 16;

    private final BackupStore store;
    private final Patience patience;

    /** How long to go on, and how to wait in between. */
    public interface Patience {

        /**
         * Waits before the next attempt.
         *
         * @param failures in a row so far
         * @return false when it is time to give up
         */
        boolean await(int failures, StoreException cause);
    }

    public RetryingStore(BackupStore store, Patience patience) {
        this.store = store;
        this.patience = patience;
    }

    @Override
    public void put(String name, Content content) {
        for (int failures = 0; ; ) {
            try {
                store.put(name, content);
                return;
            } catch (StoreException failure) {
                if (failure.kind() == Kind.EXISTS && failures > 0 && holds(name, content)) {
                    return;
                }
                failures++;
                if (!failure.kind().isPassing() || !patience.await(failures, failure)) {
                    throw failure;
                }
            }
        }
    }

    private boolean holds(String name, Content content) {
        MessageDigest wanted = Digests.sha256();
        MessageDigest there = Digests.sha256();
        try (var sink = new DigestOutputStream(OutputStream.nullOutputStream(), wanted);
                var source = new DigestInputStream(get(name), there)) {
            content.writeTo(sink);
            byte[] buffer = new byte[BUFFER_BYTES];
            while (source.read(buffer) >= 0) {
                // Only the digest is wanted.
                continue;
            }
        } catch (IOException cause) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot compare " + name + " in " + describe(), cause);
        }
        return MessageDigest.isEqual(wanted.digest(), there.digest());
    }

    @Override
    public InputStream get(String name) {
        return patiently(() -> store.get(name));
    }

    @Override
    public List<StoredObject> list(String prefix) {
        return patiently(() -> store.list(prefix));
    }

    @Override
    public void delete(String name) {
        patiently(() -> {
            store.delete(name);
            return true;
        });
    }

    private <T> T patiently(Supplier<T> call) {
        for (int failures = 0; ; ) {
            try {
                return call.get();
            } catch (StoreException failure) {
                failures++;
                if (!failure.kind().isPassing() || !patience.await(failures, failure)) {
                    throw failure;
                }
            }
        }
    }

    @Override
    public String describe() {
        return store.describe();
    }

    @Override
    public void close() {
        store.close();
    }
}
