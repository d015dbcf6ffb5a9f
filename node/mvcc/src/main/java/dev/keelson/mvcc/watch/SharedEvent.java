package dev.keelson.mvcc.watch;

import dev.keelson.mvcc.Event;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.key.EventField;
import dev.keelson.mvcc.key.HistoryRow;
import dev.keelson.mvcc.key.LiveRow;
import org.jspecify.annotations.Nullable;

/**
 * One change and its encoded forms, each made when the first watcher wants it and shared by all.
 *
 * <p>Thread rule: the watch worker only; the encoded arrays never change.
 */
final class SharedEvent {

    /** What the objects of an event occupy beside its arrays, about. */
    private static final int OBJECT_BYTES = 160;

    private final Event event;
    private byte @Nullable [] formerRow;
    private byte @Nullable [] plain;
    private byte @Nullable [] withFormer;

    SharedEvent(Event event) {
        this.event = event;
    }

    long revision() {
        return event.revision();
    }

    byte[] key() {
        return event.key();
    }

    boolean isDelete() {
        return event.deleted();
    }

    /** What it adds to an answer that tells what was before, but for a few bytes. */
    long answerBytes() {
        LiveRow former = event.former();
        return OBJECT_BYTES + event.row().length + (former == null ? 0 : former.row().length);
    }

    /** What it occupies at most, once all forms of it are made. */
    long footprintBytes() {
        return footprintBytes(event);
    }

    static long footprintBytes(Event event) {
        LiveRow former = event.former();
        long once = event.key().length + event.row().length;
        return OBJECT_BYTES + 3 * once + (former == null ? 0 : 2L * former.row().length);
    }

    /** Reads what the key was before, for an event that comes from the history; returns the bytes that were read. */
    long lookUpFormer(ReadView view) {
        if (formerRow != null || isCreation()) {
            return 0;
        }
        formerRow = view.historyRow(event.key(), event.revision() - 1);
        return formerRow == null ? 0 : formerRow.length;
    }

    /** A key that is put behind its own deletion, in one revision, was there before; etcd shows it as new. */
    private boolean isCreation() {
        return !event.deleted() && HistoryRow.read(event.row()).version() == 1;
    }

    /** The event as a field of the answer; with what the key was before, if that is wanted and known. */
    byte[] encoded(boolean prevKv) {
        byte[] former = prevKv ? former() : null;
        if (former == null) {
            if (plain == null) {
                plain = encode(null);
            }
            return plain;
        }
        if (withFormer == null) {
            withFormer = encode(former);
        }
        return withFormer;
    }

    private byte @Nullable [] former() {
        LiveRow live = event.former();
        if (formerRow == null && live != null) {
            formerRow = new HistoryRow(
                            event.key(),
                            live.createRevision(),
                            live.modRevision(),
                            live.version(),
                            live.value(),
                            live.lease())
                    .write();
        }
        return formerRow;
    }

    private byte[] encode(byte @Nullable [] former) {
        return event.deleted()
                ? EventField.ofDelete(event.key(), event.revision(), former)
                : EventField.ofPut(event.row(), former);
    }
}
