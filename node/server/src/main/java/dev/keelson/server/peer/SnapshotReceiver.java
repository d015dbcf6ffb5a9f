package dev.keelson.server.peer;

import dev.keelson.api.peer.SnapshotAnswer;
import dev.keelson.api.peer.SnapshotDelivered;
import dev.keelson.api.peer.SnapshotFrame;
import dev.keelson.api.peer.SnapshotHeader;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message;
import dev.keelson.storage.StorageException;
import dev.keelson.storage.snapshot.SnapshotChunk;
import dev.keelson.storage.snapshot.SnapshotRefusedException;
import dev.keelson.storage.snapshot.SnapshotSink;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the snapshot of a leader, one at a time; whoever comes while one is on its way is told so and may try again.
 *
 * <p>Frames are asked for as they are written, so a slow disk slows the sender and costs no memory.
 *
 * <p>Thread rule: {@link #receive} on event loops; everything that touches files on one thread of its own.
 */
final class SnapshotReceiver implements AutoCloseable {

    private final Handshake handshake;
    private final SnapshotInbox inbox;
    private final PeerListener listener;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("snapshot-in").factory());
    private final AtomicReference<@Nullable Reception> current = new AtomicReference<>();

    SnapshotReceiver(Handshake handshake, PeerServer.Inbox inbox, PeerListener listener) {
        this.handshake = handshake;
        this.inbox = inbox.snapshots();
        this.listener = listener;
    }

    StreamObserver<SnapshotFrame> receive(StreamObserver<SnapshotAnswer> answers) {
        var flow = (ServerCallStreamObserver<SnapshotAnswer>) answers;
        flow.disableAutoRequest();
        flow.request(PeerLimits.SNAPSHOT_FRAMES_AHEAD);
        return new Reception(flow);
    }

    @Override
    public void close() {
        writer.shutdownNow();
    }

    private final class Reception implements StreamObserver<SnapshotFrame> {

        private final ServerCallStreamObserver<SnapshotAnswer> answers;
        private long from;
        private Message.@Nullable InstallSnapshot announced;
        private @Nullable SnapshotSink files;
        private long began;
        private boolean ended;

        Reception(ServerCallStreamObserver<SnapshotAnswer> answers) {
            this.answers = answers;
        }

        @Override
        public void onNext(SnapshotFrame frame) {
            writer.execute(() -> {
                if (!ended) {
                    take(frame);
                    answers.request(1);
                }
            });
        }

        @Override
        public void onError(Throwable broken) {
            writer.execute(this::giveUp);
        }

        @Override
        public void onCompleted() {
            writer.execute(() -> {
                if (!ended) {
                    refuse(new Refusal(Refusal.Reason.MALFORMED, "the stream ended before the snapshot did"));
                }
            });
        }

        private void take(SnapshotFrame frame) {
            try {
                switch (frame.getFrameCase()) {
                    case HEADER -> begin(frame.getHeader());
                    case CHUNK -> write(frame.getChunk());
                    case FRAME_NOT_SET -> throw new MessageCodec.MalformedMessageException("a frame of unknown kind");
                }
            } catch (MessageCodec.MalformedMessageException malformed) {
                refuse(new Refusal(Refusal.Reason.MALFORMED, String.valueOf(malformed.getMessage())));
            } catch (SnapshotRefusedException damaged) {
                refuse(new Refusal(Refusal.Reason.MALFORMED, String.valueOf(damaged.getMessage())));
            } catch (StorageException failure) {
                refuse(new Refusal(Refusal.Reason.BUSY, "cannot take the snapshot: " + failure.getMessage()));
            }
        }

        private void write(dev.keelson.api.peer.SnapshotChunk chunk) {
            if (files == null || announced == null) {
                throw new MessageCodec.MalformedMessageException("a chunk before the header");
            }
            files.accept(new SnapshotChunk(
                    chunk.getFile(), chunk.getOffset(), chunk.getData().toByteArray(), chunk.getLast()));
            listener.figures(from).received(chunk.getSerializedSize());
            if (chunk.getLast()) {
                long written = System.nanoTime();
                Path complete = files.complete();
                listener.snapshotTaken(began, written);
                listener.figures(from).snapshotsIn().ended(began, true);
                files = null;
                end();
                inbox.received(announced, complete);
                answers.onNext(SnapshotAnswer.newBuilder()
                        .setDelivered(SnapshotDelivered.getDefaultInstance())
                        .build());
                answers.onCompleted();
            }
        }

        private void begin(SnapshotHeader header) {
            from = header.getHello().getFrom();
            Refusal refusal = handshake.judge(header.getHello());
            if (refusal != null) {
                refuse(refusal);
            } else if (!current.compareAndSet(null, this)) {
                refuse(new Refusal(Refusal.Reason.BUSY, "another snapshot is on its way"));
            } else {
                announced = announced(header);
                files = SnapshotSink.open(inbox.newDirectory());
                began = listener.figures(from).snapshotsIn().began();
                answers.onNext(SnapshotAnswer.newBuilder()
                        .setWelcome(handshake.welcome())
                        .build());
            }
        }

        private Message.InstallSnapshot announced(SnapshotHeader header) {
            var confState =
                    new ConfState(header.getVotersList(), header.getVotersOutgoingList(), header.getLearnersList());
            return new Message.InstallSnapshot(
                    from,
                    handshake.self().memberId(),
                    header.getTerm(),
                    new SnapshotMetadata(header.getIndex(), header.getIndexTerm(), confState));
        }

        private void refuse(Refusal refusal) {
            giveUp();
            listener.refused(from, refusal);
            answers.onNext(
                    SnapshotAnswer.newBuilder().setRefused(refusal.encode()).build());
            answers.onCompleted();
        }

        private void giveUp() {
            if (files != null) {
                listener.figures(from).snapshotsIn().ended(began, false);
                files.close();
                files = null;
            }
            end();
        }

        private void end() {
            ended = true;
            current.compareAndSet(this, null);
        }
    }
}
