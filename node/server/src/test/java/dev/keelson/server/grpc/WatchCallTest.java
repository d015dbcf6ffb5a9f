package dev.keelson.server.grpc;

import static dev.keelson.server.grpc.WatchCaller.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.api.etcd.WatchResponse;
import dev.keelson.mvcc.watch.EventList;
import dev.keelson.mvcc.watch.WatchRequest;
import dev.keelson.mvcc.watch.WatchSink;
import dev.keelson.mvcc.watch.WatchStream;
import dev.keelson.server.http.HttpRouter;
import dev.keelson.server.http.NodeHealth;
import dev.keelson.server.port.ClientPort;
import dev.keelson.server.port.EventLoops;
import dev.keelson.server.port.ListenAddress;
import dev.keelson.server.port.PortLimits;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams over real sockets to a hub whose every step the test takes. */
final class WatchCallTest {

    private static final long CLUSTER_ID = 1;
    private static final long MEMBER_ID = 2;
    private static final long TERM = 3;
    private static final int EVENT_BYTES = 10_000;

    private final OpenStreams streams = new OpenStreams(1);
    private final BlockingQueue<Hub> opened = new LinkedBlockingQueue<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final WatchService service = new WatchService(
            this::open,
            WatchCall.Rights.ALL,
            new ReplyHeaders(() -> TERM, () -> 1, CLUSTER_ID, MEMBER_ID),
            1 << 20,
            AnswerListener.NONE);
    private final EventLoops loops = EventLoops.open("test", 1);
    private ClientPort port;
    private ManagedChannel channel;

    private WatchStream open(WatchSink sink) {
        var hub = new Hub(sink, worker);
        opened.add(hub);
        return hub;
    }

    /** A stream that creates whatever is asked for and tells what the test makes it tell. */
    private record Hub(
            WatchSink sink,
            ExecutorService worker,
            BlockingQueue<WatchRequest> asked,
            CountDownLatch resumed,
            CountDownLatch closed)
            implements WatchStream {

        Hub(WatchSink sink, ExecutorService worker) {
            this(sink, worker, new LinkedBlockingQueue<>(), new CountDownLatch(1), new CountDownLatch(1));
        }

        @Override
        public void create(WatchRequest request) {
            asked.add(request);
        }

        @Override
        public void refuse(String reason) {}

        @Override
        public void cancel(long watchId) {}

        @Override
        public void requestProgress() {}

        @Override
        public void resume() {
            resumed.countDown();
        }

        @Override
        public void close() {
            closed.countDown();
        }

        <T> T tell(Callable<T> answer) throws InterruptedException, ExecutionException {
            Future<T> told = worker.submit(answer);
            return told.get();
        }

        /** Tells of events until there is no room; returns how many. */
        int fill() throws InterruptedException, ExecutionException {
            return tell(() -> {
                int events = 0;
                while (sink.hasRoom()) {
                    sink.events(1, new OneEvent(), 7);
                    events++;
                }
                return events;
            });
        }
    }

    private record OneEvent() implements EventList {

        /** Field 11 with a length of two bytes, and in it a field that no event has. */
        private static byte[] event() {
            byte[] event = new byte[EVENT_BYTES];
            int length = EVENT_BYTES - 3;
            event[0] = 11 << 3 | 2;
            event[1] = (byte) (length & 0x7F | 0x80);
            event[2] = (byte) (length >>> 7);
            int inner = length - 4;
            event[3] = (byte) (50 << 3 & 0x7F | 2 | 0x80);
            event[4] = (byte) (50 << 3 >>> 7);
            event[5] = (byte) (inner & 0x7F | 0x80);
            event[6] = (byte) (inner >>> 7);
            return event;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public long lastRevision() {
            return 7;
        }

        @Override
        public List<byte[]> encoded() {
            return List.of(event());
        }

        @Override
        public long encodedBytes() {
            return EVENT_BYTES;
        }
    }

    private static final class NoHealth implements NodeHealth {

        @Override
        public void read(boolean linearizable, Consumer<@Nullable String> done) {
            done.accept(null);
        }

        @Override
        public boolean hasLeader() {
            return true;
        }

        @Override
        public boolean isLearner() {
            return false;
        }

        @Override
        public List<String> alarms() {
            return List.of();
        }

        @Override
        public String clusterVersion() {
            return "";
        }
    }

