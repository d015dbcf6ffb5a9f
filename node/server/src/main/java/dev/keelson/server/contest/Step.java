package dev.keelson.server.contest;

import dev.keelson.mvcc.TxnRequest;
import dev.keelson.mvcc.watch.WatchRequest;
import org.jspecify.annotations.Nullable;

/** What a contender wants done next. */
sealed interface Step {

    /** Nothing: it hears of something first. */
    record Rest() implements Step {}

    /** Carry this out and say {@link Heard.Done} or {@link Heard.Failed}. */
    record Ask(TxnRequest request) implements Step {}

    /** Say {@link Heard.Gone} once an event comes, or none can come. */
    record Watch(WatchRequest request) implements Step {}

    /**
     * The contest is over for it.
     *
     * @param withdrawal deletes the key it leaves behind; nobody waits for it
     */
    record End(Outcome outcome, @Nullable TxnRequest withdrawal) implements Step {}
}
