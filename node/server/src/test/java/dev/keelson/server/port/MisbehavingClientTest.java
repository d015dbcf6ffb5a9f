package dev.keelson.server.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.api.etcd.WatchGrpc;
import dev.keelson.api.etcd.WatchRequest;
import dev.keelson.api.etcd.WatchResponse;
import dev.keelson.server.http.HttpRouter;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that speak HTTP/2 frame by frame, and more of it than they should. */
final class MisbehavingClientTest {

    private static final int STREAMS_MAX = 3;
    private static final int CONNECTIONS_MAX = 2;
    private static final PortLimits LIMITS = new PortLimits(1_000, STREAMS_MAX, 60_000, 60_000, 60_000);

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int END_HEADERS = 4;
    private static final int ACKNOWLEDGED = 1;
    private static final int REFUSED = 7;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int CANCEL = 8;

    private final EventLoops loops = EventLoops.open("test", 1);
    private final ClientPort port = ClientPort.bind(
            List.of(new ListenAddress("listen-client-urls", "127.0.0.1", 0)),
            loops,
            LIMITS,
            new ClientPort.Services(List.of(new Silence()), new PassAll(), HttpRouter.ofProbes(new FakeHealth())),
            new ClientPort.Bounds(10_000, CONNECTIONS_MAX));
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        port.close();
        loops.close();
    }

    private Socket connect() throws IOException {
        port.open();
        var socket = new Socket(InetAddress.getLoopbackAddress(), port.ports().getFirst());
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    private Socket greet() throws IOException {
        Socket socket = connect();
        socket.getOutputStream().write(PREFACE.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(frame(SETTINGS, 0, 0, new byte[0]));
        return socket;
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** Headers of a call, each as a literal that no table remembers. */
    private static byte[] call() {
        var out = new ByteArrayOutputStream();
        List<String> headers = new ArrayList<>(List.of(
                ":method",
                "POST",
                ":scheme",
                "http",
                ":path",
                "/etcdserverpb.Watch/Watch",
                ":authority",
                "x",
                "te",
                "trailers"));
        headers.addAll(List.of("content-type", "application/grpc"));
        for (int i = 0; i < headers.size(); i += 2) {
            out.write(0);
            literal(out, headers.get(i));
            literal(out, headers.get(i + 1));
        }
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String text) {
        out.write(text.length());
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A frame that the server sent. */
    private record Received(int type, int stream, int code) {}

    /** Reads until a frame of this type, which says why in its last number. */
    private static Received await(Socket socket, int type) throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        while (true) {
            int head = in.readInt();
            in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = in.readNBytes(head >>> 8);
            if ((head & 0xff) == type) {
                int at = type == GOAWAY ? Integer.BYTES : 0;
                return new Received(
                        type,
                        stream,
                        type == SETTINGS ? 0 : ByteBuffer.wrap(payload).getInt(at));
            }
        }
    }

    @Test
    void aCallBeyondThoseOfAConnectionIsRefusedAndTheOthersGoOn() throws IOException {
        Socket socket = greet();
        await(socket, SETTINGS);
        socket.getOutputStream().write(frame(SETTINGS, ACKNOWLEDGED, 0, new byte[0]));
        for (int stream = 1; stream <= 2 * STREAMS_MAX + 1; stream += 2) {
            // Half a call: nothing says that it has ended.
            socket.getOutputStream().write(frame(HEADERS, END_HEADERS, stream, call()));
        }

        Received refused = await(socket, RST_STREAM);

        assertThat(refused).isEqualTo(new Received(RST_STREAM, 2 * STREAMS_MAX + 1, REFUSED));
    }

    @Test
    void callsBrokenOffWithoutEndEndTheConnection() throws IOException {
        Socket socket = greet();
        byte[] cancel = ByteBuffer.allocate(Integer.BYTES).putInt(CANCEL).array();
        var frames = new ByteArrayOutputStream();
        for (int call = 0; call <= PortLimits.RESETS_MAX; call++) {
            int stream = 2 * call + 1;
            frames.writeBytes(frame(HEADERS, END_HEADERS, stream, call()));
            frames.writeBytes(frame(RST_STREAM, 0, stream, cancel));
        }
        sendBeside(socket.getOutputStream(), frames.toByteArray());

        assertThat(await(socket, GOAWAY).code()).isEqualTo(ENHANCE_YOUR_CALM);
    }

    /** The server stops reading when it has had enough, so whoever writes must not be who reads. */
    private static void sendBeside(OutputStream out, byte[] bytes) {
        Thread.ofVirtual().start(() -> {
            try {
                out.write(bytes);
            } catch (IOException closed) {
                assertThat(closed).isInstanceOf(SocketException.class);
            }
        });
    }

    @Test
    void pingsFasterThanAllowedEndTheConnection() throws IOException {
        Socket socket = greet();
        for (int ping = 0; ping < 4; ping++) {
            socket.getOutputStream().write(frame(PING, 0, 0, new byte[Long.BYTES]));
        }

        assertThat(await(socket, GOAWAY).code()).isEqualTo(ENHANCE_YOUR_CALM);
    }

    @Test
    void aConnectionBeyondTheBoundIsClosedAndOneThatEndsMakesRoom() throws IOException {
        Socket first = greet();
        greet();
        await(first, SETTINGS);

        assertThat(connect().getInputStream().read()).isEqualTo(-1);

        first.close();
        awaitRoom();
    }

    private void awaitRoom() throws IOException {
        for (int tries = 0; tries < 1_000; tries++) {
            try {
                await(greet(), SETTINGS);
                return;
            } catch (IOException closed) {
                // The server has not heard yet that the first one ended.
                assertThat(closed).isNotNull();
            }
        }
        throw new AssertionError("no room after a connection has ended");
    }

    /** Never answers. */
    private static final class Silence extends WatchGrpc.WatchImplBase {
        @Override
        public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> answers) {
            return new StreamObserver<>() {
                @Override
                public void onNext(WatchRequest request) {}

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {}
            };
        }
    }

    private static final class PassAll implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
            return next.startCall(call, metadata);
        }
    }
}
