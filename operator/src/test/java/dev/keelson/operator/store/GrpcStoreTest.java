package dev.keelson.operator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.api.etcd.ClusterGrpc.ClusterImplBase;
import dev.keelson.api.etcd.DowngradeInfo;
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
import dev.keelson.operator.certificates.Handshakes.Peer;
import dev.keelson.operator.certificates.Handshakes.Shown;
import dev.keelson.operator.certificates.KeyPairPem;
import dev.keelson.operator.certificates.TlsHandshakes;
import dev.keelson.operator.observe.MinorVersion;
import dev.keelson.operator.observe.StoreMember;
import dev.keelson.operator.observe.StoreObservation;
import dev.keelson.operator.observe.StoreObservation.Agreement;
import dev.keelson.operator.store.Stores.Credentials;
import dev.keelson.operator.store.Stores.Endpoint;
import dev.keelson.operator.store.Stores.Entry;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over real connections with the certificates that the operator gives out. */
final class GrpcStoreTest {
    private static final String HOST = "c-0.c-peers.ns.svc";
    private static final KeyPairPem AUTHORITY =
            Authority.create("test", Clock.systemUTC()).pem();

    private final AtomicLong nanos = new AtomicLong();
    private final GrpcStores stores = new GrpcStores(nanos::get);
    private final AtomicInteger connections = new AtomicInteger();
    private final KeyPairPem client =
            Authority.read(AUTHORITY, Clock.systemUTC()).issue("keelson-client", List.of());

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
                .addTransportFilter(new ServerTransportFilter() {
                    @Override
                    public Attributes transportReady(Attributes attributes) {
                        connections.incrementAndGet();
                        return attributes;
                    }
                })
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

    @Test
    void passesShareAConnectionAndAskAnew() {
        for (int pass = 0; pass < 5; pass++) {
            try (Store store = open(AUTHORITY)) {
                assertThat(store.observe().quorate()).isTrue();
            }
            quorate = pass == 3;
            try (Store store = open(AUTHORITY)) {
                assertThat(store.observe().quorate()).isEqualTo(pass == 3);
            }
            quorate = true;
        }

        assertThat(connections).hasValue(1);
    }

    @Test
    void otherCertificatesMakeAnotherConnection() {
        try (Store store = open(AUTHORITY)) {
            assertThat(store.observe().quorate()).isTrue();
        }
        KeyPairPem renewed = Authority.read(AUTHORITY, Clock.systemUTC()).issue("keelson-client", List.of());
        Entry entry = new Entry(new Credentials(AUTHORITY.certificate(), renewed), List.of());
        try (Store store =
                stores.open("ns/c", List.of(new Endpoint("c-0", "127.0.0.1", server.getPort(), HOST)), entry)) {
            assertThat(store.observe().quorate()).isTrue();
        }

        assertThat(connections).hasValue(2);
        assertThat(stores.size()).isEqualTo(1);
    }

    @Test
    void whatIsNotNeededAnyLongerIsNotKept() {
        open(AUTHORITY);
        assertThat(stores.size()).isEqualTo(1);
        stores.forget("ns/c");
        assertThat(stores.size()).isZero();

        open(AUTHORITY);
        nanos.addAndGet(GrpcStores.UNUSED_MAX.toNanos() + 1);
        stores.open("ns/other", List.of(), Entry.FREE);

        assertThat(stores.size()).isZero();
    }

    @Test
    void aMemberThatDoesNotAnswerIsConnectedToAnew() throws IOException {
        int port = server.getPort();
        try (Store store = open(AUTHORITY)) {
            assertThat(store.observe().quorate()).isTrue();
        }
        server.shutdownNow();
        Endpoint member = new Endpoint("c-0", "127.0.0.1", port, HOST);
        Entry entry = new Entry(new Credentials(AUTHORITY.certificate(), client), List.of());
        try (Store store = stores.open("ns/c", List.of(member), entry)) {
            assertThat(store.observe()).isEqualTo(StoreObservation.SILENT);
        }

        assertThat(stores.size()).isZero();
    }

    @Test
    void saysWhatTheMembersHaveAgreedOn() {
        try (Store store = open(AUTHORITY)) {
            assertThat(store.observe().agreement())
                    .isEqualTo(new Agreement(new MinorVersion(3, 7), new MinorVersion(3, 6), false));
        }
    }

    @Test
    void whatAMemberTrustsAndShowsIsSeenInAHandshakeWithoutACertificate() {
        Shown shown =
                Objects.requireNonNull(new TlsHandshakes().look(new Peer("c-0", "127.0.0.1", server.getPort(), HOST)));

        assertThat(shown.trusted()).extracting(X500Principal::getName).containsExactly("CN=test");
        assertThat(shown.own().getSubjectX500Principal().getName()).isEqualTo("CN=c-0");
    }

    @Test
    void whoDoesNotSpeakTlsShowsNothing() {
        int port = server.getPort();
        server.shutdownNow();

        assertThat(new TlsHandshakes().look(new Peer("c-0", "127.0.0.1", port, HOST)))
                .isNull();
    }

    private Store open(KeyPairPem authority) {
        KeyPairPem own = authority.equals(AUTHORITY)
                ? client
                : Authority.read(authority, Clock.systemUTC()).issue("keelson-client", List.of());
        return stores.open(
                "ns/c",
                List.of(new Endpoint("c-0", "127.0.0.1", server.getPort(), HOST)),
                new Entry(new Credentials(authority.certificate(), own), List.of()));
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
                    .setStorageVersion("3.7.0")
                    .setDowngradeInfo(
                            DowngradeInfo.newBuilder().setEnabled(true).setTargetVersion("3.6.0"))
                    .build());
            answer.onCompleted();
        }
    }
}
