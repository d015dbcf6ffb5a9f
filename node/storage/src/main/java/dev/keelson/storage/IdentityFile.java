package dev.keelson.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file that says whose data a directory holds. */
final class IdentityFile {

    static final String NAME = "identity";

    private static final String TITLE = "keelson data directory";
    private static final int FORMAT = 1;
    private static final String FORMAT_KEY = "format ";
    private static final String CLUSTER_KEY = "cluster ";
    private static final String MEMBER_KEY = "member ";
    private static final String INCARNATION_KEY = "incarnation ";

    private final Path path;
    private final ChecksummedFile file;

    IdentityFile(Path directory) {
        this.path = directory.resolve(NAME);
        this.file = new ChecksummedFile(path);
    }

    /** The identity; null when there is no file. */
    @Nullable
    Identity read() throws IOException {
        if (!file.exists()) {
            return null;
        }
        List<String> lines = file.read();
        if (lines.size() < 2 || !lines.getFirst().equals(TITLE)) {
            throw file.damaged("it is not an identity");
        }
        if (!lines.get(1).equals(FORMAT_KEY + FORMAT)) {
            throw new StorageException("the data directory of " + path + " has " + lines.get(1)
                    + ", this version reads format " + FORMAT + "; use the version that wrote it, or a newer one");
        }
        if (lines.size() != 5) {
            throw file.damaged("it has " + lines.size() + " lines");
        }
        return new Identity(
                id(lines.get(2), CLUSTER_KEY), id(lines.get(3), MEMBER_KEY), id(lines.get(4), INCARNATION_KEY));
    }

    void write(Identity identity) throws IOException {
        file.write(List.of(
                TITLE,
                FORMAT_KEY + FORMAT,
                CLUSTER_KEY + Long.toHexString(identity.clusterId()),
                MEMBER_KEY + Long.toHexString(identity.memberId()),
                INCARNATION_KEY + Long.toHexString(identity.incarnation())));
    }

    private long id(String line, String key) {
        if (!line.startsWith(key)) {
            throw file.damaged("'" + line + "' stands where '" + key + "' should");
        }
        try {
            return Long.parseUnsignedLong(line.substring(key.length()), 16);
        } catch (NumberFormatException _) {
            throw file.damaged("'" + line + "' has no number");
        }
    }
}
