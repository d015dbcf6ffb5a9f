/** Backups in buckets of anything that speaks Amazon's S3. The only code that sees its SDK. */
@NullMarked
package dev.keelson.backup.s3;

import org.jspecify.annotations.NullMarked;
