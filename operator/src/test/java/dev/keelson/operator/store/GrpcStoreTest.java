package dev.keelson.operator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.api.etcd.ClusterGrpc.ClusterImplBase;
import dev.keelson.api.etcd.MaintenanceGrpc.MaintenanceImplBase;
import dev.keelson.api.etcd.Member;
import dev.keelson.api.etcd.MemberAddRequest;
import dev.keelson.api.etcd.MemberAddResponse;
import dev.keelson.api.etcd.MemberListRequest;
import dev.keelson.api.etcd.MemberListResponse;
import dev.keelson.api.etcd.ResponseHeader;
import dev.keelson.api.etcd.StatusRequest;
import dev.keelson.api.etcd.StatusResponse;
import dev.keelson.operator.certificates.Authority;
import dev.keelson.operator.certificates.KeyPairPem;
import dev.keelson.operator.observe.StoreMember;
import dev.keelson.operator.observe.StoreObservation;
import dev.keelson.operator.store.Stores.Credentials;
import dev.keelson.operator.store.Stores.Endpoint;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over real connections with the certificates that the operator gives out. */
final class GrpcStoreTest {
    private static final String HOST = "c-0.c-peers.ns.svc";
    private static final KeyPairPem AUTHORITY =
            Authority.create("test", Clock.systemUTC()).pem();

    private Server server;

    private volatile boolean quorate = true;

    @BeforeEach
    void start() throws IOException {
        KeyPairPem own = Authority.read(AUTHORITY, Clock.systemUTC()).issue("c-0", List.of(HOST, "127.0.0.1"));
        server = Grpc.newServerBuilderForPort(
                        0,
                        TlsServerCredentials.newBuilder()
                                .keyManager(stream(own.certificate()), stream(own.key()))
                                .trustManager(stream(AUTHORITY.certificate()))
                                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                                .build())
                .addService(new Members())
                .addService(new Statuses())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void findsMembersByTheirPeerAddressAndJoinsWhatEachSays() {
        try (Store store = open(AUTHORITY)) {
            StoreObservation seen = store.observe();

            assertThat(seen.quorate()).isTrue();
            assertThat(seen.clusterId()).isEqualTo(77);
            assertThat(seen.members()).extracting(StoreMember::host).containsExactly("c-0", "c-1");
            assertThat(seen.members().getFirst().isHealthy()).isTrue();
            assertThat(seen.members().getLast().isHealthy()).isFalse();
            assertThat(seen.members().getLast().hasStarted()).isFalse();
        }
    }

    @Test
    void aListThatNoQuorumConfirmsIsShownAndNotTrusted() {
        quorate = false;
        try (Store store = open(AUTHORITY)) {
            StoreObservation seen = store.observe();

            assertThat(seen.quorate()).isFalse();
            assertThat(seen.members()).hasSize(2);
        }
    }

    @Test
    void aMemberOfAnotherAuthorityIsNotHeard() {
        KeyPairPem other = Authority.create("other", Clock.systemUTC()).pem();
        try (Store store = open(other)) {
            assertThat(store.observe()).isEqualTo(StoreObservation.SILENT);
        }
    }

    @Test
    void aRefusalIsTold() {
        try (Store store = open(AUTHORITY)) {
            assertThatThrownBy(() -> store.addLearner("https://c-2:2380"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("too many learner members in cluster");
        }
    }

    private Store open(KeyPairPem authority) {
        KeyPairPem own = Authority.read(authority, Clock.systemUTC()).issue("keelson-client", List.of());
        return new GrpcStores()
                .open(
                        List.of(new Endpoint("c-0", "127.0.0.1", server.getPort(), HOST)),
                        new Credentials(authority.certificate(), own));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ResponseHeader header() {
        return ResponseHeader.newBuilder().setClusterId(77).setMemberId(100).build();
    }

    private final class Members extends ClusterImplBase {
        @Override
        public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> answer) {
            if (request.getLinearizable() && !quorate) {
                answer.onError(Status.UNAVAILABLE.asRuntimeException());
                return;
            }
            answer.onNext(MemberListResponse.newBuilder()
                    .setHeader(header())
                    .addMembers(Member.newBuilder().setID(100).setName("c-0").addPeerURLs("https://" + HOST + ":2380"))
                    .addMembers(Member.newBuilder()
                            .setID(101)
                            .addPeerURLs("https://c-1.c-peers.ns.svc:2380")
                            .setIsLearner(true))
                    .build());
            answer.onCompleted();
        }

        @Override
        public void memberAdd(MemberAddRequest request, StreamObserver<MemberAddResponse> answer) {
            answer.onError(Status.FAILED_PRECONDITION
                    .withDescription("etcdserver: too many learner members in cluster")
                    .asRuntimeException());
        }
    }

    private static final class Statuses extends MaintenanceImplBase {
        @Override
        public void status(StatusRequest request, StreamObserver<StatusResponse> answer) {
            answer.onNext(StatusResponse.newBuilder()
                    .setHeader(header())
                    .setLeader(100)
                    .setRaftIndex(9)
                    .setRaftAppliedIndex(9)
                    .build());
            answer.onCompleted();
        }
    }
}
