package dev.keelson.operator.store;

import dev.keelson.api.etcd.AuthDisableRequest;
import dev.keelson.api.etcd.AuthEnableRequest;
import dev.keelson.api.etcd.AuthGrpc;
import dev.keelson.api.etcd.AuthGrpc.AuthBlockingStub;
import dev.keelson.api.etcd.AuthStatusRequest;
import dev.keelson.api.etcd.AuthUserAddRequest;
import dev.keelson.api.etcd.AuthUserChangePasswordRequest;
import dev.keelson.api.etcd.AuthUserGrantRoleRequest;
import dev.keelson.api.etcd.AuthenticateRequest;
import dev.keelson.operator.store.Connections.Token;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The operator as the root user of a store, for one pass. Where nobody has to say who he is, no password is needed and nothing is
 * asked. The token is kept with the connections, and fetched anew when a member does not know it: members forget tokens when they
 * start.
 */
final class RootUser {
    private static final String NAME = "root";
    /** The store hashes passwords slowly on purpose. */
    private static final long CALL_MILLIS = 8_000;

    private static final long ASK_MILLIS = 2_000;
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private final Connections connections;
    private final List<String> passwords;

    RootUser(Connections connections, List<String> passwords) {
        this.connections = connections;
        this.passwords = passwords;
    }

    /** Whether members ask who calls; if they do, they know the operator after this, provided that a password is right. */
    boolean enter(Map<String, ManagedChannel> channels) {
        if (passwords.isEmpty()) {
            return false;
        }
        for (ManagedChannel channel : channels.values()) {
            try {
                if (!auth(channel, ASK_MILLIS)
                        .authStatus(AuthStatusRequest.getDefaultInstance())
                        .getEnabled()) {
                    connections.token(null);
                    return false;
                }
                if (connections.token() == null) {
                    authenticate(channel);
                }
                return true;
            } catch (StatusRuntimeException e) {
                System.getLogger(RootUser.class.getName())
                        .log(System.Logger.Level.DEBUG, "a member does not say whether it asks who calls", e);
            }
        }
        return connections.token() != null;
    }

    private void authenticate(ManagedChannel channel) {
        for (String password : passwords) {
            try {
                String token = auth(channel, CALL_MILLIS)
                        .authenticate(AuthenticateRequest.newBuilder()
                                .setName(NAME)
                                .setPassword(password)
                                .build())
                        .getToken();
                connections.token(new Token(token, password));
                return;
            } catch (StatusRuntimeException e) {
                System.getLogger(RootUser.class.getName())
                        .log(System.Logger.Level.DEBUG, "a password of the root user is not the one in force", e);
            }
        }
    }

    /** The stub as the root user uses it. */
    <S extends AbstractStub<S>> S known(S stub) {
        Token token = connections.token();
        if (token == null) {
            return stub;
        }
        Metadata headers = new Metadata();
        headers.put(TOKEN, token.text());
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** The user may be there already, from a time before or from an attempt that was cut off. */
    void enable(ManagedChannel channel) {
        AuthBlockingStub stub = auth(channel, CALL_MILLIS);
        String password = passwords.getFirst();
        try {
            stub.userAdd(AuthUserAddRequest.newBuilder()
                    .setName(NAME)
                    .setPassword(password)
                    .build());
        } catch (StatusRuntimeException e) {
            if (!e.getStatus().toString().contains("user name already exists")) {
                throw e;
            }
            changePassword(channel);
        }
        stub.userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                .setUser(NAME)
                .setRole(NAME)
                .build());
        stub.authEnable(AuthEnableRequest.getDefaultInstance());
    }

    void disable(ManagedChannel channel) {
        auth(channel, CALL_MILLIS).authDisable(AuthDisableRequest.getDefaultInstance());
        connections.token(null);
    }

    /** Puts the wanted password in force where the former one still is; whether that was so. */
    boolean renew(ManagedChannel channel) {
        Token token = connections.token();
        if (token == null || token.password().equals(passwords.getFirst())) {
            return false;
        }
        changePassword(channel);
        connections.token(null);
        return true;
    }

    private void changePassword(ManagedChannel channel) {
        auth(channel, CALL_MILLIS)
                .userChangePassword(AuthUserChangePasswordRequest.newBuilder()
                        .setName(NAME)
                        .setPassword(passwords.getFirst())
                        .build());
    }

    private AuthBlockingStub auth(ManagedChannel channel, long millis) {
        return known(AuthGrpc.newBlockingStub(channel)).withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
    }
}
