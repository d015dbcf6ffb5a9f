package dev.keelson.e2e.harness;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call of any kind with one request, until it has answered once or ended. */
final class GrpcCall extends ClientCall.Listener<Message> {

    private static final long SECONDS_MAX = 20;
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final CompletableFuture<Message> answer = new CompletableFuture<>();
    private final ClientCall<Message, Message> call;

    private GrpcCall(ClientCall<Message, Message> call) {
        this.call = call;
    }

    /** @param token null for none */
    static GrpcCall make(Channel channel, @Nullable String token, String rpc, Message request) {
        MethodDescriptor<Message, Message> method = Rpcs.method(rpc);
        var made = new GrpcCall(
                channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(SECONDS_MAX, TimeUnit.SECONDS)));
        var metadata = new Metadata();
        if (token != null) {
            metadata.put(TOKEN, token);
        }
        made.ask(request, metadata, method.getType().clientSendsOneMessage());
        return made;
    }

    /** A server may answer before the request has ended: the call is not cancelled under its own feet. */
    private synchronized void ask(Message request, Metadata metadata, boolean ends) {
        call.start(this, metadata);
        call.request(2);
        call.sendMessage(request);
        // A stream of requests that ends would end the answers.
        if (ends) {
            call.halfClose();
        }
    }

    private synchronized void cancel() {
        call.cancel("answered", null);
    }

    Outcome outcome() {
        return outcome.join();
    }

    /** What was answered; fails where it was a refusal. */
    Message answer() {
        return answer.join();
    }

    @Override
    public void onMessage(Message message) {
        answer.complete(message);
        FieldDescriptor reason = message.getDescriptorForType().findFieldByName("cancel_reason");
        String refusal = reason == null ? "" : (String) message.getField(reason);
        outcome.complete(Outcome.of(Verdict.of(refusal), refusal));
        cancel();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        String text = String.valueOf(status.getDescription());
        outcome.complete(Outcome.of(verdict(status, text), status.getCode() + " " + text));
        answer.completeExceptionally(status.asRuntimeException());
    }

    private static Verdict verdict(Status status, String text) {
        return switch (status.getCode()) {
            case UNAVAILABLE -> Verdict.UNREACHABLE;
            case UNIMPLEMENTED, DEADLINE_EXCEEDED, INTERNAL, CANCELLED -> Verdict.BROKEN;
            default -> Verdict.of(text);
        };
    }
}
