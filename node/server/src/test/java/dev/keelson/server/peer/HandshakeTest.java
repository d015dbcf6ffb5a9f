package dev.keelson.server.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.api.peer.Hello;
import dev.keelson.server.peer.Handshake.Self;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HandshakeTest {

    private final MemoryIdentities identitiesOfA = new MemoryIdentities();
    private final MemoryIdentities identitiesOfB = new MemoryIdentities();
    private final Set<Long> removed = new HashSet<>();
    private final Handshake a = new Handshake(new Self(100, 1, 11), identitiesOfA, removed::contains);
    private final Handshake b = new Handshake(new Self(100, 2, 22), identitiesOfB, removed::contains);

    private static Refusal.Reason reason(Handshake receiver, Hello hello) {
        Refusal refusal = receiver.judge(hello);
        assertThat(refusal).isNotNull();
        return refusal.reason();
    }

    @Test
    void membersOfOneClusterWelcomeEachOther() {
        assertThat(b.judge(a.hello(2))).isNull();
        assertThat(a.judge(b.hello(1))).isNull();
        assertThat(b.judge(a.hello(2))).isNull();
    }

    @Test
    void aMemberOfAnotherClusterIsRefused() {
        var foreign = new Handshake(new Self(101, 1, 11), new MemoryIdentities(), id -> false);

        assertThat(reason(b, foreign.hello(2))).isEqualTo(Refusal.Reason.OTHER_CLUSTER);
    }

    @Test
    void aHelloToAnotherMemberIsRefused() {
        assertThat(reason(b, a.hello(3))).isEqualTo(Refusal.Reason.OTHER_MEMBER);
    }

    @Test
    void aRemovedMemberIsRefused() {
        removed.add(1L);

        assertThat(reason(b, a.hello(2))).isEqualTo(Refusal.Reason.REMOVED_SENDER);
    }

    @Test
    void aMemberThatComesBackWithoutItsDataIsRefusedAsSender() {
        b.judge(a.hello(2));
        var emptied = new Handshake(new Self(100, 1, 12), new MemoryIdentities(), id -> false);

        assertThat(reason(b, emptied.hello(2))).isEqualTo(Refusal.Reason.REPLACED_SENDER);
    }

    @Test
    void aMemberThatComesBackWithoutItsDataRefusesWhoRemembersIt() {
        a.welcomed(2, b.welcome());
        var emptied = new Handshake(new Self(100, 2, 23), new MemoryIdentities(), id -> false);

        assertThat(reason(emptied, a.hello(2))).isEqualTo(Refusal.Reason.REPLACED_RECEIVER);
    }

    @Test
    void aRefusedSenderIsNotRemembered() {
        reason(b, a.hello(3));

        assertThat(identitiesOfB.incarnationOf(1)).isNull();
    }

    @Test
    void aHelloWithoutAProtocolIsRefused() {
        assertThat(reason(b, a.hello(2).toBuilder().clearProtocol().build()))
                .isEqualTo(Refusal.Reason.UNKNOWN_PROTOCOL);
    }

    @Test
    void everyReasonSurvivesTheWire() {
        for (Refusal.Reason reason : Refusal.Reason.values()) {
            var refusal = new Refusal(reason, "why");
            assertThat(Refusal.decode(refusal.encode())).isEqualTo(refusal);
        }
    }
}