    private final class Guard implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
            return streams.start(call, true, metadata, next);
        }
    }

    @BeforeEach
    void start() {
        port = ClientPort.bind(
                List.of(new ListenAddress("listen-client-urls", "127.0.0.1", 0)),
                loops,
                PortLimits.defaults(),
                new ClientPort.Services(List.of(service), new Guard(), HttpRouter.ofProbes(new NoHealth())));
        port.open();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port.ports().getFirst())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        worker.shutdown();
        port.close();
        loops.close();
    }

    private Hub hub() throws InterruptedException {
        Hub hub = opened.poll(10, TimeUnit.SECONDS);
        assertThat(hub).isNotNull();
        return hub;
    }

    private static void isDone(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private void holdsNothingInTheEnd(Hub hub) throws Exception {
        isDone(hub.closed());
        awaitNothingHeld();
        assertThat(streams.size()).isZero();
        assertThat(hub.<Boolean>tell(() -> {
                    hub.sink().events(1, new OneEvent(), 7);
                    return hub.sink().hasRoom();
                }))
                .as("a late answer goes nowhere")
                .isTrue();
        awaitNothingHeld();
    }

    /** What the event loop has taken is given up there, behind the end of the call. */
    private void awaitNothingHeld() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (service.heldBytes() != 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(service.heldBytes()).isZero();
    }

    @Test
    void aClientThatDoesNotListenIsHandedABoundedNumberOfBytesAndMoreOnceItDoes() throws Exception {
        WatchCaller caller = WatchCaller.openListeningTo(channel, 0);
        Hub hub = hub();

        int events = hub.fill();

        // Some are on their way through both sockets' buffers, which count no more.
        assertThat(service.heldBytes()).isBetween(1L, StreamOutlet.HELD_BYTES_MAX + 2L * EVENT_BYTES);
        caller.listenTo(events);
        for (int heard = 0; heard < events; heard++) {
            WatchResponse answer = caller.next();
            assertThat(answer.getWatchId()).isEqualTo(1);
            assertThat(answer.getEventsCount()).isEqualTo(1);
        }
        isDone(hub.resumed());
        caller.close();
        holdsNothingInTheEnd(hub);
    }

    @Test
    void aStreamThatIsCancelledLetsGoOfAll() throws Exception {
        WatchCaller caller = WatchCaller.openListeningTo(channel, 0);
        Hub hub = hub();
        assertThat(hub.fill()).isPositive();

        caller.close();

        holdsNothingInTheEnd(hub);
    }

    @Test
    void aConnectionThatIsLostLetsGoOfAll() throws Exception {
        WatchCaller _ = WatchCaller.openListeningTo(channel, 0);
        Hub hub = hub();
        assertThat(hub.fill()).isPositive();

        channel.shutdownNow();

        holdsNothingInTheEnd(hub);
    }

    @Test
    void aStreamThatTheMemberEndsLetsGoOfAllThatWasNotSent() throws Exception {
        WatchCaller caller = WatchCaller.open(channel);
        Hub hub = hub();
        caller.ask(on("k").setWatchId(1));
        assertThat(hub.asked().poll(10, TimeUnit.SECONDS)).isNotNull();
        hub.tell(() -> {
            hub.sink().created(1, 5);
            return null;
        });
        assertThat(caller.next().getHeader().getRevision()).isEqualTo(5);

        streams.tick(() -> false);

        Status end = caller.end();
        assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(end.getDescription()).isEqualTo("etcdserver: no leader");
        holdsNothingInTheEnd(hub);
    }

    @Test
    void aCreationIsReadOnlyOnceEarlierOnesAreAnswered() throws Exception {
        WatchCaller caller = WatchCaller.open(channel);
        Hub hub = hub();
        int asked = WatchCall.REQUESTS_AHEAD + 10;
        for (int each = 1; each <= asked; each++) {
            caller.ask(on("k").setWatchId(each));
        }
        for (int each = 1; each <= WatchCall.REQUESTS_AHEAD; each++) {
            assertThat(hub.asked().poll(10, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(hub.asked().poll(200, TimeUnit.MILLISECONDS)).isNull();

        hub.tell(() -> {
            for (int each = 1; each <= 10; each++) {
                hub.sink().created(each, 1);
            }
            return null;
        });

        for (int each = 1; each <= 10; each++) {
            assertThat(hub.asked().poll(10, TimeUnit.SECONDS)).isNotNull();
        }
        caller.close();
        holdsNothingInTheEnd(hub);
    }
}
