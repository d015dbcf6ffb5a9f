package dev.keelson.server.cli;

import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.SnapshotRequest;
import dev.keelson.api.etcd.SnapshotResponse;
import dev.keelson.backup.store.Progress;
import dev.keelson.storage.etcdfile.EtcdFile;
import io.grpc.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Saves the snapshot of one member in a file, which appears under its name only when it is whole and durable and matches
 * its checksum. It may take as long as it takes.
 */
final class SnapshotDownload {

    private final Connection connection;

    SnapshotDownload(Connection connection) {
        this.connection = connection;
    }

    /** Returns the version of etcd whose format the file has. */
    String to(Path file) {
        List<String> addresses = connection.addresses();
        if (addresses.size() != 1) {
            throw new CommandFailure(
                    "snapshot must be requested to one selected node, not multiple " + addresses,
                    CommandFailure.BAD_ARGUMENTS);
        }
        return to(file, addresses.getFirst(), Progress.UNSEEN);
    }

    /** The same, from the member at that address. */
    String to(Path file, String address, Progress progress) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        return connection.ask(address, member -> {
            try {
                return save(member, part, file, progress);
            } catch (IOException failure) {
                throw new CommandFailure("cannot write " + part + ": " + failure, CommandFailure.ERROR);
            } finally {
                delete(part);
            }
        });
    }

    private static String save(Connection.Member member, Path part, Path file, Progress progress) throws IOException {
        String version = "";
        MessageDigest digest = EtcdFile.sha256();
        byte[] held = {};
        boolean begun = false;
        try (var call = Context.current().withCancellation();
                FileChannel out = FileChannel.open(
                        part,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            Context former = call.attach();
            try {
                Iterator<SnapshotResponse> pieces = MaintenanceGrpc.newBlockingStub(member.channel())
                        .snapshot(SnapshotRequest.getDefaultInstance());
                while (pieces.hasNext()) {
                    SnapshotResponse piece = pieces.next();
                    version = piece.getVersion();
                    digest.update(held);
                    held = piece.getBlob().toByteArray();
                    if (!begun) {
                        begun = true;
                        progress.begin("snapshot", held.length + piece.getRemainingBytes());
                    }
                    progress.moved(held.length);
                    write(out, held);
                }
            } finally {
                call.detach(former);
                progress.end();
            }
            // What came last is the checksum, alone, as etcd sends it.
            if (!Arrays.equals(held, digest.digest())) {
                throw new CommandFailure("the snapshot does not match its checksum", CommandFailure.ERROR);
            }
            out.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return version;
    }

    private static void write(FileChannel out, byte[] bytes) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        while (source.hasRemaining()) {
            out.write(source);
        }
    }

    private static void delete(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException failure) {
            throw new CommandFailure("cannot delete " + part + ": " + failure, CommandFailure.ERROR);
        }
    }
}
