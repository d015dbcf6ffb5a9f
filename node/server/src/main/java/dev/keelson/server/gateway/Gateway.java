package dev.keelson.server.gateway;

import com.google.protobuf.Message;
import dev.keelson.server.http.ExchangeListener;
import dev.keelson.server.http.HttpExchange;
import dev.keelson.server.http.HttpReply;
import dev.keelson.server.http.HttpRequest;
import dev.keelson.server.http.StreamedRoute;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Serves the gRPC services of this process as JSON: each path of {@link GatewayPaths} is one method, called without a
 * connection in between, through the same interceptors that calls over gRPC pass.
 *
 * <p>Thread rule: immutable; each call lives on the loop of its exchange.
 */
public final class Gateway implements StreamedRoute {

    private static final Map<String, MethodDescriptor<?, ?>> GENERATED = GatewayPaths.METHODS.values().stream()
            .distinct()
            .collect(Collectors.toMap(MethodDescriptor::getFullMethodName, Function.identity()));

    private final Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
    private final Limits limits;

    /**
     * @param messageBytesMax how large a request may be in its binary form
     * @param jsonBytesMax how large as JSON
     */
    public record Limits(int messageBytesMax, int jsonBytesMax) {}

    /** @param services with their interceptors */
    public Gateway(List<ServerServiceDefinition> services, Limits limits) {
        this.limits = limits;
        var byName = new HashMap<String, ServerMethodDefinition<?, ?>>();
        for (ServerServiceDefinition service : services) {
            service.getMethods()
                    .forEach(method -> byName.put(method.getMethodDescriptor().getFullMethodName(), method));
        }
        GatewayPaths.METHODS.forEach((path, method) -> methods.put(path, defined(byName, method)));
    }

    private static ServerMethodDefinition<?, ?> defined(
            Map<String, ServerMethodDefinition<?, ?>> byName, MethodDescriptor<?, ?> method) {
        ServerMethodDefinition<?, ?> found = byName.get(method.getFullMethodName());
        if (found == null) {
            throw new IllegalArgumentException("no service has the method " + method.getFullMethodName());
        }
        return found;
    }

    @Override
    public ExchangeListener serve(HttpRequest request, HttpExchange exchange) {
        ServerMethodDefinition<?, ?> method = methods.get(request.path());
        if (method == null) {
            return refuse(exchange, Status.NOT_FOUND.withDescription("Not Found"));
        }
        if (!method(request).equals("POST")) {
            return refuse(exchange, Status.UNIMPLEMENTED.withDescription("Method Not Allowed"));
        }
        try {
            Metadata metadata = CallMetadata.of(request);
            long timeoutNanos = CallMetadata.timeoutNanos(request);
            return begin(method, exchange, metadata, timeoutNanos);
        } catch (StatusException refused) {
            return refuse(exchange, refused.getStatus());
        }
    }

    /** As the request says, or as a form says in its stead. */
    private static String method(HttpRequest request) {
        String other = request.header("x-http-method-override");
        boolean form = request.header("content-type").equals("application/x-www-form-urlencoded");
        return form && !other.isEmpty() ? other.toUpperCase(Locale.ROOT) : request.method();
    }

    private <Q, A> ExchangeListener begin(
            ServerMethodDefinition<Q, A> method, HttpExchange exchange, Metadata metadata, long timeoutNanos) {
        MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
        var call = new GatewayCall<>(method, answer -> message(descriptor, answer), exchange, metadata, limits);
        call.begin(timeoutNanos);
        return call;
    }

    /** A service may answer in bytes that are a message already. */
    private static <A> Message message(MethodDescriptor<?, A> method, A answer) {
        if (answer instanceof Message message) {
            return message;
        }
        MethodDescriptor<?, ?> generated = GENERATED.get(method.getFullMethodName());
        return (Message) Objects.requireNonNull(generated).parseResponse(method.streamResponse(answer));
    }

    private static ExchangeListener refuse(HttpExchange exchange, Status status) {
        HttpReply reply = GatewayReplies.failure(status);
        exchange.reply(reply);
        return ExchangeListener.NONE;
    }
}
