package dev.keelson.server.grpc;

import dev.keelson.engine.NodeEngine;
import dev.keelson.mvcc.StoreError;
import dev.keelson.raft.RaftStatus;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What every call passes first: a learner serves next to nothing, a client may demand that a leader is known, and the
 * version a client states must be text. Calls that stream are kept account of, so that they can be ended.
 *
 * <p>Thread rule: stateless; called on event loops.
 */
final class CallGuard implements ServerInterceptor {

    /** What a learner serves; of the reads only the serializable ones, which their service knows apart. */
    private static final Set<String> SERVED_BY_LEARNERS =
            Set.of("etcdserverpb.KV/Range", "etcdserverpb.Maintenance/Status", "etcdserverpb.Maintenance/Snapshot");

    private static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

    private final NodeEngine engine;
    private final OpenStreams streams;

    CallGuard(NodeEngine engine, OpenStreams streams) {
        this.engine = engine;
        this.streams = streams;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
        StoreError refusal = refusal(call.getMethodDescriptor().getFullMethodName(), metadata);
        if (refusal == null) {
            return call.getMethodDescriptor().getType() == MethodDescriptor.MethodType.UNARY
                    ? next.startCall(call, metadata)
                    : streams.start(call, demandsLeader(metadata), metadata, next);
        }
        call.close(Statuses.of(refusal), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private @Nullable StoreError refusal(String method, Metadata metadata) {
        if (isLearner(engine) && !SERVED_BY_LEARNERS.contains(method)) {
            return StoreError.NOT_SUPPORTED_FOR_LEARNER;
        }
        byte[] version = ClientApiVersion.of(metadata);
        if (version != null && !ClientApiVersion.isText(version)) {
            return StoreError.INVALID_CLIENT_API_VERSION;
        }
        if (demandsLeader(metadata) && engine.raftStatus().leader() == 0) {
            return StoreError.NO_LEADER;
        }
        return null;
    }

    private static boolean demandsLeader(Metadata metadata) {
        return "true".equals(metadata.get(HAS_LEADER));
    }

    /** Without allocation and, in a cluster without learners, without a search. */
    static boolean isLearner(NodeEngine engine) {
        RaftStatus status = engine.raftStatus();
        return status.confState().learners().contains(status.id());
    }
}
