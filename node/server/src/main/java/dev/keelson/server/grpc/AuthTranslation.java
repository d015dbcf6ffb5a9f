package dev.keelson.server.grpc;

import com.google.protobuf.ByteString;
import dev.keelson.api.auth.Permission;
import dev.keelson.engine.auth.Permission.Kind;

/** Permissions in etcd's form and in ours. */
final class AuthTranslation {

    private AuthTranslation() {}

    static Permission permission(dev.keelson.engine.auth.Permission permission) {
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

    /** @param permission of a type that is known */
    static dev.keelson.engine.auth.Permission permission(Permission permission) {
        Kind kind =
                switch (permission.getPermType()) {
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
