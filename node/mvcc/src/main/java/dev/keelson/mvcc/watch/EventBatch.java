package dev.keelson.mvcc.watch;

import java.util.List;

/** Events ready to be handed to any number of watchers; revisions are those of the first and the last. */
record EventBatch(List<byte[]> encoded, long firstRevision, long lastRevision, long encodedBytes) implements EventList {

    @Override
    public int size() {
        return encoded.size();
    }
}
