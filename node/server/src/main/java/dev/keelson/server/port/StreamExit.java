package dev.keelson.server.port;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The way out of one call beneath gRPC: bytes that are whole gRPC messages already, many at a time.
 *
 * <p>gRPC sends each message in a buffer of its own, of 4 KiB at least, with a frame and a promise. For answers of a
 * hundred bytes that go to thousands of watchers of one stream this costs several times what the bytes do. What goes out
 * here obeys the flow control of the stream and of the connection as everything else does.
 *
 * <p>The headers must have been sent through gRPC before, and the end of the call goes through gRPC too.
 *
 * <p>Thread rule: {@link #current} while a call is opened; {@link #execute} from any thread; {@link #write} and
 * {@link #flush} on the connection's event loop.
 */
public final class StreamExit {

    private static final FastThreadLocal<@Nullable Opening> OPENING = new FastThreadLocal<>();

    private final Http2ConnectionHandler connection;
    private final ChannelHandlerContext context;
    private final int streamId;

    private StreamExit(Http2ConnectionHandler connection, ChannelHandlerContext context, int streamId) {
        this.connection = connection;
        this.context = context;
        this.streamId = streamId;
    }

    /** That of the call that is being opened on this thread; null when it does not come over a socket of ours. */
    public static @Nullable StreamExit current() {
        Opening opening = OPENING.get();
        return opening == null ? null : opening.exit();
    }

    /** Lets calls of the connection know their way out. */
    static void install(Http2ConnectionHandler connection) {
        Http2FrameListener grpc = connection.decoder().frameListener();
        connection.decoder().frameListener(new Opening(connection, grpc));
    }

    /** Buffers to write to. */
    public ByteBufAllocator buffers() {
        return context.alloc();
    }

    /** Runs on the event loop of the connection, behind what was given to it before. */
    public void execute(Runnable unit) {
        context.executor().execute(unit);
    }

    /**
     * Queues bytes of the stream.
     *
     * @param bytes given away
     * @param done told once they are written, or never will be
     */
    public void write(ByteBuf bytes, ChannelFutureListener done) {
        var _ = connection
                .encoder()
                .writeData(
                        context, streamId, bytes, 0, false, context.newPromise().addListener(done));
    }

    /** Puts on the wire what flow control allows. */
    public void flush() {
        context.channel().flush();
    }

    /** Sees the headers of a request before gRPC does, and which stream they open. */
    private static final class Opening extends Http2FrameListenerDecorator {

        private final Http2ConnectionHandler connection;
        private @Nullable ChannelHandlerContext context;
        private int streamId;

        Opening(Http2ConnectionHandler connection, Http2FrameListener grpc) {
            super(grpc);
            this.connection = connection;
        }

        StreamExit exit() {
            return new StreamExit(connection, Objects.requireNonNull(context), streamId);
        }

        private void begin(ChannelHandlerContext newContext, int newStreamId) {
            context = newContext;
            streamId = newStreamId;
            OPENING.set(this);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext read, int stream, Http2Headers headers, int padding, boolean endOfStream)
                throws Http2Exception {
            begin(read, stream);
            try {
                super.onHeadersRead(read, stream, headers, padding, endOfStream);
            } finally {
                OPENING.set(null);
            }
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext read,
                int stream,
                Http2Headers headers,
                int streamDependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean endOfStream)
                throws Http2Exception {
            begin(read, stream);
            try {
                super.onHeadersRead(read, stream, headers, streamDependency, weight, exclusive, padding, endOfStream);
            } finally {
                OPENING.set(null);
            }
        }
    }
}
