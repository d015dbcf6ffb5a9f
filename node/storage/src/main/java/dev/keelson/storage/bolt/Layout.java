package dev.keelson.storage.bolt;

/** Sizes, offsets and marks of the format; numbers are little-endian. */
final class Layout {

    /** A page begins with its id (8), flags (2), number of elements (2) and number of pages that follow it (4). */
    static final int PAGE_HEADER_BYTES = 16;

    static final int FLAGS_AT = 8;
    static final int COUNT_AT = 10;
    static final int OVERFLOW_AT = 12;

    static final int BRANCH_PAGE = 0x01;
    static final int LEAF_PAGE = 0x02;
    static final int META_PAGE = 0x04;
    static final int FREELIST_PAGE = 0x10;

    /** An element of a leaf: flags, position of the key from the element on, bytes of the key and of the value. */
    static final int ELEMENT_BYTES = 16;

    /** The value of a leaf's element is a bucket. */
    static final int BUCKET_ELEMENT = 0x01;

    /** A bucket's value begins with its root page, 0 for one that follows at once, and a sequence. */
    static final int BUCKET_HEADER_BYTES = 16;

    /** The place of the freelist in a file that has none. */
    static final long NO_FREELIST = -1;

    /** A freelist with this count has its true one in its first eight bytes. */
    static final int COUNT_IN_BODY = 0xFFFF;

    /** The first page behind the two metas. */
    static final long FIRST_PAGE = 2;

    private Layout() {}
}
