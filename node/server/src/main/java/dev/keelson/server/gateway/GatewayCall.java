package dev.keelson.server.gateway;

import com.google.protobuf.Message;
import dev.keelson.server.http.ExchangeListener;
import dev.keelson.server.http.HttpExchange;
import dev.keelson.server.http.HttpReply;
import dev.keelson.server.json.JsonException;
import dev.keelson.server.json.JsonSplitter;
import dev.keelson.server.json.MessageReader;
import dev.keelson.server.json.MessageWriter;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One call of a service by an HTTP request: the requests are JSON values of its body, the answers its answer.
 *
 * <p>The body is read no further than the service asks for messages, and the service hears that it may send while the
 * client reads; so neither side makes the other one's messages pile up here. A method that takes one request is called
 * once that is complete, whatever the client sends after it.
 *
 * <p>Thread rule: what the service calls, from any thread; all else on the loop of the exchange, to which those calls go.
 *
 * @param <Q> a request
 * @param <A> an answer
 */
final class GatewayCall<Q, A> extends ServerCall<Q, A> implements ExchangeListener {

    private static final Logger LOG = Logger.getLogger(GatewayCall.class.getName());

    private static final Map<String, String> HEADERS =
            Map.of("Content-Type", "application/json", "Grpc-Metadata-Content-Type", "application/grpc");

    private static final Status TOO_LATE = Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded");

    /** Answers on their way to the loop, beyond which the service is told to wait. */
    private static final int UNSENT_MAX = 8;

    private final ServerMethodDefinition<Q, A> method;
    private final Function<A, Message> form;
    private final MethodDescriptor.MethodType type;
    private final HttpExchange exchange;
    /** Where the client is, and nothing of a certificate: what it shows to the gateway makes nobody of it. */
    private final Attributes attributes;

    private final Metadata metadata;
    private final Gateway.Limits limits;
    private final JsonSplitter splitter;
    private final AtomicInteger unsent = new AtomicInteger();
    private volatile boolean waitsToSend;
    private volatile boolean cancelled;

    private long began;
    private long timeout = CallMetadata.FOREVER_NANOS;
    private @Nullable Listener<Q> listener;
    private @Nullable A result;
    private int wanted;
    private boolean reading;
    private boolean bodyEnded;
    /** No request is taken any more: the one there may be is there, or the client sent what is none. */
    private boolean requestsEnded;

    private boolean answering;
    private boolean closed;

