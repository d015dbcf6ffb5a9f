package dev.keelson.sim.check;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one copy of something would do, asked one operation after the other.
 *
 * @param <S> a state: immutable, with equality
 * @param <I> what is asked
 * @param <O> what is answered
 */
public interface SequentialModel<S, I, O> {

    S initial();

    /**
     * The state after an operation, empty if from this state it cannot have had this answer.
     *
     * @param answer null if nobody learnt of it: any will do
     */
    Optional<S> step(S state, I request, @Nullable O answer);
}
