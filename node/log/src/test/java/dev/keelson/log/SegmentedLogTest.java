package dev.keelson.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.log.file.CrashFileSystem;
import dev.keelson.log.file.CrashFileSystem.Loss;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.LogStorage;
import dev.keelson.raft.log.SnapshotMetadata;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentedLogTest {

    private static final Path WAL = Path.of("/data/wal");
    private static final LogConfig SMALL = new LogConfig(77, 4096, 1024, 2000, 4096);
    private static final LogConfig UNCACHED = new LogConfig(77, 4096, 1024, 0, 4096);

    private final CrashFileSystem files = new CrashFileSystem();

    private SegmentedLog open() {
        return SegmentedLog.open(files, WAL, SMALL);
    }

    private SegmentedLog reopen(SegmentedLog log) {
        log.close();
        return open();
    }

    @Test
    void aNewLogIsEmpty() {
        SegmentedLog log = open();

        assertThat(LogState.of(log)).isEqualTo(new LogState(SnapshotMetadata.NONE, HardState.EMPTY, List.of()));
        assertThat(log.firstIndex()).isEqualTo(1);
        assertThat(log.lastIndex()).isZero();
        assertThat(log.term(0)).isZero();
        assertThat(log.term(1)).isEqualTo(LogStorage.TERM_UNAVAILABLE);
    }

    @Test
    void entriesAndHardStateComeBack() {
        SegmentedLog log = open();
        log.append(new HardState(3, 9, 2), LogState.entries(3, 1, 6, 100));
        log.sync();
        LogState before = LogState.of(log);

        log = reopen(log);

        assertThat(LogState.of(log)).isEqualTo(before);
        assertThat(log.hardState()).isEqualTo(new HardState(3, 9, 2));
    }

    @Test
    void aLaterEntryReplacesTheOnesFromItsIndexOn() {
        SegmentedLog log = open();
        log.append(null, LogState.entries(1, 1, 200, 50));
        log.append(null, LogState.entries(2, 120, 123, 50));
        assertThat(log.lastIndex()).isEqualTo(122);
        assertThat(log.term(119)).isEqualTo(1);
        assertThat(log.term(120)).isEqualTo(2);
        LogState before = LogState.of(log);

        log = reopen(log);

        assertThat(LogState.of(log)).isEqualTo(before);
    }

    @Test
    void anEndReplacedAcrossSegmentsStaysReplaced() {
        SegmentedLog log = open();
        for (int i = 0; i < 10; i++) {
            log.append(null, LogState.entries(1, i * 20 + 1, i * 20 + 21, 80));
        }
        for (int i = 0; i < 10; i++) {
            log.append(null, LogState.entries(2, i * 5 + 30, i * 5 + 35, 300));
        }
        LogState before = LogState.of(log);

        log = reopen(log);

        assertThat(LogState.of(log)).isEqualTo(before);
        assertThat(log.term(29)).isEqualTo(1);
        assertThat(log.term(30)).isEqualTo(2);
    }

    @Test
    void aReadReturnsAtLeastOneEntryAndThenWhatFits() {
        for (LogConfig config : List.of(SMALL, UNCACHED)) {
            var log = SegmentedLog.open(new CrashFileSystem(), WAL, config);
            log.append(null, LogState.entries(1, 1, 101, 68));

            assertThat(log.entries(40, 60, 1)).hasSize(1);
            assertThat(log.entries(40, 60, 300)).isEqualTo(LogState.entries(1, 40, 43, 68));
            assertThat(log.entries(1, 101, Long.MAX_VALUE)).isEqualTo(LogState.entries(1, 1, 101, 68));
            assertThat(log.entries(40, 40, 300)).isEmpty();
        }
    }

    @Test
    void aReadOutsideTheLogIsRefused() {
        SegmentedLog log = open();
        log.append(null, LogState.entries(1, 1, 4, 10));

        assertThatThrownBy(() -> log.entries(0, 2, 10)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> log.entries(1, 5, 10)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void entriesLargerThanEveryBufferComeBack() {
        SegmentedLog log = open();
        log.append(new HardState(1, 1, 0), List.of(LogState.entry(1, 1, 50_000), LogState.entry(1, 2, 3)));
        log.append(null, List.of(LogState.entry(1, 3, 4096), LogState.entry(1, 4, 4064), LogState.entry(1, 5, 4065)));
        LogState before = LogState.of(log);

        log = reopen(log);

        assertThat(LogState.of(log)).isEqualTo(before);
        assertThat(before.entries().getFirst()).isEqualTo(LogState.entry(1, 1, 50_000));
    }

    @Test
    void aCutRemembersItsStartAndDeletesWholeFiles() throws Exception {
        SegmentedLog log = open();
        for (int i = 0; i < 20; i++) {
            log.append(new HardState(2, 1, i), LogState.entries(2, i * 10 + 1, i * 10 + 11, 80));
        }
        int filesBefore = files.list(WAL).size();
        var upTo = new SnapshotMetadata(150, 2, new ConfState(List.of(1L, 2L), List.of(), List.of(3L)));

        log.cut(upTo);

        assertThat(log.start()).isEqualTo(upTo);
        assertThat(log.term(150)).isEqualTo(2);
        assertThat(log.term(149)).isEqualTo(LogStorage.TERM_COMPACTED);
        assertThat(files.list(WAL).size()).isLessThan(filesBefore);
        LogState before = LogState.of(log);
        assertThat(before.entries()).isEqualTo(LogState.entries(2, 151, 201, 80));
        files.losePower(Loss.EVERYTHING, new Random(1));
        assertThat(LogState.of(open())).isEqualTo(before);
    }

    @Test
    void aCutThatFreesNoFileChangesNothing() {
        SegmentedLog log = open();
        log.append(null, LogState.entries(1, 1, 11, 10));

        log.cut(new SnapshotMetadata(5, 1, ConfState.EMPTY));

        assertThat(log.firstIndex()).isEqualTo(1);
        assertThat(log.entries(1, 11, Long.MAX_VALUE)).hasSize(10);
    }

    @Test
    void aCutUpToTheLastEntryLeavesAnEmptyLogThatGoesOn() {
        SegmentedLog log = open();
        log.append(null, LogState.entries(1, 1, 100, 100));
        log.append(null, LogState.entries(1, 100, 101, 10));
        log.cut(new SnapshotMetadata(100, 1, ConfState.EMPTY));
        assertThat(log.lastIndex()).isEqualTo(100);

        log.append(null, LogState.entries(2, 101, 103, 10));

        log = reopen(log);
        assertThat(LogState.of(log).entries()).isEqualTo(LogState.entries(2, 101, 103, 10));
        assertThat(log.term(100)).isEqualTo(1);
    }

    @Test
    void aCutBehindAReplacedEndKeepsWhatCounts() {
        SegmentedLog log = open();
        log.append(null, LogState.entries(1, 1, 100, 100));
        log.append(null, LogState.entries(1, 100, 200, 100));
        log.append(null, LogState.entries(2, 90, 150, 100));
        log.append(null, LogState.entries(2, 150, 250, 100));
        log.cut(new SnapshotMetadata(89, 1, ConfState.EMPTY));
        LogState before = LogState.of(log);

        log = reopen(log);

        assertThat(LogState.of(log)).isEqualTo(before);
        assertThat(log.firstIndex()).isEqualTo(90);
    }

    @Test
    void aResetDropsEverythingAndIsDurable() throws Exception {
        SegmentedLog log = open();
        log.append(new HardState(1, 1, 1), LogState.entries(1, 1, 100, 100));
        var metadata = new SnapshotMetadata(50, 4, ConfState.ofVoters(List.of(7L)));
        log.reset(metadata, new HardState(5, 2, 50));

        files.losePower(Loss.EVERYTHING, new Random(1));

        SegmentedLog opened = open();
        assertThat(LogState.of(opened)).isEqualTo(new LogState(metadata, new HardState(5, 2, 50), List.of()));
        assertThat(files.list(WAL)).hasSize(1);
        opened.append(null, LogState.entries(5, 51, 53, 10));
        assertThat(opened.lastIndex()).isEqualTo(52);
    }

    @Test
    void bytesAfterCountsTheTail() {
        SegmentedLog log = open();
        log.append(null, LogState.entries(1, 1, 11, 96));

        assertThat(log.bytesAfter(10)).isZero();
        assertThat(log.bytesAfter(11)).isZero();
        assertThat(log.bytesAfter(9)).isEqualTo(128);
        assertThat(log.bytesAfter(0)).isEqualTo(1280);
    }

    @Test
    void aFailedSyncIsFinal() {
        SegmentedLog log = open();
        log.append(null, LogState.entries(1, 1, 11, 96));
        files.failSync(1);
        assertThatThrownBy(log::sync).isInstanceOf(LogFailedException.class);

        assertThatThrownBy(log::sync).isInstanceOf(LogFailedException.class);

        assertThatThrownBy(() -> log.append(null, LogState.entries(1, 11, 12, 1)))
                .isInstanceOf(LogFailedException.class)
                .hasMessageContaining("/data/wal");
        assertThatThrownBy(() -> log.reset(SnapshotMetadata.NONE, HardState.EMPTY))
                .isInstanceOf(LogFailedException.class);
        log.close();
    }

    /** The kernel marks pages clean that it failed to write; a later sync would report success and do nothing. */
    @Test
    void whatAFailedSyncLeftInMemoryIsWrittenAgainBeforeItCounts() {
        SegmentedLog log = open();
        log.append(new HardState(1, 1, 0), LogState.entries(1, 1, 6, 96));
        log.sync();
        log.append(null, LogState.entries(1, 6, 11, 96));
        files.failSync(1);
        assertThatThrownBy(log::sync).isInstanceOf(LogFailedException.class);
        files.killProcess();
        LogState found = LogState.of(open());
        assertThat(found.entries()).hasSize(10);

        files.losePower(Loss.EVERYTHING, new Random(1));

        assertThat(LogState.of(open())).isEqualTo(found);
    }

    @Test
    void aLogOfAnotherMemberIsRefused() {
        open().close();

        assertThatThrownBy(() -> SegmentedLog.open(files, WAL, LogConfig.defaults(78)))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("belongs to log 4d, not to 4e");
    }

    @Test
    void entriesThatDoNotFollowAreRefused() {
        SegmentedLog log = open();
        log.append(null, LogState.entries(3, 1, 6, 10));

        assertThatThrownBy(() -> log.append(null, LogState.entries(3, 7, 8, 10)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.append(null, LogState.entries(2, 6, 7, 10)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.append(null, List.of(LogState.entry(3, 6, 1), LogState.entry(3, 8, 1))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