    /** @param form of an answer as a message */
    GatewayCall(
            ServerMethodDefinition<Q, A> method,
            Function<A, Message> form,
            HttpExchange exchange,
            Metadata metadata,
            Gateway.Limits limits) {
        this.method = method;
        this.form = form;
        this.type = method.getMethodDescriptor().getType();
        this.exchange = exchange;
        this.attributes = Attributes.newBuilder()
                .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, exchange.remoteAddress())
                .build();
        this.metadata = metadata;
        this.limits = limits;
        this.splitter = new JsonSplitter(limits.jsonBytesMax());
    }

    void begin(long timeoutNanos) {
        if (timeoutNanos != CallMetadata.FOREVER_NANOS) {
            began = System.nanoTime();
            timeout = timeoutNanos;
            exchange.later(timeoutNanos, () -> fail(TOO_LATE));
        }
        if (type.clientSendsOneMessage()) {
            wanted = 1;
            read();
        } else {
            start();
        }
    }

    /** Whose time is over already is not asked for: an answer could be quicker than the news that it is too late. */
    private void start() {
        if (timeout != CallMetadata.FOREVER_NANOS && System.nanoTime() - began >= timeout) {
            fail(TOO_LATE);
            return;
        }
        serving(() -> {
            Listener<Q> started = method.getServerCallHandler().startCall(this, metadata);
            listener = started;
            started.onReady();
        });
    }

    /** What the service does wrong ends its call, as it would over gRPC, and not the connection. */
    private void serving(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failure) {
            LOG.log(Level.WARNING, "a call of " + getMethodDescriptor().getFullMethodName() + " failed", failure);
            fail(Status.UNKNOWN.withDescription("Application error processing RPC"));
        }
    }

    private void read() {
        if (!reading && !bodyEnded) {
            reading = true;
            exchange.read();
        }
    }

    @Override
    public void part(byte[] bytes) {
        reading = false;
        if (requestsEnded) {
            // Read on nevertheless, for only that shows that the client has gone.
            read();
            return;
        }
        splitter.feed(bytes);
        takeRequests();
    }

    @Override
    public void end() {
        reading = false;
        bodyEnded = true;
        takeRequests();
    }

    private void takeRequests() {
        try {
            while (wanted > 0 && !requestsEnded && !closed) {
                byte[] json = splitter.next();
                if (json == null && !bodyEnded) {
                    break;
                }
                if (json == null) {
                    json = splitter.end();
                }
                take(json);
            }
        } catch (JsonException wrong) {
            refuse(wrong);
        }
        if (wanted > 0 || requestsEnded) {
            read();
        }
    }

    /** @param json null for the end of the body */
    private void take(byte @Nullable [] json) throws JsonException {
        if (json == null && !type.clientSendsOneMessage()) {
            endRequests();
            return;
        }
        // A body with nothing in it stands for a request with nothing in it.
        Q request = request(json == null ? new byte[] {'{', '}'} : json);
        int bytes = ((Message) request).getSerializedSize();
        if (bytes > limits.messageBytesMax()) {
            fail(tooLarge(bytes));
            return;
        }
        wanted--;
        if (type.clientSendsOneMessage()) {
            start();
            deliver(request);
            endRequests();
        } else {
            deliver(request);
        }
    }

    @SuppressWarnings("unchecked") // the prototype of Q's marshaller builds a Q
    private Q request(byte[] json) throws JsonException {
        var marshaller =
                (MethodDescriptor.PrototypeMarshaller<Q>) getMethodDescriptor().getRequestMarshaller();
        Message.Builder builder = ((Message) marshaller.getMessagePrototype()).newBuilderForType();
        MessageReader.read(json, builder);
        return (Q) builder.build();
    }

    private void deliver(Q request) {
        tell(service -> service.onMessage(request));
    }

    private void tell(Consumer<Listener<Q>> what) {
        Listener<Q> service = listener;
        if (service != null && !closed) {
            serving(() -> what.accept(service));
        }
    }

    private void endRequests() {
        requestsEnded = true;
        tell(Listener::onHalfClose);
    }

    private Status tooLarge(int bytes) {
        return Status.RESOURCE_EXHAUSTED.withDescription(
                "grpc: received message larger than max (" + bytes + " vs. " + limits.messageBytesMax() + ")");
    }

    /** Where the client streams, etcd takes what is no request for the end of the requests. */
    private void refuse(JsonException wrong) {
        if (wrong.isTooLarge()) {
            fail(tooLarge(limits.jsonBytesMax()));
        } else if (type.clientSendsOneMessage()) {
            fail(Status.INVALID_ARGUMENT.withDescription(wrong.getMessage()));
        } else {
            endRequests();
        }
    }

    @Override
    public void writable() {
        if (waitsToSend) {
            waitsToSend = false;
            tell(Listener::onReady);
        }
    }

    @Override
    public void gone() {
        cancelled = true;
        tell(Listener::onCancel);
        closed = true;
    }

    /** Ends the call from this side. */
    private void fail(Status status) {
        if (!closed) {
            answer(status);
            gone();
        }
    }

    private void answer(Status status) {
        if (answering) {
            if (!status.isOk()) {
                exchange.write(GatewayReplies.lastPart(status));
            }
            exchange.finish();
        } else if (!type.serverSendsOneMessage()) {
            answerWithoutParts(status);
        } else if (status.isOk() && result != null) {
            HttpReply reply = HttpReply.json(200, MessageWriter.write(form.apply(result)));
            exchange.reply(reply.with("Grpc-Metadata-Content-Type", "application/grpc"));
        } else {
            exchange.reply(GatewayReplies.failure(status.isOk() ? Status.INTERNAL : status));
        }
    }

    private void answerWithoutParts(Status status) {
        if (listener == null) {
            exchange.reply(GatewayReplies.failure(status));
            return;
        }
        int httpStatus = GatewayReplies.httpStatus(status.getCode());
        exchange.begin(httpStatus, status.isOk() ? Map.of() : Map.of("Content-Type", "application/json"));
        if (!status.isOk()) {
            exchange.write(GatewayReplies.lastPart(status));
        }
        exchange.finish();
    }

    @Override
    public void request(int messages) {
        exchange.loop().execute(() -> {
            if (!type.clientSendsOneMessage() && !closed) {
                wanted += messages;
                takeRequests();
            }
        });
    }

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(A message) {
        unsent.incrementAndGet();
        exchange.loop().execute(() -> {
            unsent.decrementAndGet();
            if (closed) {
                return;
            }
            if (type.serverSendsOneMessage()) {
                result = message;
                return;
            }
            if (!answering) {
                answering = true;
                exchange.begin(200, HEADERS);
            }
            exchange.write(MessageWriter.writeLine(form.apply(message)));
            if (exchange.isWritable()) {
                writable();
            }
        });
    }

    @Override
    public void close(Status status, Metadata trailers) {
        exchange.loop().execute(() -> {
            if (closed) {
                return;
            }
            answer(status);
            tell(Listener::onComplete);
            closed = true;
        });
    }

    @Override
    public boolean isReady() {
        if (maySend()) {
            return true;
        }
        // Said before looking again: between the two the loop may have found nobody waiting.
        waitsToSend = true;
        return maySend();
    }

    private boolean maySend() {
        return unsent.get() < UNSENT_MAX && exchange.isWritable();
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    @Override
    public MethodDescriptor<Q, A> getMethodDescriptor() {
        return method.getMethodDescriptor();
    }
}
