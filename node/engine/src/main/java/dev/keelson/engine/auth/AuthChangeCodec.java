package dev.keelson.engine.auth;

import dev.keelson.engine.codec.ByteReader;
import dev.keelson.engine.codec.ByteWriter;
import dev.keelson.engine.codec.MalformedBytesException;

/** The byte form of an {@link AuthChange} in the log. */
public final class AuthChangeCodec {

    private static final int ENABLE = 1;
    private static final int DISABLE = 2;
    private static final int LOG_IN = 3;
    private static final int ADD_USER = 4;
    private static final int DELETE_USER = 5;
    private static final int CHANGE_PASSWORD = 6;
    private static final int GRANT_ROLE = 7;
    private static final int REVOKE_ROLE = 8;
    private static final int ADD_ROLE = 9;
    private static final int DELETE_ROLE = 10;
    private static final int GRANT_PERMISSION = 11;
    private static final int REVOKE_PERMISSION = 12;

    private AuthChangeCodec() {}

    public static ByteWriter encode(ByteWriter out, AuthChange change) {
        return switch (change) {
            case AuthChange.Enable _ -> out.octet(ENABLE);
            case AuthChange.Disable _ -> out.octet(DISABLE);
            case AuthChange.LogIn logIn ->
                out.octet(LOG_IN)
                        .text(logIn.user())
                        .number(logIn.checkedRevision())
                        .string(logIn.secret());
            case AuthChange.AddUser add ->
                out.octet(ADD_USER).text(add.name()).string(add.password()).flag(add.noPassword());
            case AuthChange.DeleteUser delete -> out.octet(DELETE_USER).text(delete.name());
            case AuthChange.ChangePassword password ->
                out.octet(CHANGE_PASSWORD).text(password.name()).string(password.password());
            case AuthChange.GrantRole grant ->
                out.octet(GRANT_ROLE).text(grant.user()).text(grant.role());
            case AuthChange.RevokeRole revoke ->
                out.octet(REVOKE_ROLE).text(revoke.user()).text(revoke.role());
            case AuthChange.AddRole add -> out.octet(ADD_ROLE).text(add.name());
            case AuthChange.DeleteRole delete -> out.octet(DELETE_ROLE).text(delete.name());
            case AuthChange.GrantPermission grant -> {
                AuthRows.encode(out.octet(GRANT_PERMISSION).text(grant.role()), grant.permission());
                yield out;
            }
            case AuthChange.RevokePermission revoke ->
                out.octet(REVOKE_PERMISSION)
                        .text(revoke.role())
                        .string(revoke.key())
                        .string(revoke.rangeEnd());
        };
    }

    public static AuthChange decode(ByteReader in) {
        int kind = in.octet();
        return switch (kind) {
            case ENABLE -> new AuthChange.Enable();
            case DISABLE -> new AuthChange.Disable();
            case LOG_IN -> new AuthChange.LogIn(in.text(), in.number(), in.string());
            case ADD_USER -> new AuthChange.AddUser(in.text(), in.string(), in.flag());
            case DELETE_USER -> new AuthChange.DeleteUser(in.text());
            case CHANGE_PASSWORD -> new AuthChange.ChangePassword(in.text(), in.string());
            case GRANT_ROLE -> new AuthChange.GrantRole(in.text(), in.text());
            case REVOKE_ROLE -> new AuthChange.RevokeRole(in.text(), in.text());
            case ADD_ROLE -> new AuthChange.AddRole(in.text());
            case DELETE_ROLE -> new AuthChange.DeleteRole(in.text());
            case GRANT_PERMISSION -> new AuthChange.GrantPermission(in.text(), AuthRows.permission(in));
            case REVOKE_PERMISSION -> new AuthChange.RevokePermission(in.text(), in.string(), in.string());
            default -> throw new MalformedBytesException("an auth change of unknown kind " + kind);
        };
    }
}
