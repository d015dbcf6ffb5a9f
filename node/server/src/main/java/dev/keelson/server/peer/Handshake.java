package dev.keelson.server.peer;

import dev.keelson.api.peer.Hello;
import dev.keelson.api.peer.Welcome;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that two members are who they take each other for before the first message.
 *
 * <p>A member whose data directory was emptied has forgotten its vote and what it acknowledged. Would it come back under
 * its id, a quorum could be counted twice: (1) a write is acknowledged by a and b of a, b, c; (2) b loses its data and
 * returns; (3) b and c elect c, which never saw the write. So each data directory has an incarnation, peers remember the
 * one they met first, and another one is refused.
 *
 * <p>Thread rule: any thread; {@link PeerIdentities} is asked on it.
 */
public final class Handshake {

    /** Who this member is. */
    public record Self(long clusterId, long memberId, long incarnation) {}

    private final Self self;
    private final PeerIdentities identities;
    private final LongPredicate removed;

    /** @param removed whether a member was removed from the cluster for good */
    public Handshake(Self self, PeerIdentities identities, LongPredicate removed) {
        this.self = self;
        this.identities = identities;
        this.removed = removed;
    }

    Self self() {
        return self;
    }

    Hello hello(long to) {
        Long remembered = identities.incarnationOf(to);
        return Hello.newBuilder()
                .setClusterId(self.clusterId())
                .setFrom(self.memberId())
                .setTo(to)
                .setIncarnation(self.incarnation())
                .setExpectedIncarnation(remembered == null ? 0 : remembered)
                .setProtocol(PeerLimits.PROTOCOL)
                .build();
    }

    /** Judges a hello; null means welcome, and the sender's incarnation is remembered. */
    @Nullable
    Refusal judge(Hello hello) {
        long from = hello.getFrom();
        Long remembered = identities.incarnationOf(from);
        if (hello.getProtocol() < PeerLimits.PROTOCOL_MIN) {
            return refuse(
                    Refusal.Reason.UNKNOWN_PROTOCOL,
                    "protocol " + hello.getProtocol() + " is older than " + PeerLimits.PROTOCOL_MIN);
        }
        if (hello.getClusterId() != self.clusterId()) {
            return refuse(
                    Refusal.Reason.OTHER_CLUSTER,
                    "this member belongs to cluster " + hex(self.clusterId()) + ", not to "
                            + hex(hello.getClusterId()));
        }
        if (hello.getTo() != self.memberId()) {
            return refuse(
                    Refusal.Reason.OTHER_MEMBER,
                    "this is member " + hex(self.memberId()) + ", not " + hex(hello.getTo()));
        }
        Refusal farewell = farewell(from);
        if (farewell != null) {
            return farewell;
        }
        if (remembered != null && remembered != hello.getIncarnation()) {
            return refuse(
                    Refusal.Reason.REPLACED_SENDER,
                    "member " + hex(from) + " came back with another data directory (incarnation "
                            + hex(hello.getIncarnation()) + ", expected " + hex(remembered)
                            + "); remove it and add it anew");
        }
        if (hello.getExpectedIncarnation() != 0 && hello.getExpectedIncarnation() != self.incarnation()) {
            return refuse(
                    Refusal.Reason.REPLACED_RECEIVER,
                    "member " + hex(self.memberId()) + " runs on another data directory (incarnation "
                            + hex(self.incarnation()) + ", expected " + hex(hello.getExpectedIncarnation())
                            + "); remove it and add it anew");
        }
        remember(from, hello.getIncarnation());
        return null;
    }

    /** What to tell a member that was removed, perhaps since it was welcomed; null for others. */
    @Nullable
    Refusal farewell(long from) {
        return removed.test(from)
                ? refuse(Refusal.Reason.REMOVED_SENDER, "member " + hex(from) + " was removed from the cluster")
                : null;
    }

    private static Refusal refuse(Refusal.Reason reason, String detail) {
        return new Refusal(reason, detail);
    }

    Welcome welcome() {
        return Welcome.newBuilder()
                .setIncarnation(self.incarnation())
                .setProtocol(PeerLimits.PROTOCOL)
                .build();
    }

    /** The other side has said welcome and who it is. */
    void welcomed(long by, Welcome welcome) {
        remember(by, welcome.getIncarnation());
    }

    private void remember(long member, long incarnation) {
        if (identities.incarnationOf(member) == null) {
            identities.remember(member, incarnation);
        }
    }

    static String hex(long id) {
        return Long.toHexString(id);
    }
}
