package dev.keelson.server.auth;

import dev.keelson.engine.Reply;
import dev.keelson.engine.auth.AuthChange;
import dev.keelson.engine.auth.AuthOutcome;
import dev.keelson.engine.auth.AuthRequests;
import dev.keelson.engine.auth.AuthState;
import dev.keelson.engine.auth.User;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Lets users in: looks the user up in what the cluster knows, compares the password, and takes the log-in through the log,
 * so that every member knows the token.
 *
 * <p>If the users or roles change between the comparison and the entry of the log, the log-in is refused there and begins
 * anew: the password may have been changed because somebody else knows it.
 *
 * <p>Thread rule: any thread; nothing blocks.
 */
public final class LogIns {

    /** Beginnings of one log-in, before it is left to the client to try again. */
    private static final int TRIES_MAX = 16;

    private final AuthRequests auth;
    private final Authentication parts;

    /** Hears how a log-in came out. */
    public interface Listener {

        void loggedIn(String token, AuthOutcome outcome);

        void refused(StoreError refusal);

        /** This member gives out no tokens. */
        void notIssued(String reason);
    }

    /** @param parts what makes tokens and compares passwords */
    public LogIns(AuthRequests auth, Authentication parts) {
        this.auth = auth;
        this.parts = parts;
    }

    /** @param source where the client is, null if that is not known */
    public void begin(String user, String password, @Nullable SocketAddress source, Listener listener) {
        new LogIn(user, password, source, listener).look();
    }

    /** Passwords are made into hashes here, before anything of them goes into the log. */
    public Passwords passwords() {
        return parts.passwords();
    }

    /** One that is under way. */
    private final class LogIn {

        private final String user;
        private final String password;
        private final @Nullable SocketAddress source;
        private final Listener listener;
        private final Tokens.Draft draft = parts.tokens().draft();
        private boolean admitted;
        private int tries;

        LogIn(String user, String password, @Nullable SocketAddress source, Listener listener) {
            this.user = user;
            this.password = password;
            this.source = source;
            this.listener = listener;
        }

        void look() {
            tries++;
            auth.ask(state -> state, new Reply<AuthState>() {
                @Override
                public void succeed(AuthState state) {
                    check(state);
                }

                @Override
                public void fail(StoreException error) {
                    undecided(error.error());
                }
            });
        }

        private void check(AuthState state) {
            if (!state.enabled()) {
                undecided(StoreError.AUTH_NOT_ENABLED);
                return;
            }
            if (!admitted && source != null && !parts.throttle().admit(user, source, Authentication.nowMillis())) {
                listener.refused(StoreError.TOO_MANY_REQUESTS);
                return;
            }
            admitted = true;
            User known = state.user(user);
            if (known != null && known.noPassword()) {
                listener.refused(StoreError.NO_PASSWORD_USER);
                return;
            }
            parts.passwords().check(known == null ? null : known.password(), password, new Reply<Boolean>() {
                @Override
                public void succeed(Boolean fits) {
                    if (fits) {
                        propose(state.revision());
                    } else {
                        listener.refused(StoreError.AUTH_FAILED);
                    }
                }

                @Override
                public void fail(StoreException error) {
                    undecided(error.error());
                }
            });
        }

        private void propose(long checkedRevision) {
            var change = new AuthChange.LogIn(user, checkedRevision, draft.digest());
            auth.logIn(change, new Reply<AuthOutcome>() {
                @Override
                public void succeed(AuthOutcome outcome) {
                    forgive();
                    issue(outcome);
                }

                @Override
                public void fail(StoreException error) {
                    if (error.error() == StoreError.AUTH_OLD_REVISION && tries < TRIES_MAX) {
                        look();
                    } else {
                        undecided(error.error());
                    }
                }
            });
        }

        private void issue(AuthOutcome outcome) {
            String token;
            try {
                token = parts.tokens().issue(draft, new Tokens.Login(user, outcome.index(), outcome.authRevision()));
            } catch (NotIssuedException refused) {
                listener.notIssued(String.valueOf(refused.getMessage()));
                return;
            }
            listener.loggedIn(token, outcome);
        }

        /** It says nothing about the password. */
        private void undecided(StoreError error) {
            forgive();
            listener.refused(error);
        }

        private void forgive() {
            if (admitted && source != null) {
                parts.throttle().succeeded(user, source);
                admitted = false;
            }
        }
    }
}
