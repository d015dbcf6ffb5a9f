package dev.keelson.mvcc.watch;

import static dev.keelson.mvcc.watch.WatchedStore.bytes;
import static dev.keelson.mvcc.watch.WatchedStore.watch;
import static dev.keelson.mvcc.watch.WatchedStore.withId;
import static dev.keelson.mvcc.watch.WatchedStore.withPrevKv;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.PutRequest;
import org.junit.jupiter.api.Test;

/** What one client hears of its watchers. */
class WatchHubTest {

    private final WatchedStore world = new WatchedStore(WatchLimits.DEFAULTS);
    private final RecordingSink client = new RecordingSink();
    private final WatcherStream stream = world.open(client);

    @Test
    void aWatcherHearsOfWhatComesAfterIt() {
        world.put("a=1");
        world.create(stream, watch("a", "", 0));
        world.put("a=2", "b=1");
        world.delete("a");
        assertThat(client.take()).containsExactly("0 created at 2", "0 a=2@2/3/v2 through 3", "0 -a@5 through 5");
    }

    @Test
    void nowIsWhenTheClientAskedAlsoWhenLessIsPublished() {
        world.write(batch -> batch.put(PutRequest.of(bytes("a"), bytes("1"))));
        world.create(stream, watch("a", "", 0));
        world.publish();
        world.put("a=2");
        assertThat(client.take()).containsExactly("0 created at 2", "0 a=2@2/3/v2 through 3");
    }

    @Test
    void theEventsOfOneOperationComeTogether() {
        world.create(stream, watch("a", "c", 0));
        world.txn(PutRequest.of(bytes("a"), bytes("1")), PutRequest.of(bytes("b"), bytes("2")));
        assertThat(client.take()).containsExactly("0 created at 1", "0 a=1@2/2/v1 b=2@2/2/v1 through 2");
    }

    @Test
    void aRangeEndsBeforeItsEndAndAZeroByteIsNoEnd() {
        world.create(stream, watch("b", "d", 0));
        world.create(stream, watch("b", "\0", 0));
        world.create(stream, watch("", "", 0));
        assertThat(client.take()).hasSize(3);
        world.put("a=1", "b=1", "c=1", "d=1", "\0=1");
        assertThat(client.take())
                .containsExactlyInAnyOrder(
                        "0 b=1@3/3/v1 through 3",
                        "1 b=1@3/3/v1 through 3",
                        "0 c=1@4/4/v1 through 4",
                        "1 c=1@4/4/v1 through 4",
                        "1 d=1@5/5/v1 through 5",
                        "2 \0=1@6/6/v1 through 6");
    }

    @Test
    void thePastComesFirstAndOnce() {
        world.put("a=1", "b=1", "a=2");
        world.create(stream, watch("a", "", 2));
        world.put("a=3");
        assertThat(client.take()).containsExactly("0 created at 4");
        world.catchUp();
        world.put("a=4");
        assertThat(client.take())
                .containsExactly("0 a=1@2/2/v1 a=2@2/4/v2 a=3@2/5/v3 through 5", "0 a=4@2/6/v4 through 6");
    }

    @Test
    void aRevisionToComeIsAwaitedInSilence() {
        world.create(stream, watch("a", "", 4));
        world.put("a=1", "a=2");
        world.hub.requestProgress(stream, world.store.revision());
        assertThat(client.take()).containsExactly("0 created at 1");
        world.put("a=3");
        world.hub.requestProgress(stream, world.store.revision());
        assertThat(client.take()).containsExactly("0 a=3@2/4/v3 through 4", "-1 progress 4");
    }

    @Test
    void aRevisionToComeIsAwaitedAcrossASnapshot() {
        world.create(stream, watch("a", "", 5));
        world.create(stream, watch("a", "", 3));
        world.write(batch -> {
            batch.put(PutRequest.of(bytes("a"), bytes("1")));
            batch.put(PutRequest.of(bytes("a"), bytes("2")));
        });
        world.skip();
        world.catchUp();
        assertThat(client.take()).containsExactly("0 created at 1", "1 created at 1", "1 a=2@2/3/v2 through 3");
        world.put("a=3", "a=4");
        assertThat(client.take())
                .containsExactlyInAnyOrder(
                        "1 a=3@2/4/v3 through 4", "0 a=4@2/5/v4 through 5", "1 a=4@2/5/v4 through 5");
    }

    @Test
    void whatIsCompactedCannotBeWatched() {
        world.put("a=1", "a=2", "a=3");
        world.compact(4);
        world.create(stream, watch("a", "", 3));
        world.catchUp();
        world.hub.cancel(stream, 0);
        world.put("a=4");
        assertThat(client.take()).containsExactly("0 created at 4", "0 compacted 4");
    }

    @Test
    void theCompactRevisionItselfCanBeWatchedAlsoWhenItIsADelete() {
        world.put("a=1", "a=2");
        world.delete("a");
        world.compact(4);
        world.hub.skipTo(world.store.revision());
        world.create(stream, watch("a", "", 4));
        world.catchUp();
        assertThat(client.take()).containsExactly("0 created at 4", "0 -a@4 through 4");
    }

    @Test
    void aStreamHasSoManyWatchersAndOneThatEndsMakesRoom() {
        for (int number = 0; number < WatchLimits.STREAM_WATCHERS_MAX; number++) {
            world.create(stream, watch("a", "", 0));
        }
        client.take();

        world.create(stream, watch("a", "", 0));
        world.hub.cancel(stream, 7);
        world.create(stream, withId(7, watch("a", "", 0)));

        assertThat(client.take())
                .containsExactly(
                        "refused at 1: mvcc: too many watchers on the stream", "7 canceled at 1", "7 created at 1");
    }

