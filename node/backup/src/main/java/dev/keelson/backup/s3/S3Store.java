package dev.keelson.backup.s3;

import dev.keelson.backup.store.BackupStore;
import dev.keelson.backup.store.ObjectNames;
import dev.keelson.backup.store.StoreException;
import dev.keelson.backup.store.StoreException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects of a bucket.
 *
 * <p>An object that fits one part is put at once, a larger one part by part: there is one part in memory, and the object is
 * there when the last request says so. Both are asked not to replace anything; a server that does not know that question is
 * asked before whether there is one.
 *
 * <p>Credentials come from where Amazon's own programs look for them: the environment, a profile, the machine.
 */
public final class S3Store implements BackupStore {

    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);
    private static final Duration ATTEMPT_MAX = Duration.ofMinutes(5);

    private final S3Client client;
    private final S3Place place;

    private S3Store(S3Client client, S3Place place) {
        this.client = client;
        this.place = place;
    }

    /** Nothing is asked before the first call. */
    public static S3Store open(S3Place place) {
        var builder = S3Client.builder()
                .region(Region.of(place.region()))
                .credentialsProvider(DefaultCredentialsProvider.builder().build())
                .forcePathStyle(place.pathStyle())
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_MAX)
                        .socketTimeout(SILENCE_MAX))
                .overrideConfiguration(settings -> settings.apiCallAttemptTimeout(ATTEMPT_MAX));
        URI endpoint = place.endpoint();
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        return new S3Store(builder.build(), place);
    }

    private String key(String name) {
        ObjectNames.require(name);
        return place.prefix().isEmpty() ? name : place.prefix() + "/" + name;
    }

    @Override
    public void put(String name, Content content) {
        String key = key(name);
        try (var upload = new S3Upload(client, place, key)) {
            content.writeTo(upload);
            upload.finish();
        } catch (SdkException cause) {
            throw failed("put", name, cause);
        } catch (IOException cause) {
            throw new StoreException(
                    Kind.UNAVAILABLE, "cannot put " + name + " in " + describe() + ": " + cause, cause);
        }
    }

    @Override
    public InputStream get(String name, long from) {
        String key = key(name);
        try {
            ResponseInputStream<GetObjectResponse> in = client.getObject(request -> {
                request.bucket(place.bucket()).key(key);
                if (from > 0) {
                    request.range("bytes=" + from + "-");
                }
            });
            return new Received(in);
        } catch (SdkException cause) {
            throw failed("read", name, cause);
        }
    }

    /** What comes of an object; a break on the way is a failure of reading, whatever the SDK calls it. */
    private static final class Received extends FilterInputStream {

        private final ResponseInputStream<GetObjectResponse> body;
        private boolean over;

        Received(ResponseInputStream<GetObjectResponse> body) {
            super(body);
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                int read = body.read(target, offset, length);
                over |= read < 0;
                return read;
            } catch (SdkException broken) {
                throw new IOException(broken);
            }
        }

        /** Does not read what is left of an object that nobody wants to the end. */
        @Override
        public void close() throws IOException {
            if (over) {
                body.close();
            } else {
                body.abort();
            }
        }
    }

    @Override
    public List<StoredObject> list(String prefix) {
        String before = place.prefix().isEmpty() ? "" : place.prefix() + "/";
        var found = new ArrayList<StoredObject>();
        try {
            for (S3Object object : client.listObjectsV2Paginator(
                            request -> request.bucket(place.bucket()).prefix(before + prefix))
                    .contents()) {
                String name = object.key().substring(before.length());
                if (ObjectNames.isSound(name)) {
                    found.add(new StoredObject(name, object.size()));
                }
            }
        } catch (SdkException cause) {
            throw failed("list", prefix, cause);
        }
        found.sort(Comparator.comparing(StoredObject::name));
        return found;
    }

    @Override
    public void delete(String name) {
        String key = key(name);
        try {
            var _ = client.deleteObject(
                    request -> request.bucket(place.bucket()).key(key));
        } catch (SdkException cause) {
            throw failed("delete", name, cause);
        }
    }

    private StoreException failed(String what, String name, SdkException cause) {
        return S3Failures.of("cannot " + what + " " + name + " in " + describe(), cause);
    }

    @Override
    public String describe() {
        return "s3://" + place.bucket() + (place.prefix().isEmpty() ? "" : "/" + place.prefix());
    }

    @Override
    public void close() {
        client.close();
    }
}
