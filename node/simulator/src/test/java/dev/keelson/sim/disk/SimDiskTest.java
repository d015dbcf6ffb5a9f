package dev.keelson.sim.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.log.file.CrashFileSystem.Loss;
import dev.keelson.log.file.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimDiskTest {

    private static final Path HOME = Path.of("/home");
    private static final Path FILE = HOME.resolve("file");
    private static final int SECTOR = 512;

    private final List<String> heard = new ArrayList<>();
    private final SimDisk disk = disk(DamageBudget.UNLIMITED);

    @SuppressWarnings("NullAway.Init")
    private File file;

    private SimDisk disk(DamageBudget budget) {
        return new SimDisk(
                DiskFaults.NONE, new Random(3), budget, (kind, path, at) -> heard.add(kind + " " + path + " " + at));
    }

    @BeforeEach
    void makeFile() throws IOException {
        disk.createDirectories(HOME);
        disk.syncDirectory(Path.of("/"));
        file = disk.create(FILE);
        disk.syncDirectory(HOME);
    }

    private static ByteBuffer bytes(int count, int value) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }

    private void write(int value, int sector, int count) throws IOException {
        file.write(bytes(count * SECTOR, value), (long) sector * SECTOR);
        file.sync();
    }

    private int valueAt(int sector) throws IOException {
        var target = ByteBuffer.allocate(1);
        disk.open(FILE).read(target, (long) sector * SECTOR);
        return target.get(0);
    }

    @Test
    void aDiskWithoutFaultsKeepsWhatWasSynced() throws IOException {
        write(7, 0, 3);
        file.write(bytes(SECTOR, 9), 0);

        assertThat(valueAt(0)).isEqualTo(9);
        assertThat(disk.losePower(Loss.EVERYTHING)).isFalse();
        assertThat(valueAt(0)).isEqualTo(7);
        assertThat(disk.counts().total()).isEqualTo(1);
        assertThat(heard).containsExactly("POWER_LOSS / 0");
    }

    @Test
    void aFailedSyncSaysSoAndIsNotMadeUpForByTheNext() throws IOException {
        disk.faults(DiskFaults.NONE.with(DiskFault.FAILED_SYNC, 1));
        assertThatThrownBy(() -> write(7, 0, 1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> disk.syncDirectory(HOME)).isInstanceOf(IOException.class);
        disk.faults(DiskFaults.NONE);
        file.sync();
        disk.losePower(Loss.EVERYTHING);

        assertThat(disk.open(FILE).size()).isZero();
        assertThat(disk.counts().of(DiskFault.FAILED_SYNC)).isEqualTo(2);
    }

    @Test
    void aLieIsToldWhenItCostsSomething() throws IOException {
        disk.faults(DiskFaults.NONE.with(DiskFault.LYING_SYNC, 1));
        write(7, 0, 1);
        assertThat(disk.losePower(Loss.EVERYTHING)).isTrue();
        assertThat(disk.open(FILE).size()).isZero();

        file = disk.open(FILE);
        write(8, 0, 1);
        disk.faults(DiskFaults.NONE);
        file.sync();
        assertThat(disk.losePower(Loss.EVERYTHING)).as("made up for").isFalse();
        assertThat(valueAt(0)).isEqualTo(8);
    }

    @Test
    void aFailedSyncDoesNotDropWhatTheDeviceHadTaken() throws IOException {
        disk.faults(DiskFaults.NONE.with(DiskFault.LYING_SYNC, 1));
        write(7, 0, 1);
        disk.faults(DiskFaults.NONE.with(DiskFault.FAILED_SYNC, 1));
        assertThatThrownBy(() -> write(8, 1, 1)).isInstanceOf(IOException.class);

        assertThat(disk.losePower(Loss.NOTHING)).isFalse();
        assertThat(disk.open(FILE).size()).isEqualTo(SECTOR);
        assertThat(valueAt(0)).isEqualTo(7);
    }

    @Test
    void aLieAboutNamesIsToldToo() throws IOException {
        disk.faults(DiskFaults.NONE.with(DiskFault.LYING_SYNC, 1));
        disk.rename(FILE, HOME.resolve("other"));
        disk.syncDirectory(HOME);

        assertThat(disk.losePower(Loss.EVERYTHING)).isTrue();
        assertThat(disk.exists(FILE)).isTrue();
    }

    @Test
    void anUnreadableSectorFailsReadsUntilItIsWritten() throws IOException {
        write(7, 0, 1);
        write(7, 1, 1);
        assertThat(disk.loseSector(FILE)).isTrue();

        assertThatThrownBy(() -> valueAt(0)).isInstanceOf(IOException.class).hasMessageContaining("unreadable");
        assertThatThrownBy(() -> file.write(bytes(8, 1), 8)).isInstanceOf(IOException.class);
        assertThat(valueAt(1)).isEqualTo(7);
        file.write(bytes(SECTOR, 5), 0);
        assertThat(valueAt(0)).isEqualTo(5);
    }

    @Test
    void aFlippedBitSparesWhatTheLastSyncWrote() throws IOException {
        write(1, 0, 4);
        write(1, 2, 1);
        for (int i = 0; i < 100; i++) {
            assertThat(disk.flipBit(FILE)).isTrue();
        }
        byte[] damaged = disk.files().contents(FILE);

        for (int sector = 0; sector < 4; sector++) {
            byte[] part = Arrays.copyOfRange(damaged, sector * SECTOR, (sector + 1) * SECTOR);
            assertThat(Arrays.equals(part, bytes(SECTOR, 1).array())).isEqualTo(sector == 2);
        }
        assertThat(disk.counts().of(DiskFault.BIT_FLIP)).isEqualTo(100);
    }

    @Test
    void anOldSectorComesBack() throws IOException {
        write(1, 0, 3);
        write(2, 1, 1);
        assertThat(disk.bringBackSector(FILE)).as("written by the last sync").isFalse();
        write(3, 2, 1);

        assertThat(disk.bringBackSector(FILE)).isTrue();
        assertThat(valueAt(1)).isEqualTo(1);
        assertThat(valueAt(2)).isEqualTo(3);
        assertThat(heard).containsExactly("STALE_SECTOR /home/file 512");
    }

    @Test
    void aWriteLandsElsewhere() throws IOException {
        write(1, 0, 3);
        write(2, 1, 1);
        write(3, 2, 1);

        assertThat(disk.misdirect(FILE)).isTrue();
        assertThat(valueAt(2)).isEqualTo(3);
        assertThat(List.of(valueAt(0), valueAt(1))).isIn(List.of(2, 1), List.of(1, 2));
    }

    @Test
    void aFullDiskStillWritesWhereThereAreBlocks() throws IOException {
        file.preallocate(2 * SECTOR);
        disk.full(true);
        write(7, 0, 2);

        assertThatThrownBy(() -> file.write(bytes(3 * SECTOR, 8), 0)).isInstanceOf(NoSpaceException.class);
        assertThatThrownBy(() -> file.preallocate(3 * SECTOR)).isInstanceOf(NoSpaceException.class);
        assertThatThrownBy(() -> disk.create(HOME.resolve("more"))).isInstanceOf(NoSpaceException.class);
        assertThat(valueAt(1)).as("a write that does not fit is done in part").isEqualTo(8);
        assertThat(file.size()).isEqualTo(2 * SECTOR);

        disk.full(false);
        write(9, 0, 3);
        assertThat(valueAt(2)).isEqualTo(9);
    }

    @Test
    void withoutLeaveNothingIsDestroyed() throws IOException {
        var kept = disk(DamageBudget.NOTHING);
        kept.createDirectories(HOME);
        file = kept.create(FILE);
        kept.faults(new DiskFaults(
                Map.of(DiskFault.LYING_SYNC, 1.0, DiskFault.BIT_FLIP, 1.0, DiskFault.STALE_SECTOR, 1.0)));
        for (int i = 0; i < 10; i++) {
            write(i, i % 3, 1);
        }

        assertThat(kept.flipBit(FILE)).isFalse();
        assertThat(kept.counts().total()).isZero();
    }

    @Test
    void theSameSeedBringsTheSameFaults() throws IOException {
        var first = List.copyOf(runWithEverything());
        heard.clear();

        assertThat(runWithEverything()).isEqualTo(first).hasSizeGreaterThan(100);
    }

    private List<String> runWithEverything() throws IOException {
        SimDisk faulty = disk(DamageBudget.UNLIMITED);
        faulty.createDirectories(HOME);
        file = faulty.create(FILE);
        for (DiskFault kind : DiskFault.values()) {
            if (kind.destructive()) {
                faulty.faults(faulty.faults().with(kind, 0.2));
            }
        }
        for (int i = 0; i < 200; i++) {
            if (faulty.draws(DiskFault.LATENT_SECTOR)) {
                faulty.losePower(Loss.ANY_SUBSET);
            }
            write(i, i % 16, 1 + i % 3);
        }
        return heard;
    }

    @Test
    void aWipedDiskIsEmpty() throws IOException {
        disk.wipe();

        assertThat(disk.files().files()).isEmpty();
    }

    @Test
    void anImpossibleRateIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> DiskFaults.NONE.with(DiskFault.BIT_FLIP, 1.5));
        assertThatIllegalArgumentException().isThrownBy(() -> DiskFaults.NONE.with(DiskFault.POWER_LOSS, 0.5));
    }
}
