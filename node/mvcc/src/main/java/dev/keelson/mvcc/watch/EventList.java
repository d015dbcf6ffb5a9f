package dev.keelson.mvcc.watch;

import java.util.List;

/**
 * Events that are delivered together, in their order, with the bytes that carry them on the wire; shared by every watcher
 * that receives the same.
 *
 * <p>Thread rule: immutable; {@link #encoded()} and the parts are made before the list is handed out.
 */
public interface EventList {

    /** How many events there are; at least one. */
    int size();

    /** Main revision of the last event. */
    long lastRevision();

    /**
     * The events as consecutive {@code events} fields of etcd's {@code WatchResponse} (field 11, each length-delimited), in
     * one element for each event. The arrays are shared and must not be changed.
     */
    List<byte[]> encoded();

    /** The sum of the lengths of {@link #encoded()}. */
    long encodedBytes();
}
