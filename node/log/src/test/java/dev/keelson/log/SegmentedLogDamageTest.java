package dev.keelson.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.log.file.CrashFileSystem;
import dev.keelson.log.file.CrashFileSystem.Loss;
import dev.keelson.raft.log.HardState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bits flipped, blocks swapped, files lost or cut at rest: what had been durable is whole or refused by name. */
class SegmentedLogDamageTest {

    private static final Path WAL = Path.of("/data/wal");
    private static final LogConfig TINY = new LogConfig(77, 1200, 512, 500, 4096);

    private final CrashFileSystem files = new CrashFileSystem();
    private final List<LogState> states = new ArrayList<>();

    private SegmentedLog open() {
        return SegmentedLog.open(files, WAL, TINY);
    }

    /** Three segments; every append is a state. */
    private SegmentedLog fill() {
        SegmentedLog log = open();
        states.add(LogState.of(log));
        for (int i = 0; i < 12; i++) {
            log.append(new HardState(1 + i / 4, 5, 3L * i), LogState.entries(1 + i / 4, 3 * i + 1, 3 * i + 4, 30 + i));
            states.add(LogState.of(log));
            if (i % 3 == 2) {
                log.sync();
            }
        }
        return log;
    }

    private List<Path> segments() throws IOException {
        return files.list(WAL).stream().map(WAL::resolve).toList();
    }

    private void restore(List<Path> segments, List<byte[]> contents) throws IOException {
        for (Path other : segments()) {
            if (!segments.contains(other)) {
                files.delete(other);
            }
        }
        for (int i = 0; i < segments.size(); i++) {
            files.overwrite(segments.get(i), contents.get(i));
        }
    }

    private List<byte[]> contents(List<Path> segments) throws IOException {
        var contents = new ArrayList<byte[]>();
        for (Path segment : segments) {
            contents.add(files.contents(segment));
        }
        return contents;
    }

    @Test
    void afterACleanCloseEveryFlippedBitIsHarmlessOrNamed() throws Exception {
        fill().close();
        LogState whole = states.getLast();
        List<Path> segments = segments();
        List<byte[]> sound = contents(segments);
        assertThat(segments).hasSizeGreaterThan(2);
        int refused = 0;
        for (int segment = 0; segment < segments.size(); segment++) {
            for (int bit = 0; bit < 8 * sound.get(segment).length; bit++) {
                byte[] damaged = sound.get(segment).clone();
                damaged[bit / 8] ^= (byte) (1 << bit % 8);
                files.overwrite(segments.get(segment), damaged);
                try {
                    assertThat(LogState.of(open()))
                            .as("segment %d bit %d", segment, bit)
                            .isEqualTo(whole);
                } catch (CorruptLogException named) {
                    assertThat(named.file()).isEqualTo(segments.get(segment));
                    assertThat(named).hasMessageContaining(segments.get(segment).toString());
                    refused++;
                }
                restore(segments, sound);
            }
        }
        assertThat(refused).isGreaterThan(8 * 2500);
    }

    @Test
    void afterAKillAFlippedBitCostsAtMostWhatNothingLaterVouchesFor() throws Exception {
        SegmentedLog log = fill();
        log.sync();
        log.append(new HardState(9, 1, 0), List.of(LogState.entry(9, 37, 10)));
        states.add(LogState.of(log));
        log.sync();
        List<Path> segments = segments();
        List<byte[]> sound = contents(segments);
        List<LogState> allowed = states.subList(states.size() - 2, states.size());
        for (int segment = 0; segment < segments.size(); segment++) {
            for (int bit = 0; bit < 8 * sound.get(segment).length; bit++) {
                byte[] damaged = sound.get(segment).clone();
                damaged[bit / 8] ^= (byte) (1 << bit % 8);
                files.overwrite(segments.get(segment), damaged);
                try {
                    assertThat(allowed).as("segment %d bit %d", segment, bit).contains(LogState.of(open()));
                } catch (CorruptLogException named) {
                    assertThat(named.file()).isEqualTo(segments.get(segment));
                }
                restore(segments, sound);
            }
        }
    }

    @Test
    void aTailCutAtAnyLengthLeavesWholeBatches() throws Exception {
        fill();
        Path last = segments().getLast();
        byte[] sound = files.contents(last);
        List<Path> segments = segments();
        List<byte[]> all = contents(segments);
        int opened = 0;
        for (int length = 0; length <= sound.length; length++) {
            files.overwrite(last, Arrays.copyOf(sound, length));
            try {
                assertThat(states).contains(LogState.of(open()));
                opened++;
            } catch (CorruptLogException named) {
                assertThat(named.file()).isEqualTo(last);
            }
            restore(segments, all);
        }
        assertThat(opened).isGreaterThan(sound.length / 2);
    }

