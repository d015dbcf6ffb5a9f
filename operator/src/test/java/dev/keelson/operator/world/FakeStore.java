package dev.keelson.operator.world;

import dev.keelson.operator.observe.MinorVersion;
import dev.keelson.operator.observe.StoreMember;
import dev.keelson.operator.observe.StoreMember.Health;
import dev.keelson.operator.observe.StoreObservation;
import dev.keelson.operator.store.Store;
import dev.keelson.operator.store.StoreException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A store that keeps Raft's promises: its list changes only while a quorum of voters runs, one learner at a time, promotion
 * only when caught up, and never to a list whose running voters are no quorum.
 */
public final class FakeStore implements Store {
    private static final long CLUSTER = 0xabcd;
    private static final int CATCH_UP_TICKS = 3;

    private final Writes writes;
    private final Map<String, Member> members = new TreeMap<>();
    private final List<Long> ids = new ArrayList<>();
    private final StoreVersions versions = new StoreVersions();
    private boolean guarded;
    private String password = "";
    private long leader;
    private long nextId = 0x100;
    private int founded;
    private List<String> offered = List.of();

    FakeStore(Writes writes) {
        this.writes = writes;
    }

    /** One member of the list. */
    private static final class Member {
        private final long id;
        private boolean learner;
        private boolean started;
        private boolean running;
        private int ticks;
        private MinorVersion version = new MinorVersion(3, 0);

        private Member(long id, boolean learner) {
            this.id = id;
            this.learner = learner;
        }
    }

    /** The first start of a seed. */
    void found(String host) {
        founded++;
        Member seed = new Member(newId(), false);
        members.put(host, seed);
    }

    int founded() {
        return founded;
    }

    boolean knows(String host) {
        return members.containsKey(host);
    }

    boolean hasStarted(String host) {
        return known(host).started;
    }

    void start(String host, MinorVersion version) {
        Member member = known(host);
        versions.starts(host, version);
        member.version = version;
        member.started = true;
        member.running = true;
    }

    private Member known(String host) {
        return Objects.requireNonNull(members.get(host));
    }

    void stop(String host) {
        Member member = members.get(host);
        if (member != null) {
            member.running = false;
            member.ticks = 0;
        }
    }

    void tick() {
        members.values().stream().filter(member -> member.running).forEach(member -> member.ticks++);
        elect();
        if (members.values().stream().allMatch(member -> member.running) && hasQuorum()) {
            versions.tick(
                    members.values().stream().map(member -> member.version).toList());
        }
    }

    private void elect() {
        boolean leads = members.values().stream().anyMatch(m -> m.id == leader && m.running && !m.learner);
        if (!leads) {
            leader = members.values().stream()
                    .filter(member -> member.running && !member.learner)
                    .mapToLong(member -> member.id)
                    .findFirst()
                    .orElse(0);
        }
    }

    public boolean hasQuorum() {
        return running() >= quorum(voters());
    }

    /** Whether one more voter may be lost from outside without the quorum. */
    public boolean sparesOne() {
        return running() - 1 >= quorum(voters());
    }

    public int voters() {
        return (int) members.values().stream().filter(member -> !member.learner).count();
    }

    private int running() {
        return (int) members.values().stream()
                .filter(member -> member.running && !member.learner)
                .count();
    }

    private static int quorum(int voters) {
        return voters / 2 + 1;
    }

    public List<String> hosts() {
        return List.copyOf(members.keySet());
    }

    public String leaderHost() {
        return members.entrySet().stream()
                .filter(member -> member.getValue().id == leader)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    /** Every id ever given out. */
    public List<Long> ids() {
        return List.copyOf(ids);
    }

    @Override
    public StoreObservation observe() {
        if (isStranger()) {
            return StoreObservation.SILENT;
        }
        boolean anybody = members.values().stream().anyMatch(member -> member.running);
        if (!anybody) {
            return StoreObservation.SILENT;
        }
        boolean quorate = hasQuorum();
        List<StoreMember> seen = new ArrayList<>();
        members.forEach((host, member) -> seen.add(new StoreMember(
                member.id,
                member.started ? host : "",
                host,
                member.learner,
                member.running
                        ? new Health(quorate ? leader : 0, 10_000, applied(member), 7, "3.7.0", 20_480, List.of())
                        : null)));
        return new StoreObservation(quorate, CLUSTER, seen, versions.agreement(guarded));
    }

    private static long applied(Member member) {
        return member.ticks >= CATCH_UP_TICKS ? 10_000 : 0;
    }

    @Override
    public void addLearner(String peerUrl) {
        decide();
        String host = URI.create(peerUrl).getHost().split("\\.", 2)[0];
        refuse(members.containsKey(host), "the peer URL exists");
        refuse(members.values().stream().anyMatch(member -> member.learner), "too many learners");
        members.put(host, new Member(newId(), true));
        writes.count("add " + host);
    }

    @Override
    public void promote(long memberId) {
        decide();
        Member member = member(memberId);
        refuse(!member.running || applied(member) == 0, "the learner is not in sync");
        refuse(running() + 1 < quorum(voters() + 1), "unhealthy");
        member.learner = false;
        writes.count("promote " + Long.toHexString(memberId));
    }

    @Override
    public void remove(long memberId) {
        decide();
        Member member = member(memberId);
        if (!member.learner) {
            int left = running() - (member.running ? 1 : 0);
            refuse(voters() == 1 || left < quorum(voters() - 1), "no quorum would be left");
        }
        members.values().remove(member);
        elect();
        writes.count("remove " + Long.toHexString(memberId));
    }

    @Override
    public void moveLeader(String host, long targetId) {
        decide();
        refuse(!host.equals(leaderHost()), "not the leader");
        Member target = member(targetId);
        refuse(target.learner || !target.running, "the target cannot lead");
        leader = targetId;
        writes.count("leader " + Long.toHexString(targetId));
    }

    @Override
    public void enableDowngrade(String target) {
        decide();
        refuse(!versions.enable(target), "etcdserver: invalid downgrade target version");
        writes.count("downgrade to " + target);
    }

    @Override
    public void cancelDowngrade() {
        decide();
        versions.cancel();
        writes.count("cancel downgrade");
    }

    @Override
    public void enableAuth() {
        decide();
        password = offered.getFirst();
        guarded = true;
        writes.count("enable auth");
    }

    @Override
    public void disableAuth() {
        decide();
        guarded = false;
        writes.count("disable auth");
    }

    @Override
    public boolean renewRootPassword() {
        if (!guarded || offered.isEmpty() || offered.getFirst().equals(password)) {
            return false;
        }
        decide();
        password = offered.getFirst();
        writes.count("change password");
        return true;
    }

    public StoreVersions versions() {
        return versions;
    }

    public String password() {
        return guarded ? password : "";
    }

    /** Somebody with these passwords, and nobody else, is let in from now on. */
    FakeStore offering(List<String> passwords) {
        offered = List.copyOf(passwords);
        return this;
    }

    private boolean isStranger() {
        return guarded && !offered.contains(password);
    }

    private void decide() {
        refuse(isStranger(), "etcdserver: permission denied");
        refuse(!hasQuorum(), "no leader");
    }

    private Member member(long id) {
        return members.values().stream()
                .filter(member -> member.id == id)
                .findFirst()
                .orElseThrow(() -> new StoreException("no such member"));
    }

    private static void refuse(boolean wrong, String why) {
        if (wrong) {
            throw new StoreException(why);
        }
    }

    private long newId() {
        ids.add(nextId);
        return nextId++;
    }

    @Override
    public void close() {
        // It lives as long as the world.
    }
}
