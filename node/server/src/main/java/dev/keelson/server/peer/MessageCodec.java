package dev.keelson.server.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.keelson.api.peer.AppendRequest;
import dev.keelson.api.peer.AppendResponse;
import dev.keelson.api.peer.Heartbeat;
import dev.keelson.api.peer.HeartbeatResponse;
import dev.keelson.api.peer.Propose;
import dev.keelson.api.peer.RaftMessage;
import dev.keelson.api.peer.ReadIndexRequest;
import dev.keelson.api.peer.ReadIndexResponse;
import dev.keelson.api.peer.TimeoutNow;
import dev.keelson.api.peer.TransferLeader;
import dev.keelson.api.peer.VoteRequest;
import dev.keelson.api.peer.VoteResponse;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.message.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns messages of the consensus core into those on the wire and back.
 *
 * <p>Sender and receiver stand in the envelope. A snapshot does not travel this way: it has a stream of its own.
 * Payloads are shared on the way out and copied once on the way in.
 */
final class MessageCodec {

    private static final int OVERHEAD_BYTES = 64;
    private static final byte[] NO_BYTES = {};

    private MessageCodec() {}

    /** What the message costs in a queue, in bytes: an estimate that never is less than its payloads. */
    static long sizeBytes(Message message) {
        return switch (message) {
            case Message.AppendRequest append -> OVERHEAD_BYTES + sizeBytes(append.entries());
            case Message.Propose propose -> OVERHEAD_BYTES + sizeBytes(propose.entries());
            case Message.PreVoteRequest _,
                    Message.PreVoteResponse _,
                    Message.VoteRequest _,
                    Message.VoteResponse _,
                    Message.AppendResponse _,
                    Message.Heartbeat _,
                    Message.HeartbeatResponse _,
                    Message.InstallSnapshot _,
                    Message.TimeoutNow _,
                    Message.ReadIndexRequest _,
                    Message.ReadIndexResponse _,
                    Message.TransferLeader _ -> OVERHEAD_BYTES;
        };
    }

    private static long sizeBytes(List<Entry> entries) {
        long bytes = 0;
        for (Entry entry : entries) {
            bytes += entry.sizeBytes();
        }
        return bytes;
    }

    static RaftMessage encode(Message message) {
        RaftMessage.Builder wire = RaftMessage.newBuilder().setTerm(message.term());
        switch (message) {
            case Message.PreVoteRequest m ->
                wire.setPreVoteRequest(
                        VoteRequest.newBuilder().setLastIndex(m.lastIndex()).setLastTerm(m.lastTerm()));
            case Message.PreVoteResponse m ->
                wire.setPreVoteResponse(voteResponse(m.granted(), m.commit(), m.commitTerm()));
            case Message.VoteRequest m ->
                wire.setVoteRequest(VoteRequest.newBuilder()
                        .setLastIndex(m.lastIndex())
                        .setLastTerm(m.lastTerm())
                        .setTransfer(m.transfer()));
            case Message.VoteResponse m -> wire.setVoteResponse(voteResponse(m.granted(), m.commit(), m.commitTerm()));
            case Message.AppendRequest m -> wire.setAppendRequest(encode(m));
            case Message.AppendResponse m -> wire.setAppendResponse(encode(m));
            case Message.Heartbeat m ->
                wire.setHeartbeat(Heartbeat.newBuilder().setCommit(m.commit()).setReadNonce(m.readNonce()));
            case Message.HeartbeatResponse m ->
                wire.setHeartbeatResponse(HeartbeatResponse.newBuilder().setReadNonce(m.readNonce()));
            case Message.TimeoutNow _ -> wire.setTimeoutNow(TimeoutNow.getDefaultInstance());
            case Message.Propose m -> {
                Propose.Builder propose = Propose.newBuilder();
                m.entries().forEach(entry -> propose.addEntries(encode(entry)));
                wire.setPropose(propose);
            }
            case Message.ReadIndexRequest m ->
                wire.setReadIndexRequest(ReadIndexRequest.newBuilder().setRequestId(m.requestId()));
            case Message.ReadIndexResponse m ->
                wire.setReadIndexResponse(ReadIndexResponse.newBuilder()
                        .setRequestId(m.requestId())
                        .setIndex(m.index()));
            case Message.TransferLeader m ->
                wire.setTransferLeader(TransferLeader.newBuilder().setTarget(m.target()));
            case Message.InstallSnapshot _ ->
                throw new IllegalArgumentException("a snapshot has a stream of its own: " + message);
        }
        return wire.build();
    }

    private static VoteResponse voteResponse(boolean granted, long commit, long commitTerm) {
        return VoteResponse.newBuilder()
                .setGranted(granted)
                .setCommit(commit)
                .setCommitTerm(commitTerm)
                .build();
    }

