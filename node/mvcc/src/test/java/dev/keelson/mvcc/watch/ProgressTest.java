package dev.keelson.mvcc.watch;

import static dev.keelson.mvcc.watch.WatchedStore.PROGRESS_TICKS;
import static dev.keelson.mvcc.watch.WatchedStore.bytes;
import static dev.keelson.mvcc.watch.WatchedStore.watch;
import static dev.keelson.mvcc.watch.WatchedStore.withProgress;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.mvcc.PutRequest;
import org.junit.jupiter.api.Test;

/** When a client hears that it has missed nothing, and when not. */
class ProgressTest {

    private static final long INTERVAL_MAX = PROGRESS_TICKS + PROGRESS_TICKS / 10 + 1;

    private final WatchedStore world = new WatchedStore(WatchedStore.SMALL);
    private final RecordingSink client = new RecordingSink();
    private final WatcherStream stream = world.open(client);

    private void ask() {
        world.hub.requestProgress(stream, world.store.revision());
    }

    @Test
    void oneAnswerSpeaksOfAllWatchers() {
        world.create(stream, watch("a", "", 0));
        world.create(stream, watch("b", "", 0));
        world.put("c=1");
        client.take();
        ask();
        assertThat(client.take()).containsExactly("-1 progress 2");
    }

    @Test
    void thereIsNoAnswerWithoutWatchers() {
        ask();
        world.put("a=1");
        world.create(stream, watch("a", "", 0));
        world.put("b=1");
        assertThat(client.take()).containsExactly("0 created at 2");
    }

    @Test
    void thereIsNoAnswerWhileOneLags() {
        world.put("a=1");
        world.create(stream, watch("a", "", 0));
        world.create(stream, watch("b", "", 2));
        client.take();
        ask();
        world.catchUp();
        assertThat(client.take()).as("the question is not kept").isEmpty();
        ask();
        assertThat(client.take()).containsExactly("-1 progress 2");
    }

    @Test
    void theAnswerWaitsUntilWhatTheClientMayKnowIsPublished() {
        world.create(stream, watch("a", "", 0));
        client.take();
        world.write(batch -> batch.put(PutRequest.of(bytes("a"), bytes("1"))));
        world.write(batch -> batch.put(PutRequest.of(bytes("b"), bytes("1"))));
        ask();
        ask();
        assertThat(client.take()).isEmpty();
        world.publishOne();
        assertThat(client.take()).containsExactly("0 a=1@2/2/v1 through 2");
        world.publishOne();
        assertThat(client.take()).containsExactly("-1 progress 3");
    }

    @Test
    void theAnswerWaitsForRoom() {
        world.create(stream, watch("a", "", 0));
        client.take();
        client.room = 0;
        ask();
        ask();
        assertThat(client.take()).isEmpty();
        world.put("b=1");
        client.room = 1;
        world.hub.resume(stream);
        assertThat(client.take()).containsExactly("-1 progress 2");
    }

    @Test
    void whoWantsItIsToldFromTimeToTimeUnlessThereWasSomethingToTell() {
        world.create(stream, withProgress(watch("a", "", 0)));
        world.create(stream, withProgress(watch("b", "", 0)));
        world.create(stream, watch("c", "", 0));
        world.put("a=1");
        client.take();
        world.hub.tick(PROGRESS_TICKS - 1);
        assertThat(client.take()).isEmpty();
        world.hub.tick(INTERVAL_MAX);
        world.hub.tick(INTERVAL_MAX);
        assertThat(client.take()).containsExactly("1 progress 2");
        world.hub.tick(2 * INTERVAL_MAX);
        assertThat(client.take()).containsExactly("0 progress 2", "1 progress 2");
    }

    @Test
    void whoLagsOrAwaitsOrHasNoRoomIsNotToldUnasked() {
        world.put("a=1");
        world.create(stream, withProgress(watch("a", "", 2)));
        world.create(stream, withProgress(watch("a", "", 9)));
        world.create(stream, withProgress(watch("a", "", 3)));
        client.take();
        world.hub.tick(INTERVAL_MAX);
        assertThat(client.take()).isEmpty();
        world.catchUp();
        client.take();
        world.put("x=1");
        client.room = 0;
        world.hub.tick(2 * INTERVAL_MAX);
        assertThat(client.take()).isEmpty();
        client.room = 1;
        world.hub.tick(3 * INTERVAL_MAX);
        assertThat(client.take()).containsExactly("0 progress 3", "2 progress 3");
    }
}
