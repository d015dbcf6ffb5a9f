package dev.keelson.server.member;

import dev.keelson.engine.Member;
import dev.keelson.server.peer.PeerAddress;
import dev.keelson.server.peer.RunningCluster;
import dev.keelson.storage.Identity;
import dev.keelson.storage.StoreDirectory;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Finds out which member of which cluster this one is: by its data; without data, by its flags when it founds a cluster, or
 * by asking the members when it joins one.
 *
 * <p>Thread rule: one thread, which waits for the answers.
 */
final class Admission {

    /** How often the members are asked before a membership that does not fit counts. */
    private static final int TRIES_MAX = 10;

    private static final long TRY_EVERY_MILLIS = 200;

    private final MemberConfig flags;
    private final MemberEvents events;
    private final PeerAddress addresses;

    Admission(MemberConfig flags, MemberEvents events, PeerAddress addresses) {
        this.flags = flags;
        this.events = events;
        this.addresses = addresses;
    }

    /**
     * Whose data the directory holds; made out now where it is empty.
     *
     * @param incarnation draws the number that tells this directory from others of the same member
     * @throws JoinRefusedException when it joins and is not expected
     */
    Identity identify(StoreDirectory directory, LongSupplier incarnation) {
        Identity found = directory.identity();
        if (found != null) {
            warnIfUnexpected(found);
            return found;
        }
        Identity made = flags.membership().joins()
                ? join(incarnation.getAsLong())
                : new Identity(flags.clusterId(), flags.self().id(), incarnation.getAsLong());
        directory.initialize(made);
        return made;
    }

    /** What the member is told when it is this one: a member that joined has other ids than its flags add up to. */
    MemberConfig configOf(Identity identity) {
        return isExpected(identity) ? flags : flags.as(identity);
    }

    private boolean isExpected(Identity identity) {
        return identity.memberId() == flags.self().id() && identity.clusterId() == flags.clusterId();
    }

    private void warnIfUnexpected(Identity found) {
        if (!isExpected(found) && !flags.membership().joins()) {
            events.warn(
                    "the data directory belongs to another member than --initial-cluster, --initial-cluster-token and"
                            + " --initial-advertise-peer-urls describe; the data count, as for a member that joined",
                    "data-dir",
                    flags.dataDirectory().toString(),
                    "member-id",
                    Long.toHexString(found.memberId()),
                    "cluster-id",
                    Long.toHexString(found.clusterId()));
        }
    }

    private Identity join(long incarnation) {
        JoinRefusedException refusal = null;
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            RunningCluster cluster = ask();
            try {
                return join(cluster, match(cluster), incarnation);
            } catch (JoinRefusedException mismatch) {
                // Whoever was asked may be behind with the log, and hear of this member in a moment.
                refusal = mismatch;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(TRY_EVERY_MILLIS));
            }
        }
        throw Objects.requireNonNull(refusal);
    }

    private Identity join(RunningCluster cluster, Member self, long incarnation) {
        events.info(
                "joining a cluster",
                "cluster-id",
                Long.toHexString(cluster.clusterId()),
                "member-id",
                Long.toHexString(self.id()),
                "learner",
                self.learner());
        return new Identity(cluster.clusterId(), self.id(), incarnation);
    }

    /** The members as the others know them, for one that does not know any itself. */
    List<Member> others() {
        return ask().members();
    }

    private RunningCluster ask() {
        List<String> urls = flags.initialMembers().stream()
                .filter(member -> !isSame(member, flags.self()))
                .flatMap(member -> member.peerUrls().stream())
                .sorted()
                .toList();
        Optional<RunningCluster> cluster = RunningCluster.ask(
                urls,
                addresses,
                (url, reason) -> events.warn("failed to get cluster response", "address", url, "error", reason));
        return cluster.orElseThrow(() -> new JoinRefusedException("cannot fetch cluster info from peer urls: could not"
                + " retrieve cluster information from the given URLs " + urls
                + "; at least one member that --initial-cluster names must be running"));
    }

    private Member match(RunningCluster cluster) {
        if (cluster.members().size() != flags.initialMembers().size()) {
            throw unexpected(
                    cluster,
                    "member count is unequal; --initial-cluster must name every member, this one included, and this one"
                            + " must have been added first");
        }
        for (Member member : cluster.members()) {
            if (flags.initialMembers().stream().noneMatch(named -> isSame(named, member))) {
                throw unexpected(
                        cluster,
                        "PeerURLs: no match found for existing member (" + Long.toHexString(member.id()) + ", "
                                + member.peerUrls() + ")");
            }
        }
        if (cluster.members().stream().filter(Member::learner).count()
                > flags.membership().reconfiguration().learnersMax()) {
            throw new JoinRefusedException("membership: too many learner members in cluster; see --max-learners");
        }
        return cluster.members().stream()
                .filter(member -> isSame(member, flags.self()))
                .findFirst()
                .orElseThrow(() -> unexpected(
                        cluster,
                        "no member has the URLs of this one, " + flags.self().peerUrls()));
    }

    private static boolean isSame(Member one, Member other) {
        return new HashSet<>(one.peerUrls()).equals(new HashSet<>(other.peerUrls()));
    }

    private static JoinRefusedException unexpected(RunningCluster cluster, String why) {
        List<String> members = cluster.members().stream()
                .map(member -> Long.toHexString(member.id()) + "=" + String.join(",", member.peerUrls()))
                .toList();
        return new JoinRefusedException("error validating peerURLs " + members + ": " + why);
    }
}
