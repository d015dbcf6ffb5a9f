package dev.keelson.server.grpc;

import com.google.protobuf.ByteString;
import dev.keelson.api.auth.Permission;
import dev.keelson.api.etcd.AuthDisableRequest;
import dev.keelson.api.etcd.AuthDisableResponse;
import dev.keelson.api.etcd.AuthEnableRequest;
import dev.keelson.api.etcd.AuthEnableResponse;
import dev.keelson.api.etcd.AuthGrpc;
import dev.keelson.api.etcd.AuthRoleAddRequest;
import dev.keelson.api.etcd.AuthRoleAddResponse;
import dev.keelson.api.etcd.AuthRoleDeleteRequest;
import dev.keelson.api.etcd.AuthRoleDeleteResponse;
import dev.keelson.api.etcd.AuthRoleGetRequest;
import dev.keelson.api.etcd.AuthRoleGetResponse;
import dev.keelson.api.etcd.AuthRoleGrantPermissionRequest;
import dev.keelson.api.etcd.AuthRoleGrantPermissionResponse;
import dev.keelson.api.etcd.AuthRoleListRequest;
import dev.keelson.api.etcd.AuthRoleListResponse;
import dev.keelson.api.etcd.AuthRoleRevokePermissionRequest;
import dev.keelson.api.etcd.AuthRoleRevokePermissionResponse;
import dev.keelson.api.etcd.AuthStatusRequest;
import dev.keelson.api.etcd.AuthStatusResponse;
import dev.keelson.api.etcd.AuthUserAddRequest;
import dev.keelson.api.etcd.AuthUserAddResponse;
import dev.keelson.api.etcd.AuthUserChangePasswordRequest;
import dev.keelson.api.etcd.AuthUserChangePasswordResponse;
import dev.keelson.api.etcd.AuthUserDeleteRequest;
import dev.keelson.api.etcd.AuthUserDeleteResponse;
import dev.keelson.api.etcd.AuthUserGetRequest;
import dev.keelson.api.etcd.AuthUserGetResponse;
import dev.keelson.api.etcd.AuthUserGrantRoleRequest;
import dev.keelson.api.etcd.AuthUserGrantRoleResponse;
import dev.keelson.api.etcd.AuthUserListRequest;
import dev.keelson.api.etcd.AuthUserListResponse;
import dev.keelson.api.etcd.AuthUserRevokeRoleRequest;
import dev.keelson.api.etcd.AuthUserRevokeRoleResponse;
import dev.keelson.api.etcd.AuthenticateRequest;
import dev.keelson.api.etcd.AuthenticateResponse;
import dev.keelson.api.etcd.ResponseHeader;
import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.Reply;
import dev.keelson.engine.auth.AuthChange;
import dev.keelson.engine.auth.AuthOutcome;
import dev.keelson.engine.auth.AuthState;
import dev.keelson.engine.auth.Principal;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.server.auth.Identity;
import dev.keelson.server.auth.LogIns;
import dev.keelson.server.auth.Passwords;
import dev.keelson.server.restore.EtcdUsers;
import io.grpc.stub.StreamObserver;
import java.util.Base64;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Users, roles and log-ins. What a request says of a password becomes a hash here: neither the log nor another member ever
 * sees more.
 *
 * <p>Thread rule: called on event loops; replies leave on the engine's workers.
 */
final class AuthService extends AuthGrpc.AuthImplBase {

    private final NodeEngine engine;
    private final ReplyHeaders headers;
    private final LogIns logIns;

    AuthService(NodeEngine engine, ReplyHeaders headers, LogIns logIns) {
        this.engine = engine;
        this.headers = headers;
        this.logIns = logIns;
    }

    private <A> void change(StreamObserver<A> call, AuthChange change, Function<ResponseHeader, A> answer) {
        Reply<AuthOutcome> reply = new UnaryReply<>(call, outcome -> answer.apply(headers.at(outcome.revision())));
        Identity.current().ask(reply, caller -> engine.auth().change(caller, change, reply));
    }

    /** Asks in the name of the call, and tells the answer. */
    private <T, A> void ask(
            StreamObserver<A> call, BiFunction<AuthState, Principal, T> question, Function<T, A> answer) {
        Reply<T> reply = new UnaryReply<>(call, answer);
        Identity.current().ask(reply, caller -> engine.auth().ask(state -> question.apply(state, caller), reply));
    }

