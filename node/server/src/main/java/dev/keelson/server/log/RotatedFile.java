package dev.keelson.server.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * A log file that is set aside under a name with the time when it has grown too large, and begun anew.
 *
 * <p>The names are those that etcd's rotation gives: {@code etcd-2026-01-31T23-59-59.123.log}, with {@code .gz} behind it
 * when packed.
 *
 * <p>Thread rule: any thread, one line at a time. What becomes of old files is done by the thread whose line began a new
 * one: it happens once in many thousand lines.
 */
final class RotatedFile implements LineOutput {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS");
    private static final String PACKED = ".gz";

    private final Path path;
    private final Rotation rotation;
    private final Clock clock;
    private final String stem;
    private final String ending;
    private OutputStream out;
    private long bytes;

    private RotatedFile(Path path, Rotation rotation, Clock clock) throws IOException {
        this.path = path;
        this.rotation = rotation;
        this.clock = clock;
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        this.stem = (dot < 0 ? name : name.substring(0, dot)) + "-";
        this.ending = dot < 0 ? "" : name.substring(dot);
        this.bytes = Files.exists(path) ? Files.size(path) : 0;
        this.out = append(path);
    }

    /** @throws IOException with the file's name in its message */
    static RotatedFile open(Path path, Rotation rotation, Clock clock) throws IOException {
        return new RotatedFile(path.toAbsolutePath(), rotation, clock);
    }

    private static OutputStream append(Path path) throws IOException {
        return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public synchronized void write(String line) {
        byte[] text = (line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
        try {
            if (bytes > 0 && bytes + text.length > rotation.bytesMax()) {
                setAside();
            }
            out.write(text);
            bytes += text.length;
        } catch (IOException failure) {
            // A full disk must not end the member.
            System.err.println("cannot write to the log file " + path + ": " + failure);
        }
    }

    private void setAside() throws IOException {
        out.close();
        String name = stem + STAMP.format(LocalDateTime.ofInstant(clock.instant(), zone())) + ending;
        Files.move(path, path.resolveSibling(name), StandardCopyOption.REPLACE_EXISTING);
        out = append(path);
        bytes = 0;
        tidy();
    }

    private ZoneId zone() {
        return rotation.localTime() ? ZoneId.systemDefault() : ZoneOffset.UTC;
    }

    /** An old file and when it was set aside. */
    private record Old(Path path, Instant at) {}

    private void tidy() throws IOException {
        List<Old> old;
        try (Stream<Path> files = Files.list(path.getParent())) {
            old = files.flatMap(file -> old(file).stream())
                    .sorted(Comparator.comparing(Old::at).reversed())
                    .toList();
        }
        int kept = 0;
        for (Old each : old) {
            kept++;
            boolean tooMany = rotation.backupsMax() > 0 && kept > rotation.backupsMax();
            boolean tooOld = rotation.daysMax() > 0
                    && each.at().isBefore(clock.instant().minus(Duration.ofDays(rotation.daysMax())));
            if (tooMany || tooOld) {
                Files.delete(each.path());
            } else if (rotation.compressed() && !each.path().toString().endsWith(PACKED)) {
                pack(each.path());
            }
        }
    }

    private Optional<Old> old(Path file) {
        String name = file.getFileName().toString();
        String bare = name.endsWith(PACKED) ? name.substring(0, name.length() - PACKED.length()) : name;
        if (!bare.startsWith(stem) || !bare.endsWith(ending) || bare.length() < stem.length() + ending.length()) {
            return Optional.empty();
        }
        try {
            LocalDateTime at =
                    LocalDateTime.parse(bare.substring(stem.length(), bare.length() - ending.length()), STAMP);
            return Optional.of(new Old(file, at.atZone(zone()).toInstant()));
        } catch (DateTimeException foreign) {
            return Optional.empty();
        }
    }

    private static void pack(Path file) throws IOException {
        Path packed = file.resolveSibling(file.getFileName() + PACKED);
        try (InputStream in = Files.newInputStream(file);
                OutputStream to = new GZIPOutputStream(Files.newOutputStream(packed))) {
            in.transferTo(to);
        }
        Files.delete(file);
    }
}
