package dev.keelson.server.restore;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.keelson.api.auth.Permission;
import dev.keelson.api.auth.UserAddOptions;
import dev.keelson.engine.auth.AuthRows;
import dev.keelson.engine.auth.AuthState;
import dev.keelson.engine.auth.Permission.Kind;
import dev.keelson.engine.auth.Role;
import dev.keelson.engine.auth.User;
import dev.keelson.mvcc.ReadView;
import dev.keelson.storage.StorageException;
import dev.keelson.storage.etcdfile.EtcdAuth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SequencedMap;

/** Users and roles on their way between a store and a file of etcd's. */
public final class EtcdUsers {

    private EtcdUsers() {}

    /** What a file will say of the users and roles of a store. */
    public static EtcdAuth of(ReadView view) {
        AuthState state = AuthRows.load(view);
        return new EtcdAuth(
                state.enabled(),
                state.revision(),
                state.users().values().stream().map(EtcdUsers::encode).toList(),
                state.roles().values().stream().map(EtcdUsers::encode).toList());
    }

    private static EtcdAuth.Entry encode(User user) {
        ByteString name = ByteString.copyFromUtf8(user.name());
        var message = dev.keelson.api.auth.User.newBuilder()
                .setName(name)
                .setPassword(ByteString.copyFrom(user.password()))
                .addAllRoles(user.roles())
                .setOptions(UserAddOptions.newBuilder().setNoPassword(user.noPassword()))
                .build();
        return new EtcdAuth.Entry(name.toByteArray(), message.toByteArray());
    }

    private static EtcdAuth.Entry encode(Role role) {
        ByteString name = ByteString.copyFromUtf8(role.name());
        var message = dev.keelson.api.auth.Role.newBuilder()
                .setName(name)
                .addAllKeyPermission(
                        role.permissions().stream().map(EtcdUsers::encode).toList())
                .build();
        return new EtcdAuth.Entry(name.toByteArray(), message.toByteArray());
    }

    /** The same permission in etcd's form. */
    public static Permission encode(dev.keelson.engine.auth.Permission permission) {
        return Permission.newBuilder()
                .setPermType(
                        switch (permission.kind()) {
                            case READ -> Permission.Type.READ;
                            case WRITE -> Permission.Type.WRITE;
                            case READWRITE -> Permission.Type.READWRITE;
                        })
                .setKey(ByteString.copyFrom(permission.key()))
                .setRangeEnd(ByteString.copyFrom(permission.rangeEnd()))
                .build();
    }

    /**
     * The rows of a store that has the users and roles of a file.
     *
     * @throws StorageException when one of them is none
     */
    static SequencedMap<String, byte[]> rows(EtcdAuth auth) {
        var users = new ArrayList<User>();
        for (EtcdAuth.Entry entry : auth.users()) {
            users.add(user(entry));
        }
        var roles = new ArrayList<Role>();
        for (EtcdAuth.Entry entry : auth.roles()) {
            roles.add(role(entry));
        }
        return AuthRows.rows(auth.enabled(), auth.revision(), users, roles);
    }

    private static User user(EtcdAuth.Entry entry) {
        try {
            var user = dev.keelson.api.auth.User.parseFrom(entry.message());
            requireNamed(entry, user.getName());
            return new User(
                    user.getName().toStringUtf8(),
                    user.getPassword().toByteArray(),
                    user.getOptions().getNoPassword(),
                    List.copyOf(user.getRolesList()));
        } catch (InvalidProtocolBufferException malformed) {
            throw new StorageException("the snapshot has a user that is none: " + malformed.getMessage(), malformed);
        }
    }

    private static Role role(EtcdAuth.Entry entry) {
        try {
            var role = dev.keelson.api.auth.Role.parseFrom(entry.message());
            requireNamed(entry, role.getName());
            return new Role(role.getName().toStringUtf8(), permissions(role.getKeyPermissionList()));
        } catch (InvalidProtocolBufferException malformed) {
            throw new StorageException("the snapshot has a role that is none: " + malformed.getMessage(), malformed);
        }
    }

    private static void requireNamed(EtcdAuth.Entry entry, ByteString name) {
        if (!name.isValidUtf8() || name.isEmpty() || !name.equals(ByteString.copyFrom(entry.name()))) {
            throw new StorageException("the snapshot has a user or a role that contradicts its name");
        }
    }

    private static List<dev.keelson.engine.auth.Permission> permissions(Collection<Permission> permissions) {
        var decoded = new ArrayList<dev.keelson.engine.auth.Permission>();
        for (Permission permission : permissions) {
            if (permission.getPermType() == Permission.Type.UNRECOGNIZED) {
                throw new StorageException("the snapshot has a permission of a type that is unknown to this version");
            }
            decoded.add(decode(permission));
        }
        return decoded;
    }

    /** @param permission of a type that is known */
    public static dev.keelson.engine.auth.Permission decode(Permission permission) {
        Kind kind = switch (permission.getPermType()) {
            case READ -> Kind.READ;
            case WRITE -> Kind.WRITE;
            case READWRITE -> Kind.READWRITE;
            case UNRECOGNIZED -> throw new IllegalArgumentException("a permission of unknown type");
        };
        return new dev.keelson.engine.auth.Permission(
                kind,
                permission.getKey().toByteArray(),
                permission.getRangeEnd().toByteArray());
    }
}
