package dev.keelson.e2e.harness;

import com.google.protobuf.Message;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import org.jspecify.annotations.Nullable;

/** A client of one member that logs in, and shows whatever token it is told to. */
public final class TokenHolder implements AutoCloseable {

    private final ManagedChannel channel;

    public TokenHolder(Member member) {
        this.channel =
                NettyChannelBuilder.forTarget(member.endpoint()).usePlaintext().build();
    }

    /** @param request in protobuf's text format */
    public Outcome ask(@Nullable String token, String rpc, String request) {
        return GrpcCall.make(channel, token, rpc, Rpcs.request(rpc, request)).outcome();
    }

    /** The token of a user; fails where the password is another. */
    public String logIn(String user, String password) {
        String request = "name: \"" + user + "\" password: \"" + password + "\"";
        Message answer = GrpcCall.make(channel, null, "Auth/Authenticate", Rpcs.request("Auth/Authenticate", request))
                .answer();
        return (String) answer.getField(answer.getDescriptorForType().findFieldByName("token"));
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
