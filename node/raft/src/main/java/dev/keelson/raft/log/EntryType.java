package dev.keelson.raft.log;

/** What the payload of an {@link Entry} means to the node that applies it. */
public enum EntryType {
    /** A command of the state machine; an empty payload is the entry a new leader commits first. */
    NORMAL,
    /** An encoded change of the membership. */
    CONF_CHANGE
}
