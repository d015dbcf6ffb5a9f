package dev.keelson.server.auth;

import dev.keelson.engine.auth.AuthState;
import dev.keelson.engine.auth.Principal;

/**
 * Who may make a call, as far as that can be said before it is carried out. What a rule leaves open is judged by the
 * engine, by the keys, the user or the role that the request names.
 */
public enum Rule {
    /** Anybody; who it is does not matter. */
    OPEN,
    /** Anybody, but with no token rather than with a bad one. */
    ANYBODY,
    /** All who say who they are. */
    ANY_USER,
    /** Root. */
    ROOT,
    /** All who say who they are, where the request only asks; else root. */
    ROOT_UNLESS_IT_ASKS,
    /** Those who have permissions for the keys that the request touches. */
    BY_KEYS,
    /** Root, and the user itself. */
    SELF,
    /** Root, and those who have the role. */
    HOLDER;

    /** Whether the call can be refused before its request is there. */
    boolean isDecidedEarly() {
        return this == ANYBODY || this == ANY_USER || this == ROOT;
    }

    /** Throws what the call is refused with. */
    void require(AuthState state, Principal caller) {
        switch (this) {
            case ANY_USER -> state.requireUser(caller);
            case ROOT -> state.requireRoot(caller);
            case OPEN, ANYBODY, ROOT_UNLESS_IT_ASKS, BY_KEYS, SELF, HOLDER -> {}
        }
    }
}
