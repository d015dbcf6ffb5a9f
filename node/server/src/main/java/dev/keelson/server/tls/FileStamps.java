package dev.keelson.server.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What some files looked like at a moment, to tell later whether they have been changed.
 *
 * <p>A file that was written just before may be written again without looking different from outside, since clocks of
 * file systems tick slowly; until it has come to rest it is looked at from inside too.
 *
 * <p>Thread rule: immutable.
 */
final class FileStamps {

    /** The coarsest tick of a file system's clock that is still in use. */
    private static final Duration TICK_MAX = Duration.ofSeconds(2);

    /**
     * @param identity of the file behind the name, which changes when another is moved there
     * @param digest of what is in it, null once it has come to rest
     */
    private record Stamp(
            long bytes,
            FileTime changed,
            @Nullable Object identity,
            @Nullable ByteBuffer digest) {

        boolean looksLike(Stamp other) {
            return bytes == other.bytes
                    && changed.equals(other.changed)
                    && Objects.equals(identity, other.identity)
                    && (digest == null || other.digest == null || digest.equals(other.digest));
        }
    }

    private final List<@Nullable Stamp> stamps;

    private FileStamps(List<@Nullable Stamp> stamps) {
        this.stamps = stamps;
    }

    /** Looks at the files. */
    static FileStamps of(List<Path> paths, Instant now) {
        var stamps = new ArrayList<@Nullable Stamp>();
        for (Path path : paths) {
            stamps.add(stamp(path, now));
        }
        return new FileStamps(stamps);
    }

    private static @Nullable Stamp stamp(Path path, Instant now) {
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            FileTime changed = attributes.lastModifiedTime();
            boolean settled = changed.toInstant().plus(TICK_MAX).isBefore(now);
            return new Stamp(attributes.size(), changed, attributes.fileKey(), settled ? null : digest(path));
        } catch (IOException _) {
            // That it cannot be looked at is a state like others; whoever reads it learns why.
            return null;
        }
    }

    private static ByteBuffer digest(Path path) throws IOException {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** Whether it is sure that the same can be read now as then. */
    boolean isStill(FileStamps then) {
        return stamps.equals(then.stamps);
    }

    /** Whether no difference shows. */
    boolean looksLike(FileStamps other) {
        for (int at = 0; at < stamps.size(); at++) {
            Stamp mine = stamps.get(at);
            Stamp its = other.stamps.get(at);
            if (mine == null || its == null ? mine != its : !mine.looksLike(its)) {
                return false;
            }
        }
        return true;
    }
}
