package dev.keelson.engine.auth;

import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;

/**
 * The users and roles of this member: the replicated rows, and beside them the state in memory that follows from the rows
 * and from nothing else.
 *
 * <p>Invariant: the state is never older than any view of the store that can be read. It changes while an entry is applied,
 * which is before the batch with that entry is published, and before the door to a store that a snapshot brought is opened.
 * So whoever asks it after reading is answered by all that was in force at what was read. The other way round (1) a batch
 * takes a user's role away and then puts a secret; (2) the user, checked by the old state, reads the new view.
 *
 * <p>Thread rule: changed on the apply worker; read from any thread.
 */
public final class Auth {

    private final AuthListener listener;
    private volatile AuthState state;

    /** As the store has it. */
    public Auth(ReadView view, AuthListener listener) {
        this.listener = listener;
        this.state = AuthRows.load(view);
    }

    public AuthState state() {
        return state;
    }

    /** Another store has taken the place of the former: to be called before anybody reads it. */
    public void replaced(ReadView view) {
        state = AuthRows.load(view);
        listener.allLoggedOut();
    }

    /**
     * Carries out a change.
     *
     * @param index its place in the log
     * @throws StoreException when it is refused; nothing was done then
     */
    public AuthOutcome apply(StoreBatch batch, AuthChange change, long index) {
        AuthState before = state;
        AuthState after = AuthChanges.apply(before, change);
        if (after.revision() != before.revision() || after.enabled() != before.enabled()) {
            AuthRows.write(batch, before, after);
            state = after;
        }
        tell(change, after, index);
        return new AuthOutcome(batch.revision(), after.revision(), index);
    }

    private void tell(AuthChange change, AuthState after, long index) {
        switch (change) {
            case AuthChange.LogIn logIn -> listener.loggedIn(logIn.user(), logIn.secret(), after.revision(), index);
            case AuthChange.ChangePassword password -> listener.loggedOut(password.name());
            case AuthChange.DeleteUser delete -> listener.loggedOut(delete.name());
            case AuthChange.Disable _ -> listener.allLoggedOut();
            case AuthChange.Enable _,
                    AuthChange.AddUser _,
                    AuthChange.GrantRole _,
                    AuthChange.RevokeRole _,
                    AuthChange.AddRole _,
                    AuthChange.DeleteRole _,
                    AuthChange.GrantPermission _,
                    AuthChange.RevokePermission _ -> {}
        }
    }

    /** Whether the caller may carry out a write in this batch; throws when it may not. */
    public void checkWrite(StoreBatch batch, Principal caller, Operation operation) {
        AuthState now = state;
        if (now.enabled()) {
            new OperationChecks(now, caller, batch::leaseKeys).check(operation);
        }
    }

    /** Whether the caller may end a lease; throws when it may not. */
    public void checkRevoke(StoreBatch batch, Principal caller, long lease) {
        AuthState now = state;
        if (now.enabled()) {
            new OperationChecks(now, caller, batch::leaseKeys).checkLease(lease);
        }
    }

    /** Whether the caller may let a lease live longer, which keeps its keys; throws when it may not. */
    public void checkRenewal(ReadView view, Principal caller, long lease) {
        AuthState now = state;
        if (now.enabled()) {
            now.requireUser(caller);
            new OperationChecks(now, caller, view::leaseKeys).checkLease(lease);
            requireStill(now);
        }
    }

    /** Whether the caller may carry out this before it reads; throws when it may not. {@link #requireUnchanged} belongs to it. */
    public void checkRead(ReadView view, Principal caller, Operation operation) {
        AuthState now = state;
        if (now.enabled()) {
            new OperationChecks(now, caller, view::leaseKeys).check(operation);
        }
    }

    /** To be called after something was judged by {@code before} and read: what was in force may be another state. */
    @SuppressWarnings("ReferenceEquality") // a state stands for itself: each change makes another one
    public void requireStill(AuthState before) {
        AuthState now = state;
        if (now != before && now.enabled()) {
            throw new StoreException(StoreError.AUTH_OLD_REVISION);
        }
    }

    /** To be called after a reading: if anything has changed since the caller was known, it may have read too much. */
    public void requireUnchanged(Principal caller) {
        AuthState now = state;
        if (now.enabled() && caller.revision() != now.revision()) {
            throw new StoreException(caller.isNobody() ? StoreError.USER_EMPTY : StoreError.AUTH_OLD_REVISION);
        }
    }
}
