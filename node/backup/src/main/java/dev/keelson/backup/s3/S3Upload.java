package dev.keelson.backup.s3;

import dev.keelson.backup.store.StoreException;
import dev.keelson.backup.store.StoreException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * One object on its way to a bucket. Closed before it is finished, it leaves nothing there.
 *
 * <p>Thread rule: one thread.
 */
final class S3Upload extends OutputStream {

    /** Ten thousand of them, as many as a server takes, make an object of 160 GB. */
    private static final int PART_BYTES = 16 << 20;

    private static final String BYTES = "application/octet-stream";
    private static final String ANY = "*";

    private final S3Client client;
    private final S3Place place;
    private final String key;
    private final List<CompletedPart> parts = new ArrayList<>();
    private byte[] part = new byte[1 << 16];
    private int filled;
    private @Nullable String id;

    S3Upload(S3Client client, S3Place place, String key) {
        this.client = client;
        this.place = place;
        this.key = key;
        requireNone();
    }

    private void requireNone() {
        try {
            var _ = client.headObject(request -> request.bucket(place.bucket()).key(key));
        } catch (SdkException cause) {
            if (S3Failures.isMissing(cause)) {
                return;
            }
            throw cause;
        }
        throw new StoreException(
                Kind.EXISTS, "there is an object " + key + " in bucket " + place.bucket() + " already");
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (filled == part.length) {
                makeRoom();
            }
            int taken = Math.min(end - at, part.length - filled);
            System.arraycopy(bytes, at, part, filled, taken);
            filled += taken;
            at += taken;
        }
    }

    private void makeRoom() {
        if (part.length < PART_BYTES) {
            part = Arrays.copyOf(part, Math.min(part.length * 4, PART_BYTES));
        } else {
            sendPart();
        }
    }

    private void sendPart() {
        if (id == null) {
            id = client.createMultipartUpload(request -> {
                        request.bucket(place.bucket()).key(key).contentType(BYTES);
                        if (!place.encryption().isEmpty()) {
                            request.serverSideEncryption(place.encryption());
                        }
                        if (!place.encryptionKey().isEmpty()) {
                            request.ssekmsKeyId(place.encryptionKey());
                        }
                    })
                    .uploadId();
        }
        int number = parts.size() + 1;
        String upload = id;
        String tag = client.uploadPart(
                        request -> request.bucket(place.bucket())
                                .key(key)
                                .uploadId(upload)
                                .partNumber(number)
                                .contentLength((long) filled),
                        body())
                .eTag();
        parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        filled = 0;
    }

    private RequestBody body() {
        int bytes = filled;
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(part, 0, bytes), bytes, BYTES);
    }

    /** Makes the object, all of which was written. */
    void finish() {
        if (id == null) {
            withoutReplacing(this::putWhole);
            return;
        }
        if (filled > 0) {
            sendPart();
        }
        withoutReplacing(this::complete);
        id = null;
    }

    private static void withoutReplacing(Consumer<@Nullable String> request) {
        try {
            request.accept(ANY);
        } catch (SdkException cause) {
            if (!S3Failures.isUnknownQuestion(cause)) {
                throw cause;
            }
            request.accept(null);
        }
    }

    private void putWhole(@Nullable String none) {
        var _ = client.putObject(
                request -> {
                    request.bucket(place.bucket())
                            .key(key)
                            .contentLength((long) filled)
                            .ifNoneMatch(none);
                    if (!place.encryption().isEmpty()) {
                        request.serverSideEncryption(place.encryption());
                    }
                    if (!place.encryptionKey().isEmpty()) {
                        request.ssekmsKeyId(place.encryptionKey());
                    }
                },
                body());
    }

    private void complete(@Nullable String none) {
        var _ = client.completeMultipartUpload(request -> request.bucket(place.bucket())
                .key(key)
                .uploadId(id)
                .multipartUpload(list -> list.parts(parts))
                .ifNoneMatch(none));
    }

    /** Gives up what is not finished; what the server does not hear of it drops by the rules of its bucket. */
    @Override
    public void close() {
        if (id != null) {
            var _ = client.abortMultipartUpload(
                    request -> request.bucket(place.bucket()).key(key).uploadId(id));
        }
    }
}
