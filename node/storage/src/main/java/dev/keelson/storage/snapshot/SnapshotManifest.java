package dev.keelson.storage.snapshot;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The end of a snapshot stream: name, size and CRC-32C of every file, and a CRC-32C of the list itself.
 *
 * @param files in the order they were sent
 */
record SnapshotManifest(List<FileSum> files) {

    /** Only plain names: what a peer sends must not reach outside the directory it is received into. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,126}");

    /** Size and checksum of one file. */
    record FileSum(String name, long size, int crc) {}

    SnapshotManifest {
        files = List.copyOf(files);
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    byte[] encode() {
        try {
            var bytes = new ByteArrayOutputStream();
            var out = new DataOutputStream(bytes);
            out.writeInt(files.size());
            for (FileSum file : files) {
                out.writeUTF(file.name());
                out.writeLong(file.size());
                out.writeInt(file.crc());
            }
            out.writeInt(crc(bytes.toByteArray()));
            return bytes.toByteArray();
        } catch (IOException impossible) {
            throw new IllegalStateException("writing to memory cannot fail", impossible);
        }
    }

    static SnapshotManifest decode(byte[] bytes) {
        int body = bytes.length - Integer.BYTES;
        if (body < 0 || ByteBuffer.wrap(bytes).getInt(body) != crc(Arrays.copyOf(bytes, body))) {
            throw new SnapshotRefusedException("the list of the snapshot's files does not match its checksum");
        }
        try {
            var in = new DataInputStream(new ByteArrayInputStream(bytes));
            int count = in.readInt();
            var files = new ArrayList<FileSum>();
            for (int i = 0; i < count; i++) {
                files.add(new FileSum(in.readUTF(), in.readLong(), in.readInt()));
            }
            return new SnapshotManifest(files);
        } catch (IOException _) {
            throw new SnapshotRefusedException("the list of the snapshot's files ends too early");
        }
    }

    private static int crc(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
