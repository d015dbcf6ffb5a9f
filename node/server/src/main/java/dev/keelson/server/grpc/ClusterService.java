package dev.keelson.server.grpc;

import dev.keelson.api.etcd.ClusterGrpc;
import dev.keelson.api.etcd.MemberListRequest;
import dev.keelson.api.etcd.MemberListResponse;
import dev.keelson.engine.Member;
import dev.keelson.engine.NodeEngine;
import io.grpc.stub.StreamObserver;

/** The membership; its replies carry revision 0. */
final class ClusterService extends ClusterGrpc.ClusterImplBase {

    private final NodeEngine engine;
    private final ReplyHeaders headers;

    ClusterService(NodeEngine engine, ReplyHeaders headers) {
        this.engine = engine;
        this.headers = headers;
    }

    @Override
    public void memberList(MemberListRequest sent, StreamObserver<MemberListResponse> call) {
        engine.memberList(sent.getLinearizable(), new UnaryReply<>(call, members -> {
            MemberListResponse.Builder reply = MemberListResponse.newBuilder().setHeader(headers.at(0));
            members.forEach(member -> reply.addMembers(translate(member)));
            return reply.build();
        }));
    }

    private static dev.keelson.api.etcd.Member translate(Member member) {
        return dev.keelson.api.etcd.Member.newBuilder()
                .setID(member.id())
                .setName(member.name())
                .addAllPeerURLs(member.peerUrls())
                .addAllClientURLs(member.clientUrls())
                .setIsLearner(member.learner())
                .build();
    }
}
