package dev.keelson.server.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file in the data directory that says which cluster it holds.
 *
 * <p>Members have their ids from the number and the ports they first started with, so their data fits no other cluster.
 */
final class DirectoryMark {

    private static final String NAME = "cluster";

    private DirectoryMark() {}

    /** Marks a new directory; answers why one that is in use does not fit the options. */
    static Optional<String> claim(LocalOptions options) {
        Path mark = options.dataDirectory.resolve(NAME);
        String wanted = "--members " + options.members + " --base-port " + options.basePort;
        try {
            Files.createDirectories(options.dataDirectory);
            if (!Files.exists(mark)) {
                Files.writeString(mark, wanted + System.lineSeparator());
                return Optional.empty();
            }
            String held = Files.readString(mark).strip();
            return held.equals(wanted)
                    ? Optional.empty()
                    : Optional.of(options.dataDirectory + " holds a cluster of " + held
                            + "; start it with these, or choose another --data-dir");
        } catch (IOException failure) {
            return Optional.of("cannot use --data-dir " + options.dataDirectory + ": " + failure.getMessage());
        }
    }
}
