package dev.keelson.engine.auth;

/**
 * In whose name something is asked.
 *
 * @param user the name, proved by whoever made this
 * @param revision of the users and roles when it was proved; 0 for nobody
 */
public record Principal(String user, long revision) {

    /** One that has not said who it is. */
    public static final Principal NOBODY = new Principal("", 0);

    public boolean isNobody() {
        return revision == 0;
    }
}
