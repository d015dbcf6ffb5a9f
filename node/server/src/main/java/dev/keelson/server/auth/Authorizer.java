package dev.keelson.server.auth;

import dev.keelson.engine.Reply;
import dev.keelson.engine.auth.AuthRequests;
import dev.keelson.engine.auth.AuthState;
import dev.keelson.engine.auth.Principal;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.function.Function;

/**
 * Lets calls pass by the table of {@link Rules}, and tells whoever serves them in whose name they are. Calls over gRPC and
 * over the JSON gateway come through here alike.
 *
 * <p>A token may come from a member that is ahead of this one. The call then waits until this member has caught up, by a
 * read index, and is looked at again.
 *
 * <p>Thread rule: stateless; called on event loops, a call that waits goes on on the reads worker.
 */
public final class Authorizer implements ServerInterceptor {

    private final AuthRequests auth;
    private final Callers callers;
    private final Function<StoreError, Status> statuses;

    /** @param statuses the form in which clients know a refusal */
    public Authorizer(AuthRequests auth, Callers callers, Function<StoreError, Status> statuses) {
        this.auth = auth;
        this.callers = callers;
        this.statuses = statuses;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
        boolean enabled = auth.state().enabled();
        if (!enabled && call.getMethodDescriptor().getType() == MethodDescriptor.MethodType.UNARY) {
            return next.startCall(call, metadata);
        }
        Identity identity = Identity.of(callers, auth, metadata, call.getAttributes());
        var entrance = new Entrance<>(call, metadata, next, identity);
        if (!enabled) {
            return entrance.enter();
        }
        Rule rule = Rules.of(call.getMethodDescriptor().getFullMethodName());
        if (rule == null) {
            return refuse(call, StoreError.PERMISSION_DENIED);
        }
        if (rule != Rule.OPEN && identity.caller() instanceof Caller.Later) {
            return whenCaughtUp(call, () -> admit(rule, entrance));
        }
        return admit(rule, entrance);
    }

    private record Entrance<Q, A>(
            ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next, Identity identity) {

        ServerCall.Listener<Q> enter() {
            return Contexts.interceptCall(Context.current().withValue(Identity.KEY, identity), call, metadata, next);
        }
    }

    private <Q, A> ServerCall.Listener<Q> admit(Rule rule, Entrance<Q, A> entrance) {
        if (rule.isDecidedEarly()) {
            try {
                require(rule, entrance.identity());
            } catch (StoreException refused) {
                return refuse(entrance.call(), refused.error());
            }
        }
        ServerCall.Listener<Q> listener = entrance.enter();
        return rule == Rule.ROOT_UNLESS_IT_ASKS ? new Inspected<>(listener, rule, entrance) : listener;
    }

    private void require(Rule rule, Identity identity) {
        Principal caller = identity.principal();
        AuthState state = auth.state();
        rule.require(state, caller);
    }

    private <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, StoreError refusal) {
        call.close(statuses.apply(refusal), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private <Q, A> ServerCall.Listener<Q> whenCaughtUp(
            ServerCall<Q, A> call, java.util.function.Supplier<ServerCall.Listener<Q>> start) {
        var held = new HeldCall<Q>();
        auth.ask(AuthState::revision, new Reply<Long>() {
            @Override
            public void succeed(Long revision) {
                held.release(start);
            }

            @Override
            public void fail(StoreException error) {
                held.release(() -> refuse(call, error.error()));
            }
        });
        return held;
    }

    /** A call whose request says who may make it. */
    private final class Inspected<Q, A> extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {

        private final Rule rule;
        private final Entrance<Q, A> entrance;
        private boolean refused;

        Inspected(ServerCall.Listener<Q> listener, Rule rule, Entrance<Q, A> entrance) {
            super(listener);
            this.rule = rule;
            this.entrance = entrance;
        }

        @Override
        public void onMessage(Q request) {
            try {
                require(Rules.forRequest(rule, request), entrance.identity());
                super.onMessage(request);
            } catch (StoreException refusal) {
                refused = true;
                entrance.call().close(statuses.apply(refusal.error()), new Metadata());
            }
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
            }
        }
    }
}
