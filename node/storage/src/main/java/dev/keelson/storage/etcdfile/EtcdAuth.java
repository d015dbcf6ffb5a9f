package dev.keelson.storage.etcdfile;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file says of users and roles, each a protobuf message of etcd's {@code authpb}.
 *
 * @param enabled whether callers had to say who they are
 * @param revision of users and roles
 */
public record EtcdAuth(boolean enabled, long revision, List<Entry> users, List<Entry> roles) {

    private static final Comparator<Entry> BY_NAME = (a, b) -> Arrays.compareUnsigned(a.name, b.name);

    /** One user or role. */
    public record Entry(byte[] name, byte[] message) {}

    public EtcdAuth {
        users = users.stream().sorted(BY_NAME).toList();
        roles = roles.stream().sorted(BY_NAME).toList();
    }

    static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** Gathers what lies in the buckets. */
    static final class Builder {

        private boolean enabled;
        private long revision = 1;
        private final List<Entry> users = new ArrayList<>();
        private final List<Entry> roles = new ArrayList<>();

        /** What is wrong with a row, null if nothing is. */
        @Nullable
        String read(byte[] key, byte[] value) {
            if (Arrays.equals(key, Bucket.AUTH_ENABLED)) {
                enabled = value.length == 1 && value[0] == 1;
            } else if (Arrays.equals(key, Bucket.AUTH_REVISION)) {
                if (value.length != Long.BYTES || ByteBuffer.wrap(value).getLong() < 1) {
                    return "the revision of users and roles is not one";
                }
                revision = ByteBuffer.wrap(value).getLong();
            }
            return null;
        }

        void user(byte[] name, byte[] message) {
            users.add(new Entry(name, message));
        }

        void role(byte[] name, byte[] message) {
            roles.add(new Entry(name, message));
        }

        EtcdAuth build() {
            return new EtcdAuth(enabled, revision, users, roles);
        }
    }
}
