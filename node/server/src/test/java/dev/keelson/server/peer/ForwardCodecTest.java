package dev.keelson.server.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.keelson.api.peer.QuestionRefused;
import dev.keelson.engine.forward.Answer;
import dev.keelson.engine.forward.Forward;
import dev.keelson.engine.forward.Question;
import dev.keelson.engine.lease.LeaseTtl;
import dev.keelson.engine.maintenance.HistoryHash;
import dev.keelson.mvcc.HashKvResult;
import dev.keelson.mvcc.StoreError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ForwardCodecTest {

    private static final long FROM = 0x8e9e05c52164694dL;
    private static final long TO = 0xf000000000000002L;
    private static final long ID = -42;

    static List<Forward> messages() {
        var messages = new ArrayList<Forward>(List.of(
                new Forward.Asked(FROM, TO, ID, new Question.RenewLease(Long.MIN_VALUE)),
                new Forward.Asked(FROM, TO, ID, new Question.LeaseTimeToLive(7, true)),
                new Forward.Asked(FROM, TO, ID, new Question.LeaseTimeToLive(-7, false)),
                new Forward.Asked(FROM, TO, ID, new Question.LearnerReadiness(-9)),
                new Forward.Asked(FROM, TO, ID, new Question.HashOfHistory(Long.MAX_VALUE)),
                new Forward.Asked(FROM, TO, ID, new Question.VersionOfMember()),
                new Forward.Answered(FROM, TO, ID, new Answer.LearnerReady()),
                new Forward.Answered(
                        FROM,
                        TO,
                        ID,
                        new Answer.HistoryHashed(new HistoryHash(new HashKvResult(0xfedc_ba98, -1, 7), 9))),
                new Forward.Answered(FROM, TO, ID, new Answer.MemberVersion("3.7.0")),
                new Forward.Answered(FROM, TO, ID, new Answer.LeaseRenewed(0)),
                new Forward.Answered(FROM, TO, ID, new Answer.LeaseRenewed(9_000_000_000L)),
                new Forward.Answered(FROM, TO, ID, new Answer.LeaseTime(new LeaseTtl(5, -1, 0, List.of()))),
                new Forward.Answered(
                        FROM,
                        TO,
                        ID,
                        new Answer.LeaseTime(
                                new LeaseTtl(5, 59, 60, List.of(new byte[] {1, 2}, new byte[] {(byte) 0xff}))))));
        for (StoreError error : StoreError.values()) {
            messages.add(new Forward.Answered(FROM, TO, ID, new Answer.Refused(error)));
        }
        return messages;
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyMessageComesBackAsItWasSent(Forward message) throws Exception {
        var onTheWire = dev.keelson.api.peer.Forward.parseFrom(
                ForwardCodec.encode(message).toByteArray());

        assertThat(ForwardCodec.decode(FROM, TO, onTheWire))
                .get()
                .usingRecursiveComparison()
                .isEqualTo(message);
    }

    @Test
    void everyKindOfQuestionAndAnswerIsTried() {
        var tried = new ArrayList<Class<?>>();
        for (Forward message : messages()) {
            switch (message) {
                case Forward.Asked asked -> tried.add(asked.question().getClass());
                case Forward.Answered answered -> tried.add(answered.answer().getClass());
            }
        }

        assertThat(tried).contains(Question.OfLeases.class.getPermittedSubclasses());
        assertThat(tried).contains(Question.OfMember.class.getPermittedSubclasses());
        assertThat(tried).contains(Question.LearnerReadiness.class);
        assertThat(tried).contains(Answer.class.getPermittedSubclasses());
    }

    @Test
    void whatThisVersionDoesNotKnowIsSkipped() {
        var unknown = dev.keelson.api.peer.Forward.newBuilder().setId(ID);
        assertThat(ForwardCodec.decode(FROM, TO, unknown.build())).isEmpty();

        unknown.setRefused(QuestionRefused.newBuilder().setError("AN_ERROR_OF_THE_FUTURE"));
        assertThat(ForwardCodec.decode(FROM, TO, unknown.build())).isEmpty();
    }

    @Test
    void theSizeOfAMessageCoversItsKeys() {
        var keys = List.of(new byte[5_000], new byte[7_000]);
        var message = new Forward.Answered(FROM, TO, ID, new Answer.LeaseTime(new LeaseTtl(5, 1, 2, keys)));

        assertThat(ForwardCodec.sizeBytes(message)).isBetween(12_000L, 12_400L);
    }

    @Test
    void randomBytesAreNoProtobufOrNothingKnownOrAMessage() {
        var random = new Random(9);
        List<Forward> messages = messages();
        for (int round = 0; round < 50_000; round++) {
            byte[] noise = ForwardCodec.encode(messages.get(random.nextInt(messages.size())))
                    .toByteArray();
            for (int i = random.nextInt(4); i >= 0; i--) {
                noise[random.nextInt(noise.length)] = (byte) random.nextInt();
            }
            byte[] cut = Arrays.copyOf(noise, random.nextInt(noise.length + 1));
            try {
                var parsed = dev.keelson.api.peer.Forward.parseFrom(cut);
                assertThat(ForwardCodec.decode(FROM, TO, parsed).map(Forward::id))
                        .isIn(Optional.empty(), Optional.of(parsed.getId()));
            } catch (InvalidProtocolBufferException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
    }
}
