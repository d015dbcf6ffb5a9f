package dev.keelson.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.engine.EngineProbe;
import dev.keelson.engine.NodeLimits;
import dev.keelson.mvcc.StoreException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearizableReadsTest {

    private static final long FIRST_ID = 100;

    private final List<String> events = new ArrayList<>();
    private final LinearizableReads reads = new LinearizableReads(Runnable::run, FIRST_ID, EngineProbe.NONE);

    private void offer(String name, long deadline) {
        reads.offer(new LinearizableReads.Read() {
            @Override
            public void run() {
                events.add(name);
            }

            @Override
            public void fail(StoreException error) {
                events.add(name + ": " + error.getMessage());
            }

            @Override
            public long deadlineTick() {
                return deadline;
            }
        });
    }

    @Test
    void readsThatArriveTogetherShareOneIndexAndLaterOnesWaitForTheNext() {
        offer("a", 100);
        offer("b", 100);
        assertThat(reads.nextRequest(0)).isEqualTo(FIRST_ID);
        offer("c", 100);
        assertThat(reads.nextRequest(0)).as("one is under way").isZero();

        reads.confirm(FIRST_ID, 7);
        reads.release(7);

        assertThat(events).containsExactly("a", "b");
        assertThat(reads.nextRequest(0)).isEqualTo(FIRST_ID + 1);
    }

    @Test
    void aConfirmedReadWaitsUntilItsIndexIsApplied() {
        offer("a", 100);
        reads.nextRequest(0);
        reads.confirm(FIRST_ID, 7);

        reads.release(6);
        assertThat(events).isEmpty();
        reads.release(7);
        assertThat(events).containsExactly("a");
    }

    @Test
    void anUnansweredIndexIsAskedForAgainUnderANewIdAndTheLateAnswerCountsForNothing() {
        offer("a", 100);
        reads.nextRequest(0);

        assertThat(reads.tick(NodeLimits.READ_INDEX_RETRY_TICKS)).isEqualTo(FIRST_ID + 1);
        reads.confirm(FIRST_ID, 1);
        reads.release(10);

        assertThat(events).isEmpty();
    }

    @Test
    void aReadPastItsDeadlineTimesOutWhereverItWaits() {
        offer("asked", 3);
        reads.nextRequest(0);
        reads.tick(3);
        offer("confirmed", 6);
        reads.confirm(FIRST_ID, 9);
        reads.nextRequest(4);
        reads.confirm(FIRST_ID + 1, 9);
        reads.tick(6);

        assertThat(events)
                .containsExactly("asked: etcdserver: request timed out", "confirmed: etcdserver: request timed out");
    }

    @Test
    void moreReadsThanMayWaitAreRefused() {
        for (int i = 0; i < NodeLimits.WAITING_READS_MAX; i++) {
            offer("kept", 100);
        }

        offer("refused", 100);

        assertThat(events).containsExactly("refused: etcdserver: too many requests");
    }
}
