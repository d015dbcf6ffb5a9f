package dev.keelson.sim.check;

/** A range of keys as requests write it: an empty end for the single key, {@code "\0"} for all from the key on. */
record Span(String key, String end) {

    static final String UNBOUNDED = "\0";

    static Span of(String key) {
        return new Span(key, "");
    }

    boolean overlaps(Span other) {
        return startsBeforeEndOf(other) && other.startsBeforeEndOf(this);
    }

    private boolean startsBeforeEndOf(Span other) {
        if (other.end.isEmpty()) {
            return key.compareTo(other.key) <= 0;
        }
        return other.end.equals(UNBOUNDED) || key.compareTo(other.end) < 0;
    }
}