    @Test
    void randomBytesInPlaceOfTheTailAreNeverRead() throws Exception {
        fill();
        List<Path> segments = segments();
        List<byte[]> sound = contents(segments);
        Path last = segments.getLast();
        var random = new Random(5);
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = sound.getLast().clone();
            int from = random.nextInt(damaged.length);
            byte[] noise = new byte[1 + random.nextInt(damaged.length - from)];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, damaged, from, noise.length);
            files.overwrite(last, damaged);
            try {
                assertThat(states).as("round %d", round).contains(LogState.of(open()));
            } catch (CorruptLogException named) {
                assertThat(named.file()).isEqualTo(last);
            }
            restore(segments, sound);
        }
    }

    @Test
    void aRecordInTheWrongPlaceIsNoRecord() throws Exception {
        SegmentedLog log = open();
        for (int i = 1; i <= 4; i++) {
            log.append(null, List.of(LogState.entry(1, i, 64)));
            log.sync();
        }
        log.close();
        Path segment = segments().getFirst();
        byte[] bytes = files.contents(segment);
        int size = (int) RecordFormat.size(64);
        int first = firstEntry(bytes);
        byte[] swapped = bytes.clone();
        System.arraycopy(bytes, first, swapped, first + size, size);
        System.arraycopy(bytes, first + size, swapped, first, size);
        files.overwrite(segment, swapped);

        assertThatThrownBy(this::open)
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("offset " + first)
                .hasMessageContaining("checksum mismatch");
    }

    private static int firstEntry(byte[] segment) {
        for (int at = SegmentFiles.HEADER_AT; ; at += RecordFormat.ALIGNMENT) {
            if ((segment[at + RecordFormat.TAG_AT + 7] & 0x7f) == RecordType.ENTRY.code()) {
                return at;
            }
        }
    }

    @Test
    void aSegmentInThePlaceOfAnotherIsRefused() throws Exception {
        fill().close();
        List<Path> segments = segments();
        files.overwrite(segments.get(1), files.contents(segments.get(2)));

        assertThatThrownBy(this::open)
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining(segments.get(1).toString());
    }

    @Test
    void aMissingSegmentIsRefusedUnlessItIsTheLast() throws Exception {
        fill().close();
        List<Path> segments = segments();
        for (int missing = 0; missing + 1 < segments.size(); missing++) {
            byte[] bytes = files.contents(segments.get(missing));
            files.delete(segments.get(missing));

            assertThatThrownBy(this::open)
                    .isInstanceOf(CorruptLogException.class)
                    .hasMessageContaining("missing");

            files.create(segments.get(missing)).close();
            files.overwrite(segments.get(missing), bytes);
        }
        assertThat(LogState.of(open())).isEqualTo(states.getLast());
    }

    /** Sectors of an unsynced batch may be lost although later ones were written: no damage, nobody was told. */
    @Test
    void aHoleInWhatWasNeverSyncedIsATornTail() throws Exception {
        SegmentedLog log = open();
        log.append(null, List.of(LogState.entry(1, 1, 64)));
        log.sync();
        LogState synced = LogState.of(log);
        for (int i = 2; i <= 6; i++) {
            log.append(null, List.of(LogState.entry(1, i, 64)));
        }
        Path segment = segments().getFirst();
        byte[] bytes = files.contents(segment);
        int second = firstEntry(bytes) + (int) RecordFormat.size(64);
        bytes[second + 40] ^= 1;
        files.overwrite(segment, bytes);

        SegmentedLog opened = open();

        assertThat(LogState.of(opened)).isEqualTo(synced);
        opened.append(null, List.of(LogState.entry(2, 2, 64)));
        opened.sync();
        LogState goneOn = LogState.of(opened);
        files.losePower(Loss.EVERYTHING, new Random(1));
        assertThat(files.contents(segment)).as("never written again").isEqualTo(bytes);
        assertThat(LogState.of(open())).isEqualTo(goneOn);
    }

    /** What a cut took away would be a sound record in a sound place, were the place ever used again. */
    @Test
    void aSectorFromBeforeACutDoesNotComeBackToLife() throws Exception {
        SegmentedLog log = open();
        log.append(null, List.of(LogState.entry(1, 1, 64)));
        log.sync();
        log.append(null, List.of(LogState.entry(1, 2, 64)));
        log.append(null, List.of(LogState.entry(1, 3, 64)));
        Path segment = segments().getFirst();
        byte[] torn = files.contents(segment);
        int second = firstEntry(torn) + (int) RecordFormat.size(64);
        int third = second + (int) RecordFormat.size(64);
        torn[second + 40] ^= 1;
        files.overwrite(segment, torn);
        log = open();
        int left = third - second - (int) RecordFormat.size(0) - RecordFormat.HEADER_BYTES;
        log.append(null, List.of(LogState.entry(2, 2, left)));
        log.append(null, List.of(LogState.entry(2, 3, 64)));
        log.sync();
        log.append(null, List.of(LogState.entry(2, 4, 64)));
        log.sync();
        LogState acknowledged = LogState.of(log);

        files.damage(segment, third, Arrays.copyOfRange(torn, third, third + (int) RecordFormat.size(64)));

        assertThat(LogState.of(open())).isEqualTo(acknowledged);
    }

    @Test
    void damageFoundWhileReadingIsNamed() throws Exception {
        SegmentedLog log = SegmentedLog.open(files, WAL, new LogConfig(77, 1 << 20, 512, 0, 4096));
        log.append(null, LogState.entries(1, 1, 100, 64));
        Path segment = segments().getFirst();
        byte[] bytes = files.contents(segment);
        bytes[firstEntry(bytes) + 50 * (int) RecordFormat.size(64) + 40] ^= 1;
        files.overwrite(segment, bytes);

        assertThatThrownBy(() -> log.entries(1, 100, Long.MAX_VALUE))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("entry 51 is damaged");
        assertThat(log.entries(1, 51, Long.MAX_VALUE)).hasSize(50);
    }
}
