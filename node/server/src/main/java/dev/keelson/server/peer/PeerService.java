package dev.keelson.server.peer;

import dev.keelson.api.peer.Envelope;
import dev.keelson.api.peer.Forward;
import dev.keelson.api.peer.MembersAnswer;
import dev.keelson.api.peer.MembersRequest;
import dev.keelson.api.peer.PeerAnswer;
import dev.keelson.api.peer.PeerFrame;
import dev.keelson.api.peer.PeerGrpc;
import dev.keelson.api.peer.Ping;
import dev.keelson.api.peer.Pong;
import dev.keelson.api.peer.RaftMessage;
import dev.keelson.api.peer.SnapshotAnswer;
import dev.keelson.api.peer.SnapshotFrame;
import dev.keelson.engine.Member;
import dev.keelson.engine.Reply;
import dev.keelson.mvcc.StoreException;
import dev.keelson.server.metrics.PeerMetrics;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of the talk with a peer: nothing is handed on before the hello was found good, nor anything that the
 * envelope does not address from that peer to this member.
 *
 * <p>Thread rule: called on event loops, one stream always on the same.
 */
final class PeerService extends PeerGrpc.PeerImplBase {

    private final Handshake handshake;
    private final PeerServer.Inbox inbox;
    private final SnapshotReceiver snapshots;
    private final PeerListener listener;

    PeerService(Handshake handshake, PeerServer.Inbox inbox, SnapshotReceiver snapshots, PeerListener listener) {
        this.handshake = handshake;
        this.inbox = inbox;
        this.snapshots = snapshots;
        this.listener = listener;
    }

    @Override
    public StreamObserver<PeerFrame> messages(StreamObserver<PeerAnswer> answers) {
        return new Incoming(answers);
    }

    @Override
    public StreamObserver<SnapshotFrame> snapshot(StreamObserver<SnapshotAnswer> answers) {
        return snapshots.receive(answers);
    }

    @Override
    public void members(MembersRequest asked, StreamObserver<MembersAnswer> call) {
        inbox.members().accept(new Reply<>() {
            @Override
            public void succeed(List<Member> members) {
                call.onNext(RunningCluster.encode(handshake.self().clusterId(), members));
                call.onCompleted();
            }

            @Override
            public void fail(StoreException error) {
                call.onError(
                        Status.UNAVAILABLE.withDescription(error.error().text()).asRuntimeException());
            }
        });
    }

    private final class Incoming implements StreamObserver<PeerFrame> {

        private static final long NOBODY = 0;

        private final StreamObserver<PeerAnswer> answers;
        private long from = NOBODY;
        private PeerMetrics.@Nullable Peer figures;
        private boolean ended;

        Incoming(StreamObserver<PeerAnswer> answers) {
            this.answers = answers;
        }

        @Override
        public void onNext(PeerFrame frame) {
            if (ended) {
                return;
            }
            switch (frame.getFrameCase()) {
                case HELLO -> greet(frame);
                case ENVELOPE -> open(frame.getEnvelope());
                case PING -> answer(frame.getPing());
                case FRAME_NOT_SET -> refuse(from, new Refusal(Refusal.Reason.MALFORMED, "a frame of unknown kind"));
            }
        }

        private void greet(PeerFrame frame) {
            long sender = frame.getHello().getFrom();
            Refusal refusal = handshake.judge(frame.getHello());
            if (refusal != null) {
                refuse(sender, refusal);
            } else {
                from = sender;
                figures = listener.figures(sender);
                answers.onNext(
                        PeerAnswer.newBuilder().setWelcome(handshake.welcome()).build());
            }
        }

        /**
         * A sign of life tells who was removed that he was. He may never hear it otherwise: the leader speaks to him no more
         * once it has applied his removal, which may be before he knew that it was decided.
         */
        private void answer(Ping ping) {
            Refusal farewell = handshake.farewell(from);
            if (from == NOBODY) {
                refuse(from, new Refusal(Refusal.Reason.MALFORMED, "a ping without a hello"));
            } else if (farewell != null) {
                refuse(from, farewell);
            } else {
                answers.onNext(PeerAnswer.newBuilder()
                        .setPong(Pong.newBuilder().setToken(ping.getToken()))
                        .build());
            }
        }

        private void open(Envelope envelope) {
            long self = handshake.self().memberId();
            if (from == NOBODY || envelope.getFrom() != from) {
                refuse(envelope.getFrom(), new Refusal(Refusal.Reason.MALFORMED, "an envelope without a hello"));
            } else if (envelope.getClusterId() != handshake.self().clusterId()) {
                refuse(from, new Refusal(Refusal.Reason.OTHER_CLUSTER, "an envelope of another cluster"));
            } else if (envelope.getTo() != self) {
                refuse(from, new Refusal(Refusal.Reason.OTHER_MEMBER, "an envelope to another member"));
            } else {
                if (figures != null) {
                    figures.received(envelope.getSerializedSize());
                }
                try {
                    for (RaftMessage message : envelope.getMessagesList()) {
                        inbox.messages().accept(MessageCodec.decode(from, self, message));
                    }
                    for (Forward forward : envelope.getForwardsList()) {
                        ForwardCodec.decode(from, self, forward).ifPresent(inbox.forwards());
                    }
                } catch (MessageCodec.MalformedMessageException malformed) {
                    refuse(from, new Refusal(Refusal.Reason.MALFORMED, String.valueOf(malformed.getMessage())));
                }
            }
        }

        private void refuse(long sender, Refusal refusal) {
            ended = true;
            if (figures != null) {
                figures.receiveFailed();
            }
            listener.refused(sender, refusal);
            answers.onNext(PeerAnswer.newBuilder().setRefused(refusal.encode()).build());
            answers.onCompleted();
        }

        @Override
        public void onError(Throwable broken) {
            if (!ended && figures != null) {
                figures.receiveFailed();
            }
            ended = true;
        }

        @Override
        public void onCompleted() {
            if (!ended) {
                ended = true;
                answers.onCompleted();
            }
        }
    }
}
