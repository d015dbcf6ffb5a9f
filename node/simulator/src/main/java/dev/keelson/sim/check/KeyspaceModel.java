package dev.keelson.sim.check;

import dev.keelson.sim.check.Request.Compare;
import dev.keelson.sim.check.Response.Kv;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys of etcd as a pure function of the requests: what each one answers, at the newest or an older revision. All
 * changes of one request share one revision, a request that changes nothing takes none, and reads inside a transaction
 * see what it did before them.
 *
 * <p>Invariants: {@code live} holds the newest state of every key that exists; a chain holds the states of one key in
 * the order of their revisions, a deletion as a state of version 0; {@code changes} holds one entry for each state that
 * is newer than the compacted revision; {@code held} holds the keys of {@code live} that a lease holds, by lease. Older
 * revisions down to the compacted one can be read and returned to.
 *
 * <p>Thread rule: one thread.
 */
final class KeyspaceModel {

    private static final TreeSet<String> NONE = new TreeSet<>();

    private record Change(VersionChain chain, long revision) {}

    private final NavigableMap<String, Kv> live = new TreeMap<>();
    private final NavigableMap<String, VersionChain> chains = new TreeMap<>();
    private final ArrayDeque<Change> changes = new ArrayDeque<>();
    private final Map<Long, TreeSet<String>> held = new HashMap<>();
    private final List<KeyChange> written = new ArrayList<>();
    private long revision = 1;
    private long compactRevision;
    private boolean changed;

    long revision() {
        return revision;
    }

    /** Below it no revision can be read; 0 before the first compaction. */
    long compactRevision() {
        return compactRevision;
    }

    /** Does what is asked and answers it; what asks for a revision out of bounds is for the caller to refuse. */
    Response apply(Request request) {
        written.clear();
        changed = false;
        Response response = run(request);
        revision = now();
        changed = false;
        return response;
    }

    /** Deletes all keys that the lease holds, in one revision and in their order, as its end does; none if it holds none. */
    void endLease(long lease) {
        written.clear();
        for (String key : List.copyOf(held(lease))) {
            write(Kv.deleted(key, revision + 1));
        }
        revision = now();
        changed = false;
    }

    /** What the request or the end of a lease changed that came last, in its order. */
    List<KeyChange> written() {
        return written;
    }

    /** The keys that the lease holds, in their order. */
    TreeSet<String> held(long lease) {
        return held.getOrDefault(lease, NONE);
    }

    /** The leases that hold any key. */
    Set<Long> holders() {
        return held.keySet();
    }

    /** What a request that writes nothing answers in the state of {@code at}, under the header {@code header}. */
    Response read(Request request, long at, long header) {
        return switch (request) {
            case Request.Range range -> range(range, at, header);
            case Request.Txn txn -> {
                boolean holds = true;
                for (Compare compare : txn.compares()) {
                    holds &= holds(compare, at);
                }
                var responses = new ArrayList<Response>();
                for (Request each : holds ? txn.success() : txn.failure()) {
                    responses.add(read(each, at, header));
                }
                yield new Response.Txn(header, holds, responses);
            }
            default -> throw new IllegalArgumentException("not a read: " + request);
        };
    }

    /** Forgets what no read at {@code oldest} or later sees. */
    void compact(long oldest) {
        if (oldest <= compactRevision || oldest > revision) {
            return;
        }
        compactRevision = oldest;
        while (!changes.isEmpty() && changes.getFirst().revision() <= oldest) {
            VersionChain chain = changes.removeFirst().chain();
            chain.compact(oldest);
            if (chain.isEmpty()) {
                chains.remove(chain.key());
            }
        }
    }

    /** Takes back everything since the revision {@code to}, which must not be compacted. */
    void rollback(long to) {
        if (to < compactRevision) {
            throw new IllegalArgumentException("revision " + to + " is compacted at " + compactRevision);
        }
        while (!changes.isEmpty() && changes.getLast().revision() > to) {
            VersionChain chain = changes.removeLast().chain();
            chain.removeLast();
            Kv last = chain.last();
            show(last == null ? Kv.deleted(chain.key(), to) : last);
            if (chain.isEmpty()) {
                chains.remove(chain.key());
            }
        }
        revision = Math.min(revision, to);
    }

    private long now() {
        return changed ? revision + 1 : revision;
    }

