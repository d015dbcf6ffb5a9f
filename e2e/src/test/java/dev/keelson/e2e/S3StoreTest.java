package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.backup.s3.S3Place;
import dev.keelson.backup.s3.S3Store;
import dev.keelson.backup.store.BackupStore;
import dev.keelson.backup.store.StoreConformance;
import dev.keelson.backup.store.StoreException;
import dev.keelson.e2e.harness.S3Server;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A bucket of a real server is a store as every other. */
class S3StoreTest extends StoreConformance {

    private static S3Server server;
    private static int buckets;

    @BeforeAll
    static void start() {
        server = S3Server.start("s3");
        System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
    }

    @AfterAll
    static void stop() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        server.close();
    }

    private static BackupStore at(String bucket) {
        return S3Store.open(new S3Place(bucket, "a/prefix", URI.create(server.endpoint()), "us-east-1", true, "", ""));
    }

    @Override
    protected BackupStore open() {
        String bucket = "bucket-" + ++buckets;
        server.bucket(bucket);
        return at(bucket);
    }

    @Test
    void aBucketThatIsNotThereIsARefusal() {
        try (BackupStore none = at("nowhere")) {
            assertThatThrownBy(() -> none.list(""))
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(StoreException.Kind.REFUSED))
                    .hasMessageContaining("s3://nowhere/a/prefix");
        }
    }

    @Test
    void revokedCredentialsAreARefusal() {
        System.setProperty("aws.secretAccessKey", "another");
        try (BackupStore store = open()) {
            assertThatThrownBy(() -> store.put("name", out -> out.write(1)))
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(StoreException.Kind.REFUSED));
        } finally {
            System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
        }
    }
}
