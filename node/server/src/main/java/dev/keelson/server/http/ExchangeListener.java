package dev.keelson.server.http;

/**
 * What a route wants to hear of an exchange.
 *
 * <p>Thread rule: called on the loop of the exchange, one call at a time.
 */
public interface ExchangeListener {

    /** Hears nothing, for routes that have no use for a body. */
    ExchangeListener NONE = new ExchangeListener() {};

    /** A part of the body, one for each {@link HttpExchange#read}. */
    default void part(byte[] bytes) {}

    /** The body has been read to its end. */
    default void end() {}

    /** {@link HttpExchange#isWritable} has become true. */
    default void writable() {}

    /** The client is gone, or what it sent was no HTTP: there is nobody left to answer. */
    default void gone() {}
}
