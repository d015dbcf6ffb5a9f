package dev.keelson.engine;

import java.util.List;

/**
 * A member of the cluster as all members agree on it.
 *
 * @param id never 0, never used again once removed
 * @param name empty until the member has started for the first time
 * @param peerUrls where the other members reach it
 * @param clientUrls where clients reach it, empty until it has started
 * @param learner receives the log without a vote
 */
public record Member(long id, String name, List<String> peerUrls, List<String> clientUrls, boolean learner) {

    public Member {
        peerUrls = List.copyOf(peerUrls);
        clientUrls = List.copyOf(clientUrls);
    }

    /** Whether it has ever told the cluster its name. */
    public boolean started() {
        return !name.isEmpty();
    }
}
