package dev.keelson.engine.forward;

/** A question or an answer on its way between two members; it may be lost, late or doubled. */
public sealed interface Forward {

    long from();

    long to();

    /** Tells which question an answer belongs to; its asker's own. */
    long id();

    record Asked(long from, long to, long id, Question question) implements Forward {}

    record Answered(long from, long to, long id, Answer answer) implements Forward {}
}
