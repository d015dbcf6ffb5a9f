package dev.keelson.server.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.log.file.File;
import dev.keelson.log.file.FileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {

    private static final long MIB = 1 << 20;

    @TempDir
    Path directory;

    private long free = 1_000 * MIB;
    private DiskSpace space;
    private final List<Runnable> background = new ArrayList<>();
    private final List<Boolean> told = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private DiskWatch watch;

    @BeforeEach
    void begin() {
        space = new DiskSpace(directory, () -> free);
        watch = new DiskWatch(space, told::add, background::add, new MemberEvents() {
            @Override
            public void info(String message, Object... fields) {
                lines.add(message);
            }

            @Override
            public void warn(String message, Object... fields) {
                lines.add(message);
            }

            @Override
            public void ready() {}

            @Override
            public void fatal(String reason, Throwable cause) {}
        });
    }

    private Path reserve() {
        return directory.resolve("reserve");
    }

    private void lookAndWork() {
        watch.tick();
        background.forEach(Runnable::run);
        background.clear();
    }

    @Test
    void theReserveIsKeptWhileThereIsRoomAndGivenUpWhenThereIsNone() throws IOException {
        lookAndWork();
        assertThat(Files.size(reserve())).isEqualTo(DiskSpace.RESERVE_BYTES);

        free = DiskSpace.FREE_BYTES_MIN - 1;
        lookAndWork();
        assertThat(reserve()).exists();
        free = 0;
        for (int looks = 1; looks < DiskWatch.SCARCE_LOOKS_MAX; looks++) {
            lookAndWork();
            assertThat(reserve()).as("whoever fills the disk may still do so").exists();
        }
        lookAndWork();
        assertThat(reserve()).doesNotExist();

        free = DiskSpace.FREE_BYTES_MIN + DiskSpace.RESERVE_BYTES - 1;
        lookAndWork();
        assertThat(reserve()).as("would make the disk short").doesNotExist();
        free++;
        lookAndWork();
        assertThat(reserve()).exists();
        assertThat(told).startsWith(false, true, true).endsWith(true, false, false);
        assertThat(lines)
                .containsExactly(
                        "the disk is nearly full: writes that take space are refused",
                        "the disk is full: the reserve was given up",
                        "the disk has room again: clear the alarm to let writes in");
    }

    @Test
    void aWriteThatFindsNoRoomIsTriedOnceMoreWithoutTheReserve() throws IOException {
        lookAndWork();
        FileSystem roomy = new RoomyFileSystem(new FullDisk(reserve()), space);
        try (File file = roomy.create(directory.resolve("log"))) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
            assertThat(reserve()).doesNotExist();
            assertThat(file.size()).isEqualTo(3);
        }
    }

    @Test
    void aWriteFailsWhenThereIsNoReserveLeft() throws IOException {
        Files.createDirectory(directory.resolve("always"));
        FileSystem roomy = new RoomyFileSystem(new FullDisk(directory.resolve("always")), space);
        try (File file = roomy.create(directory.resolve("log"))) {
            assertThatThrownBy(() -> file.write(ByteBuffer.wrap(new byte[] {1}), 0))
                    .isInstanceOf(IOException.class)
                    .hasMessage("No space left on device");
        }
    }
}
