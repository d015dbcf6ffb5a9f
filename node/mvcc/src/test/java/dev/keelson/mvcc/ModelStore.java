package dev.keelson.mvcc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The store as simply as it can be said: every change that ever was, in a list, and each question answered by looking
 * through all of it. Only a compaction that is finished takes changes away.
 */
final class ModelStore {

    private static final byte[] NONE = {};

    final List<Change> changes;
    final Set<Long> leases;
    long revision = 1;
    long compactRevision = -1;

    /** @param kv null for a delete */
    record Change(long main, long sub, byte[] key, @Nullable KeyValue kv) {

        boolean isTombstone() {
            return kv == null;
        }
    }

    ModelStore() {
        this(List.of(), Set.of());
    }

    private ModelStore(List<Change> changes, Set<Long> leases) {
        this.changes = new ArrayList<>(changes);
        this.leases = new HashSet<>(leases);
    }

    ModelStore copy() {
        var copy = new ModelStore(changes, leases);
        copy.revision = revision;
        copy.compactRevision = compactRevision;
        return copy;
    }

    private void restore(ModelStore former) {
        changes.clear();
        changes.addAll(former.changes);
        revision = former.revision;
    }

    /** The newest change of every key at a revision, deletes too. */
    TreeMap<byte[], Change> newestAt(long at) {
        var newest = new TreeMap<byte[], Change>(Arrays::compareUnsigned);
        for (Change change : changes) {
            if (change.main() <= at) {
                newest.put(change.key(), change);
            }
        }
        return newest;
    }

    List<KeyValue> liveAt(long at, byte[] key, byte[] rangeEnd) {
        List<KeyValue> live = new ArrayList<>();
        for (Change change : newestAt(at).values()) {
            if (change.kv() != null && isInRange(change.key(), key, rangeEnd)) {
                live.add(change.kv());
            }
        }
        return live;
    }

    private static boolean isInRange(byte[] candidate, byte[] key, byte[] rangeEnd) {
        if (rangeEnd.length == 0) {
            return Arrays.equals(candidate, key);
        }
        boolean open = Arrays.equals(rangeEnd, new byte[] {0});
        return Arrays.compareUnsigned(candidate, key) >= 0 && (open || Arrays.compareUnsigned(candidate, rangeEnd) < 0);
    }

    OperationResult apply(Operation operation) {
        ModelStore former = copy();
        try {
            var run = new Run();
            OperationResult result = run.top(operation);
            if (run.sub > 0) {
                revision++;
            }
            return result;
        } catch (StoreException refusal) {
            restore(former);
            throw refusal;
        }
    }

    long compact(long at) {
        if (at <= compactRevision) {
            throw new StoreException(StoreError.COMPACTED);
        }
        if (at > revision) {
            throw new StoreException(StoreError.FUTURE_REVISION);
        }
        compactRevision = at;
        return revision;
    }

    void finishCompaction() {
        TreeMap<byte[], Change> newest = newestAt(compactRevision);
        changes.removeIf(change -> change.main() <= compactRevision
                && (newest.get(change.key()) != change || change.isTombstone() && change.main() < compactRevision));
    }

    RangeResult range(RangeRequest request) {
        return range(request, revision);
    }

    private RangeResult range(RangeRequest request, long current) {
        if (request.revision() > current) {
            throw new StoreException(StoreError.FUTURE_REVISION);
        }
        long at = request.revision() <= 0 ? current : request.revision();
        if (at < compactRevision) {
            throw new StoreException(StoreError.COMPACTED);
        }
        List<KeyValue> kvs = liveAt(at, request.key(), request.rangeEnd());
        int count = kvs.size();
        if (request.countOnly()) {
            return new RangeResult(current, List.of(), false, count);
        }
        boolean byKey = request.sortTarget() == SortTarget.KEY;
        boolean orderedByScan =
                request.sortOrder() == SortOrder.NONE || byKey && request.sortOrder() == SortOrder.ASCEND;
        if (request.limit() > 0 && orderedByScan && !request.isFiltered()) {
            kvs = new ArrayList<>(kvs.subList(0, (int) Math.min(kvs.size(), request.limit() + 1)));
        }
        kvs.removeIf(filter(request).negate());
        if (!byKey || request.sortOrder() == SortOrder.DESCEND) {
            kvs.sort(order(request));
        }
        boolean more = request.limit() > 0 && kvs.size() > request.limit();
        if (more) {
            kvs = new ArrayList<>(kvs.subList(0, (int) request.limit()));
        }
        if (request.keysOnly()) {
            boolean leaseToo = request.sortTarget() == SortTarget.VALUE;
            kvs.replaceAll(kv -> new KeyValue(
                    kv.key(), kv.createRevision(), kv.modRevision(), kv.version(), NONE, leaseToo ? kv.lease() : 0));
        }
        return new RangeResult(current, kvs, more, count);
    }

    private static Predicate<KeyValue> filter(RangeRequest request) {
        return kv -> isWithin(kv.modRevision(), request.minModRevision(), request.maxModRevision())
                && isWithin(kv.createRevision(), request.minCreateRevision(), request.maxCreateRevision());
    }

    private static boolean isWithin(long value, long min, long max) {
        return (min == 0 || value >= min) && (max == 0 || value <= max);
    }

