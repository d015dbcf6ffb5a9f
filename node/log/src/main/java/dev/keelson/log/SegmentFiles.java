package dev.keelson.log;

import dev.keelson.log.file.File;
import dev.keelson.log.file.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The segment files of a directory: {@code <sequence>-<first index>.log}, both 16 hexadecimal digits.
 *
 * <p>The sequence number gives the order. The first index alone could not: after the end of the log was replaced, a new
 * segment may begin at a lower index than one that exists. A name appears only when the file's header is durable, so a
 * segment without a sound header is damaged, never half made.
 *
 * <p>Thread rule: one thread.
 */
final class SegmentFiles {

    /** First bytes of every segment; the digit is the version of the format. */
    static final long MAGIC = 0x316c_6177_6c65_656bL;

    /** Where the header record stands: behind the magic and the log's id. */
    static final int HEADER_AT = 2 * Long.BYTES;

    private static final String UNFINISHED = "unfinished.tmp";
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.log");

    private final FileSystem fileSystem;
    private final Path directory;
    private final LogConfig config;

    SegmentFiles(FileSystem fileSystem, Path directory, LogConfig config) {
        this.fileSystem = fileSystem;
        this.directory = directory;
        this.config = config;
    }

    /** A file name that is a segment's. */
    record Name(Path path, long sequence, long firstIndex) {}

    Path directory() {
        return directory;
    }

    /** Makes the directory where it is missing, removes what was never finished, and lists the segments in order. */
    List<Name> prepare() throws IOException {
        makeDirectory();
        var names = new ArrayList<Name>();
        for (String name : fileSystem.list(directory)) {
            Matcher parts = NAME.matcher(name);
            if (parts.matches()) {
                names.add(new Name(
                        directory.resolve(name),
                        Long.parseUnsignedLong(parts.group(1), 16),
                        Long.parseUnsignedLong(parts.group(2), 16)));
            } else if (name.equals(UNFINISHED)) {
                fileSystem.delete(directory.resolve(name));
            }
        }
        // After a mere process crash a name may be visible and not yet durable.
        fileSystem.syncDirectory(directory);
        names.sort(Comparator.comparingLong(Name::sequence));
        return names;
    }

    /**
     * Makes what is missing of the path from the top, each level durable before the next. The deepest level that exists
     * may be one that a start made which was then killed, so its name is made durable too.
     */
    private void makeDirectory() throws IOException {
        var missing = new ArrayDeque<Path>();
        Path existing = directory.toAbsolutePath();
        while (existing != null && !fileSystem.exists(existing)) {
            missing.push(existing);
            existing = existing.getParent();
        }
        if (existing != null && existing.getParent() != null) {
            fileSystem.syncDirectory(existing.getParent());
        }
        for (Path level : missing) {
            fileSystem.createDirectories(level);
            if (level.getParent() != null) {
                fileSystem.syncDirectory(level.getParent());
            }
        }
    }

    Segment open(Name name, long base) throws IOException {
        return new Segment(name.path(), fileSystem.open(name.path()), name.sequence(), base, salt(name.sequence()));
    }

    /** Makes a segment that has nothing but its header; name and header are durable when it returns. */
    Segment create(long sequence, SegmentHeader header, RecordWriter writer) throws IOException {
        Path unfinished = directory.resolve(UNFINISHED);
        File file = fileSystem.create(unfinished);
        Path path = directory.resolve(String.format("%016x-%016x.log", sequence, header.previousIndex() + 1));
        var segment = new Segment(path, file, sequence, header.base(), salt(sequence));
        file.preallocate(config.preallocateBytes());
        writer.begin(segment, 0);
        writer.raw(MAGIC, config.logId());
        long tag = RecordFormat.tag(RecordType.SEGMENT, true, header.base());
        writer.add(header.previousTerm(), header.previousIndex(), header.payload(), tag);
        segment.end(writer.finish());
        file.sync();
        fileSystem.rename(unfinished, path);
        fileSystem.syncDirectory(directory);
        return segment;
    }

    /**
     * Deletes segments, the oldest first and each durably before the next: a crash may leave a log without its
     * beginning, which its start explains, but never one with a hole.
     */
    void delete(List<Path> oldestFirst) throws IOException {
        for (Path path : oldestFirst) {
            fileSystem.delete(path);
            fileSystem.syncDirectory(directory);
        }
    }

    private long salt(long sequence) {
        return RecordFormat.segmentSalt(config.logId(), sequence);
    }
}
