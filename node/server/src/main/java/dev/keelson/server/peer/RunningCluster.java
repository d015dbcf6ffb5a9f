package dev.keelson.server.peer;

import dev.keelson.api.peer.ClusterMember;
import dev.keelson.api.peer.MembersAnswer;
import dev.keelson.api.peer.MembersRequest;
import dev.keelson.api.peer.PeerGrpc;
import dev.keelson.engine.Member;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What the members of a cluster that runs say of it to somebody who wants to join it. */
public record RunningCluster(long clusterId, List<Member> members) {

    /** Hears why one who was asked did not answer. */
    public interface Listener {
        void unanswered(String peerUrl, String reason);
    }

    /** Asks at these URLs, one after the other, until there is an answer; blocks. */
    public static Optional<RunningCluster> ask(List<String> peerUrls, PeerAddress addresses, Listener listener) {
        for (String url : peerUrls) {
            ManagedChannel channel = addresses.connect(url);
            try {
                MembersAnswer answer = PeerGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(PeerLimits.MEMBERS_MILLIS_MAX, TimeUnit.MILLISECONDS)
                        .members(MembersRequest.getDefaultInstance());
                if (answer.getMembersCount() > 0) {
                    return Optional.of(decode(answer));
                }
                listener.unanswered(url, "it does not know the members itself");
            } catch (StatusRuntimeException failure) {
                listener.unanswered(url, failure.getStatus().toString());
            } finally {
                channel.shutdownNow();
            }
        }
        return Optional.empty();
    }

    static MembersAnswer encode(long clusterId, List<Member> members) {
        MembersAnswer.Builder wire = MembersAnswer.newBuilder().setClusterId(clusterId);
        for (Member member : members) {
            wire.addMembers(ClusterMember.newBuilder()
                    .setId(member.id())
                    .setName(member.name())
                    .addAllPeerUrls(member.peerUrls())
                    .addAllClientUrls(member.clientUrls())
                    .setLearner(member.learner()));
        }
        return wire.build();
    }

    private static RunningCluster decode(MembersAnswer wire) {
        return new RunningCluster(
                wire.getClusterId(),
                wire.getMembersList().stream()
                        .map(member -> new Member(
                                member.getId(),
                                member.getName(),
                                member.getPeerUrlsList(),
                                member.getClientUrlsList(),
                                member.getLearner()))
                        .toList());
    }
}
