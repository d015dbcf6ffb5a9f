package dev.keelson.e2e.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A small ext4 filesystem in a file, which can lose its power or fill up without harm to the machine.
 *
 * <p>It flushes on its own only once a minute, so that nearly all that survives a loss of power was asked to.
 */
public final class Disk implements AutoCloseable {

    private static final int READ_ONLY = 0;
    /** FS_IOC_SHUTDOWN: from here on nothing reaches the device, and its journal is not flushed before. */
    private static final long SHUTDOWN = 0x8004587DL;

    private static final int WITHOUT_FLUSH = 2;
    private static final String BALLAST = "ballast";

    private static final Set<Path> MOUNTED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> MOUNTED.forEach(Disk::detach)));
    }

    private final Path image;
    private final Path at;

    private Disk(Path image, Path at) {
        this.image = image;
        this.at = at;
    }

    /** Skips the test where this host cannot mount images. */
    public static void assumeAvailable() {
        Path probe = Tools.workDirectory("disk-probe");
        String reason = "no root, no loop device or no ext4 here, so no disks of our own";
        boolean available = Run.command("id", "-u").result().output().strip().equals("0");
        if (available) {
            Path image = probe.resolve("image");
            Path at = probe.resolve("at");
            available = Run.command("mkfs.ext4", "-q", image.toString(), "8M").succeeds()
                    && at.toFile().mkdir()
                    && Run.command("mount", "-o", "loop", image.toString(), at.toString())
                            .succeeds();
            detach(at);
        }
        if (!available) {
            System.err.println("skipped: " + reason);
        }
        assumeTrue(available, reason);
    }

    /** A disk of that size below the data directory of each member. */
    public static List<Disk> below(Cluster cluster, int mib) {
        List<Disk> disks = new ArrayList<>();
        for (Member member : cluster.members()) {
            var disk = new Disk(cluster.directory().resolve(member.name() + ".image"), member.data());
            Run.command("mkfs.ext4", "-q", "-m", "0", disk.image.toString(), mib + "M")
                    .mustSucceed();
            try {
                Files.createDirectory(disk.at);
            } catch (IOException failure) {
                throw new IllegalStateException(failure);
            }
            disk.mount();
            disks.add(disk);
        }
        return disks;
    }

    public void mount() {
        MOUNTED.add(at);
        Run.command("mount", "-o", "loop,commit=60", image.toString(), at.toString())
                .mustSucceed();
    }

    public void unmount() {
        Run.command("umount", at.toString()).mustSucceed();
        MOUNTED.remove(at);
    }

    /** From now on nothing more reaches the device, as if the power had gone; what was not synced is lost. */
    public void losePower() {
        Linker linker = Linker.nativeLinker();
        var two = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        var three = FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle open = linker.downcallHandle(
                    linker.defaultLookup().find("open").orElseThrow(), two, Linker.Option.firstVariadicArg(2));
            MethodHandle ioctl = linker.downcallHandle(
                    linker.defaultLookup().find("ioctl").orElseThrow(), three, Linker.Option.firstVariadicArg(2));
            MethodHandle close = linker.downcallHandle(
                    linker.defaultLookup().find("close").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            int file = (int) open.invokeExact(arena.allocateFrom(at.toString()), READ_ONLY);
            MemorySegment how = arena.allocateFrom(ValueLayout.JAVA_INT, WITHOUT_FLUSH);
            int failed = (int) ioctl.invokeExact(file, SHUTDOWN, how);
            int unclosed = (int) close.invokeExact(file);
            if (failed + unclosed != 0) {
                throw new IllegalStateException("cannot cut off the filesystem at " + at);
            }
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Leaves no byte free. */
    public void fill() {
        Run.command("sh", "-c", "dd if=/dev/zero of=" + at.resolve(BALLAST) + " bs=64k || true")
                .mustSucceed();
    }

    public void makeRoom() {
        try {
            Files.deleteIfExists(at.resolve(BALLAST));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Major and minor number of its loop device. */
    public String device() {
        return Run.command("mountpoint", "-d", at.toString()).mustSucceed().strip();
    }

    @Override
    public void close() {
        detach(at);
        MOUNTED.remove(at);
        try {
            Files.deleteIfExists(image);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void detach(Path at) {
        Run.command("umount", "--lazy", "--quiet", at.toString()).result();
    }
}