    @Override
    public void authEnable(AuthEnableRequest sent, StreamObserver<AuthEnableResponse> call) {
        change(
                call,
                new AuthChange.Enable(),
                header -> AuthEnableResponse.newBuilder().setHeader(header).build());
    }

    @Override
    public void authDisable(AuthDisableRequest sent, StreamObserver<AuthDisableResponse> call) {
        change(
                call,
                new AuthChange.Disable(),
                header -> AuthDisableResponse.newBuilder().setHeader(header).build());
    }

    @Override
    public void authStatus(AuthStatusRequest sent, StreamObserver<AuthStatusResponse> call) {
        ask(
                call,
                (state, _) -> state,
                state -> AuthStatusResponse.newBuilder()
                        .setHeader(headers.now())
                        .setEnabled(state.enabled())
                        .setAuthRevision(state.revision())
                        .build());
    }

    @Override
    public void authenticate(AuthenticateRequest sent, StreamObserver<AuthenticateResponse> call) {
        logIns.begin(sent.getName(), sent.getPassword(), Identity.current().source(), new LogIns.Listener() {
            @Override
            public void loggedIn(String token, AuthOutcome outcome) {
                call.onNext(AuthenticateResponse.newBuilder()
                        .setHeader(headers.at(outcome.revision()))
                        .setToken(token)
                        .build());
                call.onCompleted();
            }

            @Override
            public void refused(StoreError refusal) {
                call.onError(Statuses.exception(new StoreException(refusal)));
            }

            @Override
            public void notIssued(String reason) {
                call.onError(Statuses.unknown(reason));
            }
        });
    }

    @Override
    public void userAdd(AuthUserAddRequest sent, StreamObserver<AuthUserAddResponse> call) {
        Function<ResponseHeader, AuthUserAddResponse> answer =
                header -> AuthUserAddResponse.newBuilder().setHeader(header).build();
        if (sent.getOptions().getNoPassword()) {
            change(call, new AuthChange.AddUser(sent.getName(), new byte[0], true), answer);
        } else {
            hashed(
                    sent.getPassword(),
                    call,
                    password -> new AuthChange.AddUser(sent.getName(), password, false),
                    answer);
        }
    }

    private <A> void hashed(
            String password,
            StreamObserver<A> call,
            Function<byte[], AuthChange> change,
            Function<ResponseHeader, A> answer) {
        if (Passwords.isTooLong(password)) {
            call.onError(Statuses.unknown(Passwords.TOO_LONG));
            return;
        }
        Identity identity = Identity.current();
        Reply<AuthOutcome> reply = new UnaryReply<>(call, outcome -> answer.apply(headers.at(outcome.revision())));
        logIns.passwords().hash(password, new Reply<byte[]>() {
            @Override
            public void succeed(byte[] hash) {
                identity.ask(reply, caller -> engine.auth().change(caller, change.apply(hash), reply));
            }

            @Override
            public void fail(StoreException error) {
                reply.fail(error);
            }
        });
    }

    /** Without a password, a client may bring a hash of its own. */
    @Override
    public void userChangePassword(
            AuthUserChangePasswordRequest sent, StreamObserver<AuthUserChangePasswordResponse> call) {
        Function<ResponseHeader, AuthUserChangePasswordResponse> answer = header ->
                AuthUserChangePasswordResponse.newBuilder().setHeader(header).build();
        if (!sent.getPassword().isEmpty()) {
            hashed(
                    sent.getPassword(),
                    call,
                    password -> new AuthChange.ChangePassword(sent.getName(), password),
                    answer);
            return;
        }
        byte[] hash;
        try {
            hash = Base64.getDecoder().decode(sent.getHashedPassword());
        } catch (IllegalArgumentException _) {
            call.onError(Statuses.exception(new StoreException(StoreError.NO_PASSWORD_USER)));
            return;
        }
        change(call, new AuthChange.ChangePassword(sent.getName(), hash), answer);
    }

