package dev.keelson.engine;

import dev.keelson.engine.apply.Command;
import dev.keelson.mvcc.OperationResult;
import org.jspecify.annotations.Nullable;

/**
 * Looks on while a node works, for those who count and measure. The node reads no clock: {@link #begin} hands it a moment
 * that means something to the probe alone, and it gives the moment back when what began then has ended.
 *
 * <p>Thread rule: called on any thread of the node, often; must not block.
 */
public interface EngineProbe {

    /** Looks at nothing. */
    EngineProbe NONE = new EngineProbe() {};

    /** This moment. */
    default long begin() {
        return 0;
    }

    /** A request was answered that came at {@code began}. */
    default void answered(RequestKind kind, boolean succeeded, long began) {}

    /**
     * This member carried out a command, or refused it as all members do, from {@code began} until now.
     *
     * @param result what it came to, null when it was refused
     */
    default void applied(Command command, @Nullable Object result, long began) {}

    /**
     * A read that changes nothing was carried out from {@code began} until now.
     *
     * @param result what was read, null when it was refused
     */
    default void read(RequestKind kind, @Nullable OperationResult result, long began) {}

    /** A write of this member's clients was given up without an answer from the log. */
    default void proposalFailed() {}

    /** A read index has gone unanswered for too long and is asked for again. */
    default void readIndexSlow() {}

    /** Reads were given up because no read index was confirmed in time. */
    default void readIndexFailed() {}

    /** A hash was computed from {@code began} until now, over the history or over all rows. */
    default void hashed(boolean history, long began) {}

    /** A bounded part of a compaction was done from {@code began} until now. */
    default void compactionStepped(long began) {}

    /** A compaction of this revision came to its end that began at {@code began}, with so many revisions removed. */
    default void compacted(long revision, long removed, long began) {}
}
