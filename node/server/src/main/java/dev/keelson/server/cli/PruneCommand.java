package dev.keelson.server.cli;

import dev.keelson.backup.full.Catalog;
import dev.keelson.backup.prune.Pruning;
import dev.keelson.backup.prune.Retention;
import dev.keelson.backup.store.BackupStore;
import dev.keelson.server.config.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "prune",
        description = "Deletes backups that no rule keeps, and changes that lead on from none; the newest backup of a"
                + " cluster stays whatever the rules say",
        mixinStandardHelpOptions = true)
final class PruneCommand implements Callable<Integer> {

    @Mixin
    StoreOptions options = new StoreOptions();

    @Option(names = "--keep-last", defaultValue = "1", description = "so many of the newest")
    int last = 1;

    @Option(names = "--keep-within", defaultValue = "0", description = "all that are not older, as 72h")
    String within = "0";

    @Option(names = "--hourly", defaultValue = "0", description = "the newest of each of so many hours")
    int hourly;

    @Option(names = "--daily", defaultValue = "0", description = "the newest of each of so many days")
    int daily;

    @Option(names = "--weekly", defaultValue = "0", description = "the newest of each of so many weeks")
    int weekly;

    @Option(names = "--monthly", defaultValue = "0", description = "the newest of each of so many months")
    int monthly;

    @Option(names = "--time-zone", defaultValue = "UTC", description = "whose days count (default: ${DEFAULT-VALUE})")
    String zone = "UTC";

    @Override
    public Integer call() {
        Retention retention = retention();
        try (BackupStore store = options.open()) {
            Pruning.Outcome outcome = new Pruning(new Catalog(store, options.keys())).run(retention, Instant.now());
            outcome.deleted().forEach(backup -> System.out.println("Backup " + backup.id() + " deleted"));
            outcome.refused().forEach(refused -> System.err.println("Warning: " + refused));
            System.out.println(outcome.kept() + " backups kept, "
                    + outcome.deleted().size() + " deleted, and " + outcome.segments() + " segments of archives");
            return outcome.refused().isEmpty() ? 0 : CommandFailure.ERROR;
        }
    }

    private Retention retention() {
        try {
            return new Retention(
                    last,
                    Duration.ofMillis(Durations.millis(within, "--keep-within")),
                    hourly,
                    daily,
                    weekly,
                    monthly,
                    ZoneId.of(zone));
        } catch (DateTimeException unknown) {
            throw new CommandFailure("--time-zone " + zone + " is none", CommandFailure.BAD_ARGUMENTS);
        }
    }
}
