package dev.keelson.server.grpc;

import static dev.keelson.server.grpc.WatchCaller.on;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.CompactionRequest;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.WatchResponse;
import dev.keelson.api.mvcc.Event;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.util.internal.PlatformDependent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask and do not listen, beside one that does. */
final class SlowWatcherTest {

    private static final int CHANGES = 1_000;

    /** The ring of recent events, what streams hold, and what the pools of buffers round that up to. */
    private static final long MEMORY_BYTES_MAX = 96L << 20;

    @TempDir
    Path directory;

    private ServedMember member;
    private ManagedChannel slowChannel;
    private KVGrpc.KVBlockingStub kv;

    @BeforeEach
    void start() throws Exception {
        member = new ServedMember(directory.resolve("data"));
        slowChannel = NettyChannelBuilder.forAddress("127.0.0.1", member.port)
                .usePlaintext()
                .build();
        kv = KVGrpc.newBlockingStub(member.channel);
    }

    @AfterEach
    void stop() {
        slowChannel.shutdownNow();
        member.close();
    }

    private long put(int valueBytes) {
        return kv.put(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("slow"))
                        .setValue(ByteString.copyFromUtf8("v".repeat(valueBytes)))
                        .build())
                .getHeader()
                .getRevision();
    }

    private WatchCaller watchWithoutListening(int watchers) throws InterruptedException {
        WatchCaller slow = WatchCaller.openListeningTo(slowChannel, watchers);
        for (int each = 1; each <= watchers; each++) {
            slow.ask(on("slow").setWatchId(each));
        }
        for (int each = 1; each <= watchers; each++) {
            assertThat(slow.next().getCreated()).isTrue();
        }
        return slow;
    }

    private static WatchResponse listen(WatchCaller slow) throws InterruptedException {
        slow.listenTo(1);
        return slow.next();
    }

    @Test
    void aMillionEventsWaitForWhoDoesNotListenWithoutMemoryAndWithoutHoldingUpOthers() throws Exception {
        int watchers = 1_000;
        WatchCaller slow = watchWithoutListening(watchers);
        WatchCaller quick = WatchCaller.open(member.channel);
        var _ = quick.create(on("slow").setWatchId(1));
        long memoryBefore = PlatformDependent.usedDirectMemory();
        long first = put(200);
        for (int change = 1; change < CHANGES; change++) {
            long _ = put(200);
        }

        for (int heard = 0; heard < CHANGES; ) {
            heard += quick.next().getEventsCount();
        }
        assertThat(PlatformDependent.usedDirectMemory() - memoryBefore).isLessThan(MEMORY_BYTES_MAX);

        long[] last = new long[watchers + 1];
        Arrays.fill(last, first - 1);
        for (int heard = 0; heard < watchers * CHANGES; ) {
            WatchResponse answer = listen(slow);
            int watcher = Math.toIntExact(answer.getWatchId());
            for (Event event : answer.getEventsList()) {
                if (event.getKv().getModRevision() != ++last[watcher]) {
                    throw new AssertionError(watcher + " heard " + event + " instead of " + last[watcher]);
                }
                heard++;
            }
        }
        slow.close();
        quick.close();
    }

    @Test
    void whatIsCompactedWhileNobodyListensEndsTheWatchersThatHaveNotHeardIt() throws Exception {
        int watchers = 10;
        WatchCaller slow = watchWithoutListening(watchers);
        long first = put(40_000);
        long last = first;
        for (int change = 1; change < CHANGES; change++) {
            last = put(40_000);
        }
        var _ = kv.compact(CompactionRequest.newBuilder()
                .setRevision(last)
                .setPhysical(true)
                .build());

        long[] heard = new long[watchers + 1];
        Arrays.fill(heard, first - 1);
        Set<Integer> canceled = new HashSet<>();
        while (canceled.size() < watchers) {
            WatchResponse answer = listen(slow);
            int watcher = Math.toIntExact(answer.getWatchId());
            assertThat(canceled).doesNotContain(watcher);
            if (answer.getCanceled()) {
                assertThat(answer.getCompactRevision()).isEqualTo(last);
                canceled.add(watcher);
            }
            for (Event event : answer.getEventsList()) {
                assertThat(event.getKv().getModRevision()).isEqualTo(++heard[watcher]);
            }
        }
        assertThat(Arrays.stream(heard).max().orElseThrow()).isLessThan(last);
        slow.close();
    }

    @Test
    void whoAsksWithoutListeningIsNotReadFromAnyMore() throws Exception {
        WatchCaller deaf = WatchCaller.openListeningTo(slowChannel, 0);
        int asked = 200_000;
        for (int each = 1; each <= asked; each++) {
            deaf.ask(on("deaf").setWatchId(each));
        }
        WatchCaller quick = WatchCaller.open(member.channel);
        var _ = quick.create(on("slow").setWatchId(1));
        long _ = put(1);
        assertThat(quick.next().getEventsCount()).isEqualTo(1);

        for (int each = 1; each <= asked; each++) {
            assertThat(listen(deaf).getWatchId()).isEqualTo(each);
        }
        deaf.close();
        quick.close();
    }
}
