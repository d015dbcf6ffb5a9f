package dev.keelson.engine.maintenance;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The answers of several members, handed over when the last of them has come or is known to be missing.
 *
 * <p>Thread rule: any thread.
 */
final class Gathered<T> {

    private final Map<Long, T> answers = new TreeMap<>(Long::compareUnsigned);
    private final Consumer<Map<Long, T>> complete;
    private int outstanding;

    private Gathered(int expected, Consumer<Map<Long, T>> complete) {
        this.outstanding = expected;
        this.complete = complete;
    }

    /** Waits for so many answers; for none, it is complete at once. */
    static <T> Gathered<T> of(int expected, Consumer<Map<Long, T>> complete) {
        var gathered = new Gathered<>(expected, complete);
        if (expected == 0) {
            complete.accept(Map.of());
        }
        return gathered;
    }

    void add(long member, T answer) {
        synchronized (this) {
            answers.put(member, answer);
        }
        missing();
    }

    /** One of those who were asked has no more to say. */
    void missing() {
        boolean last;
        synchronized (this) {
            last = --outstanding == 0;
        }
        if (last) {
            complete.accept(answers);
        }
    }
}
