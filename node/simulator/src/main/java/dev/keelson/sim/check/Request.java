package dev.keelson.sim.check;

import java.util.List;

/** What a client asked for. Ends of ranges are exclusive: empty for the single key, {@code "\0"} for all from the key on. */
public sealed interface Request {

    /** @param lease the lease that shall hold the key from now on; 0 for none */
    record Put(String key, String value, boolean prevKv, long lease) implements Request {

        public Put(String key, String value, boolean prevKv) {
            this(key, value, prevKv, 0);
        }
    }

    /** @param revision 0 for the newest */
    record Range(String key, String end, long revision, long limit, boolean serializable, boolean countOnly)
            implements Request {}

    record DeleteRange(String key, String end, boolean prevKv) implements Request {}

    /** @param success runs when all of {@code compares} hold, {@code failure} otherwise; no nested transactions */
    record Txn(List<Compare> compares, List<Request> success, List<Request> failure) implements Request {
        public Txn {
            compares = List.copyOf(compares);
            success = List.copyOf(success);
            failure = List.copyOf(failure);
        }
    }

    record Compact(long revision) implements Request {}

    /** A condition on one key; a key that does not exist has the numbers 0 and fails every condition on its value. */
    record Compare(Target target, String key, Relation relation, long number, String value) {

        /** What of the key is compared. */
        public enum Target {
            VALUE,
            VERSION,
            CREATE,
            MOD
        }

        /** How it must compare with the operand. */
        public enum Relation {
            EQUAL,
            NOT_EQUAL,
            GREATER,
            LESS
        }
    }
}
