package dev.keelson.server.grpc;

import dev.keelson.api.etcd.AlarmRequest;
import dev.keelson.api.etcd.AlarmResponse;
import dev.keelson.api.etcd.DefragmentRequest;
import dev.keelson.api.etcd.DefragmentResponse;
import dev.keelson.api.etcd.DowngradeInfo;
import dev.keelson.api.etcd.DowngradeRequest;
import dev.keelson.api.etcd.DowngradeResponse;
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
import dev.keelson.engine.maintenance.ClusterVersion;
import dev.keelson.server.http.EtcdVersion;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** What one member knows of itself, and what keeps it and its cluster fit. */
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
                .setStorageVersion(EtcdVersion.storage(engine.clusterVersion()))
                .setDowngradeInfo(downgradeInfo())
                .build());
        call.onCompleted();
    }

    @Override
    public void alarm(AlarmRequest sent, StreamObserver<AlarmResponse> call) {
        var request = AlarmTranslation.request(sent);
        if (request.isEmpty()) {
            call.onError(Statuses.unknownAlarm(sent.getActionValue(), sent.getAlarmValue()));
            return;
        }
        engine.maintenance()
                .alarm(
                        request.get(),
                        new UnaryReply<>(
                                call,
                                alarms -> AlarmResponse.newBuilder()
                                        .setHeader(headers.now())
                                        .addAllAlarms(AlarmTranslation.reply(alarms))
                                        .build()));
    }

    /** The reply has no header, as with etcd. */
    @Override
    public void defragment(DefragmentRequest sent, StreamObserver<DefragmentResponse> call) {
        engine.maintenance().defragment(new UnaryReply<>(call, _ -> DefragmentResponse.getDefaultInstance()));
    }

    @Override
    public void downgrade(DowngradeRequest sent, StreamObserver<DowngradeResponse> call) {
        var reply = new UnaryReply<ClusterVersion, DowngradeResponse>(
                call,
                version -> DowngradeResponse.newBuilder()
                        .setHeader(headers.now())
                        .setVersion(version.brief())
                        .build());
        switch (sent.getAction()) {
            case VALIDATE -> engine.maintenance().validateDowngrade(sent.getVersion(), reply);
            case ENABLE -> engine.maintenance().enableDowngrade(sent.getVersion(), reply);
            case CANCEL -> engine.maintenance().cancelDowngrade(reply);
            case UNRECOGNIZED -> call.onError(Statuses.unknown("etcdserver: unknown method"));
        }
    }

    private DowngradeInfo downgradeInfo() {
        ClusterVersion target = engine.maintenance().downgradeTarget();
        return target == null
                ? DowngradeInfo.getDefaultInstance()
                : DowngradeInfo.newBuilder()
                        .setEnabled(true)
                        .setTargetVersion(target.toString())
                        .build();
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