    @Test
    void refusalsComeInTheOrderOfEtcd() {
        world.create(stream, withId(3, watch("a", "", 0)));
        world.create(stream, withId(3, watch("z", "a", -1)));
        world.create(stream, withId(3, watch("z", "a", 0)));
        world.create(stream, watch("z", "z", 0));
        world.create(stream, withId(3, watch("a", "", 0)));
        assertThat(client.take())
                .containsExactly(
                        "3 created at 1",
                        "refused at 1: etcdserver: mvcc: required revision has been compacted",
                        "refused at 1: mvcc: watcher range is empty",
                        "refused at 1: mvcc: watcher range is empty",
                        "refused at 1: mvcc: duplicate watch ID provided on the WatchStream");
    }

    @Test
    void idsCountUpPastThoseInUse() {
        world.create(stream, withId(1, watch("a", "", 0)));
        world.create(stream, watch("a", "", 0));
        world.create(stream, watch("a", "", 0));
        world.hub.cancel(stream, 0);
        world.create(stream, watch("a", "", 0));
        world.create(stream, withId(-7, watch("a", "", 0)));
        assertThat(client.take())
                .containsExactly(
                        "1 created at 1",
                        "0 created at 1",
                        "2 created at 1",
                        "0 canceled at 1",
                        "3 created at 1",
                        "-7 created at 1");
    }

    @Test
    void filtersLeaveOutPutsOrDeletes() {
        world.create(stream, new WatchRequest(0, bytes("a"), bytes(""), 0, false, true, false, false, false));
        world.create(stream, new WatchRequest(0, bytes("a"), bytes(""), 0, false, false, true, false, false));
        world.create(stream, new WatchRequest(0, bytes("a"), bytes(""), 0, false, true, true, false, false));
        assertThat(client.take()).hasSize(3);
        world.put("a=1");
        world.delete("a");
        assertThat(client.take()).containsExactly("1 a=1@2/2/v1 through 2", "0 -a@3 through 3");
    }

    @Test
    void whatAKeyWasBeforeIsToldOnTheLiveWayAndOutOfTheHistoryAlike() {
        world.create(stream, withPrevKv(watch("a", "", 0)));
        world.put("a=1", "a=2");
        world.delete("a");
        world.put("a=3");
        assertThat(client.take())
                .containsExactly(
                        "0 created at 1",
                        "0 a=1@2/2/v1 through 2",
                        "0 a=2@2/3/v2[a=1@2/2/v1] through 3",
                        "0 -a@4[a=2@2/3/v2] through 4",
                        "0 a=3@5/5/v1 through 5");
        world.hub.skipTo(world.store.revision());
        world.create(stream, withPrevKv(watch("a", "", 2)));
        world.create(stream, watch("a", "", 3));
        world.catchUp();
        assertThat(client.take())
                .containsExactlyInAnyOrder(
                        "1 created at 5",
                        "2 created at 5",
                        "1 a=1@2/2/v1 a=2@2/3/v2[a=1@2/2/v1] -a@4[a=2@2/3/v2] a=3@5/5/v1 through 5",
                        "2 a=2@2/3/v2 -a@4 a=3@5/5/v1 through 5");
    }

    @Test
    void whatAKeyWasBeforeIsLeftOutOnceItIsCompacted() {
        world.put("a=1", "a=2", "a=3");
        world.compact(3);
        world.hub.skipTo(world.store.revision());
        world.create(stream, withPrevKv(watch("a", "", 3)));
        world.catchUp();
        assertThat(client.take()).containsExactly("0 created at 4", "0 a=2@2/3/v2 a=3@2/4/v3[a=2@2/3/v2] through 4");
    }

    @Test
    void aKeyChangedTwiceInOneRevisionWasWhatItWasARevisionBefore() {
        world.put("b=1");
        world.create(stream, withPrevKv(watch("b", "", 0)));
        assertThat(client.take()).hasSize(1);
        world.txn(new DeleteRangeRequest(bytes("a"), bytes("\0"), false), PutRequest.of(bytes("b"), bytes("2")));
        String expected = " -b@3[b=1@2/2/v1] b=2@3/3/v1 through 3";
        assertThat(client.take()).containsExactly("0" + expected);
        world.hub.skipTo(world.store.revision());
        world.create(stream, withPrevKv(watch("b", "", 3)));
        world.catchUp();
        assertThat(client.take()).containsExactly("1 created at 3", "1" + expected);
    }

    @Test
    void nothingIsHeardAfterACancel() {
        world.put("a=1");
        world.create(stream, watch("a", "", 0));
        world.create(stream, watch("a", "", 2));
        world.hub.cancel(stream, 0);
        world.hub.cancel(stream, 1);
        world.hub.cancel(stream, 1);
        world.catchUp();
        world.put("a=2");
        assertThat(client.take())
                .containsExactly("0 created at 2", "1 created at 2", "0 canceled at 2", "1 canceled at 1");
    }

    @Test
    void nothingIsHeardAfterTheStreamIsClosed() {
        world.put("a=1");
        world.create(stream, watch("a", "", 0));
        world.create(stream, watch("a", "", 2));
        assertThat(client.take()).hasSize(2);
        world.hub.close(stream);
        world.hub.close(stream);
        world.create(stream, watch("a", "", 0));
        world.hub.resume(stream);
        world.hub.requestProgress(stream, 2);
        world.catchUp();
        world.put("a=2");
        world.hub.tick(1_000);
        assertThat(client.take()).isEmpty();
        assertThat(world.hub.counts()).isEqualTo(WatchCounts.NONE);
    }
}
