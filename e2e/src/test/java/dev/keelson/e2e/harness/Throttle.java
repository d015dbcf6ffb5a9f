package dev.keelson.e2e.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A control group whose processes write to one device at a bounded rate; without it they are free again. */
public final class Throttle implements AutoCloseable {

    private static final Path ROOT = Path.of("/sys/fs/cgroup/blkio");
    private static final String LIMIT = "blkio.throttle.write_bps_device";
    private static final String PROCESSES = "cgroup.procs";

    private static final Set<Throttle> HELD = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> HELD.forEach(Throttle::close)));
    }

    private final Path group;

    private Throttle(Path group) {
        this.group = group;
    }

    /** Skips the test where this host cannot slow a disk down. */
    public static void assumeAvailable() {
        boolean available = Files.isWritable(ROOT.resolve(LIMIT));
        String reason = "no writable " + ROOT.resolve(LIMIT) + " here (cgroup v1), so no slow disks";
        if (!available) {
            System.err.println("skipped: " + reason);
        }
        assumeTrue(available, reason);
    }

    /** Slows down what the member writes to its disk. */
    public static Throttle of(Member member, Disk disk, long bytesPerSecond) {
        Path group = ROOT.resolve("keelson-e2e-" + member.pid());
        var throttle = new Throttle(group);
        try {
            Files.createDirectory(group);
            HELD.add(throttle);
            Files.writeString(group.resolve(LIMIT), disk.device() + " " + bytesPerSecond);
            Files.writeString(group.resolve(PROCESSES), Long.toString(member.pid()));
            return throttle;
        } catch (IOException failure) {
            throttle.close();
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        if (!Files.exists(group)) {
            return;
        }
        try {
            for (String process : Files.readAllLines(group.resolve(PROCESSES))) {
                Files.writeString(ROOT.resolve(PROCESSES), process);
            }
            Files.delete(group);
            HELD.remove(this);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
