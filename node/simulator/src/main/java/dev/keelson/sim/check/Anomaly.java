package dev.keelson.sim.check;

import java.util.List;

/**
 * Proof that transactions were not strictly serializable.
 *
 * @param transactions those it consists of; of a cycle each depends on the one before, and the first on the last
 */
public record Anomaly(Kind kind, List<ListTransaction> transactions, String text) {

    public Anomaly {
        transactions = List.copyOf(transactions);
    }

    /** The names are those of Adya, where there is one. */
    public enum Kind {
        /** An element was read twice in one list, or appended twice. */
        DUPLICATE_ELEMENT,
        /** An element was read that nobody appended. */
        UNWRITTEN_ELEMENT,
        /** Two reads of one list of which neither continues the other. */
        INCOMPATIBLE_ORDER,
        /** A transaction read a list that lacks, or misplaces, what itself had appended. */
        INTERNAL,
        /** A cycle of writes after writes. */
        G0,
        /** An element of an aborted transaction was read. */
        G1A,
        /** A list was read as it was in the middle of a transaction. */
        G1B,
        /** A cycle of writes after writes and reads of writes. */
        G1C,
        /** Two transactions read one state of a list and both appended to it. */
        LOST_UPDATE,
        /** A cycle with a single write after a read of the state before. */
        G_SINGLE,
        /** A cycle with several writes after reads of the state before. */
        G2,
        /** A cycle that takes real time to close. */
        REAL_TIME
    }
}
