package dev.keelson.server.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.keelson.api.peer.HistoryHashed;
import dev.keelson.api.peer.HistoryQuestion;
import dev.keelson.api.peer.LearnerReady;
import dev.keelson.api.peer.LeaseRenewal;
import dev.keelson.api.peer.LeaseTime;
import dev.keelson.api.peer.MemberVersion;
import dev.keelson.api.peer.QuestionRefused;
import dev.keelson.api.peer.VersionQuestion;
import dev.keelson.engine.forward.Answer;
import dev.keelson.engine.forward.Forward;
import dev.keelson.engine.forward.Forward.Answered;
import dev.keelson.engine.forward.Forward.Asked;
import dev.keelson.engine.forward.Question;
import dev.keelson.engine.lease.LeaseTtl;
import dev.keelson.engine.maintenance.HistoryHash;
import dev.keelson.mvcc.HashKvResult;
import dev.keelson.mvcc.StoreError;
import java.util.Arrays;
import java.util.Optional;

/** Turns questions to other members and their answers into those on the wire and back. */
final class ForwardCodec {

    private static final int OVERHEAD_BYTES = 64;

    private ForwardCodec() {}

    /** What the message costs in a queue, in bytes: an estimate that never is less than its keys. */
    static long sizeBytes(Forward message) {
        long bytes = OVERHEAD_BYTES;
        if (message instanceof Answered(long _, long _, long _, Answer.LeaseTime(LeaseTtl ttl))) {
            for (byte[] key : ttl.keys()) {
                bytes += key.length + OVERHEAD_BYTES;
            }
        }
        return bytes;
    }

    static dev.keelson.api.peer.Forward encode(Forward message) {
        var wire = dev.keelson.api.peer.Forward.newBuilder().setId(message.id());
        switch (message) {
            case Asked asked -> put(wire, asked.question());
            case Answered answered -> put(wire, answered.answer());
        }
        return wire.build();
    }

    private static void put(dev.keelson.api.peer.Forward.Builder wire, Question question) {
        switch (question) {
            case Question.RenewLease(long lease) ->
                wire.setLeaseRenewal(LeaseRenewal.newBuilder().setLease(lease));
            case Question.LeaseTimeToLive(long lease, boolean keys) ->
                wire.setLeaseTimeToLive(dev.keelson.api.peer.LeaseTimeToLive.newBuilder()
                        .setLease(lease)
                        .setKeys(keys));
            case Question.LearnerReadiness(long member) ->
                wire.setLearnerReadiness(
                        dev.keelson.api.peer.LearnerReadiness.newBuilder().setMember(member));
            case Question.HashOfHistory(long revision) ->
                wire.setHistoryQuestion(HistoryQuestion.newBuilder().setRevision(revision));
            case Question.VersionOfMember() -> wire.setVersionQuestion(VersionQuestion.getDefaultInstance());
        }
    }

    private static void put(dev.keelson.api.peer.Forward.Builder wire, Answer answer) {
        switch (answer) {
            case Answer.LeaseRenewed(long ttlSeconds) ->
                wire.setLeaseRenewed(
                        dev.keelson.api.peer.LeaseRenewed.newBuilder().setTtl(ttlSeconds));
            case Answer.LeaseTime(LeaseTtl ttl) -> {
                LeaseTime.Builder time = LeaseTime.newBuilder()
                        .setLease(ttl.id())
                        .setRemaining(ttl.remainingSeconds())
                        .setGranted(ttl.grantedSeconds());
                ttl.keys().forEach(key -> time.addKeys(UnsafeByteOperations.unsafeWrap(key)));
                wire.setLeaseTime(time);
            }
            case Answer.LearnerReady() -> wire.setLearnerReady(LearnerReady.getDefaultInstance());
            case Answer.HistoryHashed(HistoryHash(HashKvResult result, long revision)) ->
                wire.setHistoryHashed(HistoryHashed.newBuilder()
                        .setHash(result.hash())
                        .setCompactRevision(result.compactRevision())
                        .setHashRevision(result.hashRevision())
                        .setRevision(revision));
            case Answer.MemberVersion(String version) ->
                wire.setMemberVersion(MemberVersion.newBuilder().setVersion(version));
            case Answer.Refused(StoreError error) ->
                wire.setRefused(QuestionRefused.newBuilder().setError(error.name()));
        }
    }

    /** Reads a message back; empty when it is of a kind that this version does not know. */
    static Optional<Forward> decode(long from, long to, dev.keelson.api.peer.Forward wire) {
        long id = wire.getId();
        return switch (wire.getKindCase()) {
            case LEASE_RENEWAL ->
                Optional.of(new Asked(
                        from,
                        to,
                        id,
                        new Question.RenewLease(wire.getLeaseRenewal().getLease())));
            case LEASE_TIME_TO_LIVE -> {
                var m = wire.getLeaseTimeToLive();
                yield Optional.of(new Asked(from, to, id, new Question.LeaseTimeToLive(m.getLease(), m.getKeys())));
            }
            case LEASE_RENEWED ->
                Optional.of(new Answered(
                        from,
                        to,
                        id,
                        new Answer.LeaseRenewed(wire.getLeaseRenewed().getTtl())));
            case LEASE_TIME ->
                Optional.of(new Answered(from, to, id, new Answer.LeaseTime(decode(wire.getLeaseTime()))));
            case LEARNER_READINESS ->
                Optional.of(new Asked(
                        from,
                        to,
                        id,
                        new Question.LearnerReadiness(wire.getLearnerReadiness().getMember())));
            case LEARNER_READY -> Optional.of(new Answered(from, to, id, new Answer.LearnerReady()));
            case HISTORY_QUESTION -> {
                long revision = wire.getHistoryQuestion().getRevision();
                yield Optional.of(new Asked(from, to, id, new Question.HashOfHistory(revision)));
            }
            case HISTORY_HASHED ->
                Optional.of(new Answered(from, to, id, new Answer.HistoryHashed(decode(wire.getHistoryHashed()))));
            case VERSION_QUESTION -> Optional.of(new Asked(from, to, id, new Question.VersionOfMember()));
            case MEMBER_VERSION -> {
                String version = wire.getMemberVersion().getVersion();
                yield Optional.of(new Answered(from, to, id, new Answer.MemberVersion(version)));
            }
            case REFUSED ->
                error(wire.getRefused().getError()).map(error -> new Answered(from, to, id, new Answer.Refused(error)));
            case KIND_NOT_SET -> Optional.empty();
        };
    }

    private static HistoryHash decode(HistoryHashed wire) {
        return new HistoryHash(
                new HashKvResult(wire.getHash(), wire.getCompactRevision(), wire.getHashRevision()),
                wire.getRevision());
    }

    private static LeaseTtl decode(LeaseTime wire) {
        return new LeaseTtl(
                wire.getLease(),
                wire.getRemaining(),
                wire.getGranted(),
                wire.getKeysList().stream().map(ByteString::toByteArray).toList());
    }

    private static Optional<StoreError> error(String name) {
        return Arrays.stream(StoreError.values())
                .filter(error -> error.name().equals(name))
                .findFirst();
    }
}
