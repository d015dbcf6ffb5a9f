package dev.keelson.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.keelson.log.file.CrashFileSystem;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/**
 * Records that nobody wrote, whose checksums hold all the same: a log of them opens or is refused by name (as etcd's was
 * not, ToB-006 and ToB-007); {@code -Dfuzz.inputs=N}: how many.
 */
class LogFuzzTest {

    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 5_000);
    private static final Path WAL = Path.of("/data/wal");
    private static final long LOG_ID = 77;
    private static final LogConfig TINY = new LogConfig(LOG_ID, 1200, 512, 500, 4096);
    private static final byte[] TELLING = {0, 1, -1, Byte.MAX_VALUE, Byte.MIN_VALUE};

    private final CrashFileSystem files = new CrashFileSystem();
    private final Random random = new Random(1);

    /** Three segments, with a start record in one. */
    private List<Path> fill() throws IOException {
        try (SegmentedLog log = SegmentedLog.open(files, WAL, TINY)) {
            for (int i = 0; i < 12; i++) {
                log.append(
                        new HardState(1 + i / 4, 5, 3L * i), LogState.entries(1 + i / 4, 3 * i + 1, 3 * i + 4, 30 + i));
                log.sync();
            }
            log.cut(new SnapshotMetadata(
                    log.firstIndex() + 1,
                    log.term(log.firstIndex() + 1),
                    new ConfState(List.of(1L, 2L, 3L), List.of(), List.of(4L))));
            log.sync();
        }
        return files.list(WAL).stream().map(WAL::resolve).toList();
    }

    private static List<Integer> records(ByteBuffer segment) {
        var offsets = new ArrayList<Integer>();
        for (int at = SegmentFiles.HEADER_AT;
                at + RecordFormat.HEADER_BYTES <= segment.limit()
                        && RecordType.of(RecordFormat.typeCode(segment.getLong(at + RecordFormat.TAG_AT))) != null; ) {
            offsets.add(at);
            at += (int) RecordFormat.size(segment.getInt(at + RecordFormat.LENGTH_AT));
        }
        return offsets;
    }

    private void forge(Path path) throws IOException {
        byte[] bytes = files.contents(path);
        ByteBuffer segment = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> records = records(segment);
        int at = records.get(random.nextInt(records.size()));
        int end = at + (int) RecordFormat.size(segment.getInt(at + RecordFormat.LENGTH_AT));
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int where = at + RecordFormat.LENGTH_AT + random.nextInt(end - at - RecordFormat.LENGTH_AT);
            bytes[where] = random.nextBoolean() ? (byte) random.nextInt() : TELLING[random.nextInt(TELLING.length)];
        }
        long size = RecordFormat.size(segment.getInt(at + RecordFormat.LENGTH_AT));
        if (size >= RecordFormat.HEADER_BYTES && at + size <= bytes.length) {
            var crc = new CRC32C();
            crc.update(bytes, at + RecordFormat.LENGTH_AT, (int) size - RecordFormat.LENGTH_AT);
            long sequence = Long.parseUnsignedLong(path.getFileName().toString().substring(0, 16), 16);
            int salt = RecordFormat.salt(RecordFormat.segmentSalt(LOG_ID, sequence), at);
            segment.putInt(at, (int) crc.getValue() ^ salt);
        }
        files.overwrite(path, bytes);
    }

    @Test
    void aLogOfForgedRecordsOpensOrIsRefusedByName() throws Exception {
        List<Path> segments = fill();
        assertThat(segments).hasSizeGreaterThan(2);
        List<byte[]> sound = new ArrayList<>();
        for (Path segment : segments) {
            sound.add(files.contents(segment));
        }
        int opened = 0;
        for (int input = 0; input < INPUTS; input++) {
            forge(segments.get(random.nextInt(segments.size())));
            Throwable refused = catchThrowable(this::openAndRead);
            if (refused == null) {
                opened++;
            } else {
                assertThat(refused).as("input %d", input).isInstanceOf(CorruptLogException.class);
            }
            restore(segments, sound);
        }
        assertThat(opened).isBetween(1, INPUTS - 1);
    }

    private void openAndRead() {
        try (SegmentedLog log = SegmentedLog.open(files, WAL, TINY)) {
            log.entries(log.firstIndex(), log.lastIndex() + 1, Long.MAX_VALUE)
                    .forEach(entry -> assertThat(entry.payload()).isNotNull());
        }
    }

    private void restore(List<Path> segments, List<byte[]> contents) throws IOException {
        for (String name : files.list(WAL)) {
            if (!segments.contains(WAL.resolve(name))) {
                files.delete(WAL.resolve(name));
            }
        }
        for (int i = 0; i < segments.size(); i++) {
            files.overwrite(segments.get(i), contents.get(i));
        }
    }
}
