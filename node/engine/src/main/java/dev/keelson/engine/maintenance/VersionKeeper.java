package dev.keelson.engine.maintenance;

import dev.keelson.engine.EngineListener;
import dev.keelson.engine.Member;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Reply;
import dev.keelson.engine.Requests;
import dev.keelson.engine.apply.ApplyWorker;
import dev.keelson.engine.apply.Command;
import dev.keelson.engine.forward.Answer;
import dev.keelson.engine.forward.PeerQuestions;
import dev.keelson.engine.forward.Question;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves the cluster's version: up to what all members can run as, and down one step when a downgrade was ordered. The
 * leader does it, once every member has said which version it can run as.
 *
 * <p>Thread rule: {@link #tick} by one thread, everything else by any; nothing blocks.
 */
final class VersionKeeper {

    private final Settings settings;
    private final Parts parts;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final Rhythm ends;
    private long lookAtMillis = Long.MIN_VALUE;

    /**
     * @param own the version this member can run as
     * @param endCheckMillis between two looks for the end of a downgrade; 0 for none
     */
    record Settings(long self, ClusterVersion own, long endCheckMillis, long requestTicks) {}

    /** The parts of a node this class works on. */
    record Parts(
            Requests requests,
            ApplyWorker apply,
            PeerQuestions peers,
            BooleanSupplier leads,
            EngineListener listener) {}

    VersionKeeper(Settings settings, Parts parts) {
        this.settings = settings;
        this.parts = parts;
        this.ends = new Rhythm(settings.endCheckMillis());
    }

    /** The version the members agreed on, null while undecided. */
    private @Nullable ClusterVersion agreed() {
        return parts.apply().membership().agreedVersion();
    }

    private @Nullable ClusterVersion target() {
        return parts.apply().downgrade().target();
    }

    /** Where the cluster's version is to go by what this member knows; itself when it is to stay. */
    private ClusterVersion aim(ClusterVersion agreed) {
        ClusterVersion target = target();
        if (target != null) {
            return target;
        }
        return settings.own().compareTo(agreed) > 0 ? settings.own() : agreed;
    }

    /** Lets time pass until {@code nowMillis}. */
    void tick(long nowMillis) {
        ClusterVersion agreed = agreed();
        boolean endIsDue = ends.isDue(nowMillis);
        if (agreed == null || !parts.leads().getAsBoolean()) {
            return;
        }
        boolean moves = !aim(agreed).equals(agreed) && nowMillis >= lookAtMillis;
        boolean mayHaveEnded = endIsDue && agreed.equals(target());
        if ((moves || mayHaveEnded) && underWay.compareAndSet(false, true)) {
            lookAtMillis = nowMillis + NodeLimits.VERSION_CHECK_MILLIS;
            askAll(mayHaveEnded ? this::endIfAllAreDown : this::move);
        }
    }

    /** What is done with the versions of all members. */
    private interface Decision {
        void decide(Collection<ClusterVersion> versions);
    }

    private void askAll(Decision decision) {
        List<Long> others = parts.apply().membership().all().stream()
                .map(Member::id)
                .filter(id -> id != settings.self())
                .toList();
        Gathered<ClusterVersion> versions = Gathered.of(others.size(), found -> decide(others.size(), found, decision));
        for (long other : others) {
            parts.peers().ask(other, new Question.VersionOfMember(), settings.requestTicks(), new Reply<>() {
                @Override
                public void succeed(Answer answer) {
                    Optional<ClusterVersion> said = ClusterVersion.parse(((Answer.MemberVersion) answer).version());
                    said.ifPresentOrElse(version -> versions.add(other, version), versions::missing);
                }

                @Override
                public void fail(StoreException error) {
                    versions.missing();
                }
            });
        }
    }

    private void decide(int expected, Map<Long, ClusterVersion> found, Decision decision) {
        if (found.size() < expected) {
            underWay.set(false);
            return;
        }
        decision.decide(found.values());
    }

    private void move(Collection<ClusterVersion> others) {
        ClusterVersion agreed = agreed();
        ClusterVersion lowest = others.stream().reduce(settings.own(), VersionKeeper::lower);
        ClusterVersion next = agreed == null ? null : next(agreed, lowest);
        if (next == null) {
            underWay.set(false);
            return;
        }
        parts.requests().propose(new Command.SetClusterVersion(next.toString()), new Reply<Object>() {
            @Override
            public void succeed(Object result) {
                underWay.set(false);
                parts.listener().clusterVersionSet(next.toString());
            }

            @Override
            public void fail(StoreException error) {
                underWay.set(false);
            }
        });
    }

    private @Nullable ClusterVersion next(ClusterVersion agreed, ClusterVersion lowest) {
        ClusterVersion target = target();
        if (target == null) {
            return lowest.compareTo(agreed) > 0 ? lowest : null;
        }
        boolean allowed = target.equals(agreed.oneDown()) && target.equals(lowest.oneDown());
        return allowed ? target : null;
    }

    private static ClusterVersion lower(ClusterVersion one, ClusterVersion other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void endIfAllAreDown(Collection<ClusterVersion> others) {
        ClusterVersion target = target();
        boolean down = settings.own().equals(target) && others.stream().allMatch(version -> version.equals(target));
        if (down) {
            parts.requests().propose(new Command.SetDowngrade(""), new Reply<Object>() {
                @Override
                public void succeed(Object result) {
                    underWay.set(false);
                }

                @Override
                public void fail(StoreException error) {
                    underWay.set(false);
                }
            });
        } else {
            underWay.set(false);
        }
    }

    /** Looks whether the cluster may go down to a version; the reply carries the one it has. */
    void validate(String wanted, Reply<ClusterVersion> reply) {
        Optional<ClusterVersion> target = ClusterVersion.parse(wanted);
        if (target.isEmpty()) {
            reply.fail(new StoreException(StoreError.BAD_DOWNGRADE_FORMAT));
            return;
        }
        if (agreed() == null) {
            reply.fail(new StoreException(StoreError.CLUSTER_VERSION_UNKNOWN));
            return;
        }
        parts.requests().readLinearizable(_ -> checked(target.get()), reply);
    }

    private ClusterVersion checked(ClusterVersion target) {
        ClusterVersion agreed = agreed();
        if (agreed == null) {
            throw new StoreException(StoreError.CLUSTER_VERSION_UNKNOWN);
        }
        if (!target.equals(agreed.oneDown())) {
            throw new StoreException(StoreError.BAD_DOWNGRADE_TARGET);
        }
        if (target() != null) {
            throw new StoreException(StoreError.DOWNGRADE_UNDER_WAY);
        }
        if (target.compareTo(Formats.LOWEST) < 0) {
            throw new StoreException(StoreError.BAD_DOWNGRADE_TARGET);
        }
        return agreed;
    }

    /** Orders a downgrade; the reply carries the version the cluster has when it begins. */
    void enable(String wanted, Reply<ClusterVersion> reply) {
        validate(wanted, new Reply<>() {
            @Override
            public void succeed(ClusterVersion agreed) {
                String target = agreed.oneDown().toString();
                parts.requests().propose(new Command.SetDowngrade(target), after(agreed, reply));
            }

            @Override
            public void fail(StoreException error) {
                reply.fail(error);
            }
        });
    }

    /** Calls a downgrade off; without one under way it does nothing and succeeds, as with etcd. */
    void cancel(Reply<ClusterVersion> reply) {
        parts.requests().readLinearizable(_ -> target() != null, new Reply<Boolean>() {
            @Override
            public void succeed(Boolean isUnderWay) {
                ClusterVersion agreed = agreed();
                ClusterVersion known = agreed == null ? settings.own() : agreed;
                if (isUnderWay) {
                    parts.requests().propose(new Command.SetDowngrade(""), after(known, reply));
                } else {
                    reply.succeed(known);
                }
            }

            @Override
            public void fail(StoreException error) {
                reply.fail(error);
            }
        });
    }

    private static Reply<Object> after(ClusterVersion version, Reply<ClusterVersion> reply) {
        return new Reply<>() {
            @Override
            public void succeed(Object result) {
                reply.succeed(version);
            }

            @Override
            public void fail(StoreException error) {
                reply.fail(error);
            }
        };
    }
}
