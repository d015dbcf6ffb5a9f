package dev.keelson.mvcc.watch;

import static dev.keelson.mvcc.watch.WatchedStore.bytes;
import static dev.keelson.mvcc.watch.WatchedStore.watch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.mvcc.PutRequest;
import org.junit.jupiter.api.Test;

/** What happens to watchers that are not told at once, and that nobody else pays for it. */
class SlowReaderTest {

    private final WatchedStore world = new WatchedStore(WatchedStore.SMALL);
    private final RecordingSink slow = new RecordingSink();
    private final RecordingSink quick = new RecordingSink();
    private final WatcherStream slowStream = world.open(slow);
    private final WatcherStream quickStream = world.open(quick);

    @Test
    void aSlowReaderMissesNothingAndHoldsNobodyUp() {
        world.create(slowStream, watch("a", "", 0));
        world.create(quickStream, watch("a", "", 0));
        slow.room = 1;
        world.put("a=1", "a=2", "a=3");
        world.catchUp();
        assertThat(quick.take()).hasSize(4);
        assertThat(slow.take()).containsExactly("0 created at 1", "0 a=1@2/2/v1 through 2");
        assertThat(world.hub.counts().laggingWatchers()).isEqualTo(1);
        assertThat(world.hub.counts().pendingRevisions()).isEqualTo(2);

        slow.room = 10;
        world.hub.resume(slowStream);
        world.catchUp();
        world.put("a=4");
        assertThat(slow.take()).containsExactly("0 a=2@2/3/v2 a=3@2/4/v3 through 4", "0 a=4@2/5/v4 through 5");
        assertThat(world.scans).as("the ring holds what it missed").isZero();
        assertThat(world.hub.counts().laggingWatchers()).isZero();
        assertThat(world.hub.counts().pendingRevisions()).isZero();
        assertThat(world.hub.counts().deliveredEvents()).isEqualTo(8);
    }

    @Test
    void whatTheRingHasForgottenComesFromTheHistory() {
        world.create(slowStream, watch("a", "", 0));
        slow.room = 0;
        for (int i = 1; i <= 20; i++) {
            world.put("a=" + i);
        }
        slow.take();
        slow.room = 100;
        world.hub.resume(slowStream);
        world.catchUp();
        assertThat(world.scans).isPositive();
        assertThat(slow.take())
                .hasSize(7)
                .startsWith("0 a=1@2/2/v1 a=2@2/3/v2 a=3@2/4/v3 through 4")
                .endsWith("0 a=19@2/20/v19 a=20@2/21/v20 through 21");
    }

    @Test
    void oneRevisionIsNeverSplit() {
        world.put("x=0");
        world.txn(
                PutRequest.of(bytes("a"), new byte[1_500]),
                PutRequest.of(bytes("b"), new byte[1_500]),
                PutRequest.of(bytes("c"), new byte[1_500]));
        world.put("a=1");
        world.create(slowStream, watch("a", "d", 1));
        world.catchUp();
        assertThat(slow.take().stream()
                        .map(answer -> answer.split(" through ", -1)[1 % answer.split(" through ", -1).length]))
                .containsExactly("0 created at 4", "3", "4");
    }

    @Test
    void whoLagsBehindACompactionIsTold() {
        world.create(slowStream, watch("a", "", 0));
        world.create(slowStream, watch("b", "", 0));
        slow.room = 0;
        for (int i = 1; i <= 20; i++) {
            world.put("a=" + i);
        }
        world.compact(21);
        slow.take();
        slow.room = 100;
        world.hub.resume(slowStream);
        world.catchUp();
        world.put("a=1", "b=1");
        assertThat(slow.take()).containsExactly("0 compacted 21", "1 b=1@23/23/v1 through 23");
    }

    @Test
    void whoIsFarBehindHasTurnsAndNotAllOfThem() {
        for (int i = 1; i <= 60; i++) {
            world.put("a=" + i);
        }
        world.create(slowStream, watch("a", "", 2));
        world.create(quickStream, watch("a", "", 59));
        world.create(slowStream, watch("a", "", 58));
        assertThat(world.hub.catchUp()).isTrue();
        assertThat(world.hub.catchUp()).isTrue();
        assertThat(quick.take()).hasSize(2);
        assertThat(world.hub.catchUp()).isTrue();
        assertThat(slow.take()).anyMatch(answer -> answer.startsWith("1 a=57@"));
    }

    @Test
    void watchersThatBeginTogetherShareAScan() {
        for (int i = 1; i <= 12; i++) {
            world.put("a=" + i);
        }
        for (int i = 0; i < 4; i++) {
            world.create(slowStream, watch("a", "", 2));
            world.create(quickStream, watch("a", "b", 2));
        }
        world.scans = 0;
        assertThat(world.hub.catchUp()).isTrue();
        assertThat(world.hub.catchUp()).isTrue();
        assertThat(world.scans).isEqualTo(2);
        assertThat(slow.take()).hasSize(8);
        assertThat(quick.take()).hasSize(8);
    }

    @Test
    void aReplacedStoreIsReadOnlyOnceItIsThere() {
        world.create(slowStream, watch("a", "", 0));
        world.put("a=1");
        world.write(batch -> {
            batch.put(PutRequest.of(bytes("a"), bytes("2")));
            batch.put(PutRequest.of(bytes("b"), bytes("1")));
        });
        world.create(quickStream, watch("a", "", 2));
        world.hub.skipTo(2);
        world.hasViews = false;
        world.catchUp();
        assertThat(world.scans).isZero();
        assertThat(quick.take()).containsExactly("0 created at 4");
        world.skip();
        world.catchUp();
        assertThat(quick.take()).containsExactly("0 a=1@2/2/v1 a=2@2/3/v2 through 4");
        assertThat(slow.take()).containsExactly("0 created at 1", "0 a=1@2/2/v1 through 2", "0 a=2@2/3/v2 through 4");
    }

    @Test
    void whatWasSkippedToIsNotPublishedAgain() {
        world.create(slowStream, watch("a", "", 0));
        world.write(batch -> batch.put(PutRequest.of(bytes("a"), bytes("1"))));
        world.hub.skipTo(world.store.revision());
        world.publish();
        world.catchUp();
        world.put("a=2");
        assertThat(slow.take()).containsExactly("0 created at 1", "0 a=1@2/2/v1 through 2", "0 a=2@2/3/v2 through 3");
    }
}
