package dev.keelson.engine.membership;

import dev.keelson.engine.Member;
import dev.keelson.engine.maintenance.ClusterVersion;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.confchange.ConfState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The members of the cluster: one replicated row each, and the configuration of the consensus core that follows from
 * them.
 *
 * <p>Kept in memory beside the rows; both change only when an entry is applied, so every member has the same.
 *
 * <p>Thread rule: changed on the apply worker; {@link #all} may be called from any thread.
 */
public final class Membership {

    private static final String MEMBER_ROWS = "member/";
    private static final String REMOVED_ROWS = "removed/";
    private static final String CLUSTER_VERSION_ROW = "cluster.version";
    private static final int HEXADECIMAL = 16;

    private volatile List<Member> members;
    private volatile Set<Long> removed;
    private volatile @Nullable String clusterVersion;
    private volatile @Nullable ClusterVersion agreedVersion;
    private final DecidedRequests decided;

    private Membership(
            List<Member> members, Set<Long> removed, @Nullable String clusterVersion, DecidedRequests decided) {
        this.members = List.copyOf(members);
        this.removed = Set.copyOf(removed);
        this.clusterVersion = clusterVersion;
        this.agreedVersion = parsed(clusterVersion);
        this.decided = decided;
    }

    /** As the store has it. */
    public static Membership load(ReadView view) {
        var rows = new ArrayList<Member>();
        view.metaPrefix(MEMBER_ROWS).forEach((name, row) -> rows.add(MemberCodec.decode(row)));
        var removed = new HashSet<Long>();
        view.metaPrefix(REMOVED_ROWS)
                .forEach((name, _) ->
                        removed.add(Long.parseUnsignedLong(name.substring(REMOVED_ROWS.length()), HEXADECIMAL)));
        byte[] version = view.meta(CLUSTER_VERSION_ROW);
        return new Membership(
                sorted(rows), removed, version == null ? null : text(version), DecidedRequests.load(view));
    }

    /** The rows by which a store records these members before any entry of its log did. */
    public static SequencedMap<String, byte[]> rows(List<Member> members) {
        SequencedMap<String, byte[]> rows = new TreeMap<>();
        members.forEach(member -> rows.put(row(member.id()), MemberCodec.encode(member)));
        return rows;
    }

    /** Former members. */
    public Set<Long> removed() {
        return removed;
    }

    /** Sorted by id. */
    public List<Member> all() {
        return members;
    }

    public Optional<Member> find(long id) {
        return members.stream().filter(member -> member.id() == id).findFirst();
    }

    /** Whether it was a member once; such an id is never a member again. */
    public boolean isRemoved(long id) {
        return removed.contains(id);
    }

    /** The version the members agreed on, null while undecided. */
    public @Nullable String clusterVersion() {
        return clusterVersion;
    }

    /** The same in numbers. */
    public @Nullable ClusterVersion agreedVersion() {
        return agreedVersion;
    }

    private static @Nullable ClusterVersion parsed(@Nullable String version) {
        return version == null ? null : ClusterVersion.parse(version).orElse(null);
    }

    /** The configuration that the members make up. */
    public ConfState confState() {
        return new ConfState(ids(false), List.of(), ids(true));
    }

    private List<Long> ids(boolean learner) {
        return members.stream()
                .filter(member -> member.learner() == learner)
                .map(Member::id)
                .toList();
    }

    /**
     * Carries out a committed change; returns what the consensus core has to do, which is nothing for one that was carried
     * out before.
     *
     * <p>A change may be committed long after whoever asked for it gave up, and more than once: it is proposed again when
     * it seems lost. One that would bring back a removed member (etcd #20967), or make a learner of a voter, comes too late.
     *
     * @throws StoreException when it does not fit the members; nothing was done then
     */
    public ConfChange apply(StoreBatch batch, ConfChange carried) {
        MemberChange change = MemberChange.of(carried);
        if (!decided.add(batch, change.requestId())) {
            return ConfChange.NONE;
        }
        Member member = change.member();
        if (isRemoved(member.id())) {
            throw new StoreException(StoreError.MEMBER_NOT_FOUND);
        }
        switch (change.kind()) {
            case ADD -> add(batch, change);
            case PROMOTE -> promote(batch, present(member.id()));
            case UPDATE -> update(batch, present(member.id()), member.peerUrls());
            case REMOVE -> remove(batch, present(member.id()));
        }
        return carried;
    }

    private Member present(long id) {
        return find(id).orElseThrow(() -> new StoreException(StoreError.MEMBER_NOT_FOUND));
    }

    private void add(StoreBatch batch, MemberChange change) {
        Member member = change.member();
        if (find(member.id()).isPresent()) {
            throw new StoreException(StoreError.MEMBER_EXISTS);
        }
        requireFree(member.id(), member.peerUrls());
        if (member.learner() && ids(true).size() >= change.learnersMax()) {
            throw new StoreException(StoreError.TOO_MANY_LEARNERS);
        }
        put(batch, member);
    }

    private void requireFree(long id, List<String> peerUrls) {
        if (members.stream()
                .filter(member -> member.id() != id)
                .anyMatch(member -> member.peerUrls().stream().anyMatch(peerUrls::contains))) {
            throw new StoreException(StoreError.PEER_URL_EXISTS);
        }
    }

    private void promote(StoreBatch batch, Member old) {
        if (!old.learner()) {
            throw new StoreException(StoreError.NOT_A_LEARNER);
        }
        put(batch, new Member(old.id(), old.name(), old.peerUrls(), old.clientUrls(), false));
    }

    private void update(StoreBatch batch, Member old, List<String> peerUrls) {
        requireFree(old.id(), peerUrls);
        put(batch, new Member(old.id(), old.name(), peerUrls, old.clientUrls(), old.learner()));
    }

    private void remove(StoreBatch batch, Member old) {
        if (!old.learner() && ids(false).size() == 1) {
            // Nobody would be left to decide anything, not even to take a member in again.
            throw new StoreException(StoreError.NOT_ENOUGH_STARTED_MEMBERS);
        }
        batch.deleteMeta(row(old.id()));
        batch.putMeta(REMOVED_ROWS + Long.toHexString(old.id()), new byte[0]);
        var gone = new HashSet<>(removed);
        gone.add(old.id());
        removed = Set.copyOf(gone);
        members = members.stream().filter(member -> member.id() != old.id()).toList();
    }

    /** Records what a member says of itself; ignored when it is no member (any more). */
    public void publish(StoreBatch batch, long id, String name, List<String> clientUrls) {
        find(id).ifPresent(member -> put(batch, new Member(id, name, member.peerUrls(), clientUrls, member.learner())));
    }

    public void setClusterVersion(StoreBatch batch, String version) {
        batch.putMeta(CLUSTER_VERSION_ROW, version.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        clusterVersion = version;
        agreedVersion = parsed(version);
    }

    private void put(StoreBatch batch, Member member) {
        batch.putMeta(row(member.id()), MemberCodec.encode(member));
        var changed = new ArrayList<>(members);
        changed.removeIf(old -> old.id() == member.id());
        changed.add(member);
        members = sorted(changed);
    }

    private static List<Member> sorted(List<Member> members) {
        SequencedMap<Long, Member> byId = new TreeMap<>(Long::compareUnsigned);
        members.forEach(member -> byId.put(member.id(), member));
        return List.copyOf(byId.values());
    }

    private static String row(long id) {
        return MEMBER_ROWS + Long.toHexString(id);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }
}
