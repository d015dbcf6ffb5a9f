package dev.keelson.engine.auth;

import dev.keelson.engine.Reply;
import dev.keelson.engine.Requests;
import dev.keelson.engine.apply.Command;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What clients ask of the users and roles.
 *
 * <p>Changes go through the log, questions do not: a linearizable read tells the same, whoever leads, and leaves the log
 * alone (etcd lets both through it).
 *
 * <p>Thread rule: any thread; nothing blocks, replies come on the node's workers.
 */
public final class AuthRequests {

    private final Requests requests;
    private final Auth auth;
    private final LongSupplier appliedIndex;

    /** @param appliedIndex how far this member has applied the log */
    public AuthRequests(Requests requests, Auth auth, LongSupplier appliedIndex) {
        this.requests = requests;
        this.auth = auth;
        this.appliedIndex = appliedIndex;
    }

    /** How far this member has applied the log; what it was told of log-ins is at least as new. */
    public long appliedIndex() {
        return appliedIndex.getAsLong();
    }

    /** As far as this member has applied the log. */
    public AuthState state() {
        return auth.state();
    }

    /** Proposes a change; whether the caller may ask for it is decided when it is applied. */
    public void change(Principal caller, AuthChange change, Reply<AuthOutcome> reply) {
        requests.propose(caller, new Command.ChangeAuth(change), reply);
    }

    /** Lets a user in whose password was right; nobody has to be asked for that. */
    public void logIn(AuthChange.LogIn logIn, Reply<AuthOutcome> reply) {
        change(Principal.NOBODY, logIn, reply);
    }

    /** Asks the users and roles, as they are once everything acknowledged before this call is applied here. */
    public <T> void ask(Function<AuthState, T> question, Reply<T> reply) {
        requests.readLinearizable(_ -> question.apply(auth.state()), reply);
    }
}
