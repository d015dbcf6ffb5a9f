package dev.keelson.server.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.api.peer.RaftMessage;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class MessageCodecTest {

    /** Ids use all bits, as hashes do. */
    private static final long FROM = 0x8e9e05c52164694dL;

    private static final long TO = 0xf000000000000002L;

    private static final List<Entry> ENTRIES = List.of(
            new Entry(7, 100, EntryType.NORMAL, new byte[] {1, 2, 3}),
            new Entry(7, 101, EntryType.CONF_CHANGE, new byte[] {(byte) 0xff}),
            new Entry(8, 102, EntryType.NORMAL, new byte[0]));

    static List<Message> messages() {
        return List.of(
                new Message.PreVoteRequest(FROM, TO, 9, 41, 8),
                new Message.PreVoteResponse(FROM, TO, 9, true, 0, 0),
                new Message.PreVoteResponse(FROM, TO, 9, false, 17, 4),
                new Message.VoteRequest(FROM, TO, 9, 41, 8, true),
                new Message.VoteRequest(FROM, TO, 9, 41, 8, false),
                new Message.VoteResponse(FROM, TO, 9, true, 0, 0),
                new Message.AppendRequest(FROM, TO, 9, 99, 6, ENTRIES, 98),
                new Message.AppendRequest(FROM, TO, 9, 0, 0, List.of(), 0),
                new Message.AppendResponse(FROM, TO, 9, 102, false, 0, 0),
                new Message.AppendResponse(FROM, TO, 9, 99, true, 50, 4),
                new Message.Heartbeat(FROM, TO, 9, 98, Long.MIN_VALUE + 5),
                new Message.HeartbeatResponse(FROM, TO, 9, Long.MAX_VALUE),
                new Message.TimeoutNow(FROM, TO, 9),
                new Message.Propose(FROM, TO, 9, ENTRIES),
                new Message.ReadIndexRequest(FROM, TO, 9, -1),
                new Message.ReadIndexResponse(FROM, TO, 9, -1, 98),
                new Message.TransferLeader(FROM, TO, 9, TO));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyMessageComesBackAsItWasSent(Message message) throws Exception {
        RaftMessage onTheWire =
                RaftMessage.parseFrom(MessageCodec.encode(message).toByteArray());

        assertThat(MessageCodec.decode(FROM, TO, onTheWire)).isEqualTo(message);
    }

    @Test
    void everyKindOfMessageIsTried() {
        var tried = new HashSet<Class<?>>();
        messages().forEach(message -> tried.add(message.getClass()));
        tried.add(Message.InstallSnapshot.class);

        assertThat(Message.class.getPermittedSubclasses())
                .allSatisfy(kind -> assertThat(tried).contains(kind));
    }

    @Test
    void aSnapshotDoesNotTravelAmongMessages() {
        var install = new Message.InstallSnapshot(FROM, TO, 9, SnapshotMetadata.NONE);

        assertThatThrownBy(() -> MessageCodec.encode(install)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theSizeOfAMessageCoversItsPayloads() {
        byte[] payload = new byte[10_000];
        Arrays.fill(payload, (byte) 1);
        var message = new Message.AppendRequest(
                FROM, TO, 9, 99, 6, List.of(new Entry(9, 100, EntryType.NORMAL, payload)), 98);

        assertThat(MessageCodec.sizeBytes(message))
                .isBetween((long) payload.length, MessageCodec.encode(message).getSerializedSize() + 200L);
    }

    @Test
    void aMessageOfUnknownKindIsRefused() {
        assertThatThrownBy(() -> MessageCodec.decode(FROM, TO, RaftMessage.getDefaultInstance()))
                .isInstanceOf(MessageCodec.MalformedMessageException.class);
    }
}
