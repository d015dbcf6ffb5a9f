package dev.keelson.engine.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.engine.world.MemoryLog;
import dev.keelson.raft.Ready;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.message.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class GroupCommitWriterTest {

    private final List<String> events = new ArrayList<>();
    private final Queue<Runnable> worker = new ArrayDeque<>();
    private boolean syncFails;

    private final MemoryLog log = new MemoryLog() {
        @Override
        public void sync() {
            if (syncFails) {
                throw new IllegalStateException("the disk is gone");
            }
            events.add("sync through " + lastIndex());
            super.sync();
        }
    };

    private final GroupCommitWriter writer = new GroupCommitWriter(
            log,
            message -> events.add("send to " + message.to()),
            worker::add,
            (term, index) -> events.add("durable " + term + "/" + index),
            cause -> events.add("failed: " + cause.getMessage()));

    private static Ready ready(long term, long index, long to) {
        return new Ready(
                term,
                null,
                null,
                index == 0 ? List.of() : List.of(new Entry(term, index, EntryType.NORMAL, new byte[0])),
                index != 0,
                List.of(),
                List.of(new Message.AppendResponse(1, to, term, index, false, 0, 0)),
                List.of(),
                List.of(),
                null);
    }

    private void work() {
        for (Runnable unit = worker.poll(); unit != null; unit = worker.poll()) {
            unit.run();
        }
    }

    @Test
    void whatGathersIsSyncedOnceAndAnsweredAfterTheSyncInOrder() {
        writer.submit(ready(2, 1, 7));
        writer.submit(ready(2, 2, 8));
        writer.submit(ready(2, 0, 9));

        work();

        assertThat(events).containsExactly("sync through 2", "durable 2/2", "send to 7", "send to 8", "send to 9");
    }

    @Test
    void aTaskThatNeedsNoSyncIsNotHeldUpByOne() {
        writer.submit(ready(2, 0, 9));

        work();

        assertThat(events).containsExactly("send to 9");
    }

    @Test
    void whatWaitsForTheSyncHappensAfterItAndInTurn() {
        writer.submit(ready(2, 1, 7), () -> events.add("apply a membership change"));
        writer.submit(ready(2, 2, 8));

        work();

        assertThat(events)
                .containsExactly(
                        "sync through 2", "durable 2/2", "send to 7", "apply a membership change", "send to 8");
    }

    @Test
    void afterAFailedSyncNothingIsSentOrAcknowledgedAnyMore() {
        syncFails = true;
        writer.submit(ready(2, 1, 7));
        work();
        syncFails = false;

        writer.submit(ready(2, 2, 8));
        work();

        assertThat(events).containsExactly("failed: the disk is gone");
    }
}
