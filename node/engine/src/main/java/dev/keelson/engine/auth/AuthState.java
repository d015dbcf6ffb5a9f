package dev.keelson.engine.auth;

import dev.keelson.mvcc.KeyRange;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The users and roles at one point of the log, and the verdicts that follow from them. Nothing else has a say: no clock,
 * no setting, no cache that one member has and another has not (etcd #14571).
 *
 * <p>Thread rule: any thread; what it remembers of merged permissions follows from the rest of it.
 */
public final class AuthState {

    /** The revision of users and roles that were never changed. */
    static final long FIRST_REVISION = 1;

    /** Nobody is asked who it is. */
    static final AuthState OPEN = new AuthState(false, FIRST_REVISION, new TreeMap<>(), new TreeMap<>());

    private final boolean enabled;
    private final long revision;
    private final SortedMap<String, User> users;
    private final SortedMap<String, Role> roles;
    private final ConcurrentMap<String, Allowed> allowed = new ConcurrentHashMap<>();

    private record Allowed(Grants reading, Grants writing) {}

    AuthState(boolean enabled, long revision, SortedMap<String, User> users, SortedMap<String, Role> roles) {
        this.enabled = enabled;
        this.revision = revision;
        this.users = Collections.unmodifiableSortedMap(users);
        this.roles = Collections.unmodifiableSortedMap(roles);
    }

    /** Whether callers must say who they are. */
    public boolean enabled() {
        return enabled;
    }

    /** Grows with each change. */
    public long revision() {
        return revision;
    }

    public SortedMap<String, User> users() {
        return users;
    }

    public SortedMap<String, Role> roles() {
        return roles;
    }

    public @Nullable User user(String name) {
        return users.get(name);
    }

    public @Nullable Role role(String name) {
        return roles.get(name);
    }

    /** The user's name and the state's revision: how a caller who has proved who it is, is known to this state. */
    public Principal principal(String user) {
        return new Principal(user, revision);
    }

    /** For what anybody may ask who has said who it is. */
    public void requireUser(Principal caller) {
        if (enabled && caller.isNobody()) {
            throw new StoreException(StoreError.USER_EMPTY);
        }
    }

    /** For what root alone may ask. */
    public void requireRoot(Principal caller) {
        StoreError refusal = refusalOfRoot(caller);
        if (refusal != null) {
            throw new StoreException(refusal);
        }
    }

    /** Whether the caller may ask what root may. */
    public boolean isRoot(Principal caller) {
        return refusalOfRoot(caller) == null;
    }

    /** As in etcd, no matter how old the revision is at which the caller was known. */
    private @Nullable StoreError refusalOfRoot(Principal caller) {
        if (!enabled) {
            return null;
        }
        if (caller.isNobody()) {
            return StoreError.USER_EMPTY;
        }
        User user = users.get(caller.user());
        if (user == null) {
            return StoreError.USER_NOT_FOUND;
        }
        return user.isRoot() ? null : StoreError.PERMISSION_DENIED;
    }

    public void requireRead(Principal caller, byte[] key, byte[] rangeEnd) {
        if (enabled && !isRootNow(caller) && !allowed(caller).reading.cover(KeyRange.of(key, rangeEnd))) {
            throw new StoreException(StoreError.PERMISSION_DENIED);
        }
    }

    public void requireWrite(Principal caller, byte[] key, byte[] rangeEnd) {
        if (enabled && !isRootNow(caller) && !allowed(caller).writing.cover(KeyRange.of(key, rangeEnd))) {
            throw new StoreException(StoreError.PERMISSION_DENIED);
        }
    }

    /** A caller known before the last change is sent back: what it may do now is not what it may have been told. */
    private boolean isRootNow(Principal caller) {
        if (caller.isNobody()) {
            throw new StoreException(StoreError.USER_EMPTY);
        }
        if (isOutdated(caller)) {
            throw new StoreException(StoreError.AUTH_OLD_REVISION);
        }
        User user = users.get(caller.user());
        if (user == null) {
            throw new StoreException(StoreError.PERMISSION_DENIED);
        }
        return user.isRoot();
    }

    private boolean isOutdated(Principal caller) {
        return caller.revision() < revision;
    }

    private Allowed allowed(Principal caller) {
        return allowed.computeIfAbsent(caller.user(), this::merge);
    }

    private Allowed merge(String name) {
        var reading = new ArrayList<Permission>();
        var writing = new ArrayList<Permission>();
        User user = users.get(name);
        for (String roleName : user == null ? List.<String>of() : user.roles()) {
            Role role = roles.get(roleName);
            for (Permission permission : role == null ? List.<Permission>of() : role.permissions()) {
                if (permission.kind().reads()) {
                    reading.add(permission);
                }
                if (permission.kind().writes()) {
                    writing.add(permission);
                }
            }
        }
        return new Allowed(Grants.of(reading), Grants.of(writing));
    }

    /** A user's roles, shown to root and to the user itself. */
    public List<String> rolesOf(Principal caller, String name) {
        StoreError refusal = refusalOfRoot(caller);
        if (refusal != null && !name.equals(caller.user())) {
            throw new StoreException(refusal);
        }
        User user = users.get(name);
        if (user == null) {
            throw new StoreException(StoreError.USER_NOT_FOUND);
        }
        return user.roles();
    }

    /** A role's permissions, shown to root and to those who have the role. */
    public List<Permission> permissionsOf(Principal caller, String name) {
        StoreError refusal = refusalOfRoot(caller);
        if (refusal != null && !hasRole(caller, name)) {
            throw new StoreException(refusal);
        }
        Role role = roles.get(name);
        if (role == null) {
            throw new StoreException(StoreError.ROLE_NOT_FOUND);
        }
        return name.equals(User.ROOT) ? List.of(Permission.OF_ROOT) : role.permissions();
    }

    private boolean hasRole(Principal caller, String role) {
        User user = users.get(caller.user());
        return user != null && user.roles().contains(role);
    }

    /** The names of all users, shown to root. */
    public List<String> userNames(Principal caller) {
        requireRoot(caller);
        return Names.sorted(users.keySet());
    }

    /** The names of all roles, shown to root. */
    public List<String> roleNames(Principal caller) {
        requireRoot(caller);
        return Names.sorted(roles.keySet());
    }
}
