package dev.keelson.server.cli;

import dev.keelson.backup.s3.S3Place;
import dev.keelson.backup.s3.S3Store;
import dev.keelson.backup.seal.KeyRing;
import dev.keelson.backup.seal.SealException;
import dev.keelson.backup.seal.SealKey;
import dev.keelson.backup.store.BackupStore;
import dev.keelson.backup.store.DirectoryStore;
import dev.keelson.backup.store.RetryingStore;
import dev.keelson.backup.store.StoreException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Where backups lie and by which keys they are sealed; the options of every command about backups. */
final class StoreOptions {

    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long PAUSE_MILLIS_MAX = 10_000;
    private static final int DOUBLINGS_MAX = 10;
    private static final Pattern S3 = Pattern.compile("s3://([a-z0-9][a-z0-9.-]+)(/.*)?");

    @Option(
            names = "--store",
            required = true,
            defaultValue = "${env:KEELSON_BACKUP_STORE}",
            description = "a directory, or s3://<bucket>/<prefix>")
    String place = "";

    @Option(
            names = "--key-file",
            description =
                    "a file with a key of 32 bytes, to seal what is written and to open what is sealed; given more"
                            + " than once, the first seals and all open")
    List<Path> keyFiles = new ArrayList<>();

    @Option(
            names = "--retries",
            defaultValue = "8",
            description = "how often to try again, ever more slowly, while the store is not there or full"
                    + " (default: ${DEFAULT-VALUE})")
    int retries = 8;

    @Option(
            names = "--s3-endpoint",
            defaultValue = "${env:AWS_ENDPOINT_URL_S3:-}",
            description = "address of a server that speaks S3 and is not Amazon's")
    String endpoint = "";

    @Option(
            names = "--s3-region",
            defaultValue = "${env:AWS_REGION:-us-east-1}",
            description = "region of the bucket (default: ${DEFAULT-VALUE})")
    String region = "us-east-1";

    @Option(
            names = "--s3-path-style",
            description = "the bucket stands in the path of addresses, not in the name of the host")
    boolean pathStyle;

    @Option(names = "--s3-encryption", description = "what the server is to encrypt by: AES256 or aws:kms")
    String encryption = "";

    @Option(names = "--s3-kms-key", description = "id of the key for aws:kms")
    String encryptionKey = "";

    BackupStore open() {
        Matcher bucket = S3.matcher(place);
        if (place.contains("://") && !bucket.matches()) {
            throw new CommandFailure(
                    "--store " + place + " is neither a directory nor s3://<bucket>/<prefix>",
                    CommandFailure.BAD_ARGUMENTS);
        }
        BackupStore store = bucket.matches()
                ? S3Store.open(new S3Place(
                        bucket.group(1),
                        bucket.group(2) == null ? "" : bucket.group(2).replaceAll("^/+|/+$", ""),
                        endpoint.isEmpty() ? null : URI.create(endpoint),
                        region,
                        pathStyle,
                        encryption,
                        encryptionKey))
                : new DirectoryStore(Path.of(place));
        return new RetryingStore(store, this::await);
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
