package dev.keelson.server.contest;

import dev.keelson.mvcc.watch.EventList;
import dev.keelson.mvcc.watch.WatchSink;
import java.util.function.Consumer;

/**
 * Hears of the first event of a watch, which is the deletion that a contender waits for, and of nothing after it.
 *
 * <p>Thread rule: the watch worker.
 */
final class EndOfKey implements WatchSink {

    private final Consumer<Heard> heard;
    private boolean told;

    EndOfKey(Consumer<Heard> heard) {
        this.heard = heard;
    }

    private void tell(Heard what) {
        if (!told) {
            told = true;
            heard.accept(what);
        }
    }

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public void created(long watchId, long revision) {}

    @Override
    public void refused(String reason, long revision) {
        tell(new Heard.Failed(reason));
    }

    @Override
    public void events(long watchId, EventList events, long revision) {
        tell(new Heard.Gone());
    }

    @Override
    public void progress(long watchId, long revision) {}

    @Override
    public void canceled(long watchId, long revision) {}

    /** Whether the key was deleted can be read, even if it cannot be heard any more. */
    @Override
    public void compacted(long watchId, long compactRevision) {
        tell(new Heard.Gone());
    }
}
