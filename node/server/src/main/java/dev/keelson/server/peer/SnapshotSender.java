package dev.keelson.server.peer;

import com.google.protobuf.UnsafeByteOperations;
import dev.keelson.api.peer.PeerGrpc;
import dev.keelson.api.peer.SnapshotAnswer;
import dev.keelson.api.peer.SnapshotFrame;
import dev.keelson.api.peer.SnapshotHeader;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.message.Message;
import dev.keelson.server.metrics.SnapshotCounts;
import dev.keelson.storage.snapshot.SnapshotChunk;
import dev.keelson.storage.snapshot.SnapshotSource;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Streams snapshots to peers, each on a connection of its own so that it cannot hold up the messages.
 *
 * <p>The stream takes from its source only what the connection has room for, so memory does not grow with the store.
 *
 * <p>Thread rule: {@link #send} from any thread; each snapshot has a thread of its own, which waits for the disk and for
 * the connection.
 */
public final class SnapshotSender {

    private final Handshake handshake;
    private final GrpcPeerTransport transport;
    private final PeerListener listener;

    public SnapshotSender(Handshake handshake, GrpcPeerTransport transport, PeerListener listener) {
        this.handshake = handshake;
        this.transport = transport;
        this.listener = listener;
    }

    /**
     * Sends a checkpoint to {@code message.to()}.
     *
     * @param done told once whether the peer has taken it, on the thread of the snapshot
     */
    public void send(Path checkpoint, Message.InstallSnapshot message, Consumer<Boolean> done) {
        Thread.ofPlatform()
                .daemon()
                .name("snapshot-to-" + Handshake.hex(message.to()))
                .start(() -> {
                    boolean delivered = false;
                    SnapshotCounts counts = listener.figures(message.to()).snapshotsOut();
                    long began = counts.began();
                    try (SnapshotSource source = SnapshotSource.open(checkpoint)) {
                        delivered = transfer(message, source);
                    } catch (RuntimeException failure) {
                        listener.snapshotFailed(message.to(), failure.toString());
                    } finally {
                        counts.ended(began, delivered);
                        if (delivered) {
                            listener.snapshotDelivered(message.to());
                        }
                        done.accept(delivered);
                    }
                });
    }

    private boolean transfer(Message.InstallSnapshot message, SnapshotSource source) {
        List<String> urls = transport.urlsOf(message.to());
        if (urls == null || urls.isEmpty()) {
            return false;
        }
        ManagedChannel channel = transport.addresses().connect(urls.getFirst());
        try {
            new Transfer(message, channel).run(source);
            return true;
        } catch (IOException failure) {
            listener.snapshotFailed(message.to(), String.valueOf(failure.getMessage()));
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            channel.shutdownNow();
        }
    }

    /** One snapshot on its way; its thread waits on the monitor for what the event loop reports. */
    private final class Transfer extends ClientCall.Listener<SnapshotAnswer> {

        private final Message.InstallSnapshot message;
        private final ClientCall<SnapshotFrame, SnapshotAnswer> call;
        private boolean welcome;
        private boolean delivered;
        private @Nullable String failure;

        Transfer(Message.InstallSnapshot message, ManagedChannel channel) {
            this.message = message;
            this.call = channel.newCall(
                    PeerGrpc.getSnapshotMethod(),
                    CallOptions.DEFAULT.withOnReadyThreshold(PeerLimits.SNAPSHOT_BUFFER_BYTES));
        }

        void run(SnapshotSource source) throws IOException, InterruptedException {
            call.start(this, new Metadata());
            call.request(Integer.MAX_VALUE);
            try {
                call.sendMessage(SnapshotFrame.newBuilder().setHeader(header()).build());
                await(() -> welcome, PeerLimits.HANDSHAKE_MILLIS_MAX, "no answer to the hello");
                sendAll(source);
                await(() -> delivered, PeerLimits.SNAPSHOT_INSTALL_MILLIS_MAX, "no answer to the end");
            } catch (IOException | InterruptedException | RuntimeException cause) {
                call.cancel("the snapshot was given up", cause);
                throw cause;
            }
        }

        private void sendAll(SnapshotSource source) throws IOException, InterruptedException {
            while (source.hasNext()) {
                SnapshotChunk chunk = source.next();
                await(call::isReady, PeerLimits.SNAPSHOT_STALL_MILLIS_MAX, "the peer takes nothing any more");
                SnapshotFrame frame =
                        SnapshotFrame.newBuilder().setChunk(encode(chunk)).build();
                listener.figures(message.to()).sent(frame.getSerializedSize());
                call.sendMessage(frame);
            }
            call.halfClose();
        }

        private synchronized void await(BooleanSupplier condition, long millisMax, String otherwise)
                throws IOException, InterruptedException {
            long deadline = System.nanoTime() + millisMax * 1_000_000;
            while (!condition.getAsBoolean()) {
                long millisLeft = (deadline - System.nanoTime()) / 1_000_000;
                if (failure != null) {
                    throw new IOException(failure);
                }
                if (millisLeft <= 0) {
                    throw new IOException(otherwise + " within " + millisMax + " ms");
                }
                wait(millisLeft);
            }
        }

        private SnapshotHeader header() {
            ConfState confState = message.metadata().confState();
            return SnapshotHeader.newBuilder()
                    .setHello(handshake.hello(message.to()))
                    .setTerm(message.term())
                    .setIndex(message.metadata().index())
                    .setIndexTerm(message.metadata().term())
                    .addAllVoters(confState.voters())
                    .addAllVotersOutgoing(confState.votersOutgoing())
                    .addAllLearners(confState.learners())
                    .build();
        }

        private static dev.keelson.api.peer.SnapshotChunk encode(SnapshotChunk chunk) {
            return dev.keelson.api.peer.SnapshotChunk.newBuilder()
                    .setFile(chunk.file())
                    .setOffset(chunk.offset())
                    .setData(UnsafeByteOperations.unsafeWrap(chunk.bytes()))
                    .setLast(chunk.last())
                    .build();
        }

        @Override
        public synchronized void onMessage(SnapshotAnswer answer) {
            switch (answer.getAnswerCase()) {
                case WELCOME -> welcome = true;
                case DELIVERED -> delivered = true;
                case REFUSED -> {
                    Refusal refusal = Refusal.decode(answer.getRefused());
                    listener.refusedBy(message.to(), refusal);
                    failure = refusal.toString();
                }
                case ANSWER_NOT_SET -> failure = "an answer of unknown kind";
            }
            notifyAll();
        }

        @Override
        public synchronized void onReady() {
            notifyAll();
        }

        @Override
        public synchronized void onClose(Status status, Metadata trailers) {
            if (failure == null) {
                failure = "the stream ended: " + status;
            }
            notifyAll();
        }
    }
}
