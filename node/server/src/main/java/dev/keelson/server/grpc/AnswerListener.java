package dev.keelson.server.grpc;

/** Hears what watches are sent; called often and on any thread, must not block. */
public interface AnswerListener {

    /** Hears nothing. */
    AnswerListener NONE = new AnswerListener() {};

    /**
     * Answers that had gathered went to the connection, past gRPC and whoever counts there.
     *
     * @param events how many events they told of
     * @param bytes of the messages alone
     */
    default void sent(long messages, long events, long bytes, long tookNanos) {}

    /** A watcher was told that it begins or ends. */
    default void controlSent(long tookNanos) {}

    /** A watcher was told that there was nothing to tell. */
    default void progressSent(long tookNanos) {}
}
