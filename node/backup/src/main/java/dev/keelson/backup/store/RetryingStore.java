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
            source.transferTo(OutputStream.nullOutputStream());
        } catch (IOException cause) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot compare " + name + " in " + describe(), cause);
        }
        return MessageDigest.isEqual(wanted.digest(), there.digest());
    }

    @Override
    public InputStream get(String name, long from) {
        return new Resuming(name, from);
    }

    /** An object that is read on from where a connection broke off. */
    private final class Resuming extends InputStream {

        private final String name;
        private long at;
        private InputStream in;
        private int failures;

        Resuming(String name, long from) {
            this.name = name;
            this.at = from;
            this.in = patiently(() -> store.get(name, from));
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            while (true) {
                try {
                    int read = in.read(target, offset, length);
                    at += Math.max(read, 0);
                    failures = 0;
                    return read;
                } catch (IOException broken) {
                    failures++;
                    var failure = new StoreException(
                            Kind.UNAVAILABLE,
                            "reading " + name + " in " + describe() + " broke off: " + broken,
                            broken);
                    if (!patience.await(failures, failure)) {
                        throw broken;
                    }
                    in.close();
                    in = patiently(() -> store.get(name, at));
                }
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
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
