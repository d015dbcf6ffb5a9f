package dev.keelson.server.config;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;

/** Computes ids as etcd does, so that the same flags give the same ids in both. */
public final class ClusterIds {

    private ClusterIds() {}

    /** The id of a member that a cluster starts with: from its peer URLs and the cluster's token. */
    static long member(List<String> peerUrls, String token) {
        String joined = String.join("", peerUrls.stream().sorted().toList());
        return firstBytes(sha1((joined + token).getBytes(StandardCharsets.UTF_8)));
    }

    /** The id of a member that is added to a cluster in this second. */
    public static long added(List<String> peerUrls, long epochSecond) {
        return member(peerUrls, Long.toString(epochSecond));
    }

    /** The id of a cluster: from the ids of its first members. */
    static long cluster(Collection<Long> memberIds) {
        var ids = ByteBuffer.allocate(memberIds.size() * Long.BYTES);
        memberIds.stream().sorted(Long::compareUnsigned).forEach(ids::putLong);
        return firstBytes(sha1(ids.array()));
    }

    private static long firstBytes(byte[] digest) {
        return ByteBuffer.wrap(digest).getLong();
    }

    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-1", missing);
        }
    }
}
