package dev.keelson.server.gateway;

import dev.keelson.server.http.HttpReply;
import dev.keelson.server.json.MessageWriter;
import io.grpc.Status;

/** The HTTP form of what a call can end with. */
final class GatewayReplies {

    private static final int CLIENT_CLOSED_REQUEST = 499;

    private GatewayReplies() {}

    static int httpStatus(Status.Code code) {
        return switch (code) {
            case OK -> 200;
            case CANCELLED -> CLIENT_CLOSED_REQUEST;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
        };
    }

    /** The answer that is nothing but a failure. */
    static HttpReply failure(Status status) {
        HttpReply reply = HttpReply.json(
                httpStatus(status.getCode()),
                MessageWriter.writeFailure(status.getCode().value(), description(status)));
        return status.getCode() == Status.Code.UNAUTHENTICATED
                ? reply.with("WWW-Authenticate", description(status).replaceAll("[\r\n]", " "))
                : reply;
    }

    /** The failure that ends an answer of parts. */
    static byte[] lastPart(Status status) {
        return MessageWriter.writeFailureLine(status.getCode().value(), description(status));
    }

    private static String description(Status status) {
        return status.getDescription() == null ? "" : status.getDescription();
    }
}
