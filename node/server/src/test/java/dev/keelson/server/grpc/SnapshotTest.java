package dev.keelson.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.HashKVRequest;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.SnapshotRequest;
import dev.keelson.api.etcd.SnapshotResponse;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreImport;
import dev.keelson.mvcc.backend.InMemoryBackend;
import dev.keelson.server.http.EtcdVersion;
import dev.keelson.storage.etcdfile.EtcdFile;
import io.grpc.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SnapshotTest {

    private static final int KEYS = 300;
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);
    private static final Duration GONE_MAX = Duration.ofSeconds(10);

    @TempDir
    static Path directory;

    private static ServedMember member;
    private static MaintenanceGrpc.MaintenanceBlockingStub maintenance;

    @BeforeAll
    static void start() throws Exception {
        member = new ServedMember(directory.resolve("data"));
        maintenance = MaintenanceGrpc.newBlockingStub(member.channel);
        KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(member.channel);
        for (int i = 0; i < KEYS; i++) {
            var _ = kv.put(PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("k" + i))
                    .setValue(ByteString.copyFromUtf8("v".repeat(20_000)))
                    .build());
        }
    }

    @AfterAll
    static void stop() {
        member.close();
    }

    private static List<SnapshotResponse> pieces() {
        var pieces = new ArrayList<SnapshotResponse>();
        maintenance.snapshot(SnapshotRequest.getDefaultInstance()).forEachRemaining(pieces::add);
        return pieces;
    }

    private static long filesOnTheWay() throws IOException {
        Path outgoing = directory.resolve("data/outgoing");
        if (!Files.exists(outgoing)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(outgoing)) {
            return files.count();
        }
    }

    private static void awaitNoFile() throws IOException {
        long deadline = System.nanoTime() + GONE_MAX.toNanos();
        while (filesOnTheWay() > 0) {
            assertThat(System.nanoTime()).as("the file is gone in time").isLessThan(deadline);
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    @Test
    void everyPieceSaysHowMuchFollowsAndTheLastIsTheChecksum() throws IOException {
        List<SnapshotResponse> pieces = pieces();

        var digest = EtcdFile.sha256();
        long sent = 0;
        for (SnapshotResponse piece : pieces.subList(0, pieces.size() - 1)) {
            digest.update(piece.getBlob().toByteArray());
            sent += piece.getBlob().size();
        }
        assertThat(pieces.getLast().getBlob().toByteArray()).isEqualTo(digest.digest());
        assertThat(pieces).allMatch(piece -> piece.getVersion().equals(EtcdVersion.STORAGE));
        long left = sent;
        for (SnapshotResponse piece : pieces.subList(0, pieces.size() - 1)) {
            left -= piece.getBlob().size();
            assertThat(piece.getRemainingBytes()).isEqualTo(left);
        }
        assertThat(left).isZero();
        awaitNoFile();
    }

    @Test
    void theFileHoldsTheHistory() throws IOException {
        Path file = directory.resolve("saved");
        try (OutputStream out = Files.newOutputStream(file)) {
            for (SnapshotResponse piece : pieces()) {
                piece.getBlob().writeTo(out);
            }
        }
        var backend = new InMemoryBackend();
        try (EtcdFile saved = EtcdFile.open(file, false)) {
            assertThat(saved.status().keys()).isEqualTo(KEYS);
            saved.check().copyTo(new StoreImport(backend), 1, null);
        }

        try (ReadView view = MvccStore.open(backend).view()) {
            int expected =
                    maintenance.hashKV(HashKVRequest.getDefaultInstance()).getHash();
            assertThat(view.hashKv(0).hash()).isEqualTo(expected);
        }
    }

    @Test
    void aClientThatGoesAwayLeavesNoFile() throws IOException {
        try (var call = Context.current().withCancellation()) {
            Context former = call.attach();
            try {
                SnapshotResponse first = maintenance
                        .snapshot(SnapshotRequest.getDefaultInstance())
                        .next();
                assertThat(first.getRemainingBytes()).isPositive();
            } finally {
                call.detach(former);
            }
        }

        awaitNoFile();
    }
}
