package dev.keelson.server.grpc;

/**
 * Where the answers of one watch stream leave the member.
 *
 * <p>Thread rule: {@link #write} on the watch worker; the others on any thread.
 */
interface AnswerOutlet {

    /** Whether it holds little enough to be given events; when not, it tells once that has changed. */
    boolean hasRoom();

    /** Takes an answer, room or not. */
    void write(WatchAnswer answer);

    /** gRPC itself is ready for more. */
    void ready();

    /** The call is over: lets go of what was not sent and takes nothing more. */
    void close();
}
