package dev.keelson.server.peer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Remembers incarnations for as long as a test lasts. */
final class MemoryIdentities implements PeerIdentities {

    private final Map<Long, Long> incarnations = new ConcurrentHashMap<>();

    @Override
    public @Nullable Long incarnationOf(long memberId) {
        return incarnations.get(memberId);
    }

    @Override
    public void remember(long memberId, long incarnation) {
        incarnations.put(memberId, incarnation);
    }
}
