package dev.keelson.server.auth;

import dev.keelson.engine.auth.AuthRequests;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.watch.WatchRequest;
import org.jspecify.annotations.Nullable;

/** Who may watch what: those who may read all of it, at the moment of asking. As with etcd, a watch goes on after that. */
public final class WatchRights {

    private static final byte[] FIRST_KEY = {0};

    private WatchRights() {}

    /** Why the call may not watch this; null when it may. */
    public static @Nullable StoreError refusal(AuthRequests auth, Identity identity, WatchRequest request) {
        if (!auth.state().enabled()) {
            return null;
        }
        byte[] key = request.key().length == 0 ? FIRST_KEY : request.key();
        try {
            auth.state().requireRead(identity.principal(), key, request.rangeEnd());
            return null;
        } catch (StoreException refused) {
            return refused.error();
        }
    }
}
