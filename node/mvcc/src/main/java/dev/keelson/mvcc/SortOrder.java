package dev.keelson.mvcc;

/** The order of the keys of an answer; the constants stand in the order of etcd's numbers. */
public enum SortOrder {
    NONE,
    ASCEND,
    DESCEND
}
