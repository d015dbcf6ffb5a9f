package dev.keelson.engine.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.engine.EngineProbe;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Reply;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the queue takes in and what it refuses. */
class ProposalQueueTest {

    private static final long DEADLINE_TICK = 10;
    private static final int LARGE_BYTES = (int) (NodeLimits.PROPOSAL_BYTES_MAX / 4);

    private final ProposalQueue queue = new ProposalQueue(EngineProbe.NONE);
    private final List<StoreError> refusals = new ArrayList<>();
    private long nextId;

    private void offer(byte[] payload) {
        queue.offer(nextId++, payload, DEADLINE_TICK, new Reply<>() {
            @Override
            public void succeed(Object result) {
                throw new AssertionError("nothing is applied here");
            }

            @Override
            public void fail(StoreException error) {
                refusals.add(error.error());
            }
        });
    }

    private void fill() {
        var small = new byte[1];
        for (int i = 0; i < NodeLimits.PROPOSALS_MAX; i++) {
            offer(small);
        }
    }

    @Test
    void oneRequestTooManyIsRefusedAtOnce() {
        fill();

        offer(new byte[1]);

        assertThat(refusals).containsExactly(StoreError.TOO_MANY_REQUESTS);
        assertThat(queue.size()).isEqualTo(NodeLimits.PROPOSALS_MAX);
    }

    @Test
    void refusalsOfOneTooManyLeaveTheBoundOfBytesWhereItIs() {
        fill();
        var large = new byte[LARGE_BYTES];
        for (int i = 0; i < 4; i++) {
            offer(large);
        }
        queue.drain(Long.MAX_VALUE);
        refusals.clear();

        for (int i = 0; i < 5; i++) {
            offer(large);
        }

        assertThat(refusals).containsExactly(StoreError.TOO_MANY_REQUESTS);
    }

    @Test
    void whatIsDrainedMakesRoom() {
        var large = new byte[LARGE_BYTES];
        for (int i = 0; i < 4; i++) {
            offer(large);
        }

        assertThat(queue.drain(1)).hasSize(1);
        offer(large);

        assertThat(refusals).isEmpty();
    }
}
