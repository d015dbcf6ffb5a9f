package dev.keelson.mvcc.watch;

/**
 * The watchers of one client connection: what it asks for and takes back.
 *
 * <p>Thread rule: any thread; what is asked takes effect later, in the order of the calls, and is answered to the
 * {@link WatchSink}.
 */
public interface WatchStream {

    void create(WatchRequest request);

    /** A creation that is not to be: answered in its turn, as those are that the store refuses. */
    void refuse(String reason);

    /** Ends a watcher; an unknown id gets no answer, as with etcd. */
    void cancel(long watchId);

    /** Asks for one progress answer for all watchers; there is none unless all have been told everything. */
    void requestProgress();

    /** The sink has room again. */
    void resume();

    /** Ends all watchers without an answer; the sink is not called again once the watch worker has seen it. */
    void close();
}
