package dev.keelson.engine.auth;

import dev.keelson.engine.codec.ByteReader;
import dev.keelson.engine.codec.ByteWriter;
import dev.keelson.engine.codec.MalformedBytesException;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The replicated rows of users and roles: one each, and one that says whether they matter, and their revision. */
public final class AuthRows {

    private static final String STATE_ROW = "auth";
    private static final String USER_ROWS = "auth/user/";
    private static final String ROLE_ROWS = "auth/role/";
    private static final int SIZE_EXPECTED = 128;

    private AuthRows() {}

    /** As the store has it. */
    public static AuthState load(ReadView view) {
        byte[] row = view.meta(STATE_ROW);
        if (row == null) {
            return AuthState.OPEN;
        }
        var in = new ByteReader(row);
        boolean enabled = in.flag();
        long revision = in.fixed();
        var users = new TreeMap<String, User>();
        view.metaPrefix(USER_ROWS).values().forEach(each -> {
            User user = user(new ByteReader(each));
            users.put(user.name(), user);
        });
        var roles = new TreeMap<String, Role>();
        view.metaPrefix(ROLE_ROWS).values().forEach(each -> {
            Role role = role(new ByteReader(each));
            roles.put(role.name(), role);
        });
        return new AuthState(enabled, revision, users, roles);
    }

    /** The rows by which a store records these users and roles before any entry of its log did. */
    public static SequencedMap<String, byte[]> rows(
            boolean enabled, long revision, List<User> users, List<Role> roles) {
        SequencedMap<String, byte[]> rows = new TreeMap<>();
        rows.put(STATE_ROW, encode(enabled, revision));
        users.forEach(user -> rows.put(USER_ROWS + user.name(), encode(user)));
        roles.forEach(role -> rows.put(ROLE_ROWS + role.name(), encode(role)));
        return rows;
    }

    /** Writes what is different. */
    static void write(StoreBatch batch, AuthState before, AuthState after) {
        batch.putMeta(STATE_ROW, encode(after.enabled(), after.revision()));
        write(batch, USER_ROWS, before.users(), after.users(), AuthRows::encode);
        write(batch, ROLE_ROWS, before.roles(), after.roles(), AuthRows::encode);
    }

    private static <T> void write(
            StoreBatch batch,
            String rows,
            SortedMap<String, T> before,
            SortedMap<String, T> after,
            Function<T, byte[]> form) {
        after.forEach((name, value) -> {
            if (isOther(before.get(name), value)) {
                batch.putMeta(rows + name, form.apply(value));
            }
        });
        before.keySet().stream()
                .filter(name -> !after.containsKey(name))
                .forEach(name -> batch.deleteMeta(rows + name));
    }

    /** What a change leaves alone, it hands on as it is. */
    @SuppressWarnings("ReferenceEquality")
    private static <T> boolean isOther(@Nullable T before, T after) {
        return before != after;
    }

    private static byte[] encode(boolean enabled, long revision) {
        return new ByteWriter(1 + Long.BYTES).flag(enabled).fixed(revision).toBytes();
    }

    private static byte[] encode(User user) {
        return new ByteWriter(SIZE_EXPECTED)
                .text(user.name())
                .string(user.password())
                .flag(user.noPassword())
                .texts(user.roles())
                .toBytes();
    }

    private static User user(ByteReader in) {
        return new User(in.text(), in.string(), in.flag(), in.texts());
    }

    private static byte[] encode(Role role) {
        ByteWriter out = new ByteWriter(SIZE_EXPECTED)
                .text(role.name())
                .number(role.permissions().size());
        role.permissions().forEach(permission -> encode(out, permission));
        return out.toBytes();
    }

    private static Role role(ByteReader in) {
        String name = in.text();
        int count = in.count();
        var permissions = new ArrayList<Permission>(count);
        for (int i = 0; i < count; i++) {
            permissions.add(permission(in));
        }
        return new Role(name, permissions);
    }

    static void encode(ByteWriter out, Permission permission) {
        out.octet(permission.kind().ordinal()).string(permission.key()).string(permission.rangeEnd());
    }

    static Permission permission(ByteReader in) {
        int kind = in.octet();
        if (kind >= Permission.Kind.values().length) {
            throw new MalformedBytesException("a permission of unknown kind " + kind);
        }
        return new Permission(Permission.Kind.values()[kind], in.string(), in.string());
    }
}
