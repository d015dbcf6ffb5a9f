package dev.keelson.operator.store;

import dev.keelson.operator.store.Stores.Credentials;
import dev.keelson.operator.store.Stores.Endpoint;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The connections to the members of one cluster, kept between passes: a handshake costs more than all that is asked in a pass.
 * Only the way is kept, never an answer. One that a question came to nothing on is given up, since a connection to a host that
 * was cut off may stay silent long after the host is back; so are those to addresses where no member is any longer, and all of
 * them when the certificates are others.
 *
 * <p>Thread rule: one pass at a time; {@link #close} by any thread.
 */
final class Connections {
    /** Longer than the pause between two passes over a cluster that rests. */
    private static final long IDLE_MINUTES_MAX = 2;

    private final @Nullable Credentials credentials;
    private final @Nullable SslContext tls;
    private final Map<Endpoint, ManagedChannel> channels = new LinkedHashMap<>();
    private @Nullable Token token;

    /** What members gave for a password. */
    record Token(String text, String password) {
        @Override
        public String toString() {
            return "a token";
        }
    }

    Connections(@Nullable Credentials credentials) {
        this.credentials = credentials;
        this.tls = credentials == null ? null : context(credentials);
    }

    boolean areFor(@Nullable Credentials wanted) {
        return credentials == null ? wanted == null : credentials.equals(wanted);
    }

    /** Exactly these members are reached from now on, in this order. */
    synchronized Map<String, ManagedChannel> reach(List<Endpoint> members) {
        channels.entrySet().removeIf(kept -> {
            boolean gone = !members.contains(kept.getKey());
            if (gone) {
                kept.getValue().shutdownNow();
            }
            return gone;
        });
        Map<String, ManagedChannel> reached = new LinkedHashMap<>();
        members.forEach(member -> reached.put(member.member(), channels.computeIfAbsent(member, this::connect)));
        return reached;
    }

    /** The next pass connects anew. */
    synchronized void giveUp(String member) {
        channels.entrySet().removeIf(kept -> {
            boolean is = kept.getKey().member().equals(member);
            if (is) {
                kept.getValue().shutdownNow();
            }
            return is;
        });
    }

    synchronized int size() {
        return channels.size();
    }

    /** By which the members know the operator, once it has said who it is. */
    synchronized @Nullable Token token() {
        return token;
    }

    synchronized void token(@Nullable Token given) {
        token = given;
    }

    synchronized void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
        channels.clear();
    }

    private ManagedChannel connect(Endpoint member) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(member.address(), member.port()))
                .idleTimeout(IDLE_MINUTES_MAX, TimeUnit.MINUTES);
        if (tls == null) {
            builder.usePlaintext();
        } else {
            builder.negotiationType(NegotiationType.TLS).sslContext(tls).overrideAuthority(member.host());
        }
        return builder.build();
    }

    private static SslContext context(Credentials credentials) {
        try {
            return GrpcSslContexts.forClient()
                    .trustManager(stream(credentials.authority()))
                    .keyManager(
                            stream(credentials.own().certificate()),
                            stream(credentials.own().key()))
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new StoreException("the certificates of the cluster cannot be used: " + e.getMessage(), e);
        }
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }
}
