package dev.keelson.mvcc.backend;

/** Receiver of the writes of one atomic batch, in the order in which they take effect. */
public interface Mutations {

    void put(Family family, byte[] key, byte[] value);

    void delete(Family family, byte[] key);
}
