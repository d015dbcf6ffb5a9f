package dev.keelson.backup.s3;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a bucket is and how its objects are kept.
 *
 * @param prefix of all names in the bucket, without slashes at its ends; may be empty
 * @param endpoint of a server that is not Amazon's; null for Amazon's
 * @param pathStyle whether the bucket stands in the path of addresses, not in the name of the host
 * @param encryption that the server is to use, such as {@code AES256} or {@code aws:kms}; empty for its own choice
 * @param encryptionKey the id of the key of {@code aws:kms}; empty for the standard one
 */
public record S3Place(
        String bucket,
        String prefix,
        @Nullable URI endpoint,
        String region,
        boolean pathStyle,
        String encryption,
        String encryptionKey) {}