    private static Comparator<KeyValue> order(RangeRequest request) {
        Comparator<KeyValue> ascending = switch (request.sortTarget()) {
            case KEY -> Comparator.comparing(KeyValue::key, Arrays::compareUnsigned);
            case VERSION -> Comparator.comparing(KeyValue::version);
            case CREATE -> Comparator.comparing(KeyValue::createRevision);
            case MOD -> Comparator.comparing(KeyValue::modRevision);
            case VALUE -> Comparator.comparing(KeyValue::value, Arrays::compareUnsigned);
        };
        return request.sortOrder() == SortOrder.DESCEND ? ascending.reversed() : ascending;
    }

    boolean holds(Compare compare) {
        List<KeyValue> kvs = liveAt(revision, compare.key(), compare.rangeEnd());
        if (kvs.isEmpty() && compare.target() == Compare.Target.VALUE) {
            return false;
        }
        if (kvs.isEmpty()) {
            kvs = List.of(new KeyValue(NONE, 0, 0, 0, NONE, 0));
        }
        return kvs.stream().allMatch(kv -> holds(compare, kv));
    }

    private static boolean holds(Compare compare, KeyValue kv) {
        int order = switch (compare.target()) {
            case VERSION -> Long.compare(kv.version(), compare.number());
            case CREATE -> Long.compare(kv.createRevision(), compare.number());
            case MOD -> Long.compare(kv.modRevision(), compare.number());
            case VALUE -> Arrays.compareUnsigned(kv.value(), compare.value());
            case LEASE -> Long.compare(kv.lease(), compare.number());
        };
        return switch (compare.result()) {
            case EQUAL -> order == 0;
            case GREATER -> order > 0;
            case LESS -> order < 0;
            case NOT_EQUAL -> order != 0;
        };
    }

    /** One operation with all that is nested in it. */
    private final class Run {

        private long sub;

        OperationResult top(Operation operation) {
            if (operation instanceof TxnRequest txn) {
                Chosen chosen = new Chosen(txn);
                chosen.check();
                TxnResult result = txn(chosen);
                return new TxnResult(sub > 0 ? revision + 1 : revision, result.succeeded(), result.results());
            }
            if (operation instanceof PutRequest put) {
                check(put);
            }
            return run(operation);
        }

        private OperationResult run(Operation operation) {
            return switch (operation) {
                case PutRequest put -> put(put);
                case DeleteRangeRequest delete -> delete(delete);
                case RangeRequest range -> ModelStore.this.range(range, now());
                case TxnRequest _ -> throw new AssertionError("nested ones are chosen before");
            };
        }

        private TxnResult txn(Chosen chosen) {
            List<OperationResult> results = new ArrayList<>();
            int inner = 0;
            for (Operation operation : chosen.branch) {
                results.add(operation instanceof TxnRequest ? txn(chosen.nested.get(inner++)) : run(operation));
            }
            return new TxnResult(0, chosen.succeeded, results);
        }

        private long now() {
            return sub > 0 ? revision + 1 : revision;
        }

        private @Nullable KeyValue find(byte[] key) {
            List<KeyValue> found = liveAt(revision + 1, key, NONE);
            return found.isEmpty() ? null : found.getFirst();
        }

        private PutResult put(PutRequest request) {
            KeyValue former = find(request.key());
            if (former == null && (request.ignoreValue() || request.ignoreLease())) {
                throw new StoreException(StoreError.KEY_NOT_FOUND);
            }
            var kv = new KeyValue(
                    request.key(),
                    former == null ? revision + 1 : former.createRevision(),
                    revision + 1,
                    former == null ? 1 : former.version() + 1,
                    request.ignoreValue() && former != null ? former.value() : request.value(),
                    request.ignoreLease() && former != null ? former.lease() : request.lease());
            changes.add(new Change(revision + 1, sub++, request.key(), kv));
            return new PutResult(revision + 1, request.prevKv() ? former : null);
        }

        private DeleteRangeResult delete(DeleteRangeRequest request) {
            List<KeyValue> doomed = liveAt(revision + 1, request.key(), request.rangeEnd());
            doomed.forEach(kv -> changes.add(new Change(revision + 1, sub++, kv.key(), null)));
            return new DeleteRangeResult(now(), doomed.size(), request.prevKv() ? doomed : List.of());
        }
    }

    private void check(PutRequest put) {
        if (put.lease() != 0 && !leases.contains(put.lease())) {
            throw new StoreException(StoreError.LEASE_NOT_FOUND);
        }
        boolean keeps = put.ignoreValue() || put.ignoreLease();
        if (keeps && liveAt(revision, put.key(), NONE).isEmpty()) {
            throw new StoreException(StoreError.KEY_NOT_FOUND);
        }
    }

    private final class Chosen {

        private final boolean succeeded;
        private final List<Operation> branch;
        private final List<Chosen> nested = new ArrayList<>();

        Chosen(TxnRequest txn) {
            succeeded = txn.compares().stream().allMatch(ModelStore.this::holds);
            branch = succeeded ? txn.success() : txn.failure();
            for (Operation operation : branch) {
                if (operation instanceof TxnRequest inner) {
                    nested.add(new Chosen(inner));
                }
            }
        }

        void check() {
            int inner = 0;
            for (Operation operation : branch) {
                switch (operation) {
                    case PutRequest put -> ModelStore.this.check(put);
                    case RangeRequest range -> {
                        if (range.revision() > revision) {
                            throw new StoreException(StoreError.FUTURE_REVISION);
                        }
                        if (range.revision() != 0 && range.revision() < compactRevision) {
                            throw new StoreException(StoreError.COMPACTED);
                        }
                    }
                    case DeleteRangeRequest _ -> {}
                    case TxnRequest _ -> nested.get(inner++).check();
                }
            }
        }
    }
}
