package dev.keelson.sim.check;

import java.util.List;

/**
 * Appends to lists and reads of whole lists, said to be one step.
 *
 * @param invoked when it was sent, on the clock that all transactions share
 * @param returned when its end was known
 */
public record ListTransaction(String client, long invoked, long returned, End end, List<Step> steps) {

    public ListTransaction {
        steps = List.copyOf(steps);
    }

    /** What became of it. */
    public enum End {
        COMMITTED,
        ABORTED,
        UNKNOWN
    }

    /** One append or read. */
    public sealed interface Step {

        String key();

        /** @param element different from every other that is appended to this list */
        record Append(String key, long element) implements Step {}

        /** @param elements the whole list as it was, of a committed transaction */
        record Read(String key, List<Long> elements) implements Step {

            public Read {
                elements = List.copyOf(elements);
            }
        }
    }
}
