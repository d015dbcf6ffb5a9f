package dev.keelson.server.member;

/** What a running member tells the one who runs it. */
public interface MemberEvents {

    /** Something worth a line of the log; fields are names and values in turns. */
    void info(String message, Object... fields);

    /** Something that somebody should look at. */
    void warn(String message, Object... fields);

    /** The member serves requests now. */
    void ready();

    /** The member cannot go on: the process must end, with this as its reason. Called at least once when it happens. */
    void fatal(String reason, Throwable cause);
}
