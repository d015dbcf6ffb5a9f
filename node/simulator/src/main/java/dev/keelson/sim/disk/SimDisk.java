package dev.keelson.sim.disk;

import dev.keelson.log.file.CrashFileSystem;
import dev.keelson.log.file.CrashFileSystem.Loss;
import dev.keelson.log.file.File;
import dev.keelson.log.file.FileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk that fails as disks do, at rates and on demand.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>At rest nothing is destroyed that the last sync of its file wrote or that was written since: a write-ahead log
 *       cannot tell the loss of its last batch from a torn write. All other destruction a careful reader can find out.
 *   <li>What a lying sync had promised is lost only to {@link #losePower}, which tells.
 *   <li>Nothing destructive happens without leave of the {@link DamageBudget}; every fault is counted and told.
 * </ul>
 *
 * <p>It takes no time: a slow or stalled disk is one whose worker takes its time.
 *
 * <p>Thread rule: one thread.
 */
public final class SimDisk implements FileSystem {

    private static final int SECTOR_BYTES = Surface.SECTOR_BYTES;

    /** How often a place to damage is drawn before it may be an empty one. */
    private static final int DRAWS_MAX = 8;

    private static final List<DiskFault> AT_REST =
            List.of(DiskFault.LATENT_SECTOR, DiskFault.BIT_FLIP, DiskFault.STALE_SECTOR, DiskFault.MISDIRECTED_WRITE);

    private final RandomGenerator random;
    private final DamageBudget budget;
    private final FaultListener listener;
    private final FaultCounts counts = new FaultCounts();
    private final Map<Long, Surface> surfaces = new TreeMap<>();
    private final Set<Path> deceivedDirectories = new HashSet<>();
    private CrashFileSystem files = new CrashFileSystem();
    private DiskFaults faults;
    private boolean full;

    /** A sector of a file. */
    private record Place(Path path, Surface surface, int sector) {
        long at() {
            return (long) sector * SECTOR_BYTES;
        }
    }

    public SimDisk(DiskFaults faults, RandomGenerator random, DamageBudget budget, FaultListener listener) {
        this.faults = faults;
        this.random = random;
        this.budget = budget;
        this.listener = listener;
    }

    /** Changes how often the disk fails from now on. */
    public void faults(DiskFaults changed) {
        faults = changed;
    }

    public DiskFaults faults() {
        return faults;
    }

    public FaultCounts counts() {
        return counts;
    }

    /** The tree below, to plan the end of the process, to count calls, and to look at files without faults. */
    public CrashFileSystem files() {
        return files;
    }

    /** Fills the disk, or makes room on it again; a full disk can still write where a file has its blocks already. */
    public void full(boolean isFull) {
        full = isFull;
    }

    /** Nothing goes wrong from now on, planned or by chance; what is damaged stays so. */
    public void calm() {
        faults = DiskFaults.NONE;
        full = false;
        files.killProcess();
    }

    boolean isFull() {
        return full;
    }

    /** The process ends but the machine goes on. */
    public void killProcess() {
        files.killProcess();
    }

    /**
     * The power goes.
     *
     * @return whether something may be lost that a lying sync had promised to keep: no member may start from this disk
     *     again under its old identity, for neither it nor anybody else can tell what is missing
     */
    public boolean losePower(Loss loss) {
        boolean promised =
                !deceivedDirectories.isEmpty() || surfaces.values().stream().anyMatch(Surface::isDeceived);
        files.losePower(loss, random);
        deceivedDirectories.clear();
        surfaces.values().forEach(Surface::settled);
        forgetDeleted();
        injected(DiskFault.POWER_LOSS, Path.of("/"), 0);
        return promised && loss != Loss.NOTHING;
    }

    /** Puts an empty disk in the place of this one. */
    public void wipe() {
        files = new CrashFileSystem();
        surfaces.clear();
        deceivedDirectories.clear();
        full = false;
    }

    /** Flips a bit in a random sector of a file; returns whether there was one to damage and leave to do so. */
    public boolean flipBit(Path path) {
        return strike(DiskFault.BIT_FLIP, draw(List.of(path)));
    }

    /** Makes a random sector of a file unreadable; returns whether there was one and leave to do so. */
    public boolean loseSector(Path path) {
        return strike(DiskFault.LATENT_SECTOR, draw(List.of(path)));
    }

    /** Brings back an old version of a random sector of a file; returns whether there was one and leave to do so. */
    public boolean bringBackSector(Path path) {
        return strikeWithFormer(DiskFault.STALE_SECTOR, List.of(path));
    }

    /** Lets a past write of a sector of a file have gone elsewhere; returns whether there was one and leave to do so. */
    public boolean misdirect(Path path) {
        return strikeWithFormer(DiskFault.MISDIRECTED_WRITE, List.of(path));
    }

    boolean draws(DiskFault kind) {
        double rate = faults.rate(kind);
        return rate > 0 && random.nextDouble() < rate;
    }

    boolean claim() {
        return budget.claim();
    }

    void injected(DiskFault kind, Path path, long at) {
        counts.add(kind);
        listener.injected(kind, path, at);
    }

    NoSpaceException refuse(Path path, long at) {
        injected(DiskFault.FULL_DISK, path, at);
        return new NoSpaceException();
    }

    void strikeAtRest() {
        for (DiskFault kind : AT_REST) {
            if (draws(kind)) {
                boolean former = kind == DiskFault.STALE_SECTOR || kind == DiskFault.MISDIRECTED_WRITE;
                boolean _ = former ? strikeWithFormer(kind, files.files()) : strike(kind, draw(files.files()));
            }
        }
    }

    private boolean strike(DiskFault kind, @Nullable Place place) {
        if (place == null || !claim()) {
            return false;
        }
        if (kind == DiskFault.LATENT_SECTOR) {
            place.surface().makeUnreadable(place.sector());
        } else {
            byte[] bytes = contents(place);
            bytes[random.nextInt(SECTOR_BYTES)] ^= (byte) (1 << random.nextInt(8));
            damage(place, bytes);
        }
        injected(kind, place.path(), place.at());
        return true;
    }

    private boolean strikeWithFormer(DiskFault kind, List<Path> paths) {
        var candidates = new ArrayList<Place>();
        var formers = new ArrayList<byte[]>();
        for (Path path : paths) {
            Surface surface = surfaceOf(path);
            for (Surface.Former former : surface.former()) {
                var place = new Place(path, surface, former.sector());
                if (exists(place) && !Arrays.equals(contents(place), former.bytes())) {
                    candidates.add(place);
                    formers.add(former.bytes());
                }
            }
        }
        Place other = kind == DiskFault.MISDIRECTED_WRITE ? draw(files.files()) : null;
        if (candidates.isEmpty() || kind == DiskFault.MISDIRECTED_WRITE && other == null || !claim()) {
            return false;
        }
        int chosen = random.nextInt(candidates.size());
        Place place = candidates.get(chosen);
        byte[] written = contents(place);
        damage(place, formers.get(chosen));
        if (other != null) {
            damage(other, written);
        }
        injected(kind, place.path(), place.at());
        return true;
    }

    /** Draws a place that may be damaged, one with something in it if there is such a one. */
    private @Nullable Place draw(List<Path> paths) {
        Place found = null;
        for (int i = 0; i < DRAWS_MAX && !paths.isEmpty(); i++) {
            Path path = paths.get(random.nextInt(paths.size()));
            int sectors = Surface.sector(size(path));
            if (sectors > 0) {
                var place = new Place(path, surfaceOf(path), random.nextInt(sectors));
                if (!place.surface().spared(place.sector())) {
                    found = place;
                    if (!isEmpty(contents(place))) {
                        break;
                    }
                }
            }
        }
        return found;
    }

    private static boolean isEmpty(byte[] bytes) {
        for (byte one : bytes) {
            if (one != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean exists(Place place) {
        return place.at() + SECTOR_BYTES <= size(place.path());
    }

    private long size(Path path) {
        return of(path, files::size);
    }

    private Surface surfaceOf(Path path) {
        return surface(of(path, files::inode));
    }

    private byte[] contents(Place place) {
        return of(place.path(), path -> files.contents(path, place.at(), SECTOR_BYTES));
    }

    private void damage(Place place, byte[] bytes) {
        of(place.path(), path -> {
            files.damage(path, place.at(), bytes);
            return place;
        });
    }

    private interface Access<T> {
        T to(Path path) throws IOException;
    }

    private static <T> T of(Path path, Access<T> access) {
        try {
            return access.to(path);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    Surface surface(long inode) {
        return surfaces.computeIfAbsent(inode, _ -> new Surface());
    }

    private void forgetDeleted() {
        var living = new HashSet<Long>();
        files.files().forEach(path -> living.add(of(path, files::inode)));
        surfaces.keySet().retainAll(living);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        if (full && !files.exists(directory)) {
            throw refuse(directory, 0);
        }
        files.createDirectories(directory);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return files.list(directory);
    }

    @Override
    public boolean exists(Path path) {
        return files.exists(path);
    }

    @Override
    public File create(Path path) throws IOException {
        if (full) {
            throw refuse(path, 0);
        }
        return new SimFile(this, path, files.create(path));
    }

    @Override
    public File open(Path path) throws IOException {
        return new SimFile(this, path, files.open(path));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        files.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        files.delete(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        if (draws(DiskFault.FAILED_SYNC)) {
            injected(DiskFault.FAILED_SYNC, directory, 0);
            throw new IOException("input/output error");
        }
        if (draws(DiskFault.LYING_SYNC) && claim()) {
            deceivedDirectories.add(directory);
            injected(DiskFault.LYING_SYNC, directory, 0);
            return;
        }
        files.syncDirectory(directory);
        deceivedDirectories.remove(directory);
        forgetDeleted();
    }
}
