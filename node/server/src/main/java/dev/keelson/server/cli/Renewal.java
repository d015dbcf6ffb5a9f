package dev.keelson.server.cli;

import dev.keelson.api.etcd.LeaseGrpc;
import dev.keelson.api.etcd.LeaseKeepAliveRequest;
import dev.keelson.api.etcd.LeaseKeepAliveResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;

/** Lets a lease live its whole time again, once. */
final class Renewal {

    private Renewal() {}

    /** Returns the answer; one with a time of 0 says that there is no such lease. */
    static LeaseKeepAliveResponse of(Connection.Member member, long lease) {
        var answer = new Answer<LeaseKeepAliveResponse>();
        StreamObserver<LeaseKeepAliveRequest> stream = LeaseGrpc.newStub(member.channel())
                .withDeadlineAfter(member.timeoutMillis(), TimeUnit.MILLISECONDS)
                .leaseKeepAlive(answer);
        stream.onNext(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
        stream.onCompleted();
        return answer.await();
    }
}
