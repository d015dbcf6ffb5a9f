package dev.keelson.server.member;

/** A member cannot join the cluster that its flags describe; it has no data and goes away without any. */
public final class JoinRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    JoinRefusedException(String why) {
        super(why);
    }
}
