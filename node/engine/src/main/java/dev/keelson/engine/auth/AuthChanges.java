package dev.keelson.engine.auth;

import dev.keelson.engine.auth.AuthChange.AddRole;
import dev.keelson.engine.auth.AuthChange.AddUser;
import dev.keelson.engine.auth.AuthChange.ChangePassword;
import dev.keelson.engine.auth.AuthChange.DeleteRole;
import dev.keelson.engine.auth.AuthChange.DeleteUser;
import dev.keelson.engine.auth.AuthChange.Disable;
import dev.keelson.engine.auth.AuthChange.Enable;
import dev.keelson.engine.auth.AuthChange.GrantPermission;
import dev.keelson.engine.auth.AuthChange.GrantRole;
import dev.keelson.engine.auth.AuthChange.LogIn;
import dev.keelson.engine.auth.AuthChange.RevokePermission;
import dev.keelson.engine.auth.AuthChange.RevokeRole;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What each change makes of the users and roles: etcd's rules, in etcd's order of refusals. A change that changes nothing
 * answers the state it was given; every other one moves the revision by one, but for {@link Enable}, which does not.
 */
final class AuthChanges {

    private static final byte[] NOTHING = {};
    private static final Comparator<Permission> BY_KEY = (a, b) -> Arrays.compareUnsigned(a.key(), b.key());

    private AuthChanges() {}

    /** @throws StoreException when the change is refused */
    static AuthState apply(AuthState state, AuthChange change) {
        return switch (change) {
            case Enable _ -> enable(state);
            case Disable _ -> disable(state);
            case LogIn logIn -> logIn(state, logIn);
            case AddUser add -> addUser(state, add);
            case DeleteUser delete -> deleteUser(state, delete.name());
            case ChangePassword password -> {
                User user = user(state, password.name());
                yield with(state, user.withPassword(user.noPassword() ? NOTHING : password.password()));
            }
            case GrantRole grant -> grantRole(state, grant);
            case RevokeRole revoke -> revokeRole(state, revoke);
            case AddRole add -> addRole(state, add.name());
            case DeleteRole delete -> deleteRole(state, delete.name());
            case GrantPermission grant -> grantPermission(state, grant);
            case RevokePermission revoke -> revokePermission(state, revoke);
        };
    }

    private static AuthState enable(AuthState state) {
        if (state.enabled()) {
            return state;
        }
        User root = state.user(User.ROOT);
        if (root == null) {
            throw new StoreException(StoreError.ROOT_USER_NOT_EXIST);
        }
        if (!root.isRoot()) {
            throw new StoreException(StoreError.ROOT_ROLE_NOT_EXIST);
        }
        return new AuthState(true, state.revision(), state.users(), state.roles());
    }

    private static AuthState disable(AuthState state) {
        return state.enabled() ? new AuthState(false, state.revision() + 1, state.users(), state.roles()) : state;
    }

    private static AuthState logIn(AuthState state, LogIn logIn) {
        if (!state.enabled()) {
            throw new StoreException(StoreError.AUTH_NOT_ENABLED);
        }
        User user = state.user(logIn.user());
        if (user == null || user.noPassword()) {
            throw new StoreException(StoreError.AUTH_FAILED);
        }
        if (logIn.checkedRevision() != state.revision()) {
            throw new StoreException(StoreError.AUTH_OLD_REVISION);
        }
        return state;
    }

    private static AuthState addUser(AuthState state, AddUser add) {
        if (add.name().isEmpty()) {
            throw new StoreException(StoreError.USER_EMPTY);
        }
        if (state.user(add.name()) != null) {
            throw new StoreException(StoreError.USER_EXISTS);
        }
        byte[] password = add.noPassword() ? NOTHING : add.password();
        return with(state, new User(add.name(), password, add.noPassword(), List.of()));
    }

    private static AuthState deleteUser(AuthState state, String name) {
        if (state.enabled() && name.equals(User.ROOT)) {
            throw new StoreException(StoreError.INVALID_AUTH_MGMT);
        }
        User user = user(state, name);
        var users = new TreeMap<>(state.users());
        users.remove(user.name());
        return next(state, users, state.roles());
    }