    @Override
    public void userGet(AuthUserGetRequest sent, StreamObserver<AuthUserGetResponse> call) {
        ask(
                call,
                (state, caller) -> state.rolesOf(caller, sent.getName()),
                roles -> AuthUserGetResponse.newBuilder()
                        .setHeader(headers.now())
                        .addAllRoles(roles)
                        .build());
    }

    @Override
    public void userList(AuthUserListRequest sent, StreamObserver<AuthUserListResponse> call) {
        ask(
                call,
                AuthState::userNames,
                names -> AuthUserListResponse.newBuilder()
                        .setHeader(headers.now())
                        .addAllUsers(names)
                        .build());
    }

    @Override
    public void userDelete(AuthUserDeleteRequest sent, StreamObserver<AuthUserDeleteResponse> call) {
        change(
                call,
                new AuthChange.DeleteUser(sent.getName()),
                header -> AuthUserDeleteResponse.newBuilder().setHeader(header).build());
    }

    @Override
    public void userGrantRole(AuthUserGrantRoleRequest sent, StreamObserver<AuthUserGrantRoleResponse> call) {
        change(
                call,
                new AuthChange.GrantRole(sent.getUser(), sent.getRole()),
                header ->
                        AuthUserGrantRoleResponse.newBuilder().setHeader(header).build());
    }

    @Override
    public void userRevokeRole(AuthUserRevokeRoleRequest sent, StreamObserver<AuthUserRevokeRoleResponse> call) {
        change(
                call,
                new AuthChange.RevokeRole(sent.getName(), sent.getRole()),
                header -> AuthUserRevokeRoleResponse.newBuilder()
                        .setHeader(header)
                        .build());
    }

    @Override
    public void roleAdd(AuthRoleAddRequest sent, StreamObserver<AuthRoleAddResponse> call) {
        change(
                call,
                new AuthChange.AddRole(sent.getName()),
                header -> AuthRoleAddResponse.newBuilder().setHeader(header).build());
    }

    @Override
    public void roleGet(AuthRoleGetRequest sent, StreamObserver<AuthRoleGetResponse> call) {
        ask(call, (state, caller) -> state.permissionsOf(caller, sent.getRole()), permissions -> {
            AuthRoleGetResponse.Builder answer =
                    AuthRoleGetResponse.newBuilder().setHeader(headers.now());
            permissions.forEach(permission -> answer.addPerm(EtcdUsers.encode(permission)));
            return answer.build();
        });
    }

    @Override
    public void roleList(AuthRoleListRequest sent, StreamObserver<AuthRoleListResponse> call) {
        ask(
                call,
                AuthState::roleNames,
                names -> AuthRoleListResponse.newBuilder()
                        .setHeader(headers.now())
                        .addAllRoles(names)
                        .build());
    }

    @Override
    public void roleDelete(AuthRoleDeleteRequest sent, StreamObserver<AuthRoleDeleteResponse> call) {
        change(
                call,
                new AuthChange.DeleteRole(sent.getRole()),
                header -> AuthRoleDeleteResponse.newBuilder().setHeader(header).build());
    }

    @Override
    public void roleGrantPermission(
            AuthRoleGrantPermissionRequest sent, StreamObserver<AuthRoleGrantPermissionResponse> call) {
        if (!sent.hasPerm()) {
            call.onError(Statuses.exception(new StoreException(StoreError.PERMISSION_NOT_GIVEN)));
            return;
        }
        Permission given = sent.getPerm();
        if (given.getPermType() == Permission.Type.UNRECOGNIZED) {
            call.onError(Statuses.exception(new StoreException(StoreError.INVALID_AUTH_MGMT)));
            return;
        }
        change(
                call,
                new AuthChange.GrantPermission(sent.getName(), EtcdUsers.decode(given)),
                header -> AuthRoleGrantPermissionResponse.newBuilder()
                        .setHeader(header)
                        .build());
    }

    @Override
    public void roleRevokePermission(
            AuthRoleRevokePermissionRequest sent, StreamObserver<AuthRoleRevokePermissionResponse> call) {
        ByteString key = sent.getKey();
        change(
                call,
                new AuthChange.RevokePermission(
                        sent.getRole(), key.toByteArray(), sent.getRangeEnd().toByteArray()),
                header -> AuthRoleRevokePermissionResponse.newBuilder()
                        .setHeader(header)
                        .build());
    }
}
