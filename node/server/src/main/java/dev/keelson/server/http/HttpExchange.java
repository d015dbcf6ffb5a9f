package dev.keelson.server.http;

import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * One request and the answer to it, as seen by a route that works bit by bit.
 *
 * <p>The answer is either one {@link #reply}, or {@link #begin}, any number of {@link #write}s and {@link #finish}. After
 * it, and after the client has gone, calls have no effect.
 *
 * <p>Thread rule: all calls on the {@link #loop}, but for those that say otherwise.
 */
public interface HttpExchange {

    /** Where the client is; from any thread. */
    SocketAddress remoteAddress();

    /** Runs what touches the exchange; from any thread. */
    Executor loop();

    /**
     * Runs an action later, unless the exchange has ended by then.
     *
     * @param nanos zero or less: as soon as possible
     */
    void later(long nanos, Runnable action);

    /** Sets a header of the answer, whatever that will be. */
    void header(String name, String value);

    /** Asks for one more part of the body: {@link ExchangeListener#part} or {@link ExchangeListener#end} follows. */
    void read();

    /** Answers as a whole. */
    void reply(HttpReply reply);

    /** Begins an answer of parts. */
    void begin(int status, Map<String, String> headers);

    /** Sends a part of it, which is kept until the client has taken it: see {@link #isWritable}. */
    void write(byte[] part);

    /** Ends an answer of parts. */
    void finish();

    /** False while more is kept than a client that reads would leave; from any thread. */
    boolean isWritable();

    /**
     * Goes on as a websocket: what it receives is the body, each part written a message to the client.
     *
     * @param headers of the answer that accepts it
     * @param as the request that the route is to see
     */
    void upgrade(Map<String, String> headers, HttpRequest as, StreamedRoute route);
}
