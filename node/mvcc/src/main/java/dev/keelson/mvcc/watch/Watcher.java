package dev.keelson.mvcc.watch;

/**
 * One client's interest in a range of keys: a cursor over the events, nothing more. There may be very many; nothing is
 * queued here.
 *
 * <p>A watcher either lags, and {@link #next} is the first revision it has not been told of; or it is in step, has been
 * told of everything that the hub has published, and {@code next} only matters while it is above that.
 *
 * <p>Thread rule: the watch worker only.
 */
final class Watcher {

    /** The flags that decide which form of an event a watcher wants: the bits below {@link #FORMS}. */
    static final int NO_PUT = 1;

    static final int NO_DELETE = 1 << 1;
    static final int PREV_KV = 1 << 2;

    /** How many forms there are. */
    static final int FORMS = 1 << 3;

    static final int PROGRESS_NOTIFY = 1 << 3;

    /** It asked for a revision that has not been reached yet and hears of no progress before. */
    static final int AWAITS = 1 << 4;

    /** It has been told something since progress was last looked at. */
    static final int HEARD = 1 << 5;

    static final int LAGS = 1 << 6;

    final WatcherStream stream;
    final WatchGroup group;
    final long id;
    private long next;

    /** Where it stands in the array of its group, and in that of the lagging ones of its stream. */
    int groupSlot;

    int lagSlot;
    private byte flags;

    Watcher(WatcherStream stream, WatchGroup group, long id, long next, int flags) {
        this.stream = stream;
        this.group = group;
        this.id = id;
        this.next = next;
        this.flags = (byte) flags;
    }

    long next() {
        return next;
    }

    /** From now on {@code revision} is the first that it has not been told of; the hub has been there. */
    void moveTo(long revision) {
        next = revision;
        clear(AWAITS);
    }

    int form() {
        return flags & (FORMS - 1);
    }

    boolean is(int flag) {
        return (flags & flag) != 0;
    }

    void set(int flag) {
        flags |= (byte) flag;
    }

    void clear(int flag) {
        flags &= (byte) ~flag;
    }

    /** Whether it is true of this watcher that it was told all it wants to hear of up to {@code published}. */
    boolean hasHeardThrough(long published) {
        if (is(LAGS)) {
            return false;
        }
        return is(AWAITS) ? published >= next : published >= next - 1;
    }
}
