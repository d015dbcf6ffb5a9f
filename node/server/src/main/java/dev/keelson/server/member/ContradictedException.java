package dev.keelson.server.member;

import java.util.List;

/** The data of a member are not those of the others. */
final class ContradictedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ContradictedException(String self, List<String> others) {
        super("etcdmain: " + self + " found data inconsistency with peers " + String.join(", ", others)
                + "; if they agree with each other, remove this member and add it anew with an empty data directory");
    }
}