    private static AuthState grantRole(AuthState state, GrantRole grant) {
        User user = user(state, grant.user());
        if (!grant.role().equals(User.ROOT)) {
            role(state, grant.role());
        }
        if (user.roles().contains(grant.role())) {
            return state;
        }
        var roles = new ArrayList<>(user.roles());
        roles.add(grant.role());
        return with(state, user.withRoles(Names.sorted(roles)));
    }

    private static AuthState revokeRole(AuthState state, RevokeRole revoke) {
        boolean rootsOwn = revoke.user().equals(User.ROOT) && revoke.role().equals(User.ROOT);
        if (state.enabled() && rootsOwn) {
            throw new StoreException(StoreError.INVALID_AUTH_MGMT);
        }
        User user = user(state, revoke.user());
        if (!user.roles().contains(revoke.role())) {
            throw new StoreException(StoreError.ROLE_NOT_GRANTED);
        }
        return with(state, without(user, revoke.role()));
    }

    private static User without(User user, String role) {
        return user.withRoles(
                user.roles().stream().filter(held -> !held.equals(role)).toList());
    }

    private static AuthState addRole(AuthState state, String name) {
        if (name.isEmpty()) {
            throw new StoreException(StoreError.ROLE_EMPTY);
        }
        if (state.role(name) != null) {
            throw new StoreException(StoreError.ROLE_EXISTS);
        }
        return with(state, new Role(name, List.of()));
    }

    /** Those who had the role have it no more. */
    private static AuthState deleteRole(AuthState state, String name) {
        if (state.enabled() && name.equals(User.ROOT)) {
            throw new StoreException(StoreError.INVALID_AUTH_MGMT);
        }
        Role role = role(state, name);
        var roles = new TreeMap<>(state.roles());
        roles.remove(role.name());
        var users = new TreeMap<>(state.users());
        users.replaceAll((_, user) -> user.roles().contains(name) ? without(user, name) : user);
        return next(state, users, roles);
    }

    /** A range that the role has already gets the new kind. */
    private static AuthState grantPermission(AuthState state, GrantPermission grant) {
        Permission permission = grant.permission();
        if (!permission.isSound()) {
            throw new StoreException(StoreError.INVALID_AUTH_MGMT);
        }
        Role role = role(state, grant.role());
        var permissions = new ArrayList<>(role.permissions());
        permissions.removeIf(held -> held.isOf(permission.key(), permission.rangeEnd()));
        permissions.add(permission);
        permissions.sort(BY_KEY);
        return with(state, new Role(role.name(), permissions));
    }

    private static AuthState revokePermission(AuthState state, RevokePermission revoke) {
        Role role = role(state, revoke.role());
        var permissions = new ArrayList<>(role.permissions());
        if (!permissions.removeIf(held -> held.isOf(revoke.key(), revoke.rangeEnd()))) {
            throw new StoreException(StoreError.PERMISSION_NOT_GRANTED);
        }
        return with(state, new Role(role.name(), permissions));
    }

    private static User user(AuthState state, String name) {
        User user = state.user(name);
        if (user == null) {
            throw new StoreException(StoreError.USER_NOT_FOUND);
        }
        return user;
    }

    private static Role role(AuthState state, String name) {
        Role role = state.role(name);
        if (role == null) {
            throw new StoreException(StoreError.ROLE_NOT_FOUND);
        }
        return role;
    }

    private static AuthState with(AuthState state, User user) {
        var users = new TreeMap<>(state.users());
        users.put(user.name(), user);
        return next(state, users, state.roles());
    }

    private static AuthState with(AuthState state, Role role) {
        var roles = new TreeMap<>(state.roles());
        roles.put(role.name(), role);
        return next(state, state.users(), roles);
    }

    private static AuthState next(AuthState state, SortedMap<String, User> users, SortedMap<String, Role> roles) {
        return new AuthState(state.enabled(), state.revision() + 1, users, roles);
    }
}
