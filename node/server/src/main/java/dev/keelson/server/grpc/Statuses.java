package dev.keelson.server.grpc;

import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import io.grpc.InternalStatus;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * The gRPC form of every refusal, made once: clients know an error by its code and its exact text.
 *
 * <p>Thread rule: immutable.
 */
final class Statuses {

    private static final Map<StoreError, StatusRuntimeException> EXCEPTIONS = exceptions();

    private Statuses() {}

    private static Map<StoreError, StatusRuntimeException> exceptions() {
        var all = new EnumMap<StoreError, StatusRuntimeException>(StoreError.class);
        for (StoreError error : StoreError.values()) {
            all.put(error, InternalStatus.asRuntimeExceptionWithoutStacktrace(of(error), null));
        }
        return all;
    }

    static Status of(StoreError error) {
        Status.Code code = switch (error.code()) {
            case INVALID_ARGUMENT -> Status.Code.INVALID_ARGUMENT;
            case OUT_OF_RANGE -> Status.Code.OUT_OF_RANGE;
            case RESOURCE_EXHAUSTED -> Status.Code.RESOURCE_EXHAUSTED;
            case NOT_FOUND -> Status.Code.NOT_FOUND;
            case FAILED_PRECONDITION -> Status.Code.FAILED_PRECONDITION;
            case UNAVAILABLE -> Status.Code.UNAVAILABLE;
            case DATA_LOSS -> Status.Code.DATA_LOSS;
            case PERMISSION_DENIED -> Status.Code.PERMISSION_DENIED;
            case UNAUTHENTICATED -> Status.Code.UNAUTHENTICATED;
            case UNKNOWN -> Status.Code.UNKNOWN;
        };
        return code.toStatus().withDescription(error.text());
    }

    /** A refusal as Go's gRPC prints it: what a watcher is told that may not watch. */
    static String rendered(StoreError error) {
        StringBuilder code = new StringBuilder();
        for (String word : error.code().name().split("_", -1)) {
            code.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return "rpc error: code = " + code + " desc = " + error.text();
    }

    /** A comparison this version does not know must not count as true or false: the client meant one of the two. */
    static StatusRuntimeException unknownCompare(String field, int number) {
        return Status.INVALID_ARGUMENT
                .withDescription("etcdserver: compare." + field + " " + number + " is unknown to this version")
                .asRuntimeException();
    }

    /** To take an unknown alarm for another one would forbid or allow what nobody asked for. */
    static StatusRuntimeException unknownAlarm(int action, int type) {
        return Status.INVALID_ARGUMENT
                .withDescription(
                        "etcdserver: alarm action " + action + " or type " + type + " is unknown to this version")
                .asRuntimeException();
    }

    /** A refusal without a code of its own. */
    static StatusRuntimeException unknown(String text) {
        return InternalStatus.asRuntimeExceptionWithoutStacktrace(Status.UNKNOWN.withDescription(text), null);
    }

    /** For what a call cannot do; clients turn to another one on that code. */
    static StatusRuntimeException unimplemented(String text) {
        return Status.UNIMPLEMENTED.withDescription(text).asRuntimeException();
    }

    /** What to end the call with. */
    static StatusRuntimeException exception(StoreException refused) {
        StatusRuntimeException exception = EXCEPTIONS.get(refused.error());
        return exception != null ? exception : of(refused.error()).asRuntimeException();
    }
}
