package dev.keelson.sim.cluster;

import dev.keelson.engine.auth.AuthState;
import dev.keelson.engine.auth.Permission;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Users and roles as a text, to compare them by. */
record AuthFacts(String text) {

    AuthFacts(AuthState state) {
        this(state.revision() + " " + state.enabled() + " " + users(state) + " " + roles(state));
    }

    private static String users(AuthState state) {
        return state.users().values().stream()
                .map(user -> user.name() + Arrays.toString(user.password()) + user.noPassword() + user.roles())
                .collect(Collectors.joining(" "));
    }

    private static String roles(AuthState state) {
        return state.roles().values().stream()
                .map(role -> role.name()
                        + role.permissions().stream().map(AuthFacts::permission).toList())
                .collect(Collectors.joining(" "));
    }

    private static String permission(Permission permission) {
        return permission.kind() + Arrays.toString(permission.key()) + Arrays.toString(permission.rangeEnd());
    }

    int hash() {
        return text.hashCode();
    }
}
