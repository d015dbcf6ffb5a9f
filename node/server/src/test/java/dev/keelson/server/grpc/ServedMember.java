package dev.keelson.server.grpc;

import dev.keelson.engine.Member;
import dev.keelson.engine.maintenance.MaintenanceConfig;
import dev.keelson.server.auth.AuthConfig;
import dev.keelson.server.member.MemberConfig;
import dev.keelson.server.member.MemberEvents;
import dev.keelson.server.member.RunningMember;
import dev.keelson.server.port.ListenAddress;
import dev.keelson.server.port.PortLimits;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A whole member alone in its cluster, and a connection to it. */
public final class ServedMember implements MemberEvents, AutoCloseable {

    static final long CLUSTER_ID = 0xcdf818194e3a8c32L;
    static final long MEMBER_ID = 0x8e9e05c52164694dL;
    public static final int REQUEST_BYTES_MAX = 64 * 1024;
    static final int TXN_OPS_MAX = 4;

    private final CountDownLatch ready = new CountDownLatch(1);
    private final AtomicReference<@Nullable String> fatal = new AtomicReference<>();
    private final RunningMember member;
    final ManagedChannel channel;
    public final int port;

    public ServedMember(Path directory) throws Exception {
        this(directory, MemberConfig.Web.OPEN);
    }

    public ServedMember(Path directory, MemberConfig.Web web) throws Exception {
        port = freePort();
        int peerPort = freePort();
        var self = new Member(
                MEMBER_ID,
                "default",
                List.of("http://127.0.0.1:" + peerPort),
                List.of("http://127.0.0.1:" + port),
                false);
        var config = new MemberConfig(
                CLUSTER_ID,
                self,
                List.of(new Member(MEMBER_ID, "", self.peerUrls(), List.of(), false)),
                MemberConfig.Membership.FOUNDING,
                new MemberConfig.Directories(directory),
                new MemberConfig.Addresses(
                        List.of(new ListenAddress("listen-client-urls", "127.0.0.1", port)),
                        List.of(new ListenAddress("listen-peer-urls", "127.0.0.1", peerPort)),
                        List.of()),
                MemberConfig.Tls.NONE,
                new MemberConfig.Timing(100, 10, 600_000),
                new MemberConfig.Limits(
                        new PortLimits(REQUEST_BYTES_MAX, 1_000, 5_000, 60_000, 20_000),
                        TXN_OPS_MAX,
                        100_000,
                        5_000,
                        true),
                AuthConfig.STANDARD,
                MaintenanceConfig.DEFAULT,
                web,
                new MemberConfig.Observation(false, 100, null, List.of()));
        member = RunningMember.start(config, this);
        if (!ready.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("not ready; fatal: " + fatal.get());
        }
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void info(String message, Object... fields) {}

    @Override
    public void warn(String message, Object... fields) {}

    @Override
    public void ready() {
        ready.countDown();
    }

    @Override
    public void fatal(String reason, Throwable cause) {
        fatal.compareAndSet(null, reason);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        member.close();
    }
}
