package dev.keelson.server.grpc;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.LeaseGrantRequest;
import dev.keelson.api.etcd.LeaseGrantResponse;
import dev.keelson.api.etcd.LeaseGrpc;
import dev.keelson.api.etcd.LeaseKeepAliveRequest;
import dev.keelson.api.etcd.LeaseKeepAliveResponse;
import dev.keelson.api.etcd.LeaseLeasesRequest;
import dev.keelson.api.etcd.LeaseLeasesResponse;
import dev.keelson.api.etcd.LeaseRevokeRequest;
import dev.keelson.api.etcd.LeaseRevokeResponse;
import dev.keelson.api.etcd.LeaseStatus;
import dev.keelson.api.etcd.LeaseTimeToLiveRequest;
import dev.keelson.api.etcd.LeaseTimeToLiveResponse;
import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.Reply;
import dev.keelson.engine.lease.LeaseTtl;
import dev.keelson.server.auth.Identity;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;

/**
 * Granting, renewing, describing and ending leases. A lease that is not there is no error to those who ask how long it
 * will live, or let it live longer: they get a time of -1 or 0.
 *
 * <p>Thread rule: called on event loops; replies leave on the engine's workers.
 */
final class LeaseService extends LeaseGrpc.LeaseImplBase {

    private final NodeEngine engine;
    private final ReplyHeaders headers;

    LeaseService(NodeEngine engine, ReplyHeaders headers) {
        this.engine = engine;
        this.headers = headers;
    }

    @Override
    public void leaseGrant(LeaseGrantRequest sent, StreamObserver<LeaseGrantResponse> call) {
        engine.leases()
                .grant(
                        sent.getID(),
                        sent.getTTL(),
                        new UnaryReply<>(
                                call,
                                lease -> LeaseGrantResponse.newBuilder()
                                        .setHeader(headers.now())
                                        .setID(lease.id())
                                        .setTTL(lease.ttlSeconds())
                                        .build()));
    }

    @Override
    public void leaseRevoke(LeaseRevokeRequest sent, StreamObserver<LeaseRevokeResponse> call) {
        Reply<Long> reply = new UnaryReply<>(
                call,
                revision -> LeaseRevokeResponse.newBuilder()
                        .setHeader(headers.at(revision))
                        .build());
        Identity.current().ask(reply, caller -> engine.leases().revoke(caller, sent.getID(), reply));
    }

    @Override
    public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(StreamObserver<LeaseKeepAliveResponse> call) {
        Identity identity = Identity.current();
        var stream = new KeepAliveStream(
                (id, reply) -> identity.ask(reply, caller -> engine.leases().keepAlive(caller, id, reply)),
                headers::now,
                (ServerCallStreamObserver<LeaseKeepAliveResponse>) call);
        stream.open();
        return stream;
    }

    @Override
    public void leaseTimeToLive(LeaseTimeToLiveRequest sent, StreamObserver<LeaseTimeToLiveResponse> call) {
        Reply<LeaseTtl> reply = new UnaryReply<>(call, this::translate);
        Identity.current()
                .ask(reply, caller -> engine.leases().timeToLive(caller, sent.getID(), sent.getKeys(), reply));
    }

    private LeaseTimeToLiveResponse translate(LeaseTtl lease) {
        LeaseTimeToLiveResponse.Builder reply = LeaseTimeToLiveResponse.newBuilder()
                .setHeader(headers.now())
                .setID(lease.id())
                .setTTL(lease.remainingSeconds())
                .setGrantedTTL(lease.grantedSeconds());
        lease.keys().forEach(key -> reply.addKeys(ByteString.copyFrom(key)));
        return reply.build();
    }

    @Override
    public void leaseLeases(LeaseLeasesRequest sent, StreamObserver<LeaseLeasesResponse> call) {
        Reply<List<Long>> reply = new UnaryReply<>(call, this::translate);
        Identity.current().ask(reply, caller -> engine.leases().list(caller, reply));
    }

    private LeaseLeasesResponse translate(List<Long> ids) {
        LeaseLeasesResponse.Builder reply = LeaseLeasesResponse.newBuilder().setHeader(headers.now());
        ids.forEach(id -> reply.addLeases(LeaseStatus.newBuilder().setID(id)));
        return reply.build();
    }
}
