package dev.keelson.engine.apply;

import dev.keelson.mvcc.Operation;
import java.util.List;

/** What a NORMAL entry of the log asks every member to do, in the same way, at the same point of its history. */
public sealed interface Command {

    /** A put, a delete or a transaction of a client. */
    record Write(Operation operation) implements Command {}

    /** Everything superseded at or before this revision may go. */
    record Compact(long revision) implements Command {}

    /** A member says its name and where clients reach it. */
    record Publish(long memberId, String name, List<String> clientUrls) implements Command {}

    /** The members agree on the version whose features and formats they may use. */
    record SetClusterVersion(String version) implements Command {}
}
