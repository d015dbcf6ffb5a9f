package dev.keelson.server.peer;

import dev.keelson.api.peer.Envelope;
import dev.keelson.api.peer.PeerAnswer;
import dev.keelson.api.peer.PeerFrame;
import dev.keelson.api.peer.PeerGrpc;
import dev.keelson.api.peer.Ping;
import dev.keelson.api.peer.Pong;
import dev.keelson.engine.Transport;
import dev.keelson.raft.message.Message;
import dev.keelson.server.metrics.PeerMetrics;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing half of the talk with one peer: a queue, and a stream that empties it into envelopes.
 *
 * <p>States: waiting (a retry is scheduled) → greeting (hello sent) → welcome (messages flow) → waiting. While waiting,
 * messages are dropped at once, since whoever waits asks again for what matters and an old message helps nobody.
 *
 * <p>Thread rule: {@link #send} from any thread; everything else on the link's event loop, where answers of the stream are
 * brought too.
 */
final class PeerLink {

    private enum State {
        WAITING,
        GREETING,
        WELCOME,
        CLOSED
    }

    private final long peer;
    private final Handshake handshake;
    private final PeerAddress addresses;
    private final EventLoop loop;
    private final PeerListener listener;
    private final PeerMetrics.Peer figures;

    private final Queue<Outgoing> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicBoolean drainRequested = new AtomicBoolean();

    private volatile State state = State.GREETING;
    private volatile List<String> urls;
    private volatile long welcomeNanos;
    private int nextUrl;
    private long retryMillis = PeerLimits.RETRY_MILLIS_MIN;
    private final OutageReports outage = new OutageReports();
    private @Nullable Stream stream;
    private @Nullable ScheduledFuture<?> retry;

    PeerLink(long peer, List<String> urls, Handshake handshake, PeerAddress addresses, PeerListener listener) {
        this.peer = peer;
        this.urls = urls;
        this.handshake = handshake;
        this.addresses = addresses;
        this.loop = addresses.loops().workers().next();
        this.listener = listener;
        this.figures = listener.figures(peer);
    }

    void start() {
        loop.execute(this::connect);
    }

    /** Takes note of new addresses; a stream that works is left alone. */
    void moveTo(List<String> newUrls) {
        loop.execute(() -> urls = newUrls);
    }

    /** For how long messages have been flowing, or {@link Transport#NOT_CONNECTED}. */
    long connectedMillis() {
        return state == State.WELCOME
                ? TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - welcomeNanos)
                : Transport.NOT_CONNECTED;
    }

    List<String> urls() {
        return urls;
    }

    void close() {
        loop.execute(() -> {
            state = State.CLOSED;
            cancelRetry();
            if (stream != null) {
                stream.end("this member no longer speaks with " + Handshake.hex(peer));
            }
            queue.clear();
        });
    }

    /** Queues the message, or drops it when the peer cannot be reached or does not keep up. */
    void send(Outgoing message) {
        if (message instanceof Outgoing.OfConsensus(Message.Heartbeat heartbeat)) {
            figures.heartbeat(heartbeat.term(), System.nanoTime());
        }
        long bytes = message.sizeBytes();
        State now = state;
        if (now == State.WAITING || now == State.CLOSED) {
            drop();
        } else if (queuedBytes.addAndGet(bytes) > PeerLimits.QUEUE_BYTES_MAX) {
            queuedBytes.addAndGet(-bytes);
            drop();
        } else {
            queue.add(message);
            // Looked at again: had the welcome come just before the message was added, its drain would have missed it.
            if (state == State.WELCOME && !drainRequested.get() && drainRequested.compareAndSet(false, true)) {
                loop.execute(this::drain);
            }
        }
    }

    private void drop() {
        figures.sendFailed();
        listener.unreachable(peer);
    }

    private void drain() {
        drainRequested.set(false);
        Stream open = stream;
        if (state == State.WELCOME && open != null) {
            while (open.call.isReady() && !queue.isEmpty()) {
                PeerFrame frame = nextEnvelope();
                figures.sent(frame.getSerializedSize());
                open.call.sendMessage(frame);
            }
        }
    }

    private PeerFrame nextEnvelope() {
        Envelope.Builder envelope = Envelope.newBuilder()
                .setClusterId(handshake.self().clusterId())
                .setFrom(handshake.self().memberId())
                .setTo(peer);
        long bytes = 0;
        while (bytes < PeerLimits.ENVELOPE_BYTES) {
            Outgoing message = queue.poll();
            if (message == null) {
                break;
            }
            bytes += message.sizeBytes();
            message.addTo(envelope);
        }
        queuedBytes.addAndGet(-bytes);
        return PeerFrame.newBuilder().setEnvelope(envelope).build();
    }

    private void connect() {
        retry = null;
        if (state == State.CLOSED) {
            return;
        }
        String url = urls.get(nextUrl++ % urls.size());
        state = State.GREETING;
        var opening = new Stream(addresses.connect(url));
        stream = opening;
        opening.begin();
    }

    private void welcomed(Stream by) {
        if (by == stream && state == State.GREETING) {
            welcomeNanos = System.nanoTime();
            state = State.WELCOME;
            retryMillis = PeerLimits.RETRY_MILLIS_MIN;
            outage.over();
            listener.connected(peer);
            by.ping();
            drain();
        }
    }

    private void ended(Stream ended, String reason, boolean refused) {
        if (ended != stream) {
            return;
        }
        stream = null;
        ended.channel.shutdownNow();
        if (state == State.CLOSED) {
            return;
        }
        boolean spoke = state == State.WELCOME;
        // Before anybody hears of it: what is sent from then on is dropped, not queued for a stream that is gone.
        state = State.WAITING;
        if (spoke) {
            listener.lost(peer, reason);
        } else if (!refused && outage.failed(System.nanoTime())) {
            listener.unreached(peer, reason);
        }
        forgetQueue();
        listener.unreachable(peer);
        retry = loop.schedule(
                this::connect, refused ? PeerLimits.RETRY_REFUSED_MILLIS : retryMillis, TimeUnit.MILLISECONDS);
        retryMillis = Math.min(retryMillis * 2, PeerLimits.RETRY_MILLIS_MAX);
    }

    private void forgetQueue() {
        for (Outgoing message = queue.poll(); message != null; message = queue.poll()) {
            queuedBytes.addAndGet(-message.sizeBytes());
        }
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel(false);
        }
    }

    /** One attempt at a stream, on a connection of its own. */
    private final class Stream extends ClientCall.Listener<PeerAnswer> {

        private final ManagedChannel channel;
        private final ClientCall<PeerFrame, PeerAnswer> call;
        private @Nullable ScheduledFuture<?> deadline;
        private @Nullable ScheduledFuture<?> nextPing;
        private boolean refused;

        Stream(ManagedChannel channel) {
            this.channel = channel;
            this.call = channel.newCall(
                    PeerGrpc.getMessagesMethod(),
                    CallOptions.DEFAULT.withOnReadyThreshold(PeerLimits.STREAM_BUFFER_BYTES));
        }

        void begin() {
            deadline = loop.schedule(
                    () -> {
                        if (state == State.GREETING) {
                            end("no answer to the hello within " + PeerLimits.HANDSHAKE_MILLIS_MAX + " ms");
                        }
                    },
                    PeerLimits.HANDSHAKE_MILLIS_MAX,
                    TimeUnit.MILLISECONDS);
            call.start(this, new Metadata());
            call.request(Integer.MAX_VALUE);
            call.sendMessage(
                    PeerFrame.newBuilder().setHello(handshake.hello(peer)).build());
        }

        void end(String reason) {
            call.cancel(reason, null);
            finish(reason);
        }

        private void finish(String reason) {
            if (deadline != null) {
                deadline.cancel(false);
            }
            if (nextPing != null) {
                nextPing.cancel(false);
            }
            ended(this, reason, refused);
        }

        @Override
        public void onMessage(PeerAnswer answer) {
            loop.execute(() -> {
                switch (answer.getAnswerCase()) {
                    case WELCOME -> {
                        handshake.welcomed(peer, answer.getWelcome());
                        welcomed(this);
                    }
                    case REFUSED -> {
                        refused = true;
                        Refusal refusal = Refusal.decode(answer.getRefused());
                        listener.refusedBy(peer, refusal);
                        end(refusal.toString());
                    }
                    case PONG -> ponged(answer.getPong());
                    case ANSWER_NOT_SET -> end("an answer of unknown kind");
                }
            });
        }

        private void ping() {
            call.sendMessage(PeerFrame.newBuilder()
                    .setPing(Ping.newBuilder().setToken(System.nanoTime()))
                    .build());
        }

        private void ponged(Pong pong) {
            figures.roundTrip(System.nanoTime() - pong.getToken());
            nextPing = loop.schedule(
                    () -> {
                        if (stream == this && state == State.WELCOME) {
                            ping();
                        }
                    },
                    PeerLimits.PING_MILLIS,
                    TimeUnit.MILLISECONDS);
        }

        @Override
        public void onReady() {
            if (loop.inEventLoop()) {
                drain();
            } else {
                loop.execute(PeerLink.this::drain);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            loop.execute(() -> finish(describe(status)));
        }

        private static String describe(Status status) {
            Throwable cause = status.getCause();
            return status.getDescription() + (cause == null ? "" : ": " + cause.getMessage());
        }
    }
}
