package dev.keelson.server.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.raft.message.Message;
import dev.keelson.server.tls.LiveTls;
import dev.keelson.server.tls.TestAuthority;
import dev.keelson.server.tls.TestTls;
import dev.keelson.server.tls.TlsConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class TlsPeersTest {

    @TempDir
    Path folder;

    private final List<LoopbackPeer> peers = new ArrayList<>();
    private final TestTls saidA = new TestTls();
    private final TestTls saidB = new TestTls();
    private TestAuthority authority;

    @BeforeEach
    void issue() {
        authority = new TestAuthority(folder, "authority");
    }

    @AfterEach
    void stop() {
        peers.forEach(LoopbackPeer::close);
    }

    private LoopbackPeer peer(long id, LiveTls tls) {
        var peer =
                new LoopbackPeer(new Handshake.Self(100, id, 11 * id), new MemoryIdentities(), Path.of("unused"), tls);
        peers.add(peer);
        return peer;
    }

    private TlsConfig.Trust allowing(Set<String> commonNames, Set<String> hostNames) {
        return TestTls.trusting(authority.file(), null, commonNames, hostNames);
    }

    private static void assertTalk(LoopbackPeer a, LoopbackPeer b) throws InterruptedException {
        a.listen();
        a.knows(b.listen());
        b.knows(a);
        a.awaitEvent("connected 2");
        b.awaitEvent("connected 1");
        a.transport.send(new Message.TimeoutNow(1, 2, 1));
        assertThat(b.awaitMessage().from()).isEqualTo(1);
    }

    @Test
    void membersWithCertificatesOfOneAuthoritySpeakWithEachOther() throws Exception {
        TlsConfig.Trust trust = TestTls.trusting(authority.file());

        assertTalk(
                peer(1, saidA.peers(authority.issue("a", "127.0.0.1"), trust)),
                peer(2, saidB.peers(authority.issue("b", "127.0.0.1"), trust)));
    }

    @Test
    void aMemberWithoutAnAllowedNameIsRefused() throws Exception {
        LoopbackPeer a = peer(1, saidA.peers(authority.issue("stranger", "127.0.0.1"), allowing(Set.of(), Set.of())));
        LoopbackPeer b = peer(2, saidB.peers(authority.issue("b", "127.0.0.1"), allowing(Set.of("a", "b"), Set.of())));

        a.knows(b.listen());

        assertThat(saidB.next()).startsWith("refused peer: client certificate authentication failed");
        a.awaitEvent("unreachable 2");
    }

    @Test
    void aMemberIsNotSpokenToWhereItsCertificateIsForAnotherAddress() throws Exception {
        TlsConfig.Trust trust = TestTls.trusting(authority.file());
        LoopbackPeer a = peer(1, saidA.peers(authority.issue("a", "127.0.0.1"), trust));
        LoopbackPeer b = peer(2, saidB.peers(authority.issue("b", "127.0.0.9"), trust));

        a.knows(b.listen());

        a.awaitEvent("unreachable 2");
        assertThat(saidB.next()).startsWith("refused peer: ");
    }

    @Test
    void certificatesMadeByTheMembersEncryptAndAreKept() throws Exception {
        Path own = folder.resolve("fixtures/peer");
        LiveTls tls = saidA.selfSignedPeers(own);
        String made = Files.readString(own.resolve("cert.pem"));

        assertTalk(peer(1, tls), peer(2, saidB.selfSignedPeers(folder.resolve("other"))));

        saidA.selfSignedPeers(own);
        assertThat(Files.readString(own.resolve("cert.pem"))).isEqualTo(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own.resolve("key.pem"))))
                .isEqualTo("rw-------");
    }
}
