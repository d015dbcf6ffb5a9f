package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Jetcd;
import dev.keelson.e2e.harness.Tools;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.Lease;
import io.etcd.jetcd.common.exception.CompactedException;
import io.etcd.jetcd.election.LeaderKey;
import io.etcd.jetcd.election.LeaderResponse;
import io.etcd.jetcd.election.NoLeaderException;
import io.etcd.jetcd.election.NotLeaderException;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.lock.LockResponse;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.CompactOption;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** jetcd, the Java client, unchanged: its watch, lease, lock and election clients against one and three members. */
@ParameterizedClass
@ValueSource(ints = {1, 3})
class JetcdTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LONG_TTL_SECONDS = 100;
    private static final long SHORT_TTL_SECONDS = 2;

    private static @Nullable Cluster cluster;

    @Parameter
    private int members;

    private Client client = Client.builder().endpoints("http://127.0.0.1:0").build();

    @BeforeParameterizedClassInvocation
    static void start(int members) {
        cluster = Cluster.start(Tools.server(), "jetcd-" + members, members);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        running().close();
    }

    private static Cluster running() {
        if (cluster == null) {
            throw new IllegalStateException("no cluster was started");
        }
        return cluster;
    }

    @BeforeEach
    void connect() {
        client.close();
        client = Jetcd.connect(running().members());
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void aWatchTellsWhatHappenedWithWhatWasBefore() {
        KV kv = client.getKVClient();
        ByteSequence prefix = Jetcd.bytes("watched/");
        long first = Jetcd.get(kv.put(Jetcd.bytes("watched/a"), Jetcd.bytes("1")))
                .getHeader()
                .getRevision();
        var told = new CopyOnWriteArrayList<WatchEvent>();
        var option = WatchOption.builder()
                .isPrefix(true)
                .withRevision(first)
                .withPrevKV(true)
                .build();
        try (var _ = client.getWatchClient().watch(prefix, option, (WatchResponse answer) -> {
            told.addAll(answer.getEvents());
        })) {
            Jetcd.get(kv.put(Jetcd.bytes("watched/a"), Jetcd.bytes("2")));
            Jetcd.get(kv.txn()
                    .Then(
                            Op.put(Jetcd.bytes("watched/b"), Jetcd.bytes("3"), PutOption.DEFAULT),
                            Op.delete(Jetcd.bytes("watched/a"), DeleteOption.DEFAULT))
                    .commit());

            Await.until("four events", PATIENCE, () -> told.size() == 4);
        }
        assertThat(told.stream().map(JetcdTest::inWords))
                .containsExactly(
                        "PUT watched/a=1 was ",
                        "PUT watched/a=2 was 1",
                        "PUT watched/b=3 was ",
                        "DELETE watched/a= was 2");
        assertThat(told.get(3).getKeyValue().getModRevision())
                .isEqualTo(told.get(2).getKeyValue().getModRevision());
    }

    private static String inWords(WatchEvent event) {
        return event.getEventType() + " " + event.getKeyValue().getKey() + "="
                + event.getKeyValue().getValue() + " was " + event.getPrevKV().getValue();
    }

    @Test
    void aWatchTellsNoneOfWhatItsFiltersNameAndSaysWhenItIsUpToDate() {
        KV kv = client.getKVClient();
        ByteSequence key = Jetcd.bytes("filtered");
        long first = Jetcd.get(kv.put(key, Jetcd.bytes("1"))).getHeader().getRevision();
        var answers = new CopyOnWriteArrayList<WatchResponse>();
        var option = WatchOption.builder().withRevision(first).withNoPut(true).build();
        try (var watcher = client.getWatchClient().watch(key, option, answers::add)) {
            Jetcd.get(kv.put(key, Jetcd.bytes("2")));
            long deleted = Jetcd.get(kv.delete(key)).getHeader().getRevision();
            Await.until(
                    "the delete",
                    PATIENCE,
                    () -> answers.stream()
                            .anyMatch(answer -> !answer.getEvents().isEmpty()));
            watcher.requestProgress();
            Await.until(
                    "progress",
                    PATIENCE,
                    () -> answers.stream()
                            .anyMatch(answer -> answer.isProgressNotify()
                                    && answer.getHeader().getRevision() >= deleted));
        }
        assertThat(answers.stream().flatMap(answer -> answer.getEvents().stream()))
                .extracting(WatchEvent::getEventType)
                .containsExactly(WatchEvent.EventType.DELETE);
    }

    @Test
    void aWatchOfACompactedRevisionFailsAndNamesTheFirstThatIsLeft() {
        KV kv = client.getKVClient();
        ByteSequence key = Jetcd.bytes("compacted");
        Jetcd.get(kv.put(key, Jetcd.bytes("1")));
        long last = Jetcd.get(kv.put(key, Jetcd.bytes("2"))).getHeader().getRevision();
        Jetcd.get(kv.compact(
                last, CompactOption.builder().withCompactPhysical(true).build()));
        var failure = new AtomicReference<@Nullable Throwable>();
        var option = WatchOption.builder().withRevision(last - 1).build();
        try (var _ = client.getWatchClient().watch(key, option, answer -> {}, failure::set)) {
            Await.until("a failure", PATIENCE, () -> failure.get() != null);
        }
        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        CompactedException.class,
                        compacted ->
                                assertThat(compacted.getCompactedRevision()).isEqualTo(last));
    }

    @Test
    void aLeaseHasItsTimeAndTakesItsKeysWithIt() {
        Lease lease = client.getLeaseClient();
        KV kv = client.getKVClient();
        ByteSequence key = Jetcd.bytes("leased");
        long id = Jetcd.get(lease.grant(LONG_TTL_SECONDS)).getID();
        Jetcd.get(kv.put(key, key, PutOption.builder().withLeaseId(id).build()));

        var state = Jetcd.get(
                lease.timeToLive(id, LeaseOption.builder().withAttachedKeys().build()));
        long renewed = Jetcd.get(lease.keepAliveOnce(id)).getTTL();
        Jetcd.get(lease.revoke(id));

        assertThat(state.getGrantedTTL()).isEqualTo(LONG_TTL_SECONDS);
        assertThat(state.getTTL()).isBetween(LONG_TTL_SECONDS / 2, LONG_TTL_SECONDS);
        assertThat(state.getKeys()).containsExactly(key);
        assertThat(renewed).isEqualTo(LONG_TTL_SECONDS);
        assertThat(Jetcd.get(kv.get(key)).getKvs()).isEmpty();
        assertThat(Jetcd.get(lease.timeToLive(id, LeaseOption.DEFAULT)).getTTL())
                .isEqualTo(-1);
        assertThatThrownBy(() -> Jetcd.get(lease.revoke(id))).hasMessageContaining("requested lease not found");
    }

    @Test
    void aLeaseLivesWhileItIsKeptAliveAndEndsAfterwards() {
        Lease lease = client.getLeaseClient();
        KV kv = client.getKVClient();
        ByteSequence key = Jetcd.bytes("kept-alive");
        long id = Jetcd.get(lease.grant(SHORT_TTL_SECONDS)).getID();
        Jetcd.get(kv.put(key, key, PutOption.builder().withLeaseId(id).build()));
        var renewals = new CopyOnWriteArrayList<LeaseKeepAliveResponse>();
        try (var _ = lease.keepAlive(id, Jetcd.collecting(renewals))) {
            Await.passing(Duration.ofSeconds(2 * SHORT_TTL_SECONDS));
            assertThat(renewals)
                    .hasSizeGreaterThan(1)
                    .allSatisfy(renewal -> assertThat(renewal.getTTL()).isEqualTo(SHORT_TTL_SECONDS));
            assertThat(Jetcd.get(kv.get(key)).getKvs()).hasSize(1);
        }
        Await.until(
                "the key is gone",
                PATIENCE,
                () -> Jetcd.get(kv.get(key)).getKvs().isEmpty());
    }

    @Test
    void aLockGoesFromOneToTheNextAndFromADeadOwnerToo() {
        Lease lease = client.getLeaseClient();
        ByteSequence name = Jetcd.bytes("lock");
        List<Long> leases = IntStream.range(0, 3)
                .mapToObj(i -> Jetcd.get(lease.grant(LONG_TTL_SECONDS)).getID())
                .toList();
        ByteSequence first =
                Jetcd.get(client.getLockClient().lock(name, leases.get(0))).getKey();
        CompletableFuture<LockResponse> second = client.getLockClient().lock(name, leases.get(1));
        Await.until("the second stands in line", PATIENCE, () -> waiting("lock") == 2);
        assertThat(second).isNotDone();

        Jetcd.get(client.getLockClient().unlock(first));
        ByteSequence held = Jetcd.get(second).getKey();
        CompletableFuture<LockResponse> third = client.getLockClient().lock(name, leases.get(2));
        Await.until("the third stands in line", PATIENCE, () -> waiting("lock") == 2);
        assertThat(third).isNotDone();
        Jetcd.get(lease.revoke(leases.get(1)));

        assertThat(first).hasToString("lock/" + Long.toHexString(leases.get(0)));
        assertThat(held).hasToString("lock/" + Long.toHexString(leases.get(1)));
        assertThat(Jetcd.get(third).getKey()).hasToString("lock/" + Long.toHexString(leases.get(2)));
    }

    private long waiting(String name) {
        return Jetcd.get(client.getKVClient().get(Jetcd.bytes(name + "/"), Jetcd.prefix()))
                .getCount();
    }

    @Test
    void oneCandidateLeadsUntilItResignsAndAllObserveIt() {
        var election = client.getElectionClient();
        Lease lease = client.getLeaseClient();
        ByteSequence name = Jetcd.bytes("election");
        long one = Jetcd.get(lease.grant(LONG_TTL_SECONDS)).getID();
        long two = Jetcd.get(lease.grant(LONG_TTL_SECONDS)).getID();
        var observed = new CopyOnWriteArrayList<LeaderResponse>();
        election.observe(name, Jetcd.observing(observed));
        LeaderKey first =
                Jetcd.get(election.campaign(name, one, Jetcd.bytes("one"))).getLeader();
        var second = election.campaign(name, two, Jetcd.bytes("two"));
        Await.until("the second campaigns", PATIENCE, () -> waiting("election") == 2);
        assertThat(second).isNotDone();
        awaitObserved(observed, "one");
        Jetcd.get(election.proclaim(first, Jetcd.bytes("one again")));
        awaitObserved(observed, "one again");
        assertThat(Jetcd.get(election.leader(name)).getKv().getValue()).hasToString("one again");

        Jetcd.get(election.resign(first));

        LeaderKey elected = Jetcd.get(second).getLeader();
        awaitObserved(observed, "two");
        assertThat(elected.getRevision()).isGreaterThan(first.getRevision());
        assertThat(elected.getLease()).isEqualTo(two);
        assertThatThrownBy(() -> Jetcd.get(election.proclaim(first, Jetcd.bytes("too late"))))
                .hasRootCauseInstanceOf(NotLeaderException.class);
        Jetcd.get(lease.revoke(two));
        assertThatThrownBy(() -> Jetcd.get(election.leader(name))).hasRootCauseInstanceOf(NoLeaderException.class);
    }

    private static void awaitObserved(List<LeaderResponse> observed, String value) {
        Await.until("observed: " + value, PATIENCE, () -> values(observed).anyMatch(value::equals));
    }

    private static Stream<String> values(List<LeaderResponse> observed) {
        return observed.stream().map(answer -> answer.getKv().getValue().toString());
    }
}
