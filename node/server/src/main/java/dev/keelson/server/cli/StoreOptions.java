package dev.keelson.server.cli;

import dev.keelson.backup.seal.KeyRing;
import dev.keelson.backup.seal.SealException;
import dev.keelson.backup.seal.SealKey;
import dev.keelson.backup.store.BackupStore;
import dev.keelson.backup.store.DirectoryStore;
import dev.keelson.backup.store.RetryingStore;
import dev.keelson.backup.store.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Option;

/** Where backups lie and by which keys they are sealed; the options of every command about backups. */
final class StoreOptions {

    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long PAUSE_MILLIS_MAX = 10_000;
    private static final int DOUBLINGS_MAX = 10;

    @Option(
            names = "--store",
            required = true,
            defaultValue = "${env:KEELSON_BACKUP_STORE}",
            description = "a directory, or s3://<bucket>/<prefix>")
    String place = "";

    @Option(
            names = "--key-file",
            description = "a file with a key of 32 bytes, to seal what is written and to open what is sealed; given more"
                    + " than once, the first seals and all open")
    List<Path> keyFiles = new ArrayList<>();

    @Option(
            names = "--retries",
            defaultValue = "8",
            description = "how often to try again, ever more slowly, while the store is not there or full"
                    + " (default: ${DEFAULT-VALUE})")
    int retries = 8;

    BackupStore open() {
        return new RetryingStore(new DirectoryStore(Path.of(place)), this::await);
    }

    KeyRing keys() {
        try {
            return new KeyRing(keyFiles.stream().map(SealKey::read).toList());
        } catch (SealException unusable) {
            throw new CommandFailure(String.valueOf(unusable.getMessage()), CommandFailure.BAD_ARGUMENTS);
        }
    }

    private boolean await(int failures, StoreException cause) {
        if (failures > retries) {
            return false;
        }
        long pause = Math.min(PAUSE_MILLIS_MAX, FIRST_PAUSE_MILLIS << Math.min(failures - 1, DOUBLINGS_MAX));
        System.err.println("Warning: " + cause.getMessage() + "; trying again in " + pause + " ms");
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
        return true;
    }
}
