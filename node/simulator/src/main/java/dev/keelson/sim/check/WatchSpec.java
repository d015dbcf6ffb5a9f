package dev.keelson.sim.check;

/**
 * What a watcher asked for.
 *
 * @param key first key
 * @param end as in a range: empty for the single key, {@code "\0"} for all from the key on
 * @param startRevision first revision of interest; 0 for what comes after now
 * @param noPut whether puts are of no interest
 * @param noDelete whether deletions are of no interest
 * @param prevKv whether events shall carry what the key was before
 * @param fragments whether the events of a revision may come in pieces
 */
public record WatchSpec(
        String key,
        String end,
        long startRevision,
        boolean noPut,
        boolean noDelete,
        boolean prevKv,
        boolean fragments) {

    boolean wants(String changed) {
        if (end.isEmpty()) {
            return key.equals(changed);
        }
        return key.compareTo(changed) <= 0 && (end.equals(Span.UNBOUNDED) || changed.compareTo(end) < 0);
    }

    boolean wants(Response.Kv kv) {
        return !(kv.isDeletion() ? noDelete : noPut) && wants(kv.key());
    }
}
