package dev.keelson.mvcc;

/**
 * Writes one key.
 *
 * @param lease the lease to attach the key to, 0 for none
 * @param prevKv answer with the key as it was before
 * @param ignoreValue keep the value the key has; {@code value} is empty then
 * @param ignoreLease keep the lease the key has; {@code lease} is 0 then
 */
public record PutRequest(byte[] key, byte[] value, long lease, boolean prevKv, boolean ignoreValue, boolean ignoreLease)
        implements Operation {

    /** A plain put. */
    public static PutRequest of(byte[] key, byte[] value) {
        return new PutRequest(key, value, 0, false, false, false);
    }
}
