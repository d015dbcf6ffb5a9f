package dev.keelson.server.http;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the probes ask of a node. */
public interface NodeHealth {

    /**
     * Reads as a client would.
     *
     * @param linearizable with a quorum, not from this member alone
     * @param done told once why it failed, or null; on any thread
     */
    void read(boolean linearizable, Consumer<@Nullable String> done);

    boolean hasLeader();

    boolean isLearner();

    /** The names of the alarms that are raised, as in {@code NOSPACE}. */
    List<String> alarms();

    /** The version the members agreed on, empty while undecided. */
    String clusterVersion();
}
