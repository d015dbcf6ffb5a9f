package dev.keelson.server.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.api.peer.Envelope;
import dev.keelson.api.peer.PeerAnswer;
import dev.keelson.api.peer.PeerFrame;
import dev.keelson.api.peer.PeerGrpc;
import dev.keelson.api.peer.Ping;
import dev.keelson.api.peer.RaftMessage;
import dev.keelson.api.peer.Refused;
import dev.keelson.api.peer.TimeoutNow;
import dev.keelson.engine.forward.Answer;
import dev.keelson.engine.forward.Forward;
import dev.keelson.engine.forward.Question;
import dev.keelson.mvcc.StoreError;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.message.Message;
import dev.keelson.server.metrics.MetricsRoute;
import dev.keelson.server.port.BindFailedException;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class PeerLinkTest {

    private static final int LARGE = 3 << 20;

    @TempDir
    Path directory;

    private final List<LoopbackPeer> peers = new ArrayList<>();
    private final LoopbackPeer a = peer(1, 11);
    private final LoopbackPeer b = peer(2, 22);

    private LoopbackPeer peer(long id, long incarnation) {
        return peer(new Handshake.Self(100, id, incarnation), new MemoryIdentities());
    }

    private LoopbackPeer peer(Handshake.Self self, PeerIdentities identities) {
        var peer = new LoopbackPeer(self, identities, Path.of("unused"));
        peers.add(peer);
        return peer;
    }

    @AfterEach
    void stop() {
        peers.forEach(LoopbackPeer::close);
    }

    private static Message heartbeat(long commit) {
        return new Message.Heartbeat(1, 2, 5, commit, 0);
    }

    private static Message append(int bytes) {
        return new Message.AppendRequest(
                1, 2, 5, 9, 4, List.of(new Entry(5, 10, EntryType.NORMAL, new byte[bytes])), 9);
    }

    private static String shown(LoopbackPeer peer) throws Exception {
        return new MetricsRoute(List.of(peer.metrics)).text();
    }

    @Test
    void whatPassesIsCountedAtBothEnds() throws Exception {
        a.knows(b.listen());
        a.awaitEvent("connected 2");

        a.transport.send(append(LARGE));
        b.awaitMessage();

        assertThat(shown(a)).containsPattern("etcd_network_peer_sent_bytes_total\\{To=\"2\"} 3\\.1\\d+e\\+06\n");
        assertThat(shown(b)).containsPattern("etcd_network_peer_received_bytes_total\\{From=\"1\"} 3\\.1\\d+e\\+06\n");
    }

    @Test
    void aPeerIsAskedForASignOfLifeOnceItHasWelcomed() throws Exception {
        a.knows(b.listen());
        a.awaitEvent("connected 2");

        while (!shown(a).contains("etcd_network_peer_round_trip_time_seconds_count{To=\"2\"} 1\n")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whatIsDroppedIsCounted() throws Exception {
        a.knows(b.listen());
        a.awaitEvent("connected 2");
        b.stopListening();
        a.awaitEvent("lost 2");

        a.transport.send(heartbeat(1));

        assertThat(shown(a)).contains("etcd_network_peer_sent_failures_total{To=\"2\"}");
    }

    @Test
    void messagesArriveWholeAndInOrder() throws Exception {
        a.knows(b.listen());
        a.awaitEvent("connected 2");

        for (int commit = 1; commit <= 1_000; commit++) {
            a.transport.send(heartbeat(commit));
        }
        a.transport.send(append(LARGE));

        for (int commit = 1; commit <= 1_000; commit++) {
            assertThat(b.awaitMessage()).isEqualTo(heartbeat(commit));
        }
        assertThat(b.awaitMessage()).isEqualTo(append(LARGE));
    }

    @Test
    void questionsAndAnswersTravelAmongTheMessages() throws Exception {
        a.listen();
        b.listen();
        a.knows(b);
        b.knows(a);
        var asked = new Forward.Asked(1, 2, 77, new Question.RenewLease(-5));
        var answered = new Forward.Answered(2, 1, 77, new Answer.Refused(StoreError.NOT_LEADER));

        a.transport.send(heartbeat(1));
        a.transport.send(asked);
        assertThat(b.awaitForward()).isEqualTo(asked);
        assertThat(b.awaitMessage()).isEqualTo(heartbeat(1));
        b.transport.send(answered);

        assertThat(a.awaitForward()).isEqualTo(answered);
    }

    @Test
    void aMessageSentBeforeTheWelcomeIsNotLost() throws Exception {
        a.knows(b.listen());
        a.transport.send(heartbeat(1));

        assertThat(b.awaitMessage()).isEqualTo(heartbeat(1));
    }

    @Test
    void bothDirectionsHaveAStreamOfTheirOwn() throws Exception {
        a.listen();
        b.listen();
        a.knows(b);
        b.knows(a);
        a.awaitEvent("connected 2");
        b.awaitEvent("connected 1");

        b.transport.send(new Message.HeartbeatResponse(2, 1, 5, 7));

        assertThat(a.awaitMessage()).isEqualTo(new Message.HeartbeatResponse(2, 1, 5, 7));
    }

    @Test
    void aLinkComesBackWhenThePeerDoes() throws Exception {
        a.knows(b.listen());
        a.awaitEvent("connected 2");

        b.stopListening();
        a.awaitEvent("lost 2");
        a.transport.send(heartbeat(1));
        a.awaitEvent("unreachable 2");
        b.listen();
        a.awaitEvent("connected 2");
        a.transport.send(heartbeat(2));

        assertThat(b.awaitMessage()).isEqualTo(heartbeat(2));
    }

    @Test
    void aPeerThatIsNotThereIsReportedAndTriedAgain() throws Exception {
        b.listen();
        b.stopListening();
        a.knows(b);
        a.awaitEvent("unreachable 2");

        b.listen();

        a.awaitEvent("connected 2");
    }

    @Test
    void aPeerThatAcceptsAndNeverAnswersIsGivenUp() throws Exception {
        try (var silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            var member = new dev.keelson.engine.Member(
                    2, "b", List.of("http://127.0.0.1:" + silent.getLocalPort()), List.of(), false);
            a.transport.membersChanged(List.of(member));

            try (Socket first = silent.accept()) {
                assertThat(first.isConnected()).isTrue();
                a.awaitEvent("unreachable 2");
                try (Socket second = silent.accept()) {
                    assertThat(second.isConnected()).isTrue();
                }
            }
        }
    }

    @Test
    void aFullQueueDropsAndReports() throws Exception {
        try (var silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            var member = new dev.keelson.engine.Member(
                    2, "b", List.of("http://127.0.0.1:" + silent.getLocalPort()), List.of(), false);
            a.transport.membersChanged(List.of(member));
            try (Socket accepted = silent.accept()) {
                assertThat(accepted.isConnected()).isTrue();
                Message large = append(LARGE);
                for (long bytes = 0; bytes <= PeerLimits.QUEUE_BYTES_MAX; bytes += LARGE) {
                    a.transport.send(large);
                }

                assertThat(a.events.poll(2, TimeUnit.SECONDS)).isEqualTo("unreachable 2");
            }
        }
    }

    @Test
    void aMemberThatIsGoneIsNoLongerSentTo() throws Exception {
        a.knows(b.listen());
        a.awaitEvent("connected 2");

        a.knows();
        a.transport.send(heartbeat(1));

        a.awaitEvent("unreachable 2");
        assertThat(b.received).isEmpty();
    }

    @Test
    void anEmptiedMemberLearnsThatItIsNotWhoItSaysItIs() throws Exception {
        a.listen();
        b.listen();
        a.knows(b);
        b.knows(a);
        a.awaitEvent("connected 2");
        b.awaitEvent("connected 1");
        b.stopListening();
        b.transport.close();
        LoopbackPeer emptied = peer(2, 23).listen();

        emptied.knows(a);
        a.knows(emptied);

        assertThat(emptied.awaitEvent("refused by 1")).contains("REPLACED_SENDER", "another data directory");
        assertThat(a.awaitEvent("refused 2")).contains("REPLACED_SENDER", "another data directory");
    }

    @Test
    void aMemberOfAnotherClusterIsToldSoAndBothSidesKnow() throws Exception {
        LoopbackPeer foreign = peer(new Handshake.Self(101, 3, 33), new MemoryIdentities());
        foreign.knows(b.listen());

        assertThat(foreign.awaitEvent("refused by 2")).contains("OTHER_CLUSTER", "belongs to cluster 64, not to 65");
        assertThat(b.awaitEvent("refused 3")).contains("OTHER_CLUSTER");
    }

    @Test
    void aRemovedMemberIsToldSo() throws Exception {
        b.listen().removed.add(1L);

        a.knows(b);

        assertThat(a.awaitEvent("refused by 2")).contains("REMOVED_SENDER");
    }

    @Test
    void aMemberThatIsRemovedWhileItSpeaksIsToldSoAtItsNextSignOfLife() throws Exception {
        b.listen();
        // The hello is judged before, the ping after the removal.
        List<PeerAnswer> answers = say(
                hello(),
                () -> b.removed.add(1L),
                PeerFrame.newBuilder().setPing(Ping.getDefaultInstance()).build());

        assertThat(answers).hasSize(2);
        assertThat(answers.getFirst().hasWelcome()).isTrue();
        assertThat(answers.getLast().getRefused().getReason()).isEqualTo(Refused.Reason.REMOVED_SENDER);
    }

    private static PeerFrame hello() {
        return PeerFrame.newBuilder()
                .setHello(new Handshake(new Handshake.Self(100, 1, 11), new MemoryIdentities(), id -> false).hello(2))
                .build();
    }

    @Test
    void anEnvelopeWithoutAHelloIsRefusedUnread() throws Exception {
        b.listen();

        List<PeerAnswer> answers =
                say(PeerFrame.newBuilder().setEnvelope(envelope(100, 1, 2)).build());

        assertThat(answers)
                .singleElement()
                .satisfies(answer -> assertThat(answer.getRefused().getDetail()).contains("without a hello"));
        assertThat(b.received).isEmpty();
    }

    @Test
    void anEnvelopeForAnotherMemberOrClusterOrFromAnotherSenderIsRefusedUnread() throws Exception {
        b.listen();
        for (Envelope wrong : List.of(envelope(101, 1, 2), envelope(100, 3, 2), envelope(100, 1, 3))) {
            List<PeerAnswer> answers =
                    say(hello(), PeerFrame.newBuilder().setEnvelope(wrong).build());
            assertThat(answers).hasSize(2);
            assertThat(answers.getFirst().hasWelcome()).isTrue();
            assertThat(answers.getLast().hasRefused()).isTrue();
        }
        assertThat(b.received).isEmpty();
    }

    @Test
    void aPeerAddressInUseIsNamedTogetherWithItsFlag() throws IOException {
        b.listen();
        LoopbackPeer second = peer(3, 33);

        assertThatThrownBy(() -> second.listenOn(b.port()))
                .isInstanceOf(BindFailedException.class)
                .hasMessageContaining("--listen-peer-urls")
                .hasMessageContaining(String.valueOf(b.port()));
    }

    private static Envelope envelope(long cluster, long from, long to) {
        return Envelope.newBuilder()
                .setClusterId(cluster)
                .setFrom(from)
                .setTo(to)
                .addMessages(RaftMessage.newBuilder().setTerm(1).setTimeoutNow(TimeoutNow.getDefaultInstance()))
                .build();
    }

    private List<PeerAnswer> say(PeerFrame... frames) throws InterruptedException {
        return say(frames[0], () -> {}, Arrays.copyOfRange(frames, 1, frames.length));
    }

    /** @param meanwhile runs after the first answer when there are further frames */
    private List<PeerAnswer> say(PeerFrame first, Runnable meanwhile, PeerFrame... frames) throws InterruptedException {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", b.port())
                .usePlaintext()
                .build();
        var answers = new CopyOnWriteArrayList<PeerAnswer>();
        var answered = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        StreamObserver<PeerFrame> stream = PeerGrpc.newStub(channel).messages(new StreamObserver<>() {
            @Override
            public void onNext(PeerAnswer answer) {
                answers.add(answer);
                answered.countDown();
            }

            @Override
            public void onError(Throwable broken) {
                ended.countDown();
            }

            @Override
            public void onCompleted() {
                ended.countDown();
            }
        });
        stream.onNext(first);
        if (frames.length > 0) {
            assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
            meanwhile.run();
        }
        for (PeerFrame frame : frames) {
            stream.onNext(frame);
        }
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        channel.shutdownNow();
        return answers;
    }
}
