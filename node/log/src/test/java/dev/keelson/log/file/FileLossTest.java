package dev.keelson.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.log.file.CrashFileSystem.Call;
import dev.keelson.log.file.CrashFileSystem.Loss;
import dev.keelson.log.file.CrashFileSystem.Moment;
import dev.keelson.log.file.CrashFileSystem.ProcessEnded;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What {@link CrashFileSystem} keeps and loses, and where it ends a process. */
class FileLossTest {

    private static final Path PARENT = Path.of("/a");
    private static final Path HOME = PARENT.resolve("home");
    private static final Path FILE = HOME.resolve("file");

    private final CrashFileSystem files = new CrashFileSystem();
    private final Random random = new Random(4);

    private File durableFile() throws IOException {
        files.createDirectories(HOME);
        files.syncDirectory(Path.of("/"));
        files.syncDirectory(PARENT);
        File file = files.create(FILE);
        files.syncDirectory(HOME);
        return file;
    }

    private static ByteBuffer bytes(int count, int value) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }

    @Test
    void aDirectoryIsLostUntilEveryLevelAboveItIsSynced() throws IOException {
        files.createDirectories(HOME);
        files.syncDirectory(PARENT);
        files.losePower(Loss.EVERYTHING, random);

        assertThat(files.exists(HOME)).isFalse();
        durableFile();
        files.losePower(Loss.EVERYTHING, random);
        assertThat(files.files()).containsExactly(FILE);
    }

    @Test
    void aWholeDirectoryCanBeRenamed() throws IOException {
        durableFile();
        files.rename(HOME, HOME.resolveSibling("moved"));

        assertThat(files.files()).containsExactly(Path.of("/a/moved/file"));
        files.losePower(Loss.EVERYTHING, random);
        assertThat(files.files()).containsExactly(FILE);
    }

    @Test
    void readsSeeWritesAcrossPagesAndZerosBetween() throws IOException {
        File file = durableFile();
        file.write(bytes(5000, 1), 4000);
        file.truncate(6000);
        file.preallocate(20_000);

        byte[] expected = new byte[20_000];
        Arrays.fill(expected, 4000, 6000, (byte) 1);
        assertThat(files.contents(FILE)).isEqualTo(expected);
        file.sync();
        file.write(bytes(10, 2), 0);
        files.losePower(Loss.EVERYTHING, random);
        assertThat(files.contents(FILE)).isEqualTo(expected);
    }

    @Test
    void aPrefixKeepsNoWriteWithoutThoseBeforeIt() throws IOException {
        var sizes = new TreeSet<Long>();
        for (int seed = 0; seed < 200; seed++) {
            var fresh = new CrashFileSystem();
            fresh.createDirectories(HOME);
            File file = fresh.create(FILE);
            for (int i = 0; i < 4; i++) {
                file.write(bytes(1024, i + 1), 1024L * i);
            }
            fresh.syncDirectory(Path.of("/"));
            fresh.syncDirectory(PARENT);
            fresh.syncDirectory(HOME);
            fresh.losePower(Loss.ALL_BUT_A_PREFIX, new Random(seed));
            byte[] kept = fresh.contents(FILE);
            sizes.add((long) kept.length);
            for (int at = 0; at < kept.length; at++) {
                assertThat(kept[at]).isEqualTo((byte) (at / 1024 + 1));
            }
        }
        assertThat(sizes).as("writes are torn at sectors").contains(0L, 512L, 1024L, 1536L, 4096L);
    }

    @Test
    void aCallIsDoneNotAtAllInPartOrWholeWhenTheProcessEndsAtIt() throws IOException {
        for (Moment moment : Moment.values()) {
            CrashFileSystem disk = new CrashFileSystem();
            disk.createDirectories(HOME);
            File file = disk.create(FILE);
            disk.endProcess(1, moment, random);
            assertThatThrownBy(() -> file.write(bytes(4000, 1), 0)).isInstanceOf(ProcessEnded.class);
            assertThatThrownBy(file::sync).isInstanceOf(ProcessEnded.class);
            disk.killProcess();

            assertThat(disk.size(FILE))
                    .isBetween(
                            moment == Moment.AFTER ? 4000L : 0L,
                            switch (moment) {
                                case BEFORE -> 0L;
                                case MIDDLE -> 3999L;
                                case AFTER -> 4000L;
                            });
        }
    }

    @Test
    void inTheMiddleOfARenameBothNamesAreThere() throws IOException {
        durableFile();
        files.endProcess(1, Moment.MIDDLE, random);
        assertThatThrownBy(() -> files.rename(FILE, HOME.resolve("other"))).isInstanceOf(ProcessEnded.class);
        files.killProcess();

        assertThat(files.list(HOME)).containsExactly("file", "other");
        assertThat(files.inode(FILE)).isEqualTo(files.inode(HOME.resolve("other")));
        assertThat(files.copy().files()).hasSize(2);
    }

    @Test
    void inTheMiddleOfADirectorySyncTheFirstChangesAreDurable() throws IOException {
        var found = new TreeSet<Integer>();
        for (int seed = 0; seed < 50; seed++) {
            var disk = new CrashFileSystem();
            disk.createDirectories(HOME);
            disk.syncDirectory(Path.of("/"));
            disk.syncDirectory(PARENT);
            for (int i = 0; i < 4; i++) {
                disk.create(HOME.resolve("f" + i)).close();
            }
            disk.endProcess(1, Moment.MIDDLE, new Random(seed));
            assertThatThrownBy(() -> disk.syncDirectory(HOME)).isInstanceOf(ProcessEnded.class);
            disk.losePower(Loss.EVERYTHING, random);
            int kept = disk.list(HOME).size();
            found.add(kept);
            for (int i = 0; i < kept; i++) {
                assertThat(disk.exists(HOME.resolve("f" + i))).isTrue();
            }
        }
        assertThat(found).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void aCopyGoesItsOwnWay() throws IOException {
        durableFile().write(bytes(600, 3), 0);
        CrashFileSystem copy = files.copy();
        copy.losePower(Loss.EVERYTHING, random);

        assertThat(copy.size(FILE)).isZero();
        assertThat(files.size(FILE)).isEqualTo(600);
        files.losePower(Loss.NOTHING, random);
        assertThat(files.size(FILE)).isEqualTo(600);
    }

    @Test
    void callsAreCountedByKind() throws IOException {
        File file = durableFile();
        file.sync();
        file.sync();

        assertThat(files.callsByKind()).containsEntry(Call.SYNC, 2).containsEntry(Call.SYNC_DIRECTORY, 3);
        assertThat(files.calls()).isEqualTo(7);
        assertThat(files.latestCall()).isEqualTo(Call.SYNC);
        assertThatThrownBy(() -> files.open(HOME.resolve("none"))).isInstanceOf(FileNotFoundException.class);
    }

    /** With whole files copied for each write this took minutes. */
    @Test
    void manySmallSyncedWritesInALargeFileCostLittle() throws IOException {
        File file = durableFile();
        file.preallocate(1L << 30);
        for (int i = 0; i < 100_000; i++) {
            file.write(bytes(100, i), 100L * i);
            file.sync();
        }

        assertThat(files.size(FILE)).isEqualTo(1L << 30);
    }
}
