package dev.keelson.operator.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Steps in the order of their precedence. */
public record Plan(List<PlannedStep> steps) {
    public static final Plan EMPTY = new Plan(List.of());

    public Plan {
        steps = List.copyOf(steps);
    }

    /** What may be done before the next observation: every safe step that waits for nothing, and the first unsafe one. */
    public List<PlannedStep> nextSteps() {
        List<PlannedStep> next = new ArrayList<>();
        boolean spent = false;
        for (PlannedStep planned : steps) {
            boolean unsafe = planned.step().isUnsafe();
            if (planned.isReady() && !(unsafe && spent)) {
                next.add(planned);
                spent |= unsafe;
            }
        }
        return next;
    }

    /** The first step of this kind that somebody waits for. */
    public @Nullable PlannedStep first(Predicate<PlannedStep> kind) {
        return steps.stream().filter(kind).findFirst().orElse(null);
    }
}
