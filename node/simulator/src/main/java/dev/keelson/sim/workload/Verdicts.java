package dev.keelson.sim.workload;

import dev.keelson.engine.auth.AuthState;
import dev.keelson.engine.auth.Permission;
import dev.keelson.engine.auth.Role;
import dev.keelson.engine.auth.User;
import dev.keelson.sim.check.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Whether a user may ask for something, worked out anew from users and roles: slowly, and with nothing of what the engine
 * makes of them.
 *
 * <p>Thread rule: immutable.
 */
final class Verdicts {

    private static final byte[] OPEN = {0};

    private final AuthState state;
    private final String name;

    Verdicts(AuthState state, String name) {
        this.state = state;
        this.name = name;
    }

    /** Whether a compaction is allowed, is asked by the services alone: members compact of themselves, too. */
    boolean permit(Request request) {
        if (request instanceof Request.Compact) {
            return true;
        }
        User user = state.user(name);
        if (user == null) {
            return false;
        }
        return user.roles().contains(User.ROOT) || permits(request);
    }

    private boolean permits(Request request) {
        return switch (request) {
            case Request.Range range -> mayRead(range.key(), range.end());
            case Request.Put put -> mayWrite(put.key(), "") && (!put.prevKv() || mayRead(put.key(), ""));
            case Request.DeleteRange delete ->
                mayWrite(delete.key(), delete.end()) && (!delete.prevKv() || mayRead(delete.key(), delete.end()));
            case Request.Txn txn ->
                txn.compares().stream().allMatch(compare -> mayRead(compare.key(), ""))
                        && txn.success().stream().allMatch(this::permits)
                        && txn.failure().stream().allMatch(this::permits);
            case Request.Compact _ -> true;
        };
    }

    private boolean mayRead(String key, String end) {
        return covers(key, end, kind -> kind != Permission.Kind.WRITE);
    }

    private boolean mayWrite(String key, String end) {
        return covers(key, end, kind -> kind != Permission.Kind.READ);
    }

    /** Goes from the key to the end of the range, each time as far as one permission reaches. */
    private boolean covers(String key, String end, Predicate<Permission.Kind> kinds) {
        List<Permission> granted = granted(kinds);
        byte[] at = Translation.bytes(key);
        byte[] last = end.isEmpty() ? Arrays.copyOf(at, at.length + 1) : Translation.bytes(end);
        boolean open = Arrays.equals(last, OPEN);
        for (int steps = 0; steps <= granted.size(); steps++) {
            if (steps > 0 && !open && Arrays.compareUnsigned(at, last) >= 0) {
                return true;
            }
            byte[] reached = at;
            for (Permission permission : granted) {
                byte[] hi = hi(permission);
                boolean holds = Arrays.compareUnsigned(permission.key(), at) <= 0
                        && (Arrays.equals(hi, OPEN) || Arrays.compareUnsigned(at, hi) < 0);
                if (holds && Arrays.equals(hi, OPEN)) {
                    return true;
                }
                if (holds && Arrays.compareUnsigned(hi, reached) > 0) {
                    reached = hi;
                }
            }
            if (Arrays.equals(reached, at)) {
                return false;
            }
            at = reached;
        }
        return !open && Arrays.compareUnsigned(at, last) >= 0;
    }

    private static byte[] hi(Permission permission) {
        byte[] key = permission.key();
        return permission.rangeEnd().length == 0 ? Arrays.copyOf(key, key.length + 1) : permission.rangeEnd();
    }

    private List<Permission> granted(Predicate<Permission.Kind> kinds) {
        var granted = new ArrayList<Permission>();
        for (String held : Objects.requireNonNull(state.user(name)).roles()) {
            Role role = state.role(held);
            if (role != null) {
                role.permissions().stream()
                        .filter(permission -> kinds.test(permission.kind()))
                        .forEach(granted::add);
            }
        }
        return granted;
    }
}
