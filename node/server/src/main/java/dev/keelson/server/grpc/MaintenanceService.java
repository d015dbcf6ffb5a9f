package dev.keelson.server.grpc;

import dev.keelson.api.etcd.AlarmRequest;
import dev.keelson.api.etcd.AlarmResponse;
import dev.keelson.api.etcd.DowngradeInfo;
import dev.keelson.api.etcd.HashKVRequest;
import dev.keelson.api.etcd.HashKVResponse;
import dev.keelson.api.etcd.HashRequest;
import dev.keelson.api.etcd.HashResponse;
import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.MoveLeaderRequest;
import dev.keelson.api.etcd.MoveLeaderResponse;
import dev.keelson.api.etcd.SnapshotRequest;
import dev.keelson.api.etcd.SnapshotResponse;
import dev.keelson.api.etcd.StatusRequest;
import dev.keelson.api.etcd.StatusResponse;
import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.NodeStatus;
import dev.keelson.server.http.EtcdVersion;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** What one member knows of itself. */
final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {

    private final NodeEngine engine;
    private final ReplyHeaders headers;
    private final long quotaBytes;
    private final SnapshotExports exports;

    /** @param quotaBytes what the store may occupy, as reported to clients */
    MaintenanceService(NodeEngine engine, ReplyHeaders headers, long quotaBytes, SnapshotExports exports) {
        this.engine = engine;
        this.headers = headers;
        this.quotaBytes = quotaBytes;
        this.exports = exports;
    }

    @Override
    public void status(StatusRequest sent, StreamObserver<StatusResponse> call) {
        NodeStatus status = engine.status();
        call.onNext(StatusResponse.newBuilder()
                .setHeader(headers.at(status.revision()))
                .setVersion(EtcdVersion.SERVER)
                .setDbSize(status.sizeBytes())
                .setDbSizeInUse(status.sizeInUseBytes())
                .setDbSizeQuota(quotaBytes)
                .setLeader(status.leader())
                .setRaftIndex(status.raftIndex())
                .setRaftAppliedIndex(status.raftAppliedIndex())
                .setRaftTerm(status.raftTerm())
                .addAllErrors(status.errors())
                .setIsLearner(status.learner())
                .setStorageVersion(EtcdVersion.STORAGE)
                .setDowngradeInfo(DowngradeInfo.getDefaultInstance())
                .build());
        call.onCompleted();
    }

    /** Nothing raises an alarm yet, so there is none to list; health checks of clients ask. */
    @Override
    public void alarm(AlarmRequest sent, StreamObserver<AlarmResponse> call) {
        if (sent.getAction() != AlarmRequest.AlarmAction.GET) {
            super.alarm(sent, call);
            return;
        }
        call.onNext(AlarmResponse.newBuilder()
                .setHeader(headers.at(engine.status().revision()))
                .build());
        call.onCompleted();
    }

    @Override
    public void snapshot(SnapshotRequest sent, StreamObserver<SnapshotResponse> call) {
        exports.start(engine, (ServerCallStreamObserver<SnapshotResponse>) call);
    }

    @Override
    public void moveLeader(MoveLeaderRequest sent, StreamObserver<MoveLeaderResponse> call) {
        engine.members()
                .moveLeader(sent.getTargetID(), new UnaryReply<>(call, _ -> MoveLeaderResponse.getDefaultInstance()));
    }

    @Override
    public void hash(HashRequest sent, StreamObserver<HashResponse> call) {
        engine.hash(new UnaryReply<>(
                call,
                hash -> HashResponse.newBuilder()
                        .setHeader(headers.at(engine.status().revision()))
                        .setHash(hash)
                        .build()));
    }

    @Override
    public void hashKV(HashKVRequest sent, StreamObserver<HashKVResponse> call) {
        engine.hashKv(
                sent.getRevision(),
                new UnaryReply<>(
                        call,
                        result -> HashKVResponse.newBuilder()
                                .setHeader(headers.at(engine.status().revision()))
                                .setHash(result.hash())
                                .setCompactRevision(result.compactRevision())
                                .setHashRevision(result.hashRevision())
                                .build()));
    }
}
