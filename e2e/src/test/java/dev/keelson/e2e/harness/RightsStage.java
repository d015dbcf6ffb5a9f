package dev.keelson.e2e.harness;

import com.google.protobuf.Message;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A member on which users are told apart, with all that a table says there is, and a connection for each caller: in the
 * clear for those with tokens, under TLS for those with certificates.
 */
public final class RightsStage implements AutoCloseable {

    /** How long a token holds that is not used. */
    static final Duration TOKEN_LIFE = Duration.ofSeconds(15);

    /** After it a token is taken anew, well before it ends by itself. */
    private static final Duration TOKEN_USE = Duration.ofSeconds(5);

    /** etcd looks for tokens that have ended once a second. */
    private static final Duration TOKEN_END = TOKEN_LIFE.plusSeconds(2);

    private static final String SELF = "$SELF";
    private static final String PEER = "$PEER";

    private final RightsTable table;
    private final Cluster cluster;
    private final String plain;
    private final String peer;
    private final Path trusted;
    private final Authority.Pair shown;
    private final Authority.Pair foreign;
    private final String secure;
    private final Map<Caller, Token> tokens = new ConcurrentHashMap<>();
    private final Map<Caller, ManagedChannel> channels = new EnumMap<>(Caller.class);
    private final Map<Caller, HttpClient> clients = new EnumMap<>(Caller.class);
    private final long oldSinceNanos;

    private record Token(String text, long takenAtNanos) {}

    /** Starts a member of {@code program} and makes all there is. */
    public RightsStage(Path program, String test, RightsTable table) {
        this.table = table;
        Path folder = Tools.workDirectory(test + "-files");
        var authority = new Authority(folder.resolve("authority"), "authority");
        var other = new Authority(folder.resolve("other"), "other");
        Authority.Pair member = authority.issue("member");
        this.trusted = authority.bundle();
        this.shown = authority.issue(Caller.CN.label());
        this.foreign = other.issue(Caller.CN.label());
        List<Integer> ports = Cluster.freePorts(3);
        this.plain = "127.0.0.1:" + ports.get(0);
        this.secure = "127.0.0.1:" + ports.get(2);
        this.peer = "http://127.0.0.1:" + ports.get(1);
        this.cluster = Cluster.prepare(
                program,
                test,
                ports.subList(0, 2),
                "--listen-client-urls=http://" + plain + ",https://" + secure,
                "--advertise-client-urls=http://" + plain,
                "--cert-file=" + member.certificate(),
                "--key-file=" + member.key(),
                "--client-cert-auth",
                "--trusted-ca-file=" + trusted,
                "--auth-token-ttl=" + TOKEN_LIFE.toSeconds(),
                "--bcrypt-cost=4");
        cluster.launch();
        for (Caller caller : Caller.values()) {
            channels.put(caller, channel(caller));
            clients.put(caller, client(caller));
        }
        table.given().forEach(call -> must(null, call));
        logIn(Caller.OLD);
        this.oldSinceNanos = System.nanoTime();
        restore();
    }

    private ManagedChannel channel(Caller caller) {
        if (caller.showsCertificate()) {
            return Shown.channel(secure, caller == Caller.OTHER ? foreign : shown, trusted);
        }
        return NettyChannelBuilder.forTarget(plain).usePlaintext().build();
    }

    private HttpClient client(Caller caller) {
        if (caller.showsCertificate()) {
            return Shown.client(caller == Caller.OTHER ? foreign : shown, trusted);
        }
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private Message must(@Nullable String token, RightsTable.Call call) {
        return GrpcCall.make(channelOf(Caller.ROOT), token, call.rpc(), request(Caller.ROOT, call))
                .answer();
    }

    private Message request(Caller caller, RightsTable.Call call) {
        return Rpcs.request(
                call.rpc(), call.request().replace(SELF, caller.label()).replace(PEER, peer));
    }

    /** Makes again what calls may have taken away. */
    void restore() {
        Message status = GrpcCall.make(
                        channelOf(Caller.ROOT), null, "Auth/AuthStatus", Rpcs.request("Auth/AuthStatus", ""))
                .answer();
        if (!Boolean.TRUE.equals(status.getField(status.getDescriptorForType().findFieldByName("enabled")))) {
            must(null, new RightsTable.Call("Auth/AuthEnable", ""));
        }
        // With a new password, or nobody told apart for a while, tokens have ended before their time.
        tokens.keySet().removeIf(caller -> caller != Caller.OLD);
        for (RightsTable.Call call : table.kept()) {
            Outcome outcome = GrpcCall.make(
                            channelOf(Caller.ROOT), token(Caller.ROOT), call.rpc(), request(Caller.ROOT, call))
                    .outcome();
            if (outcome.verdict() != Verdict.ALLOWED) {
                throw new IllegalStateException(call + ": " + outcome);
            }
        }
    }

    /** Waits until the token that was taken first holds no more. */
    void awaitOld() {
        Await.until(
                "a token has ended",
                TOKEN_END.plusSeconds(1),
                () -> System.nanoTime() - oldSinceNanos > TOKEN_END.toNanos());
    }

    private ManagedChannel channelOf(Caller caller) {
        return Objects.requireNonNull(channels.get(caller));
    }

    /** Makes the call over gRPC. */
    GrpcCall call(Caller caller, RightsTable.Call call) {
        return GrpcCall.make(channelOf(caller), token(caller), call.rpc(), request(caller, call));
    }

    /** Makes a call that no table names, in protobuf's text format; returns how it came out. */
    public Outcome ask(Caller caller, String rpc, String request) {
        return call(caller, new RightsTable.Call(rpc, request)).outcome();
    }

    /** Makes it through the JSON gateway. */
    public Outcome askAsJson(Caller caller, String rpc, String request) {
        return callAsJson(caller, new RightsTable.Call(rpc, request));
    }

    /** All that the member has written to its log. */
    public String logText() {
        return cluster.members().getFirst().logText();
    }

    /** Makes it through the JSON gateway. */
    Outcome callAsJson(Caller caller, RightsTable.Call call) {
        String base = caller.showsCertificate() ? "https://" + secure : "http://" + plain;
        return JsonCall.make(
                Objects.requireNonNull(clients.get(caller)),
                base,
                token(caller),
                table.path(call.rpc()),
                request(caller, call));
    }

    private @Nullable String token(Caller caller) {
        if (caller == Caller.BAD) {
            return "abcdefghijklmnop.1";
        }
        if (!caller.logsIn()) {
            return null;
        }
        Token token = tokens.get(caller);
        if (token == null || caller != Caller.OLD && System.nanoTime() - token.takenAtNanos > TOKEN_USE.toNanos()) {
            token = logIn(caller);
        }
        return token.text();
    }

    private Token logIn(Caller caller) {
        Message answer = GrpcCall.make(
                        channelOf(caller),
                        null,
                        "Auth/Authenticate",
                        Rpcs.request(
                                "Auth/Authenticate",
                                "name: \"" + caller.label() + "\" password: \"" + caller.label() + "\""))
                .answer();
        String text = (String) answer.getField(answer.getDescriptorForType().findFieldByName("token"));
        var token = new Token(text, System.nanoTime());
        tokens.put(caller, token);
        return token;
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
        clients.values().forEach(HttpClient::shutdownNow);
        cluster.close();
    }
}
