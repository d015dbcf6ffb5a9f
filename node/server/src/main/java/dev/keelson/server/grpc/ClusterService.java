package dev.keelson.server.grpc;

import dev.keelson.api.etcd.ClusterGrpc;
import dev.keelson.api.etcd.MemberAddRequest;
import dev.keelson.api.etcd.MemberAddResponse;
import dev.keelson.api.etcd.MemberListRequest;
import dev.keelson.api.etcd.MemberListResponse;
import dev.keelson.api.etcd.MemberPromoteRequest;
import dev.keelson.api.etcd.MemberPromoteResponse;
import dev.keelson.api.etcd.MemberRemoveRequest;
import dev.keelson.api.etcd.MemberRemoveResponse;
import dev.keelson.api.etcd.MemberUpdateRequest;
import dev.keelson.api.etcd.MemberUpdateResponse;
import dev.keelson.engine.Member;
import dev.keelson.engine.NodeEngine;
import dev.keelson.mvcc.StoreException;
import dev.keelson.server.config.ClusterIds;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/** The membership; its replies carry revision 0. */
final class ClusterService extends ClusterGrpc.ClusterImplBase {

    private final NodeEngine engine;
    private final ReplyHeaders headers;
    private final InstantSource clock;

    /** @param clock the ids of members that are added depend on it, so that one may come again under the same URLs */
    ClusterService(NodeEngine engine, ReplyHeaders headers, InstantSource clock) {
        this.engine = engine;
        this.headers = headers;
        this.clock = clock;
    }

    @Override
    public void memberAdd(MemberAddRequest sent, StreamObserver<MemberAddResponse> call) {
        withPeerUrls(sent.getPeerURLsList(), call, urls -> {
            long id = ClusterIds.added(urls, clock.instant().getEpochSecond());
            var added = new Member(id, "", urls, List.of(), sent.getIsLearner());
            engine.members()
                    .add(
                            added,
                            new UnaryReply<>(
                                    call,
                                    members -> MemberAddResponse.newBuilder()
                                            .setHeader(headers.at(0))
                                            .setMember(translate(added))
                                            .addAllMembers(translate(members))
                                            .build()));
        });
    }

    @Override
    public void memberRemove(MemberRemoveRequest sent, StreamObserver<MemberRemoveResponse> call) {
        engine.members()
                .remove(
                        sent.getID(),
                        new UnaryReply<>(
                                call,
                                members -> MemberRemoveResponse.newBuilder()
                                        .setHeader(headers.at(0))
                                        .addAllMembers(translate(members))
                                        .build()));
    }

    @Override
    public void memberUpdate(MemberUpdateRequest sent, StreamObserver<MemberUpdateResponse> call) {
        withPeerUrls(
                sent.getPeerURLsList(),
                call,
                urls -> engine.members()
                        .update(
                                sent.getID(),
                                urls,
                                new UnaryReply<>(
                                        call,
                                        members -> MemberUpdateResponse.newBuilder()
                                                .setHeader(headers.at(0))
                                                .addAllMembers(translate(members))
                                                .build())));
    }

    @Override
    public void memberPromote(MemberPromoteRequest sent, StreamObserver<MemberPromoteResponse> call) {
        engine.members()
                .promote(
                        sent.getID(),
                        new UnaryReply<>(
                                call,
                                members -> MemberPromoteResponse.newBuilder()
                                        .setHeader(headers.at(0))
                                        .addAllMembers(translate(members))
                                        .build()));
    }

    private static void withPeerUrls(List<String> given, StreamObserver<?> call, Consumer<List<String>> request) {
        List<String> urls;
        try {
            urls = PeerUrls.checked(given);
        } catch (StoreException refused) {
            call.onError(Statuses.exception(refused));
            return;
        }
        request.accept(urls);
    }

    @Override
    public void memberList(MemberListRequest sent, StreamObserver<MemberListResponse> call) {
        engine.memberList(
                sent.getLinearizable(),
                new UnaryReply<>(
                        call,
                        members -> MemberListResponse.newBuilder()
                                .setHeader(headers.at(0))
                                .addAllMembers(translate(members))
                                .build()));
    }

    private static List<dev.keelson.api.etcd.Member> translate(List<Member> members) {
        return members.stream().map(ClusterService::translate).toList();
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
