package dev.keelson.server.peer;

import org.jspecify.annotations.Nullable;

/** The port to what this member remembers, across restarts, of the data directories of the others. */
public interface PeerIdentities {

    /** The incarnation a member had when it was first met, null before that. */
    @Nullable
    Long incarnationOf(long memberId);

    /** Keeps it; once per member. */
    void remember(long memberId, long incarnation);
}
