package dev.keelson.engine.membership;

import dev.keelson.engine.Member;
import dev.keelson.engine.codec.ByteReader;
import dev.keelson.engine.codec.ByteWriter;
import dev.keelson.engine.codec.MalformedBytesException;
import dev.keelson.raft.confchange.ConfChange;

/**
 * What somebody wants of the membership, as it travels in the context of a {@link ConfChange}.
 *
 * @param requestId whose wish it is; {@link #NOBODYS} when nobody waits for an answer
 * @param member the whole member where one is added, its id and peer URLs where those change, else its id alone
 * @param learnersMax how many learners there may be with it; told by whoever asks, since a setting that differs from
 *     member to member must not decide what all have to agree on
 */
public record MemberChange(long requestId, Kind kind, Member member, int learnersMax) {

    /** The id of no request. */
    public static final long NOBODYS = 0;

    /** A new cluster is put together without asking how many learners it may have: it has none. */
    private static final int NO_LEARNERS = 0;

    private static final int SIZE_EXPECTED = 128;

    /** What is wished for. */
    public enum Kind {
        /** It joins, with a vote or as a learner. */
        ADD,
        /** A learner gets a vote. */
        PROMOTE,
        /** It is reached elsewhere by the other members. */
        UPDATE,
        /** It takes no part any more, ever. */
        REMOVE
    }

    /** One of the members that a new cluster begins with. */
    public static MemberChange founding(Member member) {
        return new MemberChange(NOBODYS, Kind.ADD, member, NO_LEARNERS);
    }

    /** The form in which the consensus core carries it. */
    public ConfChange toConfChange() {
        ConfChange.Kind carried = switch (kind) {
            case ADD -> member.learner() ? ConfChange.Kind.ADD_LEARNER : ConfChange.Kind.ADD_VOTER;
            case PROMOTE -> ConfChange.Kind.ADD_VOTER;
            case UPDATE -> ConfChange.Kind.UPDATE;
            case REMOVE -> ConfChange.Kind.REMOVE;
        };
        byte[] context = new ByteWriter(SIZE_EXPECTED)
                .fixed(requestId)
                .octet(kind.ordinal())
                .number(learnersMax)
                .string(MemberCodec.encode(member))
                .toBytes();
        return new ConfChange(carried, member.id(), context);
    }

    /** What {@link #toConfChange} was given. */
    public static MemberChange of(ConfChange carried) {
        var in = new ByteReader(carried.context());
        long requestId = in.fixed();
        int kind = in.octet();
        if (kind >= Kind.values().length) {
            throw new MalformedBytesException("a membership change of unknown kind " + kind);
        }
        int learnersMax = (int) in.number();
        return new MemberChange(requestId, Kind.values()[kind], MemberCodec.decode(in.string()), learnersMax);
    }

    /** The request that waits for a change, {@link #NOBODYS} when none does. */
    public static long requestId(ConfChange carried) {
        return new ByteReader(carried.context()).fixed();
    }
}
