package dev.keelson.sim.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client was answered. */
public sealed interface Response {

    /** The revision in the header: that of the store at the point where the request took effect. */
    long revision();

    /** Whether it says that a key was changed, so that the revision in its header belongs to the request. */
    default boolean advanced() {
        return switch (this) {
            case Put _ -> true;
            case DeleteRange delete -> delete.deleted() > 0;
            case Txn txn -> txn.responses().stream().anyMatch(Response::advanced);
            case Range _ -> false;
            case Compact _ -> false;
        };
    }

    record Put(long revision, @Nullable Kv prevKv) implements Response {}

    record Range(long revision, List<Kv> kvs, boolean more, long count) implements Response {
        public Range {
            kvs = List.copyOf(kvs);
        }
    }

    record DeleteRange(long revision, long deleted, List<Kv> prevKvs) implements Response {
        public DeleteRange {
            prevKvs = List.copyOf(prevKvs);
        }
    }

    record Txn(long revision, boolean succeeded, List<Response> responses) implements Response {
        public Txn {
            responses = List.copyOf(responses);
        }
    }

    record Compact(long revision) implements Response {}

    /**
     * A key as one revision left it.
     *
     * @param lease the lease that holds it; 0 for none
     */
    record Kv(String key, String value, long createRevision, long modRevision, long version, long lease) {

        public Kv(String key, String value, long createRevision, long modRevision, long version) {
            this(key, value, createRevision, modRevision, version, 0);
        }

        /** What a watcher is told of a deletion: the key, and the revision that deleted it. */
        public static Kv deleted(String key, long revision) {
            return new Kv(key, "", 0, revision, 0, 0);
        }

        /** Whether this is not a state of the key but the end of it. */
        public boolean isDeletion() {
            return version == 0;
        }
    }
}
