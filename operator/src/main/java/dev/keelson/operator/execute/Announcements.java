package dev.keelson.operator.execute;

import dev.keelson.operator.api.ClusterStatus;
import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.plan.PlannedStep;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Objects;
import java.util.Set;

/** Tells people what they wait for or should know of: each step that was taken, and each change for better or worse. */
final class Announcements {
    /** Phases that somebody may have to do something about. */
    private static final Set<String> WARNINGS = Set.of("Degraded", "QuorumLost", "Invalid");
    /** Conditions whose messages are news though the condition still holds. */
    private static final Set<String> TOLD = Set.of("SpecValid", "CertificatesValid");

    private final Events events;

    Announcements(Events events) {
        this.events = events;
    }

    void done(KeelsonCluster cluster, PlannedStep planned) {
        events.note(cluster, false, planned.name(), planned.step().member() + ": " + planned.reason());
    }

    void of(KeelsonCluster cluster, ClusterStatus before, ClusterStatus after) {
        String phase = String.valueOf(after.phase());
        if (!phase.equals(before.phase())) {
            String text = before.phase() == null ? "the operator looks after it now" : "was " + before.phase();
            events.note(cluster, WARNINGS.contains(phase), phase, text);
        }
        after.conditions().stream()
                .filter(condition -> TOLD.contains(condition.getType())
                        && !condition.getMessage().isEmpty()
                        && before.conditions().stream().noneMatch(old -> saysTheSame(condition, old)))
                .forEach(condition -> events.note(
                        cluster,
                        !"Rotating".equals(condition.getReason()),
                        condition.getType(),
                        condition.getMessage()));
    }

    private static boolean saysTheSame(Condition one, Condition other) {
        return one.getType().equals(other.getType()) && Objects.equals(one.getMessage(), other.getMessage());
    }
}