    private Response run(Request request) {
        return switch (request) {
            case Request.Put put -> put(put);
            case Request.DeleteRange delete -> delete(delete);
            case Request.Range range -> range(range, now(), now());
            case Request.Txn txn -> txn(txn);
            case Request.Compact compact -> {
                compact(compact.revision());
                yield new Response.Compact(revision);
            }
        };
    }

    private Response put(Request.Put put) {
        Kv previous = live.get(put.key());
        long create = previous == null ? revision + 1 : previous.createRevision();
        long version = previous == null ? 1 : previous.version() + 1;
        write(new Kv(put.key(), put.value(), create, revision + 1, version, put.lease()));
        return new Response.Put(now(), put.prevKv() ? previous : null);
    }

    private Response delete(Request.DeleteRange delete) {
        List<Kv> previous = new ArrayList<>(within(live, delete.key(), delete.end()));
        for (Kv kv : previous) {
            write(Kv.deleted(kv.key(), revision + 1));
        }
        return new Response.DeleteRange(now(), previous.size(), delete.prevKv() ? previous : List.of());
    }

    private Response txn(Request.Txn txn) {
        boolean holds = true;
        for (Compare compare : txn.compares()) {
            holds &= holds(compare, now());
        }
        var responses = new ArrayList<Response>();
        for (Request each : holds ? txn.success() : txn.failure()) {
            responses.add(run(each));
        }
        return new Response.Txn(now(), holds, responses);
    }

    private Response.Range range(Request.Range range, long current, long header) {
        long at = range.revision() > 0 ? range.revision() : current;
        var kvs = new ArrayList<Kv>();
        long count = 0;
        if (at >= now()) {
            for (Kv kv : within(live, range.key(), range.end())) {
                count += take(range, kv, kvs);
            }
        } else {
            for (VersionChain chain : within(chains, range.key(), range.end())) {
                count += take(range, chain.at(at), kvs);
            }
        }
        boolean more = !range.countOnly() && range.limit() > 0 && count > range.limit();
        return new Response.Range(header, kvs, more, count);
    }

    private static int take(Request.Range range, @Nullable Kv kv, List<Kv> to) {
        if (kv == null) {
            return 0;
        }
        if (!range.countOnly() && (range.limit() <= 0 || to.size() < range.limit())) {
            to.add(kv);
        }
        return 1;
    }

    private boolean holds(Compare compare, long at) {
        Kv kv = get(compare.key(), at);
        if (compare.target() == Compare.Target.VALUE && kv == null) {
            return false;
        }
        int order = switch (compare.target()) {
            case VALUE -> kv == null ? 0 : kv.value().compareTo(compare.value());
            case VERSION -> Long.compare(kv == null ? 0 : kv.version(), compare.number());
            case CREATE -> Long.compare(kv == null ? 0 : kv.createRevision(), compare.number());
            case MOD -> Long.compare(kv == null ? 0 : kv.modRevision(), compare.number());
        };
        return switch (compare.relation()) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case GREATER -> order > 0;
            case LESS -> order < 0;
        };
    }

    private @Nullable Kv get(String key, long at) {
        if (at >= now()) {
            return live.get(key);
        }
        VersionChain chain = chains.get(key);
        return chain == null ? null : chain.at(at);
    }

    private void write(Kv kv) {
        VersionChain chain = chains.computeIfAbsent(kv.key(), VersionChain::new);
        chain.append(kv);
        changes.addLast(new Change(chain, kv.modRevision()));
        written.add(new KeyChange(kv, show(kv)));
        changed = true;
    }

    /** Makes this the newest state of its key; answers the one before, null if the key did not exist. */
    private @Nullable Kv show(Kv kv) {
        Kv former = kv.isDeletion() ? live.remove(kv.key()) : live.put(kv.key(), kv);
        if (former != null && former.lease() != 0) {
            TreeSet<String> keys = held(former.lease());
            keys.remove(kv.key());
            if (keys.isEmpty()) {
                held.remove(former.lease());
            }
        }
        if (!kv.isDeletion() && kv.lease() != 0) {
            held.computeIfAbsent(kv.lease(), _ -> new TreeSet<>()).add(kv.key());
        }
        return former;
    }

    private static <V> Collection<V> within(NavigableMap<String, V> map, String key, String end) {
        if (end.isEmpty()) {
            V value = map.get(key);
            return value == null ? List.of() : List.of(value);
        }
        if (end.equals(Span.UNBOUNDED)) {
            return map.tailMap(key, true).values();
        }
        return key.compareTo(end) >= 0
                ? List.of()
                : map.subMap(key, true, end, false).values();
    }
}
