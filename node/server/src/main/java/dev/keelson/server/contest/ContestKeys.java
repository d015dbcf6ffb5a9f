package dev.keelson.server.contest;

import dev.keelson.mvcc.Compare;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.SortOrder;
import dev.keelson.mvcc.SortTarget;
import dev.keelson.mvcc.TxnRequest;
import dev.keelson.mvcc.watch.WatchRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The keys of one contest, and the requests that are made of them. */
public final class ContestKeys {

    private static final byte[] NOTHING = {};
    private static final byte SEPARATOR = '/';
    private static final int HEXADECIMAL = 16;

    private final byte[] prefix;

    /** @param name what the contest is about; it may be empty */
    public ContestKeys(byte[] name) {
        prefix = Arrays.copyOf(name, name.length + 1);
        prefix[name.length] = SEPARATOR;
    }

    /** Watches for any key to be put, from this revision on. */
    public WatchRequest anyPut(long fromRevision) {
        return new WatchRequest(0, prefix, end(), fromRevision, false, false, true, false, false);
    }

    /** Watches what becomes of one key, from this revision on. */
    public static WatchRequest changesOf(byte[] key, long fromRevision) {
        return new WatchRequest(0, key, NOTHING, fromRevision, false, false, false, false, false);
    }

    /** Watches for one key to be deleted, from this revision on. */
    static WatchRequest deletionOf(byte[] key, long fromRevision) {
        return new WatchRequest(0, key, NOTHING, fromRevision, false, true, false, false, false);
    }

    private byte[] end() {
        byte[] end = prefix.clone();
        end[end.length - 1]++;
        return end;
    }

    /** The key of the contender that holds this lease. A negative id has its sign before its digits, as with etcd. */
    byte[] of(long lease) {
        byte[] digits = Long.toString(lease, HEXADECIMAL).getBytes(StandardCharsets.US_ASCII);
        byte[] key = Arrays.copyOf(prefix, prefix.length + digits.length);
        System.arraycopy(digits, 0, key, prefix.length, digits.length);
        return key;
    }

    /** Reads the oldest key: the one that has won. */
    public RangeRequest first() {
        return RangeRequest.of(prefix, end()).limitedTo(1).sortedBy(SortTarget.CREATE, SortOrder.ASCEND);
    }

    /** Reads the youngest key of those created before {@code createRevision}. */
    RangeRequest nextBefore(long createRevision) {
        return new RangeRequest(
                prefix,
                end(),
                1,
                0,
                SortOrder.DESCEND,
                SortTarget.CREATE,
                false,
                true,
                false,
                0,
                0,
                0,
                createRevision - 1);
    }

    static RangeRequest single(byte[] key) {
        return RangeRequest.of(key, NOTHING);
    }

    /** Writes the key unless it is there, and reads it if it is; both with the oldest key beside it. */
    TxnRequest enter(byte[] key, byte[] value, long lease) {
        return new TxnRequest(
                List.of(createdAt(key, 0)), List.of(put(key, value, lease), first()), List.of(single(key), first()));
    }

    /** Gives the key another value, unless it is not the one created at this revision. */
    public static TxnRequest replace(byte[] key, long createRevision, byte[] value, long lease) {
        return guarded(key, createRevision, put(key, value, lease));
    }

    /** Deletes the key, unless it is not the one created at this revision. */
    public static TxnRequest withdraw(byte[] key, long createRevision) {
        return guarded(key, createRevision, new DeleteRangeRequest(key, NOTHING, false));
    }

    private static TxnRequest guarded(byte[] key, long createRevision, Operation operation) {
        return new TxnRequest(List.of(createdAt(key, createRevision)), List.of(operation), List.of());
    }

    private static Compare createdAt(byte[] key, long createRevision) {
        return new Compare(Compare.Target.CREATE, Compare.Result.EQUAL, key, NOTHING, createRevision, NOTHING);
    }

    private static PutRequest put(byte[] key, byte[] value, long lease) {
        return new PutRequest(key, value, lease, false, false, false);
    }
}