    private static AppendRequest encode(Message.AppendRequest message) {
        AppendRequest.Builder wire = AppendRequest.newBuilder()
                .setPrevIndex(message.prevIndex())
                .setPrevTerm(message.prevTerm())
                .setCommit(message.commit());
        for (Entry entry : message.entries()) {
            wire.addEntries(encode(entry));
        }
        return wire.build();
    }

    private static AppendResponse encode(Message.AppendResponse message) {
        return AppendResponse.newBuilder()
                .setIndex(message.index())
                .setRejected(message.rejected())
                .setHintIndex(message.hintIndex())
                .setHintTerm(message.hintTerm())
                .build();
    }

    private static dev.keelson.api.peer.Entry encode(Entry entry) {
        return dev.keelson.api.peer.Entry.newBuilder()
                .setTerm(entry.term())
                .setIndex(entry.index())
                .setType(
                        switch (entry.type()) {
                            case NORMAL -> dev.keelson.api.peer.Entry.Type.NORMAL;
                            case CONF_CHANGE -> dev.keelson.api.peer.Entry.Type.CONF_CHANGE;
                        })
                .setPayload(UnsafeByteOperations.unsafeWrap(entry.payload()))
                .build();
    }

    /**
     * Reads a message back.
     *
     * @throws MalformedMessageException when it is of a kind this version does not know
     */
    static Message decode(long from, long to, RaftMessage wire) {
        long term = wire.getTerm();
        return switch (wire.getKindCase()) {
            case PRE_VOTE_REQUEST -> {
                VoteRequest m = wire.getPreVoteRequest();
                yield new Message.PreVoteRequest(from, to, term, m.getLastIndex(), m.getLastTerm());
            }
            case PRE_VOTE_RESPONSE -> {
                VoteResponse m = wire.getPreVoteResponse();
                yield new Message.PreVoteResponse(from, to, term, m.getGranted(), m.getCommit(), m.getCommitTerm());
            }
            case VOTE_REQUEST -> {
                VoteRequest m = wire.getVoteRequest();
                yield new Message.VoteRequest(from, to, term, m.getLastIndex(), m.getLastTerm(), m.getTransfer());
            }
            case VOTE_RESPONSE -> {
                VoteResponse m = wire.getVoteResponse();
                yield new Message.VoteResponse(from, to, term, m.getGranted(), m.getCommit(), m.getCommitTerm());
            }
            case APPEND_REQUEST -> {
                AppendRequest m = wire.getAppendRequest();
                yield new Message.AppendRequest(
                        from, to, term, m.getPrevIndex(), m.getPrevTerm(), decode(m.getEntriesList()), m.getCommit());
            }
            case APPEND_RESPONSE -> {
                AppendResponse m = wire.getAppendResponse();
                yield new Message.AppendResponse(
                        from, to, term, m.getIndex(), m.getRejected(), m.getHintIndex(), m.getHintTerm());
            }
            case HEARTBEAT ->
                new Message.Heartbeat(
                        from,
                        to,
                        term,
                        wire.getHeartbeat().getCommit(),
                        wire.getHeartbeat().getReadNonce());
            case HEARTBEAT_RESPONSE ->
                new Message.HeartbeatResponse(
                        from, to, term, wire.getHeartbeatResponse().getReadNonce());
            case TIMEOUT_NOW -> new Message.TimeoutNow(from, to, term);
            case PROPOSE ->
                new Message.Propose(from, to, term, decode(wire.getPropose().getEntriesList()));
            case READ_INDEX_REQUEST ->
                new Message.ReadIndexRequest(
                        from, to, term, wire.getReadIndexRequest().getRequestId());
            case READ_INDEX_RESPONSE -> {
                ReadIndexResponse m = wire.getReadIndexResponse();
                yield new Message.ReadIndexResponse(from, to, term, m.getRequestId(), m.getIndex());
            }
            case TRANSFER_LEADER ->
                new Message.TransferLeader(
                        from, to, term, wire.getTransferLeader().getTarget());
            case KIND_NOT_SET -> throw new MalformedMessageException("a message of unknown kind");
        };
    }

    private static List<Entry> decode(List<dev.keelson.api.peer.Entry> wire) {
        var entries = new ArrayList<Entry>(wire.size());
        for (dev.keelson.api.peer.Entry each : wire) {
            EntryType type = switch (each.getType()) {
                case NORMAL -> EntryType.NORMAL;
                case CONF_CHANGE -> EntryType.CONF_CHANGE;
                case UNRECOGNIZED ->
                    throw new MalformedMessageException("an entry of unknown type " + each.getTypeValue());
            };
            ByteString payload = each.getPayload();
            entries.add(new Entry(
                    each.getTerm(), each.getIndex(), type, payload.isEmpty() ? NO_BYTES : payload.toByteArray()));
        }
        return entries;
    }

    /** What a peer sent cannot be read: it speaks another version, or is none of ours. */
    static final class MalformedMessageException extends RuntimeException {

        private static final long serialVersionUID = 1;

        MalformedMessageException(String message) {
            super(message, null, false, false);
        }
    }
}
