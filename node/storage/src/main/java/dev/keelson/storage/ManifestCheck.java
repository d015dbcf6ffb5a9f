package dev.keelson.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Looks through RocksDB's MANIFEST for damage that RocksDB itself takes for the end of the file.
 *
 * <p>The manifest is a log of records {@code (masked CRC-32C, length, type, payload)} in blocks of 32 KiB. RocksDB reads a
 * record whose length runs past the end as one that a crash cut short, and goes on without it <em>and all that follow</em>:
 * one flipped bit in a length silently brings back an older state of the store. A crash cuts short only the last record,
 * so a sound record behind an unsound one proves damage.
 *
 * <p>Damage to the very last record cannot be told from a crash. It brings the store back to the flush before, whose
 * entries the Raft log still has, or a log that no longer reaches back so far, which the node refuses.
 */
final class ManifestCheck {

    private static final int BLOCK_BYTES = 32 << 10;
    private static final int HEADER_BYTES = 7;
    private static final int LENGTH_AT = 4;
    private static final int TYPE_AT = 6;
    private static final int TYPE_MAX = 4;
    private static final int MASK_DELTA = 0xa282ead8;

    private final ByteBuffer bytes;
    private final CRC32C crc = new CRC32C();

    private ManifestCheck(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Checks the manifest that CURRENT names; what is wrong with CURRENT itself is left to RocksDB. */
    static void check(Path directory, Path current) throws IOException {
        String name = Files.readString(current, StandardCharsets.ISO_8859_1).strip();
        if (!name.matches("MANIFEST-\\d+")) {
            return;
        }
        Path manifest = directory.resolve(name);
        if (!Files.exists(manifest)) {
            return;
        }
        var check = new ManifestCheck(Files.readAllBytes(manifest));
        int fault = check.firstUnsound();
        if (check.hasSoundRecordBehind(fault)) {
            throw new StorageCorruptException(
                    "the store in " + directory + " is damaged: " + manifest + " at offset " + fault
                            + "; remove this member from the cluster and add it anew with an empty data directory",
                    null);
        }
    }

    private int firstUnsound() {
        int at = 0;
        while (at < bytes.limit()) {
            int leftInBlock = BLOCK_BYTES - at % BLOCK_BYTES;
            if (leftInBlock < HEADER_BYTES) {
                at += leftInBlock;
            } else if (isSound(at)) {
                at += HEADER_BYTES + length(at);
            } else {
                return at;
            }
        }
        return at;
    }

    private boolean hasSoundRecordBehind(int fault) {
        for (int at = fault + 1; at < bytes.limit(); at++) {
            if (isSound(at)) {
                return true;
            }
        }
        return false;
    }

    private boolean isSound(int at) {
        int blockEnd = Math.min(bytes.limit(), (at / BLOCK_BYTES + 1) * BLOCK_BYTES);
        if (at + HEADER_BYTES > blockEnd) {
            return false;
        }
        int type = bytes.get(at + TYPE_AT);
        int length = length(at);
        if (type < 1 || type > TYPE_MAX || at + HEADER_BYTES + length > blockEnd) {
            return false;
        }
        crc.reset();
        crc.update(bytes.array(), at + TYPE_AT, 1 + length);
        return bytes.getInt(at) == Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
    }

    private int length(int at) {
        return bytes.getShort(at + LENGTH_AT) & 0xffff;
    }
}
