package dev.keelson.server.auth;

import io.grpc.ServerCall;
import io.grpc.SynchronizationContext;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that has not begun yet: what happens to it is kept, and told once it has. A client sends at most one request
 * before that, for nobody has asked for more.
 *
 * <p>Thread rule: any thread; what is told is told one at a time.
 */
final class HeldCall<Q> extends ServerCall.Listener<Q> {

    private final SynchronizationContext turn = new SynchronizationContext((_, failure) -> {
        throw new IllegalStateException("a call failed at its begin", failure);
    });
    private final Queue<Consumer<ServerCall.Listener<Q>>> kept = new ArrayDeque<>();
    private ServerCall.@Nullable Listener<Q> begun;

    /** Begins the call. */
    void release(Supplier<ServerCall.Listener<Q>> start) {
        turn.execute(() -> {
            begun = start.get();
            for (var next = kept.poll(); next != null; next = kept.poll()) {
                next.accept(begun);
            }
        });
    }

    private void tell(Consumer<ServerCall.Listener<Q>> what) {
        turn.execute(() -> {
            if (begun == null) {
                kept.add(what);
            } else {
                what.accept(begun);
            }
        });
    }

    @Override
    public void onMessage(Q request) {
        tell(listener -> listener.onMessage(request));
    }

    @Override
    public void onHalfClose() {
        tell(ServerCall.Listener::onHalfClose);
    }

    @Override
    public void onCancel() {
        tell(ServerCall.Listener::onCancel);
    }

    @Override
    public void onComplete() {
        tell(ServerCall.Listener::onComplete);
    }

    @Override
    public void onReady() {
        tell(ServerCall.Listener::onReady);
    }
}
