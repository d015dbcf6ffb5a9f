package dev.keelson.mvcc;

/**
 * The place of one change in the history of the store.
 *
 * @param main number of the request that made it; the first write of a store is 2
 * @param sub its place among the changes of that request, from 0
 */
public record Revision(long main, long sub) implements Comparable<Revision> {

    @Override
    public int compareTo(Revision other) {
        int byMain = Long.compare(main, other.main);
        return byMain != 0 ? byMain : Long.compare(sub, other.sub);
    }
}
