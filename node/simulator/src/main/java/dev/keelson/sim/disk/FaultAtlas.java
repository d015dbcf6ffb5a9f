package dev.keelson.sim.disk;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The budget of destruction that the disks of one cluster share.
 *
 * <p>Invariant: of every set of voters that decides, more than half are whole, so that of everything committed at least
 * one intact copy is left and the whole members can still decide. A member is whole until it is damaged or wiped, and
 * again once it was {@link #restored}: rebuilt under a new identity or from an empty disk, and caught up.
 *
 * <p>One intact copy saves an entry only when the members that lost theirs know it. A disk that breaks a promise which
 * no checksum can reveal ({@link SimDisk#losePower} tells) must therefore not be given back to its member: that member
 * is removed and a new one takes its place.
 *
 * <p>Thread rule: one thread.
 */
public final class FaultAtlas {

    private List<Set<Long>> deciding;
    private final TreeSet<Long> damaged = new TreeSet<>();
    private final TreeSet<Long> gone = new TreeSet<>();

    public FaultAtlas(Collection<Long> voters) {
        deciding = List.of(Set.copyOf(voters));
    }

    /** Tells of a new membership; {@code outgoing} is empty unless two sets of voters decide together. */
    public void configure(Collection<Long> voters, Collection<Long> outgoing) {
        deciding = outgoing.isEmpty() ? List.of(Set.copyOf(voters)) : List.of(Set.copyOf(voters), Set.copyOf(outgoing));
        forgetGone();
    }

    /**
     * Whether a member may be damaged or wiped now. One that is may be damaged further. One that has no vote counts as
     * if it had: it may be given one before it has caught up.
     */
    public boolean mayDamage(long member) {
        if (damaged.contains(member)) {
            return true;
        }
        for (Set<Long> voters : deciding) {
            long lost =
                    1 + damaged.stream().filter(other -> counts(other, voters)).count();
            if (counts(member, voters) && lost > (voters.size() - 1) / 2) {
                return false;
            }
        }
        return true;
    }

    private boolean counts(long member, Set<Long> voters) {
        return voters.contains(member) || deciding.stream().noneMatch(set -> set.contains(member));
    }

    /** Notes that a member was damaged or wiped. */
    public void damaged(long member) {
        if (!mayDamage(member)) {
            throw new IllegalStateException("damage to member " + member + " would go beyond what the cluster can bear,"
                    + " of " + deciding + " these are damaged: " + damaged);
        }
        damaged.add(member);
    }

    /** The member has everything again that was committed, on a disk that is trusted. */
    public void restored(long member) {
        damaged.remove(member);
    }

    /** The member is gone for good; what it lost counts for as long as those decide who do not know that it is gone. */
    public void removed(long member) {
        gone.add(member);
        forgetGone();
    }

    private void forgetGone() {
        damaged.removeIf(
                member -> gone.contains(member) && deciding.stream().noneMatch(voters -> voters.contains(member)));
    }

    public boolean isWhole(long member) {
        return !damaged.contains(member);
    }

    /** The share of this member's disk. */
    public DamageBudget budget(long member) {
        return () -> {
            boolean allowed = mayDamage(member);
            if (allowed) {
                damaged(member);
            }
            return allowed;
        };
    }
}
