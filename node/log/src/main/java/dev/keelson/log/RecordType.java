package dev.keelson.log;

import org.jspecify.annotations.Nullable;

/** What a record of a segment holds; the code is what stands on disk. */
enum RecordType {
    /** First in every segment: a {@link SegmentHeader}. */
    SEGMENT(1),
    /** An entry that carries a command. */
    ENTRY(2),
    /** An entry that carries a change of the membership. */
    CONF_CHANGE(3),
    /** Term, vote (payload) and commit index (in the place of the index). */
    HARD_STATE(4),
    /** The log starts after this index now; the payload is the membership at it. */
    START(5),
    /** Nothing but how far the log was durable when it was written. */
    MARK(6);

    private static final RecordType[] BY_CODE = {null, SEGMENT, ENTRY, CONF_CHANGE, HARD_STATE, START, MARK};

    private final int code;

    RecordType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    boolean isEntry() {
        return this == ENTRY || this == CONF_CHANGE;
    }

    /** The type with this code; null when there is none. */
    static @Nullable RecordType of(int code) {
        return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
