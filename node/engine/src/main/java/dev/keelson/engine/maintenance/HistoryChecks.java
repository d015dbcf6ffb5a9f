package dev.keelson.engine.maintenance;

import dev.keelson.engine.Member;
import dev.keelson.engine.Reply;
import dev.keelson.engine.Requests;
import dev.keelson.engine.Worker;
import dev.keelson.engine.apply.ApplyWorker;
import dev.keelson.engine.apply.Command;
import dev.keelson.engine.forward.Answer;
import dev.keelson.engine.forward.PeerQuestions;
import dev.keelson.engine.forward.Question;
import dev.keelson.engine.maintenance.MaintenanceConfig.CheckConfig;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.StoreException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Compares this member's history with those of the others: as the leader from time to time, at the newest revision and
 * after a compaction at the compacted one, and once before the member takes part.
 *
 * <p>Whoever cannot be reached, is behind, or has compacted more, is passed over; he is compared another time. One
 * comparison is under way at a time.
 *
 * <p>Thread rule: {@link #tick} by one thread, everything else by any; nothing blocks.
 */
final class HistoryChecks {

    /** The others get so many times as long as this member took for its own hash. */
    private static final long PATIENCE = 4;

    private static final long NEWEST = 0;

    private final long self;
    private final Parts parts;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final Rhythm periodic;
    private final Rhythm afterCompaction;
    private volatile long ticks;
    private volatile long comparedCompaction = MvccStore.NEVER_COMPACTED;

    /** The parts of a node this class works on. */
    record Parts(
            Requests requests,
            Worker reads,
            ApplyWorker apply,
            PeerQuestions peers,
            BooleanSupplier leads,
            long requestTicks) {}

    /** What a comparison has come to. */
    private record Comparison(HistoryHash own, Map<Long, HistoryHash> others, int membersTotal) {}

    HistoryChecks(long self, CheckConfig config, Parts parts) {
        this.self = self;
        this.parts = parts;
        this.periodic = new Rhythm(config.periodMillis());
        this.afterCompaction = new Rhythm(config.compactionPeriodMillis());
    }

    /** Lets time pass until {@code nowMillis}. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void tick(long nowMillis) {
        ticks++;
        if (periodic.isDue(nowMillis) && begins()) {
            compare(NEWEST, this::judgeNewest, _ -> {});
        }
        if (afterCompaction.isDue(nowMillis) && begins()) {
            compareCompaction();
        }
    }

    private boolean begins() {
        return parts.leads().getAsBoolean() && underWay.compareAndSet(false, true);
    }

    private void compareCompaction() {
        parts.requests().read(view -> view.compactRevision(), new OrGiveUp<Long>() {
            @Override
            public void succeed(Long compacted) {
                if (compacted <= comparedCompaction) {
                    underWay.set(false);
                } else {
                    compare(compacted, comparison -> judgeCompaction(compacted, comparison), _ -> {});
                }
            }
        });
    }

    /** @param refused hears why this member has no hash of its own to compare */
    private void compare(long revision, Consumer<Comparison> judge, Consumer<StoreException> refused) {
        long began = ticks;
        hash(revision, new OrGiveUp<HistoryHash>() {
            @Override
            public void succeed(HistoryHash own) {
                askOthers(own, parts.requestTicks() + PATIENCE * (ticks - began), judge);
            }

            @Override
            public void fail(StoreException error) {
                super.fail(error);
                refused.accept(error);
            }
        });
    }

    private void askOthers(HistoryHash own, long ticksMax, Consumer<Comparison> judge) {
        List<Long> others = others();
        var question = new Question.HashOfHistory(own.result().hashRevision());
        Gathered<HistoryHash> answers =
                Gathered.of(others.size(), found -> judge.accept(new Comparison(own, found, others.size() + 1)));
        for (long other : others) {
            parts.peers().ask(other, question, ticksMax, new Reply<>() {
                @Override
                public void succeed(Answer answer) {
                    answers.add(other, ((Answer.HistoryHashed) answer).hash());
                }

                @Override
                public void fail(StoreException error) {
                    answers.missing();
                }
            });
        }
    }

    private List<Long> others() {
        return parts.apply().membership().all().stream()
                .map(Member::id)
                .filter(id -> id != self)
                .toList();
    }

    /** Nobody can be ahead of what the leader has applied once it has heard that it still leads. */
    private void judgeNewest(Comparison comparison) {
        parts.requests()
                .readLinearizable(view -> new long[] {view.revision(), view.compactRevision()}, new OrGiveUp<long[]>() {
                    @Override
                    public void succeed(long[] now) {
                        var odd = new TreeSet<>(odd(comparison));
                        comparison.others().forEach((member, hash) -> {
                            if (hash.revision() > now[0] || hash.result().compactRevision() > now[1]) {
                                odd.add(member);
                            }
                        });
                        end(List.copyOf(odd));
                    }
                });
    }

    private void judgeCompaction(long compacted, Comparison comparison) {
        List<Long> odd = odd(comparison);
        long compared = comparison.others().values().stream()
                .filter(other -> other.isComparable(comparison.own()))
                .count();
        if (odd.isEmpty() && compared == comparison.membersTotal() - 1) {
            comparedCompaction = compacted;
        }
        end(odd);
    }

    private List<Long> odd(Comparison comparison) {
        return OddMembers.find(Map.entry(self, comparison.own()), comparison.others(), comparison.membersTotal());
    }

    private void end(List<Long> odd) {
        for (long member : odd) {
            var alarm = new RaisedAlarm(AlarmType.CORRUPT, member);
            if (!parts.apply().alarms().isRaised(alarm)) {
                parts.requests()
                        .propose(
                                new Command.Alarm(Command.Alarm.Action.RAISE, alarm.type(), member),
                                new OrGiveUp<Object>() {
                                    @Override
                                    public void succeed(Object result) {}
                                });
            }
        }
        underWay.set(false);
    }

    /**
     * Compares before the member takes part; the reply carries those whose history contradicts its own, and fails when it
     * has no hash of its own.
     */
    void compareAtStart(Reply<List<Long>> reply) {
        underWay.set(true);
        compare(
                NEWEST,
                comparison -> {
                    underWay.set(false);
                    reply.succeed(comparison.others().entrySet().stream()
                            .filter(other -> other.getValue().contradicts(comparison.own()))
                            .map(Map.Entry::getKey)
                            .toList());
                },
                reply::fail);
    }

    /** What this member's history comes to. */
    void hash(long revision, Reply<HistoryHash> reply) {
        parts.reads()
                .execute(() ->
                        parts.requests().read(view -> new HistoryHash(view.hashKv(revision), view.revision()), reply));
    }

    /** A comparison that cannot go on ends without a finding, and is made anew when it is due again. */
    private abstract class OrGiveUp<T> implements Reply<T> {
        @Override
        public void fail(StoreException error) {
            underWay.set(false);
        }
    }
}
