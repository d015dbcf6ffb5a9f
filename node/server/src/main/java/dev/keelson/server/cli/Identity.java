package dev.keelson.server.cli;

import dev.keelson.api.etcd.AuthGrpc;
import dev.keelson.api.etcd.AuthenticateRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Who asks, with etcdctl's options: a user and a password, or a token that was given out before. */
final class Identity {

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
    private static final String NOT_ENABLED = "etcdserver: authentication is not enabled";

    @Option(
            names = "--user",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:ETCDCTL_USER:-}",
            description = "username[:password] for authentication (prompt if password is not supplied)")
    String user = "";

    @Option(
            names = "--password",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:ETCDCTL_PASSWORD:-}",
            description =
                    "password for authentication (if this option is used, --user option shouldn't include password)")
    String password = "";

    @Option(
            names = "--auth-jwt-token",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:ETCDCTL_AUTH_JWT_TOKEN:-}",
            description =
                    "JWT token used for authentication (if this option is used, --user and --password should not be"
                            + " set)")
    String token = "";

    private @Nullable String asked;

    /** Whether whoever asks says who that is. */
    boolean isNamed() {
        return !user.isEmpty() || !token.isEmpty();
    }

    /** Logs in with the first call and shows the token with it and with all after it. */
    ClientInterceptor interceptor(long timeoutMillis) {
        return new ClientInterceptor() {

            private @Nullable String shown;

            @Override
            public <Q, A> ClientCall<Q, A> interceptCall(
                    MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
                String shows = token(next);
                return new ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, options)) {
                    @Override
                    public void start(Listener<A> listener, Metadata headers) {
                        if (!shows.isEmpty()) {
                            headers.put(TOKEN, shows);
                        }
                        super.start(listener, headers);
                    }
                };
            }

            private synchronized String token(Channel channel) {
                if (shown == null) {
                    shown = token.isEmpty() ? logIn(channel, timeoutMillis) : token;
                }
                return shown;
            }
        };
    }

    /** The token given out for the password; none where the members ask nobody who he is. */
    private String logIn(Channel channel, long timeoutMillis) {
        String[] words = user.split(":", 2);
        boolean whole = password.isEmpty() && words.length == 2;
        String secret = password.isEmpty() ? (whole ? words[1] : askedPassword()) : password;
        if (secret.isEmpty()) {
            // As Go's client: without a password there is nothing to prove.
            return "";
        }
        AuthenticateRequest request = AuthenticateRequest.newBuilder()
                .setName(whole ? words[0] : user)
                .setPassword(secret)
                .build();
        try {
            return AuthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS)
                    .authenticate(request)
                    .getToken();
        } catch (StatusRuntimeException refused) {
            if (NOT_ENABLED.equals(refused.getStatus().getDescription())) {
                return "";
            }
            if (Connection.isUnreachable(refused)) {
                // The next member may be there.
                throw refused;
            }
            throw new CommandFailure(Connection.reason(refused), CommandFailure.BAD_CONNECTION);
        }
    }

    private String askedPassword() {
        if (asked == null) {
            asked = Secret.ask("Password: ");
        }
        return asked;
    }
}
