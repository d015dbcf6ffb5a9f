package dev.keelson.server.grpc;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.AlarmMember;
import dev.keelson.api.etcd.SnapshotResponse;
import dev.keelson.engine.Member;
import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.apply.AppliedPoint;
import dev.keelson.engine.maintenance.Alarms;
import dev.keelson.engine.membership.Membership;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreError;
import dev.keelson.server.http.EtcdVersion;
import dev.keelson.server.restore.EtcdUsers;
import dev.keelson.storage.StorageException;
import dev.keelson.storage.etcdfile.EtcdFile;
import dev.keelson.storage.etcdfile.EtcdFileWriter;
import dev.keelson.storage.etcdfile.EtcdMember;
import dev.keelson.storage.etcdfile.EtcdState;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A call that gets the whole store as a file of etcd's.
 *
 * <p>The file is written beside the store first, from one view: its size is known when its first byte goes out, and the
 * view is not held for as long as a slow client takes. Then it is sent piece by piece, each when the one before it is on
 * its way, and at last its SHA-256.
 *
 * <p>Thread rule: {@link #listen} within the call's method, {@link #run} on a thread of its own.
 */
final class SnapshotCall {

    /** Bytes of the file in one message, as etcd sends them. */
    private static final int PIECE_BYTES = 32 << 10;

    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final NodeEngine engine;
    private final ServerCallStreamObserver<SnapshotResponse> call;
    private final BooleanSupplier stopping;

    SnapshotCall(NodeEngine engine, ServerCallStreamObserver<SnapshotResponse> call, BooleanSupplier stopping) {
        this.engine = engine;
        this.call = call;
        this.stopping = stopping;
    }

    /** @param reader the thread that {@link #run} will be on */
    void listen(Thread reader) {
        call.setOnCancelHandler(() -> LockSupport.unpark(reader));
        call.setOnReadyHandler(() -> LockSupport.unpark(reader));
    }

    /** Answers the call by way of a file, which is gone afterwards. */
    void run(Path file) {
        try {
            write(file);
            send(file);
            call.onCompleted();
        } catch (CancellationException _) {
            if (!call.isCancelled()) {
                call.onError(Statuses.of(StoreError.STOPPED).asRuntimeException());
            }
        } catch (IOException | RuntimeException failure) {
            call.onError(Statuses.unknown("etcdserver: cannot make a snapshot: " + failure.getMessage()));
        } finally {
            delete(file);
        }
    }

    private void write(Path file) {
        boolean read = engine.copy(view -> EtcdFileWriter.write(file, view.rows(), stateOf(view), this::isUnwanted));
        if (!read) {
            throw new StorageException("a snapshot of the leader is taking the place of the store");
        }
    }

    private static EtcdState stateOf(ReadView view) {
        AppliedPoint applied = AppliedPoint.decode(view.meta(AppliedPoint.ROW));
        Membership membership = Membership.load(view);
        return new EtcdState(
                applied.index(),
                applied.term(),
                view.compactRevision(),
                view.finishedCompactRevision(),
                Objects.requireNonNullElse(membership.clusterVersion(), ""),
                EtcdVersion.STORAGE,
                membership.all().stream().map(SnapshotCall::etcdMember).toList(),
                membership.removed().stream().toList(),
                EtcdUsers.of(view),
                AlarmTranslation.reply(Alarms.load(view).all()).stream()
                        .map(AlarmMember::toByteArray)
                        .toList());
    }

    private static EtcdMember etcdMember(Member member) {
        return new EtcdMember(member.id(), member.name(), member.peerUrls(), member.clientUrls(), member.learner());
    }

    private boolean isUnwanted() {
        return stopping.getAsBoolean() || call.isCancelled();
    }

    private void send(Path file) throws IOException {
        MessageDigest digest = EtcdFile.sha256();
        byte[] piece = new byte[PIECE_BYTES];
        long remaining = Files.size(file);
        try (InputStream in = Files.newInputStream(file)) {
            while (remaining > 0) {
                int read = in.readNBytes(piece, 0, (int) Math.min(PIECE_BYTES, remaining));
                if (read == 0) {
                    throw new IOException("the file became shorter while it was read");
                }
                digest.update(piece, 0, read);
                remaining -= read;
                send(remaining, ByteString.copyFrom(piece, 0, read));
            }
        }
        send(0, ByteString.copyFrom(digest.digest()));
    }

    private void send(long remaining, ByteString bytes) {
        while (!call.isReady()) {
            if (isUnwanted()) {
                throw new CancellationException("the client is gone or the member stops");
            }
            LockSupport.parkNanos(this, LOOK_EVERY_NANOS);
        }
        call.onNext(SnapshotResponse.newBuilder()
                .setRemainingBytes(remaining)
                .setBlob(bytes)
                .setVersion(EtcdVersion.STORAGE)
                .build());
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException cause) {
            throw new StorageException("cannot delete " + file + ": " + cause, cause);
        }
    }
}
