package dev.keelson.raft.progress;

import java.util.ArrayDeque;

/** The append messages on their way to one peer, bounded by count and bytes. */
public final class Inflights {

    private record Append(long lastIndex, long bytes) {}

    private final ArrayDeque<Append> appends = new ArrayDeque<>();
    private final int messagesMax;
    private final long bytesMax;
    private long bytes;

    public Inflights(int messagesMax, long bytesMax) {
        this.messagesMax = messagesMax;
        this.bytesMax = bytesMax;
    }

    public boolean isFull() {
        return appends.size() >= messagesMax || bytes >= bytesMax;
    }

    public void add(long lastIndex, long appendBytes) {
        appends.add(new Append(lastIndex, appendBytes));
        bytes += appendBytes;
    }

    /** Everything through {@code index} has arrived. */
    public void freeTo(long index) {
        while (!appends.isEmpty() && appends.peek().lastIndex() <= index) {
            bytes -= appends.poll().bytes();
        }
    }

    public void clear() {
        appends.clear();
        bytes = 0;
    }
}
