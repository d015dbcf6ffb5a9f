package dev.keelson.backup.restore;

import dev.keelson.backup.archive.Archive;
import dev.keelson.backup.archive.ArchiveListener;
import dev.keelson.backup.archive.ArchiveSettings;
import dev.keelson.backup.archive.Archiver;
import dev.keelson.backup.archive.SegmentName;
import dev.keelson.backup.full.FullBackup;
import dev.keelson.backup.full.Manifest;
import dev.keelson.backup.seal.KeyRing;
import dev.keelson.backup.seal.Wrapping;
import dev.keelson.backup.store.BackupStore;
import dev.keelson.backup.store.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** An archiver on a thread of its own. */
final class Archiving implements AutoCloseable, ArchiveListener {

    private static final Duration EVERY = Duration.ofMillis(20);
    private static final long SECONDS_MAX = 60;

    final List<String> heard = new ArrayList<>();
    private final Archiver archiver;
    private final CompletableFuture<Void> end;
    private long reached;

    Archiving(StoreCluster cluster, BackupStore store, KeyRing keys, Clock clock, Path directory) {
        var full = new FullBackup(cluster, store, new Wrapping(true, keys), clock, Progress.UNSEEN);
        var settings = new ArchiveSettings(EVERY, 400, Duration.ofSeconds(SECONDS_MAX), EVERY);
        archiver = new Archiver(
                cluster,
                new Archive(store, keys),
                () -> full.make(directory),
                settings,
                new Archiver.Tools(clock, this));
        end = CompletableFuture.runAsync(() -> {
            try {
                archiver.run();
            } catch (IOException | InterruptedException failure) {
                throw new CompletionException(failure);
            }
        });
    }

    @Override
    public synchronized void begun(Manifest base, String why) {
        heard.add("begun");
        reached = base.history().revision();
        notifyAll();
    }

    @Override
    public synchronized void resumed(SegmentName last) {
        heard.add("resumed");
        reached = last.hi() - 1;
        notifyAll();
    }

    @Override
    public synchronized void sealed(SegmentName segment, int changesBytes) {
        reached = segment.hi() - 1;
        notifyAll();
    }

    @Override
    public synchronized void gap(long from, long compactRevision) {
        heard.add("gap");
    }

    @Override
    public synchronized void delayed(String cause, Duration pause) {
        heard.add("delayed");
        notifyAll();
    }

    /** Returns when the store has all up to a revision. */
    synchronized void await(long revision) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (reached < revision || heard.isEmpty()) {
            if (end.isCompletedExceptionally() || System.nanoTime() > deadline) {
                throw new AssertionError("the archive is at " + reached + ", heard " + heard + ", ended " + end);
            }
            TimeUnit.MILLISECONDS.timedWait(this, EVERY.toMillis());
        }
    }

    /** Stops it and fails as it failed. */
    @Override
    public void close() {
        archiver.stop();
        end.join();
    }
}
