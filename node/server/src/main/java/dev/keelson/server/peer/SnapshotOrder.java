package dev.keelson.server.peer;

import dev.keelson.api.peer.SnapshotEnd;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the chunks of a snapshot come whole and in order: one file after another, each from its first byte to its
 * last, none twice, and in the end as many as the sender says.
 */
final class SnapshotOrder {

    private final Set<String> files = new HashSet<>();
    private @Nullable String open;
    private long offset;
    private long bytes;

    SnapshotChunk next(dev.keelson.api.peer.SnapshotChunk wire) {
        byte[] data = wire.getData().toByteArray();
        var crc = new CRC32C();
        crc.update(data);
        String file = wire.getFile();
        check((int) crc.getValue() == wire.getCrc(), "a wrong checksum", wire);
        if (open == null) {
            check(isPlain(file), "a file name that is not plain", wire);
            check(files.add(file), "a file that came before", wire);
            open = file;
            offset = 0;
        }
        check(file.equals(open), "a file before the end of " + open, wire);
        check(wire.getOffset() == offset, "a gap: " + offset + " was expected", wire);
        offset += data.length;
        bytes += data.length;
        if (wire.getLast()) {
            open = null;
        }
        return new SnapshotChunk(file, wire.getOffset(), data, wire.getLast());
    }

    void end(SnapshotEnd end) {
        if (open != null || end.getFiles() != files.size() || end.getBytes() != bytes) {
            throw new MessageCodec.MalformedMessageException("the snapshot ends with " + files.size() + " files and "
                    + bytes + " bytes, not with " + end.getFiles() + " and " + end.getBytes());
        }
    }

    private static boolean isPlain(String file) {
        return !file.isEmpty() && !file.startsWith(".") && file.chars().noneMatch(c -> c == '/' || c == '\\' || c == 0);
    }

    private static void check(boolean holds, String otherwise, dev.keelson.api.peer.SnapshotChunk chunk) {
        if (!holds) {
            throw new MessageCodec.MalformedMessageException(
                    otherwise + ", file " + chunk.getFile() + " at " + chunk.getOffset());
        }
    }
}
