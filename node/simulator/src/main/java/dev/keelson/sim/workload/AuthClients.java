package dev.keelson.sim.workload;

import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.Reply;
import dev.keelson.engine.auth.AuthChange;
import dev.keelson.engine.auth.AuthOutcome;
import dev.keelson.engine.auth.AuthState;
import dev.keelson.engine.auth.Permission;
import dev.keelson.engine.auth.Principal;
import dev.keelson.engine.auth.User;
import dev.keelson.mvcc.StoreException;
import dev.keelson.sim.check.Request;
import dev.keelson.sim.cluster.SimCluster;
import dev.keelson.sim.cluster.SimMember;
import dev.keelson.sim.world.Goals.Goal;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;

/**
 * One who looks after users and roles while others ask in their names: grants come and go, users too, and in some seeds
 * authorization as a whole. In seeds without it nobody has a name.
 *
 * <p>What a user was answered, it must have been allowed to ask by the users and roles it was known by: a request that is
 * applied behind a change of them is refused.
 *
 * <p>Thread rule: one thread.
 */
public final class AuthClients {

    private static final long PAUSE_MICROS_MAX = 2 * World.MICROS_PER_SECOND;
    private static final byte[] HASH = {1};
    private static final List<String> USERS = List.of(User.ROOT, "a", "b", "c");
    private static final List<String> ROLES = List.of("x", "y", "z");
    private static final String KEYS = "k";
    private static final int KEYS_MAX = 10;

    private final World world;
    private final SimCluster cluster;
    private final boolean active;
    private final boolean toggles;
    private final RandomGenerator random;
    private final Queue<AuthChange> first = new ArrayDeque<>();
    private boolean stopped;

    /** In whose name something was asked, and what was known of users and roles then. */
    record Asked(Principal caller, AuthState known) {}

    /** @param active whether there are users in this seed */
    public AuthClients(World world, SimCluster cluster, boolean active) {
        this.world = world;
        this.cluster = cluster;
        this.active = active;
        this.random = world.random(Stream.AUTH);
        this.toggles = active && random.nextInt(4) == 0;
        USERS.forEach(user -> first.add(new AuthChange.AddUser(user, HASH, false)));
        ROLES.forEach(role -> first.add(new AuthChange.AddRole(role)));
        for (int i = 0; i < ROLES.size(); i++) {
            first.add(new AuthChange.GrantRole(USERS.get(i + 1), ROLES.get(i)));
        }
        first.add(grant("x", Permission.Kind.READWRITE, "l"));
        first.add(grant("y", Permission.Kind.READ, "\0"));
        first.add(grant("z", Permission.Kind.WRITE, "k5"));
        first.add(new AuthChange.GrantRole(User.ROOT, User.ROOT));
        first.add(new AuthChange.Enable());
    }

    private static AuthChange grant(String role, Permission.Kind kind, String end) {
        return new AuthChange.GrantPermission(
                role, new Permission(kind, Translation.bytes(KEYS), Translation.bytes(end)));
    }

    public void start() {
        if (active) {
            later();
        }
    }

    /** Users and roles stay as they are from now on. */
    public void stop() {
        stopped = true;
    }

    private void later() {
        world.after(random.nextLong(1, first.isEmpty() ? PAUSE_MICROS_MAX : PAUSE_MICROS_MAX / 8), 0, () -> {
            List<SimMember> serving =
                    cluster.members().stream().filter(SimMember::isServing).toList();
            if (stopped) {
                return;
            }
            if (!serving.isEmpty()) {
                AuthChange change = first.isEmpty() ? draw() : first.element();
                serving.get(random.nextInt(serving.size())).request(engine -> ask(engine, change));
            }
            later();
        });
    }

    private void ask(NodeEngine engine, AuthChange change) {
        engine.auth().change(root(engine), change, new Reply<AuthOutcome>() {
            @Override
            public void succeed(AuthOutcome outcome) {
                cluster.goals().reach(Goal.AUTH_CHANGED);
                done();
            }

            @Override
            public void fail(StoreException error) {
                switch (error.error()) {
                    // What took effect without an answer is there at the next try.
                    case USER_EXISTS, ROLE_EXISTS -> done();
                    default -> {}
                }
            }

            private void done() {
                if (change.equals(first.peek())) {
                    first.remove();
                }
            }
        });
    }

    private AuthChange draw() {
        String user = USERS.get(1 + random.nextInt(USERS.size() - 1));
        String role = ROLES.get(random.nextInt(ROLES.size()));
        return switch (random.nextInt(toggles ? 12 : 10)) {
            case 0, 1, 2 -> new AuthChange.GrantPermission(role, permission());
            case 3 -> {
                Permission permission = permission();
                yield new AuthChange.RevokePermission(role, permission.key(), permission.rangeEnd());
            }
            case 4, 5 -> new AuthChange.GrantRole(user, role);
            case 6 -> new AuthChange.RevokeRole(user, role);
            case 7 -> random.nextBoolean() ? new AuthChange.DeleteRole(role) : new AuthChange.AddRole(role);
            case 8 ->
                random.nextBoolean() ? new AuthChange.DeleteUser(user) : new AuthChange.AddUser(user, HASH, false);
            case 9 -> new AuthChange.AddRole(role);
            case 10 -> new AuthChange.Disable();
            default -> new AuthChange.Enable();
        };
    }

    /** Of one key, of some, or of all from one on. */
    private Permission permission() {
        Permission.Kind[] kinds = Permission.Kind.values();
        int lo = random.nextInt(KEYS_MAX);
        String end = switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> "\0";
            default -> KEYS + (char) ('1' + lo);
        };
        return new Permission(
                kinds[random.nextInt(kinds.length)], Translation.bytes(KEYS + lo), Translation.bytes(end));
    }

    /** In whose name the next request is: root's as often as those of all users. */
    Asked draw(NodeEngine engine) {
        AuthState known = engine.auth().state();
        if (!active) {
            return new Asked(Principal.NOBODY, known);
        }
        int drawn = random.nextInt(2 * USERS.size());
        return new Asked(known.principal(drawn < USERS.size() ? USERS.get(drawn) : User.ROOT), known);
    }

    /** Root, as a member knows it at this moment. */
    public static Principal root(NodeEngine engine) {
        return engine.auth().state().principal(User.ROOT);
    }

    /** A request was answered, so it must have been allowed. */
    void answered(Asked asked, Request request) {
        if (!asked.known().enabled() || toggles) {
            return;
        }
        if (!new Verdicts(asked.known(), asked.caller().user()).permit(request)) {
            throw new AssertionError(asked.caller() + " was answered to " + request + ", which it may not ask");
        }
        if (!asked.caller().user().equals(User.ROOT)) {
            cluster.goals().reach(Goal.USER_ANSWERED);
        }
    }

    /** A request was refused for want of a permission, or because users and roles had changed. */
    void refused(Asked asked) {
        if (asked.known().enabled()) {
            cluster.goals().reach(Goal.USER_REFUSED);
        }
    }
}
