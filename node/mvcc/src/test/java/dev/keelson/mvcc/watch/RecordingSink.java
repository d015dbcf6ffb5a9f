package dev.keelson.mvcc.watch;

import java.util.ArrayList;
import java.util.List;

/** A client that writes down what it is told, and takes as many answers with events as the test lets it. */
final class RecordingSink implements WatchSink {

    final List<String> told = new ArrayList<>();
    int room = Integer.MAX_VALUE;

    /** What was told since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(told);
        told.clear();
        return taken;
    }

    @Override
    public boolean hasRoom() {
        return room > 0;
    }

    @Override
    public void created(long watchId, long revision) {
        told.add(watchId + " created at " + revision);
    }

    @Override
    public void refused(String reason, long revision) {
        told.add("refused at " + revision + ": " + reason);
    }

    @Override
    public void events(long watchId, EventList events, long revision) {
        if (!hasRoom()) {
            throw new AssertionError("events for a client that has no room");
        }
        room--;
        var texts = new ArrayList<String>();
        long bytes = 0;
        for (byte[] field : events.encoded()) {
            texts.add(EventText.of(field));
            bytes += field.length;
        }
        if (texts.size() != events.size()
                || bytes != events.encodedBytes()
                || events.lastRevision() != EventText.revision(texts.getLast())) {
            throw new AssertionError("a list that is not what it says: " + texts);
        }
        told.add(watchId + " " + String.join(" ", texts) + " through " + revision);
    }

    @Override
    public void progress(long watchId, long revision) {
        told.add(watchId + " progress " + revision);
    }

    @Override
    public void canceled(long watchId, long revision) {
        told.add(watchId + " canceled at " + revision);
    }

    @Override
    public void compacted(long watchId, long compactRevision) {
        told.add(watchId + " compacted " + compactRevision);
    }
}
