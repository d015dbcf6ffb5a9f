package dev.keelson.engine.membership;

import dev.keelson.engine.Member;
import dev.keelson.engine.codec.ByteReader;
import dev.keelson.engine.codec.ByteWriter;

/** The byte form of a {@link Member}, in the store and in the context of a membership change. */
public final class MemberCodec {

    private static final int SIZE_EXPECTED = 128;

    private MemberCodec() {}

    public static byte[] encode(Member member) {
        return new ByteWriter(SIZE_EXPECTED)
                .fixed(member.id())
                .text(member.name())
                .texts(member.peerUrls())
                .texts(member.clientUrls())
                .flag(member.learner())
                .toBytes();
    }

    public static Member decode(byte[] bytes) {
        var in = new ByteReader(bytes);
        return new Member(in.fixed(), in.text(), in.texts(), in.texts(), in.flag());
    }
}
