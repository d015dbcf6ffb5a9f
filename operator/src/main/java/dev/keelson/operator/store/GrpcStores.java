package dev.keelson.operator.store;

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
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Opens connections to members over grpc-java's Netty transport. */
public final class GrpcStores implements Stores {
    @Override
    public Store open(List<Endpoint> members, @Nullable Credentials credentials) {
        SslContext tls = credentials == null ? null : context(credentials);
        Map<String, ManagedChannel> channels = new LinkedHashMap<>();
        for (Endpoint member : members) {
            NettyChannelBuilder builder =
                    NettyChannelBuilder.forAddress(new InetSocketAddress(member.address(), member.port()));
            if (tls == null) {
                builder.usePlaintext();
            } else {
                builder.negotiationType(NegotiationType.TLS).sslContext(tls).overrideAuthority(member.host());
            }
            channels.put(member.member(), builder.build());
        }
        return new GrpcStore(channels);
    }

    private static SslContext context(Credentials credentials) {
        try {
            return GrpcSslContexts.forClient()
                    .trustManager(stream(credentials.authority()))
                    .keyManager(
                            stream(credentials.own().certificate()),
                            stream(credentials.own().key()))
                    .build();
        } catch (SSLException e) {
            throw new StoreException("the certificates of the cluster cannot be used", e);
        }
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }
}
