package dev.keelson.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which incarnation of each member was seen last, one line a member.
 *
 * <p>Thread rule: any thread.
 */
final class PeersFile {

    static final String NAME = "peers";

    private final ChecksummedFile file;
    private Map<Long, Long> incarnations = new TreeMap<>();

    PeersFile(Path directory) throws IOException {
        this.file = new ChecksummedFile(directory.resolve(NAME));
        if (file.exists()) {
            for (String line : file.read()) {
                parse(line);
            }
        }
    }

    private void parse(String line) {
        String[] ids = line.split(" ", -1);
        if (line.isEmpty()) {
            return;
        }
        try {
            incarnations.put(Long.parseUnsignedLong(ids[0], 16), Long.parseUnsignedLong(ids[ids.length - 1], 16));
        } catch (NumberFormatException _) {
            throw file.damaged("'" + line + "' is no member and incarnation");
        }
    }

    synchronized @Nullable Long incarnationOf(long memberId) {
        return incarnations.get(memberId);
    }

    /** Durable when it returns; costs nothing when it is known already. */
    synchronized void remember(long memberId, long incarnation) throws IOException {
        Long known = incarnations.get(memberId);
        if (known != null && known == incarnation) {
            return;
        }
        var changed = new TreeMap<>(incarnations);
        changed.put(memberId, incarnation);
        List<String> lines = new ArrayList<>();
        changed.forEach((member, last) -> lines.add(Long.toHexString(member) + " " + Long.toHexString(last)));
        file.write(lines);
        // Only now: a caller that is told of an incarnation must find it again after a crash.
        incarnations = changed;
    }
}
