package dev.keelson.server.cli;

import dev.keelson.api.etcd.HashKVRequest;
import dev.keelson.api.etcd.HashKVResponse;
import dev.keelson.api.etcd.LeaseTimeToLiveRequest;
import dev.keelson.api.etcd.StatusRequest;
import dev.keelson.api.etcd.StatusResponse;
import dev.keelson.backup.cluster.ChangeSink;
import dev.keelson.backup.cluster.MemberHash;
import dev.keelson.backup.cluster.MemberStatus;
import dev.keelson.backup.cluster.MemberStatus.Role;
import dev.keelson.backup.cluster.SourceCluster;
import dev.keelson.backup.cluster.SourceException;
import dev.keelson.backup.store.Progress;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as backups see it, by its client ports: the endpoints that were given, and nothing that a client of etcd's could
 * not ask.
 *
 * <p>Thread rule: any thread.
 */
final class GrpcCluster implements SourceCluster {

    private final Connection connection;

    GrpcCluster(Connection connection) {
        this.connection = connection;
    }

    @Override
    public List<MemberStatus> members() {
        var found = new ArrayList<MemberStatus>();
        @Nullable StatusRuntimeException last = null;
        for (String address : connection.addresses()) {
            try {
                found.add(status(address));
            } catch (StatusRuntimeException silent) {
                last = silent;
            }
        }
        if (last != null && found.isEmpty()) {
            throw new SourceException(
                    "no member answers at " + connection.endpoints + ": " + Connection.reason(last), last);
        }
        return found;
    }

    private MemberStatus status(String address) {
        StatusResponse status =
                connection.ask(address, member -> member.maintenance().status(StatusRequest.getDefaultInstance()));
        long id = status.getHeader().getMemberId();
        Role role = status.getIsLearner() ? Role.LEARNER : status.getLeader() == id ? Role.LEADER : Role.FOLLOWER;
        return new MemberStatus(
                address,
                status.getHeader().getClusterId(),
                id,
                role,
                status.getRaftTerm(),
                status.getRaftAppliedIndex(),
                status.getDbSize(),
                status.getVersion());
    }

    @Override
    public void snapshot(MemberStatus member, Path file, Progress progress) {
        try {
            var _ = new SnapshotDownload(connection).to(file, member.endpoint(), progress);
        } catch (StatusRuntimeException refused) {
            throw new SourceException(
                    "member " + member.endpoint() + " gives no snapshot: " + Connection.reason(refused), refused);
        } catch (CommandFailure broken) {
            throw new SourceException("member " + member.endpoint() + ": " + broken.getMessage(), broken);
        }
    }

    @Override
    public MemberHash hash(MemberStatus member, long revision) {
        HashKVRequest request = HashKVRequest.newBuilder().setRevision(revision).build();
        try {
            // It may have to read all of its history, which takes as long as it takes.
            HashKVResponse answer = connection.ask(
                    member.endpoint(),
                    asked -> dev.keelson.api.etcd.MaintenanceGrpc.newBlockingStub(asked.channel())
                            .hashKV(request));
            return new MemberHash(
                    answer.getHeader().getMemberId(), answer.getHash(), answer.getCompactRevision(), revision);
        } catch (StatusRuntimeException refused) {
            throw new SourceException(
                    "member " + member.endpoint() + " says no hash: " + Connection.reason(refused), refused);
        }
    }

    @Override
    public OptionalLong leaseSeconds(long id) {
        try {
            long seconds = connection.ask(member -> member.lease()
                    .leaseTimeToLive(
                            LeaseTimeToLiveRequest.newBuilder().setID(id).build())
                    .getGrantedTTL());
            return seconds > 0 ? OptionalLong.of(seconds) : OptionalLong.empty();
        } catch (StatusRuntimeException refused) {
            throw new SourceException("no member tells of leases: " + Connection.reason(refused), refused);
        }
    }

    @Override
    public Subscription follow(long fromRevision, ChangeSink sink) {
        return new ChangeStream(connection, fromRevision, sink);
    }

    @Override
    public void close() {}
}
