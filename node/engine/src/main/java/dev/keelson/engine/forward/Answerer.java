package dev.keelson.engine.forward;

import dev.keelson.engine.Reply;

/** Answers questions where this member leads; must not block. */
public interface Answerer {

    /** Fails with {@code NOT_LEADER} or {@code LEADER_CHANGED} when somebody else has to be asked. */
    void answer(Question question, Reply<Answer> reply);
}
