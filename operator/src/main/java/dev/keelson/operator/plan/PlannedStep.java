package dev.keelson.operator.plan;

import org.jspecify.annotations.Nullable;

/** A step, why it is wanted, and what it waits for; nothing when it may be taken now. */
public record PlannedStep(
        Step step, String reason, @Nullable String waitsFor) {
    public boolean isReady() {
        return waitsFor == null;
    }

    /** The name of the step for people. */
    public String name() {
        return step.getClass().getSimpleName();
    }
}
