package dev.keelson.sim.check;

import dev.keelson.sim.check.Response.Kv;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in what an answer differs from the expected one; of long lists of keys only the keys that differ. */
final class Difference {

    private static final int SHORT = 10;

    private Difference() {}

    static String of(Operation operation, Response expected) {
        Response found = History.response(operation);
        if (!(expected instanceof Response.Range wanted)
                || !(found instanceof Response.Range given)
                || Math.max(wanted.kvs().size(), given.kvs().size()) <= SHORT) {
            return "expected " + expected + ", found " + operation;
        }
        return "expected " + without(wanted, given) + ", found " + without(given, wanted) + " by client "
                + operation.client() + " from " + operation.invoked() + " to " + operation.returned() + ": "
                + operation.request();
    }

    private static String without(Response.Range range, Response.Range other) {
        List<Kv> kvs = new ArrayList<>();
        List<Kv> theirs = other.kvs();
        int next = 0;
        for (Kv kv : range.kvs()) {
            while (next < theirs.size() && theirs.get(next).key().compareTo(kv.key()) < 0) {
                next++;
            }
            if (kvs.size() < SHORT && !kv.equals(at(theirs, next))) {
                kvs.add(kv);
            }
        }
        return "revision " + range.revision() + ", count " + range.count() + ", more " + range.more() + ", "
                + range.kvs().size() + " keys, of which " + kvs;
    }

    private static @Nullable Kv at(List<Kv> kvs, int index) {
        return index < kvs.size() ? kvs.get(index) : null;
    }
}
