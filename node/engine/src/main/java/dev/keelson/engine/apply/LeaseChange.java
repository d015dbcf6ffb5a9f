package dev.keelson.engine.apply;

/** What an applied entry did to a lease, as far as a leader's clock has to know. */
public sealed interface LeaseChange {

    long id();

    /** @param grantIndex the place of the grant in the log */
    record Granted(long id, long grantIndex, long ttlSeconds) implements LeaseChange {}

    /** It is gone, by a client's wish or because its time was up. */
    record Revoked(long id) implements LeaseChange {}
}
