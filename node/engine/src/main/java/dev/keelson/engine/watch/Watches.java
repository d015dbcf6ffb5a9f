package dev.keelson.engine.watch;

import dev.keelson.mvcc.watch.WatchSink;
import dev.keelson.mvcc.watch.WatchStream;

/**
 * The door for clients that watch.
 *
 * <p>Thread rule: any thread.
 */
public final class Watches {

    /** Opens a stream whose answers go to {@code sink}. */
    public WatchStream open(WatchSink sink) {
        throw new UnsupportedOperationException("watches of " + sink);
    }
}
