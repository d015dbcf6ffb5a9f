package dev.keelson.server.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.keelson.api.peer.PeerGrpc;
import dev.keelson.api.peer.SnapshotAnswer;
import dev.keelson.api.peer.SnapshotChunk;
import dev.keelson.api.peer.SnapshotFrame;
import dev.keelson.api.peer.SnapshotHeader;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class SnapshotStreamTest {

    private static final int LARGE = 5_000_001;
    private static final Message.InstallSnapshot SNAPSHOT = new Message.InstallSnapshot(
            1, 2, 7, new SnapshotMetadata(1_000, 6, new ConfState(List.of(1L, -2L), List.of(), List.of(3L))));

    @TempDir
    Path directory;

    private LoopbackPeer a;
    private LoopbackPeer b;
    private final BlockingQueue<Boolean> outcome = new LinkedBlockingQueue<>();
    private final List<Raw> raw = new ArrayList<>();

    @BeforeEach
    void connect() throws IOException {
        a = new LoopbackPeer(new Handshake.Self(100, 1, 11), new MemoryIdentities(), directory.resolve("a"));
        b = new LoopbackPeer(new Handshake.Self(100, 2, 22), new MemoryIdentities(), directory.resolve("b"));
        Files.createDirectories(directory.resolve("b"));
        a.knows(b.listen());
    }

    @AfterEach
    void close() throws InterruptedException {
        for (Raw each : raw) {
            each.breakOff();
        }
        a.close();
        b.close();
    }

    private Path checkpoint() throws IOException {
        Path checkpoint = Files.createDirectories(directory.resolve("checkpoint"));
        byte[] large = new byte[LARGE];
        new Random(1).nextBytes(large);
        Files.write(checkpoint.resolve("000001.sst"), large);
        Files.writeString(checkpoint.resolve("CURRENT"), "MANIFEST-000005\n");
        Files.write(checkpoint.resolve("empty"), new byte[0]);
        return checkpoint;
    }

    private Boolean send(Path checkpoint) throws InterruptedException {
        a.snapshots.send(checkpoint, SNAPSHOT, outcome::add);
        return outcome.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void aSnapshotArrivesWholeAndIsAnnouncedAsItWasSent() throws Exception {
        Path checkpoint = checkpoint();
        byte[] large = Files.readAllBytes(checkpoint.resolve("000001.sst"));

        Boolean delivered = send(checkpoint);

        assertThat(delivered).isTrue();
        assertThat(b.awaitMessage()).isEqualTo(SNAPSHOT);
        Path received = directory.resolve("b/incoming");
        assertThat(received.resolve("000001.sst")).hasBinaryContent(large);
        assertThat(received.resolve("CURRENT")).hasContent("MANIFEST-000005\n");
        assertThat(received.resolve("empty")).isEmptyFile();
    }

    @Test
    void aPeerThatIsNotThereFailsTheSnapshot() throws Exception {
        b.stopListening();

        assertThat(send(checkpoint())).isFalse();
    }

    @Test
    void aCheckpointThatIsNotThereFailsTheSnapshot() throws Exception {
        assertThat(send(directory.resolve("missing"))).isFalse();
    }

    @Test
    void aRemovedMemberMayNotSend() throws Exception {
        b.removed.add(1L);

        assertThat(send(checkpoint())).isFalse();
        assertThat(a.awaitEvent("refused by 2")).contains("REMOVED_SENDER");
    }

    @Test
    void aSecondSnapshotHasToWaitUntilTheFirstIsThroughOrGone() throws Exception {
        Raw first = new Raw();
        first.say(header());
        assertThat(first.answer().hasWelcome()).isTrue();

        assertThat(send(checkpoint())).isFalse();
        assertThat(a.awaitEvent("refused by 2")).contains("BUSY");

        first.breakOff();
        // The first one's end is noticed on another thread than the second one begins on.
        Boolean delivered = send(checkpoint());
        for (int attempt = 0; !delivered && attempt < 100; attempt++) {
            delivered = send(checkpoint());
        }
        assertThat(delivered).isTrue();
    }

    @Test
    void aStreamThatEndsEarlyLeavesNothingBehind() throws Exception {
        Raw stream = new Raw();
        stream.say(header());
        stream.answer();
        stream.say(chunk("CURRENT", 0, false));
        stream.end();

        assertThat(stream.answer().getRefused().getDetail()).contains("ended before the snapshot did");
        assertThat(directory.resolve("b/incoming")).doesNotExist();
        assertThat(b.received).isEmpty();
    }

    @Test
    void filesOutOfOrderOrOutOfTheDirectoryAreRefused() throws Exception {
        for (SnapshotFrame wrong : List.of(chunk("../x", 0, false), chunk("CURRENT", 5, false), chunk("", 0, true))) {
            Raw stream = new Raw();
            stream.say(header());
            assertThat(stream.answer().hasWelcome()).isTrue();
            stream.say(wrong);
            assertThat(stream.answer().hasRefused()).isTrue();
        }
        assertThat(directory.resolve("x")).doesNotExist();
        assertThat(b.received).isEmpty();
    }

    @Test
    void aChunkBeforeTheHeaderIsRefused() throws Exception {
        Raw stream = new Raw();
        stream.say(chunk("CURRENT", 0, false));

        assertThat(stream.answer().getRefused().getDetail()).contains("before the header");
    }

    private static SnapshotFrame header() {
        var hello = new Handshake(new Handshake.Self(100, 1, 11), new MemoryIdentities(), id -> false).hello(2);
        return SnapshotFrame.newBuilder()
                .setHeader(SnapshotHeader.newBuilder().setHello(hello).setIndex(5))
                .build();
    }

    private static SnapshotFrame chunk(String file, long offset, boolean last) {
        return SnapshotFrame.newBuilder()
                .setChunk(SnapshotChunk.newBuilder()
                        .setFile(file)
                        .setOffset(offset)
                        .setData(ByteString.copyFromUtf8("text"))
                        .setLast(last))
                .build();
    }

    /** A sender that says what a test tells it. */
    private final class Raw implements StreamObserver<SnapshotAnswer> {

        private final ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", b.port())
                .usePlaintext()
                .build();
        private final BlockingQueue<SnapshotAnswer> answers = new LinkedBlockingQueue<>();
        private final StreamObserver<SnapshotFrame> frames =
                PeerGrpc.newStub(channel).snapshot(this);

        Raw() {
            raw.add(this);
        }

        void say(SnapshotFrame frame) {
            frames.onNext(frame);
        }

        void end() {
            frames.onCompleted();
        }

        void breakOff() throws InterruptedException {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }

        SnapshotAnswer answer() throws InterruptedException {
            SnapshotAnswer answer = answers.poll(10, TimeUnit.SECONDS);
            assertThat(answer).isNotNull();
            return answer;
        }

        @Override
        public void onNext(SnapshotAnswer answer) {
            answers.add(answer);
        }

        @Override
        public void onError(Throwable broken) {}

        @Override
        public void onCompleted() {}
    }
}
