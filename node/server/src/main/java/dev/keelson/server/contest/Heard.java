package dev.keelson.server.contest;

import dev.keelson.mvcc.TxnResult;

/** What a contender hears. */
sealed interface Heard {

    /** The transaction it asked for was carried out. */
    record Done(TxnResult result) implements Heard {}

    /** The key it watched was deleted, or nobody can say any more whether it was. */
    record Gone() implements Heard {}

    /** What it asked for failed; whether a write took effect may be unknown. */
    record Failed(String reason) implements Heard {}

    /** Nobody wants it to win any more. */
    record Cancelled() implements Heard {}
}
