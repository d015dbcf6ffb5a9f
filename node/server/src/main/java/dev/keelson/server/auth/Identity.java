package dev.keelson.server.auth;

import dev.keelson.engine.Reply;
import dev.keelson.engine.auth.AuthRequests;
import dev.keelson.engine.auth.AuthState;
import dev.keelson.engine.auth.Principal;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a call says about who makes it, for as long as the call lasts: whoever serves it asks again for each thing it does,
 * for a stream outlives tokens and changes of users and roles.
 *
 * <p>It travels in the context of the call. Where there is none, nobody has said anything; that is so for all calls while
 * authorization is disabled, but for streams, which may see it enabled.
 *
 * <p>Thread rule: any thread.
 */
public final class Identity {

    /** Of a call that says nothing. */
    public static final Identity NONE = new Identity(null, new Metadata(), Attributes.EMPTY, null);

    static final Context.Key<Identity> KEY = Context.keyWithDefault("keelson-identity", NONE);

    private final @Nullable Callers callers;
    private final Metadata metadata;
    private final Attributes transport;
    private final @Nullable AuthRequests auth;

    private Identity(@Nullable Callers callers, Metadata metadata, Attributes transport, @Nullable AuthRequests auth) {
        this.callers = callers;
        this.metadata = metadata;
        this.transport = transport;
        this.auth = auth;
    }

    static Identity of(Callers callers, AuthRequests auth, Metadata metadata, Attributes transport) {
        return new Identity(callers, metadata, transport, auth);
    }

    /** That of the call which is served on this thread now. */
    public static Identity current() {
        return KEY.get();
    }

    /** Where the call comes from, null if that is not known. */
    public @Nullable SocketAddress source() {
        return transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    }

    Caller caller() {
        if (callers == null || auth == null) {
            return Caller.Unknown.NOBODY;
        }
        // The index before the look at the tokens: those of log-ins up to there are known.
        long applied = auth.appliedIndex();
        AuthState state = auth.state();
        return state.enabled()
                ? callers.of(metadata, transport, new Tokens.Progress(applied, state.revision()))
                : Caller.Unknown.NOBODY;
    }

    /**
     * In whose name the call is at this moment.
     *
     * @throws StoreException when it shows a token that is none
     */
    public Principal principal() {
        return switch (caller()) {
            case Caller.User(String name, long revision) -> new Principal(name, revision);
            case Caller.Unknown unknown -> {
                if (unknown == Caller.Unknown.BAD_TOKEN) {
                    throw new StoreException(StoreError.INVALID_AUTH_TOKEN);
                }
                yield Principal.NOBODY;
            }
            case Caller.Later _ -> throw new StoreException(StoreError.INVALID_AUTH_TOKEN);
        };
    }

    /** Makes a request in the name of the call; a bad token fails the reply. */
    public void ask(Reply<?> reply, Consumer<Principal> request) {
        Principal caller;
        try {
            caller = principal();
        } catch (StoreException refused) {
            reply.fail(refused);
            return;
        }
        request.accept(caller);
    }
}
