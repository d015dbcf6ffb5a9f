package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Reader;
import dev.keelson.mvcc.key.LeaseKey;
import org.jspecify.annotations.Nullable;

/** What a put needs of the state it meets. */
final class PutChecks {

    private PutChecks() {}

    static void check(Reader state, PutRequest put) {
        checkLease(state, put);
        if (put.ignoreValue() || put.ignoreLease()) {
            checkKept(put, state.get(Family.KEYS, put.key()));
        }
    }

    static void checkLease(Reader state, PutRequest put) {
        if (put.lease() != 0 && state.get(Family.LEASES, LeaseKey.of(put.lease())) == null) {
            throw new StoreException(StoreError.LEASE_NOT_FOUND);
        }
    }

    /** Nothing can be kept of a key that is not there. */
    static void checkKept(PutRequest put, byte @Nullable [] liveRow) {
        if (liveRow == null && (put.ignoreValue() || put.ignoreLease())) {
            throw new StoreException(StoreError.KEY_NOT_FOUND);
        }
    }
}
