package dev.keelson.server.grpc;

import dev.keelson.api.etcd.ResponseHeader;
import dev.keelson.engine.NodeEngine;
import java.util.function.LongSupplier;

/**
 * Makes the headers of replies.
 *
 * <p>Thread rule: any thread.
 */
final class ReplyHeaders {

    private final LongSupplier term;
    private final LongSupplier revision;
    private final long clusterId;
    private final long memberId;

    ReplyHeaders(NodeEngine engine, long clusterId, long memberId) {
        this(() -> engine.raftStatus().term(), engine::revision, clusterId, memberId);
    }

    /**
     * @param term the raft term of this moment
     * @param revision that of the member's store at this moment
     */
    ReplyHeaders(LongSupplier term, LongSupplier revision, long clusterId, long memberId) {
        this.term = term;
        this.revision = revision;
        this.clusterId = clusterId;
        this.memberId = memberId;
    }

    /** The term that headers carry now. */
    long term() {
        return term.getAsLong();
    }

    /** A header at this revision; 0 for the replies of the cluster service, which have none. */
    ResponseHeader at(long revision) {
        return ResponseHeader.newBuilder()
                .setClusterId(clusterId)
                .setMemberId(memberId)
                .setRevision(revision)
                .setRaftTerm(term.getAsLong())
                .build();
    }

    /** A header at the revision that this member has reached. */
    ResponseHeader now() {
        return at(revision.getAsLong());
    }

    /** The header of a reply within a transaction: who answers stands in that of the transaction. */
    static ResponseHeader nestedAt(long revision) {
        return ResponseHeader.newBuilder().setRevision(revision).build();
    }
}
