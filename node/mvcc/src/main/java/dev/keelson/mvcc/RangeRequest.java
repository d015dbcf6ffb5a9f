package dev.keelson.mvcc;

/**
 * Reads a key or a range of keys.
 *
 * <p>Revision bounds of 0 do not bound.
 *
 * @param rangeEnd exclusive end; empty for the single key, one zero byte for "from the key on"
 * @param limit keys in the answer at most, 0 for all
 * @param revision the revision to read at, 0 or less for the newest
 * @param serializable this member's state will do, without asking the others
 * @param keysOnly leave out the values
 * @param countOnly leave out the keys too
 */
public record RangeRequest(
        byte[] key,
        byte[] rangeEnd,
        long limit,
        long revision,
        SortOrder sortOrder,
        SortTarget sortTarget,
        boolean serializable,
        boolean keysOnly,
        boolean countOnly,
        long minModRevision,
        long maxModRevision,
        long minCreateRevision,
        long maxCreateRevision)
        implements Operation {

    /** Everything in the range at the newest revision. */
    public static RangeRequest of(byte[] key, byte[] rangeEnd) {
        return new RangeRequest(key, rangeEnd, 0, 0, SortOrder.NONE, SortTarget.KEY, false, false, false, 0, 0, 0, 0);
    }

    /** The same at another revision. */
    public RangeRequest at(long newRevision) {
        return new RangeRequest(
                key,
                rangeEnd,
                limit,
                newRevision,
                sortOrder,
                sortTarget,
                serializable,
                keysOnly,
                countOnly,
                minModRevision,
                maxModRevision,
                minCreateRevision,
                maxCreateRevision);
    }

    /** The same with at most {@code newLimit} keys in the answer. */
    public RangeRequest limitedTo(long newLimit) {
        return new RangeRequest(
                key,
                rangeEnd,
                newLimit,
                revision,
                sortOrder,
                sortTarget,
                serializable,
                keysOnly,
                countOnly,
                minModRevision,
                maxModRevision,
                minCreateRevision,
                maxCreateRevision);
    }

    /** The same in another order. */
    public RangeRequest sortedBy(SortTarget newTarget, SortOrder newOrder) {
        return new RangeRequest(
                key,
                rangeEnd,
                limit,
                revision,
                newOrder,
                newTarget,
                serializable,
                keysOnly,
                countOnly,
                minModRevision,
                maxModRevision,
                minCreateRevision,
                maxCreateRevision);
    }

    /** The same from another key on. */
    public RangeRequest from(byte[] newKey) {
        return new RangeRequest(
                newKey,
                rangeEnd,
                limit,
                revision,
                sortOrder,
                sortTarget,
                serializable,
                keysOnly,
                countOnly,
                minModRevision,
                maxModRevision,
                minCreateRevision,
                maxCreateRevision);
    }

    /** Whether keys come in their order, so that the first ones are known without the others. */
    public boolean isInKeyOrder() {
        return RangeOrder.isScanOrder(sortTarget, sortOrder);
    }

    public boolean isFiltered() {
        return minModRevision != 0 || maxModRevision != 0 || minCreateRevision != 0 || maxCreateRevision != 0;
    }
}
